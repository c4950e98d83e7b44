"""What every file of tables is read as: a workbook of sheets, each of rows of cells in text.

A cell is what a person sees: a number without needless digits, a day as YYYY-MM-DD. Formulas are
never computed: the value kept beside them is read. Rows and columns are counted from 1, as a
spreadsheet shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NoReturn

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say
from darkfigure.reading.door import LONGEST_CELL

#: A row: its number, and the text of each cell.
NumberedRow = tuple[int, Sequence[str]]
#: No sheet is read that has more columns, no file that has more sheets.
MOST_COLUMNS, MOST_SHEETS = 16_384, 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Sheet:
    """A sheet, whose rows are read anew each time they are asked for.

    `typed` says that the file keeps numbers and days as such, `shares` that it keeps 0.35 where a
    person sees 35%.
    """

    name: str
    rows: Callable[[], Iterator[NumberedRow]]
    hidden: bool = False
    typed: bool = False
    shares: bool = False


@dataclass(frozen=True)
class Workbook:
    """A file of tables: its name, how it is written (for a receipt), its sheets, and what had to be
    assumed to read it.
    """

    name: str
    form: Saying
    sheets: tuple[Sheet, ...]
    told: tuple[Saying, ...] = ()

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, whatever the case. Raises ReturnRefused."""
        wanted = name.strip().casefold()
        for each in self.sheets:
            if each.name.strip().casefold() == wanted:
                return each
        refuse(self.name, "no_sheet", "name_sheet", count=len(self.sheets))


def text_of_cell(value: object) -> str:
    """A typed cell as text: whole numbers without a point, days as YYYY-MM-DD, truth as yes or
    no.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def percent_of_cell(value: float) -> str:
    """A number that is shown as per cent, with all the digits that are kept of it: 0.3478 as
    34.78%, though 35% may be seen.
    """
    kept = _number(value)
    return f"{(Decimal(kept) * 100).normalize():f}%" if kept else ""


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # A spreadsheet keeps fifteen digits: 0.1 + 0.2 is .3 to whoever looks at it.
    return f"{Decimal(f'{value:.15g}'):f}"


def refuse(
    name: str,
    wrong: str,
    right: str,
    *,
    line: int | None = None,
    column: int | None = None,
    **given: object,
) -> NoReturn:
    """Turn a file of tables away, with what is wrong and what would be right, by their codes."""
    problem = Problem(
        say(f"problems.wrong.{wrong}", **given),
        say(f"problems.right.{right}"),
        line=line,
        column=column,
        rule="file",
    )
    raise ReturnRefused(name, [problem])


def checked(rows: Iterator[NumberedRow], name: str) -> Iterator[NumberedRow]:
    """Rows whose cells are text of a length and shape that cells have. Raises ReturnRefused with
    the place.
    """
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            refuse(name, "too_wide", "in_parts", line=number)
        for at, cell in enumerate(row, 1):
            if len(cell) > LONGEST_CELL:
                longest = say("problems.right.at_most", count=LONGEST_CELL)
                wrong = say("problems.wrong.too_long")
                raise ReturnRefused(
                    name, [Problem(wrong, longest, line=number, column=at, rule="file")]
                )
            if not cell.isprintable() and _CONTROL.search(cell):
                refuse(name, "no_text", "plain_text", line=number)
        yield number, row
