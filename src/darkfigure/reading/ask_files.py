"""Asks as files: a table (text or spreadsheet), or the same fields as a list in YAML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from darkfigure.basis.errors import ReturnRefused
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.shapes import ASKS, misshapen
from darkfigure.reading.delimited import small_records
from darkfigure.reading.door import is_packed, text_of
from darkfigure.reading.located import tables_of
from darkfigure.reading.sheets import open_workbook

#: Endings of documents; whatever else a file is called, one that begins with a brace is one.
DOCUMENTS = (".yaml", ".yml", ".json")


def read_asks(path: Path) -> list[dict[str, str]]:
    """The rows of a file of asks, all of them text. Raises ReturnRefused with every fault."""
    if is_packed(path) or _is_cut_otherwise(path):
        return _of_table(path)
    text = text_of(path)
    if path.suffix not in DOCUMENTS and text.lstrip("\ufeff \t\r\n")[:1] != "{":
        return [row for _, row in small_records(path)]
    data = read_document(text, path.name)
    if problems := list(misshapen(data, ASKS)):
        raise ReturnRefused(path.name, problems)
    return [_row(entry) for entry in data["asks"]]


def _is_cut_otherwise(path: Path) -> bool:
    """Whether a file is a text of semicolons, tabs or bars."""
    if path.suffix in DOCUMENTS or not path.is_file():
        return False
    with path.open("rb") as source:
        line = source.readline(65_536)
    return b"," not in line and any(sign in line for sign in (b";", b"\t", b"|"))


def _of_table(path: Path) -> list[dict[str, str]]:
    """The rows of the first table of a file, by their headings."""
    tables = tables_of(open_workbook(path))
    if not tables:
        return []
    area = tables[0].area
    names = [name.strip().lower().replace(" ", "_") for name in area.names]
    return [
        {
            name: cells[at - 1] if at <= len(cells) else ""
            for at, name in zip(area.columns, names, strict=True)
            if name
        }
        for _, cells in tables[0].rows()
    ]


def _row(entry: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in entry.items()}
