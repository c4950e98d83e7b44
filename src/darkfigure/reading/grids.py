"""The rows of a table as frames of text, many at a time: `line`, and `c1`, `c2` ... by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import polars as pl

from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say
from darkfigure.cases.submission import Submission
from darkfigure.reading.delimited import batches, heading
from darkfigure.reading.located import Located
from darkfigure.reading.sheets import Workbook

#: Rows taken at a time.
ROWS = 50_000
#: No more cells are.
MOST_CELLS = 5_000_000
Rows = list[tuple[int, list[str]]]


@dataclass
class Grids:
    """Gives out a table's rows. `down` are the columns whose labels are written once for several
    rows, `named` those that the reading speaks of.
    """

    path: Path
    book: Workbook
    table: Located
    submission: Submission
    down: tuple[int, ...] = ()
    named: frozenset[int] = frozenset()
    above: dict[int, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        if self._is_plain:
            yield from self._streamed()
            return
        rows = self.table.rows()
        while kept := list(islice(rows, self._rows)):
            yield self._grid(kept)

    @property
    def _rows(self) -> int:
        """So many rows at a time: fewer where they are of thousands of columns."""
        return max(1, min(ROWS, MOST_CELLS // max(self.table.area.columns)))

    @property
    def _is_plain(self) -> bool:
        """Whether the table is a long text of commas, unpacked or gzip, with its heading in the
        first line.
        """
        form = self.book.form.values
        if isinstance(inside := form.get("form"), Saying):
            form = inside.values
        return (
            not self.table.area.last
            and self.table.area.heading_rows == (1,)
            and form.get("separator") == Word("separator", "commas")
            and form.get("encoding") == "UTF-8"
            and not self.down
        )

    def _streamed(self) -> Iterator[pl.DataFrame]:
        for frame in batches(self.path, self.submission, heading(self.path), blank=False):
            *columns, line = frame.columns
            yield frame.select(
                pl.col(line).alias("line"),
                *(
                    pl.col(name).fill_null("").str.strip_chars().alias(f"c{at}")
                    for at, name in enumerate(columns, 1)
                ),
            )

    def _grid(self, rows: Rows) -> pl.DataFrame:
        rows = [each for each in rows if self._is_whole(*each)]
        self._fill_down(rows)
        width = max(self.table.area.columns)
        columns = {
            f"c{at + 1}": pl.Series(
                [cells[at] if at < len(cells) else "" for _, cells in rows], dtype=pl.String
            )
            for at in range(width)
        }
        lines = pl.Series("line", [number for number, _ in rows], dtype=pl.Int64)
        return pl.DataFrame({"line": lines, **columns})

    def _is_whole(self, number: int, cells: list[str]) -> bool:
        """Whether a line of text has as many cells as its heading, empty ones at its end apart:
        else cells have moved, which is a fault.
        """
        if self.table.sheet.typed:
            return True
        filled = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
        if filled <= self._width and not (filled and len(cells) < self._width):
            return True
        wrong = say("problems.wrong.fields", found=len(cells), heading=self._width)
        right = say("problems.right.quote_or_drop")
        self.submission.fault(Problem(wrong, right, line=number, rule="fields"))
        return False

    @cached_property
    def _width(self) -> int:
        area = self.table.area
        headed = [
            at
            for at, name in zip(area.columns, area.names, strict=True)
            if name or at in self.named
        ]
        return max(headed or area.columns)

    def _fill_down(self, rows: Rows) -> None:
        for at in self.down:
            for _, cells in rows:
                if len(cells) >= at and cells[at - 1]:
                    self.above[at] = cells[at - 1]
                elif len(cells) >= at:
                    cells[at - 1] = self.above.get(at, "")
