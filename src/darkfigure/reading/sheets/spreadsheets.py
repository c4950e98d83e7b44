"""Spreadsheets: XLSX, XLSM, XLSB, XLS and ODS, by calamine. Values alone are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import python_calamine as calamine

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.saying import say
from darkfigure.reading.sheets.workbook import (
    MOST_SHEETS,
    NumberedRow,
    Sheet,
    Workbook,
    checked,
    refuse,
    text_of_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SHEET = calamine.SheetTypeEnum.WorkSheet
_VISIBLE = calamine.SheetVisibleEnum.Visible


def read(path: Path, name: str) -> Workbook:
    """The sheets of a spreadsheet. Raises ReturnRefused where it is none, damaged or locked."""
    book = _opened(path, name)
    listed = [each for each in book.sheets_metadata if each.typ == _SHEET]
    if len(listed) > MOST_SHEETS:
        refuse(name, "too_many_sheets", "in_parts", count=len(listed))
    sheets = tuple(
        Sheet(
            each.name,
            _rows_of(path, name, each.name),
            hidden=each.visible != _VISIBLE,
            typed=True,
        )
        for each in listed
    )
    return Workbook(name, say("problems.form.spreadsheet", count=len(sheets)), sheets)


def _opened(path: Path, name: str) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        refuse(name, "locked", "send_unlocked")
    except OSError:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is none of ours
        _turn_away(name, error)


def _turn_away(name: str, error: BaseException) -> NoReturn:
    """Refuse a file for an error of the reader of spreadsheets, whose words may hold cells."""
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | ReturnRefused):
        raise error
    refuse(name, "no_spreadsheet", "send_again")


def _rows_of(path: Path, name: str, sheet: str) -> Callable[[], Iterator[NumberedRow]]:
    def rows() -> Iterator[NumberedRow]:
        try:
            found = _opened(path, name).get_sheet_by_name(sheet)
            start = found.start
            cells = found.iter_rows()
        except OSError:
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of the reader is none of ours
            _turn_away(name, error)
        if start is None:
            return
        before = [""] * start[1]
        numbered = (
            (number, [*before, *map(text_of_cell, row)]) for number, row in enumerate(cells, 1)
        )
        yield from checked(numbered, name)

    return rows


def merged_blocks(path: Path, name: str, sheet: str) -> list[tuple[int, int, int, int]]:
    """The blocks of cells that a sheet shows as one, where the form says so (XLSX, XLS)."""
    try:
        found = _opened(path, name).get_sheet_by_name(sheet).merged_cell_ranges or []
    except OSError:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is none of ours
        _turn_away(name, error)
    return [(top + 1, left + 1, low + 1, right + 1) for (top, left), (low, right) in found]
