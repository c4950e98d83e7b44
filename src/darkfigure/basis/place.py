"""Where a statement stands in its file, as one number: a line, or sheet, line and column of a cell.

A table of one figure a row needs its line alone: such a number is the line. A number from `PACKED`
on holds sheet, line and column.
"""

from __future__ import annotations

from typing import NamedTuple

PACKED = 1 << 60
_COLUMN, _LINE = 16, 32


class Place(NamedTuple):
    """A place in a file, counted from 1; `column` is 0 for a whole line."""

    sheet: int
    line: int
    column: int


def packed(line: int, column: int, sheet: int = 1) -> int:
    """Sheet, line and column as one number."""
    return PACKED | sheet << (_COLUMN + _LINE) | line << _COLUMN | column


def place_of(row: int) -> Place:
    """The place that a number says."""
    if row < PACKED:
        return Place(1, row, 0)
    rest = row ^ PACKED
    return Place(
        rest >> (_COLUMN + _LINE), rest >> _COLUMN & (1 << _LINE) - 1, rest & (1 << _COLUMN) - 1
    )


def line_of(row: int) -> int:
    """The line of a place."""
    return place_of(row).line


def letters(column: int) -> str:
    """The name of a column of a spreadsheet: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
