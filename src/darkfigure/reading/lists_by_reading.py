"""Lists for estimation and linkage from a table of somebody's own: spreadsheets as they are, and
columns named by a reading.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.reading.capture_text import Rows
from darkfigure.reading.instructions import NOTHING, Form, Reading
from darkfigure.reading.located import Located, locate, tables_of
from darkfigure.reading.sheets import open_workbook

#: What the columns of a list are called where they are read.
_CALLED = {"list_name": "list", "count": "count", "person": "person", "stratum": "stratum"}


def rows_by(path: Path, reading: Reading | None = None) -> Rows:
    """The rows of a file's table, its columns called as a reading says. Raises Unreadable."""
    table = _table(path, reading)
    named = {} if reading is None else reading.named
    kept: list[tuple[int, str]] = []
    for at, name in zip(table.area.columns, table.area.names, strict=True):
        column = named.get(name)
        if column is None and reading is None:
            kept.append((at, name))
        elif column is not None and column.is_ != NOTHING:
            kept.append((at, _CALLED.get(column.is_, name)))
    rows = list(table.rows())
    return Rows(
        tuple(name for _, name in kept),
        tuple(number for number, _ in rows),
        tuple(
            tuple(cells[at - 1] if at <= len(cells) else "" for at, _ in kept) for _, cells in rows
        ),
    )


def frame_by(path: Path, reading: Reading | None = None) -> pl.DataFrame:
    """The table of a file as a frame of text, columns called as a reading says."""
    rows = rows_by(path, reading)
    return pl.DataFrame(
        {name: [cells[at] or None for cells in rows.fields] for at, name in enumerate(rows.names)},
        schema=dict.fromkeys(rows.names, pl.String),
    )


def _table(path: Path, reading: Reading | None) -> Located:
    if reading is not None and reading.form is not Form.LISTS:
        raise Unreadable(f'{reading.name} is no reading of lists: form = "lists".')
    try:
        book = open_workbook(path)
        if reading is not None:
            return locate(book, reading)[0][0]
        tables = [each for each in tables_of(book) if not each.sheet.hidden]
    except ReturnRefused as refused:
        raise Unreadable(f"{path.name}: {refused.problems[0]}") from None
    if not tables:
        raise Unreadable(f"{path.name} holds no table with a heading and rows.")
    return tables[0]
