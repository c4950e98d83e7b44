"""Asks as files: rows of CSV, or the same fields as a list in YAML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from darkfigure.basis.errors import ReturnRefused
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.shapes import ASKS, misshapen
from darkfigure.reading.delimited import small_records
from darkfigure.reading.door import text_of

#: Endings of documents; whatever else a file is called, one that begins with a brace is one.
DOCUMENTS = (".yaml", ".yml", ".json")


def read_asks(path: Path) -> list[dict[str, str]]:
    """The rows of a file of asks, all of them text. Raises ReturnRefused with every fault."""
    text = text_of(path)
    if path.suffix not in DOCUMENTS and text.lstrip("\ufeff \t\r\n")[:1] != "{":
        return [row for _, row in small_records(path)]
    data = read_document(text, path.name)
    if problems := list(misshapen(data, ASKS)):
        raise ReturnRefused(path.name, problems)
    return [_row(entry) for entry in data["asks"]]


def _row(entry: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in entry.items()}
