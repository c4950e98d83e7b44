"""A submission: a file as read, on its way to becoming a return.

Statements arrive in batches. A batch is a frame of rows, each pointing by number at a `Head` that
says what the row is about; heads repeat over thousands of rows and are read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from darkfigure.basis.problem import Problem, Remark
from darkfigure.basis.saying import Saying
from darkfigure.basis.statement import ROW_COLUMNS, Head

#: Columns of a batch of rows. `head` numbers into `Submission.heads`; numbers are text, so that no
#: digit is lost on the way.
BATCH_COLUMNS: dict[str, type[pl.DataType]] = {
    "head": pl.Int64,
    **{name: pl.Int64 if kind == "int64" else pl.String for name, kind in ROW_COLUMNS.items()},
}


@dataclass
class Submission:
    """A file being read. `batches` is consumed once; heads, problems and remarks fill while it is.

    `whole` says that a later submission of this kind replaces a block entirely; `rank` is 0 for a
    document itself, 1 for a compilation. Problems are kept up to `limit` and counted beyond.
    """

    kind: str
    file_name: str
    whole: bool
    rank: int = 0
    heads: list[Head] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    problem_total: int = 0
    limit: int = 1000
    batches: Iterator[pl.DataFrame] = field(default_factory=lambda: iter(()))

    def fault(self, problem: Problem) -> None:
        """Record a fault; beyond the limit it is only counted."""
        self.problem_total += 1
        if len(self.problems) < self.limit:
            self.problems.append(problem)

    def faults(self, problems: Iterable[Problem], total: int) -> None:
        """Record the first of many faults of one sort, and their full number."""
        before = self.problem_total
        for problem in problems:
            self.fault(problem)
        self.problem_total = before + total

    def remark(self, rule: str, text: Saying, line: int | None = None) -> None:
        """Record something noticed that does not stop the return."""
        self.remarks.append(Remark(rule, text, line))

    def head_number(self, head: Head) -> int:
        """The number of an equal head, added where it is new."""
        numbers = self.__dict__.setdefault("_numbers", {})
        if head not in numbers:
            numbers[head] = len(self.heads)
            self.heads.append(head)
        number: int = numbers[head]
        return number


class Draft:
    """Gathers statements one by one for the small files, and turns them into one batch."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self._rows: list[dict[str, object]] = []

    def add(self, head: Head, dims: dict[str, str], *, row: int, **columns: object) -> None:
        """Add one statement. `dims` must have the keys of `head.shape`; columns are those of
        BATCH_COLUMNS.
        """
        if head.shape != frozenset(dims):
            raise ValueError(
                f"A statement has {', '.join(sorted(dims)) or 'no dimension'} where its head has "
                f"{', '.join(sorted(head.shape)) or 'none'}."
            )
        self._rows.append(
            {"head": self.submission.head_number(head), "row": row, **dims, **columns}
        )

    def __len__(self) -> int:
        return len(self._rows)

    def batch(self) -> pl.DataFrame:
        """All rows added, as one batch."""
        return pl.DataFrame(self._rows, schema=BATCH_COLUMNS)
