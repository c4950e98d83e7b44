"""Spreadsheets: XLSB, XLS and ODS, by calamine. Values alone are read, and of ODS what is shown as
per cent.

A broken file of these makes their reader ask for any amount of memory, or end its process, so it
works in one of its own (`apart`), which writes the rows of each sheet, one a line, into a folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import python_calamine as calamine

from darkfigure.basis.saying import say
from darkfigure.reading.sheets.apart import Bounds, read_apart
from darkfigure.reading.sheets.shares import Shares, shares_of
from darkfigure.reading.sheets.workbook import (
    MOST_SHEETS,
    NumberedRow,
    Sheet,
    Workbook,
    checked,
    percent_of_cell,
    refuse,
    text_of_cell,
)

_SHEET = calamine.SheetTypeEnum.WorkSheet
_VISIBLE = calamine.SheetVisibleEnum.Visible
_LOCKED = 3
BOUNDS = Bounds(memory=2 * 2**30, room=4 * 2**30, seconds=8, seconds_per_mb=2)


def read(path: Path, name: str) -> Workbook:
    """The sheets of a spreadsheet. Raises ReturnRefused where it is none, damaged or locked, or
    asks for more than its bounds. What is read is kept as long as any of its sheets.
    """
    with path.open("rb"):
        pass
    folder = TemporaryDirectory(prefix="darkfigure-sheets-")
    status = read_apart(__name__, path, Path(folder.name), BOUNDS)
    if status == _LOCKED:
        refuse(name, "locked", "send_unlocked")
    listing = Path(folder.name) / "sheets.json"
    if status or not listing.exists():
        refuse(name, "no_spreadsheet", "send_again")
    listed = json.loads(listing.read_text(encoding="utf-8"))
    if len(listed) > MOST_SHEETS:
        refuse(name, "too_many_sheets", "in_parts", count=len(listed))
    sheets = tuple(
        Sheet(title, _rows_of(folder, at, name), hidden=hidden, typed=True, shares=True)
        for at, (title, hidden) in enumerate(listed)
    )
    return Workbook(name, say("problems.form.spreadsheet", count=len(sheets)), sheets)


def _rows_of(
    folder: TemporaryDirectory[str], at: int, name: str
) -> Callable[[], Iterator[NumberedRow]]:
    def rows() -> Iterator[NumberedRow]:
        with (Path(folder.name) / str(at)).open(encoding="utf-8") as source:
            for line in source:
                number, cells = json.loads(line)
                yield number, cells

    return lambda: checked(rows(), name)


def work(path: Path, into: Path) -> int:
    """Write what a spreadsheet holds into a folder, in a process of its own alone: whether it is
    locked.
    """
    try:
        _write(path, into)
    except calamine.PasswordError:
        return _LOCKED
    return 0


def _as_percent(value: object) -> str:
    return percent_of_cell(value) if isinstance(value, float) else text_of_cell(value)


def _write(path: Path, folder: Path) -> None:
    book = calamine.CalamineWorkbook.from_path(path)
    listed = [each for each in book.sheets_metadata if each.typ == _SHEET]
    shares = shares_of(path)
    for at, each in enumerate(listed[:MOST_SHEETS]):
        shown = Shares(shares.get(each.name, ()))
        found = book.get_sheet_by_name(each.name)
        before = [""] * (found.start[1] if found.start else 0)
        with (folder / str(at)).open("w", encoding="utf-8") as out:
            for number, row in enumerate(found.iter_rows() if found.start else (), 1):
                cells = [*before, *map(text_of_cell, row)]
                for place in shown.in_row(number, len(cells)):
                    cells[place] = _as_percent(row[place - len(before)])
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    out.write(f"{json.dumps([number, cells])}\n")
    told = [(each.name, each.visible != _VISIBLE) for each in listed]
    (folder / "sheets.json").write_text(json.dumps(told), encoding="utf-8")
