"""Which cells of an OpenDocument spreadsheet are shown as per cent: its reader does not say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

_CONTENT, _PIECE = "content.xml", 64 * 1024
_MARK = b'"percentage"'


class Run(NamedTuple):
    """Rows alike, first and last, and the columns (first and last) that are shares in each; all
    counted from 1.
    """

    first: int
    last: int
    columns: tuple[tuple[int, int], ...]


class Shares:
    """The shares of a sheet, asked for row by row from the top."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs, self.at = runs, 0

    def in_row(self, number: int, width: int) -> Iterator[int]:
        """The cells of a row, counted from 0, that are shown as per cent."""
        while self.at < len(self.runs) and self.runs[self.at].last < number:
            self.at += 1
        if self.at < len(self.runs) and self.runs[self.at].first <= number:
            for first, last in self.runs[self.at].columns:
                yield from range(first - 1, min(last, width))


def shares_of(path: Path) -> Mapping[str, Sequence[Run]]:
    """The cells of each sheet that are shown as per cent; none of what is no OpenDocument."""
    try:
        with ZipFile(path) as archive:
            if _CONTENT not in archive.namelist() or not _are_any(archive):
                return {}
            return _read(archive)
    except BadZipFile:
        return {}


def _are_any(archive: ZipFile) -> bool:
    before = b""
    with archive.open(_CONTENT) as source:
        while piece := source.read(_PIECE):
            if _MARK in before + piece:
                return True
            before = piece[-len(_MARK) :]
    return False


def _read(archive: ZipFile) -> dict[str, list[Run]]:
    reader = _Reader()
    with archive.open(_CONTENT) as source:
        while piece := source.read(_PIECE):
            reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    return reader.found


class _Reader:
    """Counts rows and cells in the XML of a document."""

    def __init__(self) -> None:
        self.found: dict[str, list[Run]] = {}
        self.runs: list[Run] = []
        self.row = self.rows = self.column = 0
        self.columns: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag == "table:table":
            self.row, self.runs = 0, []
            self.found.setdefault(given.get("table:name", ""), self.runs)
        elif tag == "table:table-row":
            self.rows = int(given.get("table:number-rows-repeated", 1))
            self.column, self.columns = 0, []
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            last = self.column + int(given.get("table:number-columns-repeated", 1))
            if given.get("office:value-type") == "percentage":
                self.columns.append((self.column + 1, last))
            self.column = last

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "table:table-row":
            if self.columns:
                self.runs.append(Run(self.row + 1, self.row + self.rows, tuple(self.columns)))
            self.row += self.rows
