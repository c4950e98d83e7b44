"""Cells of spreadsheets that stay text: what a spreadsheet would take for a formula does nothing.

Every writer of CSV and ODS writes through here (`tests/house/test_inert.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

#: What begins a formula, or hides one from who looks for the beginning; full-width signs too.
_BEGINS = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[-+]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?([eE][-+]?[0-9]+)?%?")
_RETURNS = re.compile(r"\r\n?")
#: What is put before a text that would be a formula: spreadsheets take the rest as text.
MARK = "'"


def inert(value: object) -> object:
    """A cell that no spreadsheet computes: a text that begins as a formula does gets an apostrophe
    before it. Numbers, negative ones too, stay as they are.
    """
    if not isinstance(value, str) or not _BEGINS.match(value) or _NUMBER.fullmatch(value):
        return value
    return MARK + value


def plain(text: str) -> str:
    """What `inert` made inert, as it was."""
    made = text.removeprefix(MARK)
    return made if text != made and inert(made) == text else text


def _cell(value: object) -> object:
    """An inert cell of CSV. Lines in it end in LF: CR alone is not quoted, and begins a row."""
    made = inert(value)
    return _RETURNS.sub("\n", made) if isinstance(made, str) else made


class Target(Protocol):
    """Where a table is written."""

    def write(self, text: str, /) -> object:
        """Write a line."""


class InertRows:
    """Rows of CSV, every cell inert."""

    def __init__(self, out: Target) -> None:
        self._rows = csv.writer(out, lineterminator="\n")

    def writerow(self, row: Iterable[object]) -> None:
        """Write a row."""
        self._rows.writerow(map(_cell, row))

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)


class InertRecords:
    """Records of CSV under a heading, every cell inert; what a record does not say stays empty."""

    def __init__(self, out: Target, names: Sequence[str]) -> None:
        self._rows, self._names = InertRows(out), names

    def writeheader(self) -> None:
        """Write the heading."""
        self._rows.writerow(self._names)

    def writerow(self, record: Mapping[str, object]) -> None:
        """Write a record. Raises ValueError for a field that the heading does not have."""
        if unknown := set(record) - set(self._names):
            raise ValueError(f"{', '.join(sorted(unknown))} is not in the heading.")
        self._rows.writerow(record.get(name, "") for name in self._names)
