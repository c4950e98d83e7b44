"""A submission: a file as read, on its way to becoming a return.

Statements arrive in batches. A batch is a frame of rows, each pointing by number at a `Head` that
says what the row is about; heads repeat over thousands of rows and are read once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from darkfigure.basis.marking import Marking
from darkfigure.basis.place import line_of
from darkfigure.basis.problem import Problem, Remark
from darkfigure.basis.saying import Saying, quote, say
from darkfigure.basis.statement import ROW_COLUMNS, Head

#: Columns of a batch of rows. `head` numbers into `Submission.heads`; numbers are text, so that no
#: digit is lost on the way.
BATCH_COLUMNS: dict[str, type[pl.DataType]] = {
    "head": pl.Int64,
    **{name: pl.Int64 if kind == "int64" else pl.String for name, kind in ROW_COLUMNS.items()},
}


@dataclass
class Origin:
    """Where statements that come out of a snapshot came from: the hash of the file that they were
    read from, its marking there, and what is kept in place of a reading.

    `ends` are the days on which blocks, by the number of their head, stood no longer; `accepted`
    the checks of sense that they stood against there.
    """

    sha256: str
    marking: Marking
    kept: str
    accepted: Mapping[str, str]
    ends: dict[int, date] = field(default_factory=dict)


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
    #: Whether rows are the numbers of statements, not lines of the file.
    numbered: bool = False
    #: The day it was received, as its flow says; nothing where that is of no account.
    received_on: date | None = None
    #: Checks of sense that somebody says the file is right against, with the reason.
    accepted: Mapping[str, str] = field(default_factory=dict)
    #: Where it stood before, where it comes out of a snapshot.
    origin: Origin | None = None
    _noticed: dict[str, tuple[Saying, Saying, Saying]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

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

    def place_of_row(self, row: int) -> Saying:
        """Where a row stands in the file."""
        return (
            quote(f"statements[{row}]")
            if self.numbered
            else say("problems.line", line=line_of(row))
        )

    def fault_rows(
        self, rule: str, column: str, wrong: Saying, right: Saying, rows: Sequence[int]
    ) -> None:
        """Record one fault for each row, the value withheld."""
        shown = [
            Problem(wrong, right, column=f"statements[{row}]", rule=rule)
            if self.numbered
            else Problem(wrong, right, line=line_of(row), column=column, rule=rule)
            for row in rows[: self.limit]
        ]
        self.faults(shown, len(rows))

    def notice(self, rule: str, wrong: Saying, right: Saying, rows: Sequence[int]) -> None:
        """Take note of rows of which something is to be told, once for all of them."""
        if rows:
            self._noticed.setdefault(rule, (wrong, right, self.place_of_row(rows[0])))
            self._counts[rule] += len(rows)

    def tell_noticed(self) -> None:
        """Remark what was noticed: of how many rows, and where the first of them stands."""
        for rule, (wrong, right, place) in self._noticed.items():
            told = say(
                "problems.remark.rows",
                count=self._counts[rule],
                wrong=wrong,
                place=place,
                right=right,
            )
            self.remark(rule, told)
        self._noticed.clear()

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
