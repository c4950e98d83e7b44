"""XLSX spreadsheets, row by row: of a sheet of any size no more is held than a row, and the
texts that its cells share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from posixpath import join, normpath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from darkfigure.basis.saying import say
from darkfigure.reading.sheets.workbook import (
    NumberedRow,
    Sheet,
    Workbook,
    checked,
    percent_of_cell,
    refuse,
    text_of_cell,
)

#: So much of a sheet is taken at a time: of rows of one far cell it holds a thousand.
_PIECE = 32 * 1024
#: No more empty cells are put before far ones, no more texts are held that cells share.
MOST_PADDED, MOST_TEXTS = 50_000_000, 4_000_000
#: What a style may show a number as.
_DAY, _PERCENT = "day", "percent"
#: Formats of days and times, and of shares in per cent, that every spreadsheet has; others are told
#: by their letters.
_COMMON = {
    **dict.fromkeys([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)], _DAY),
    **dict.fromkeys([9, 10], _PERCENT),
}
#: From when days are counted, and the number of one that 1900 did not have.
_FROM_1900, _FROM_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_NO_DAY = 60
_TIME_LETTERS = re.compile(r"(?i)(?<![\\_])[ymdhs]")
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_COLUMN = re.compile(r"[A-Z]+")


def read(path: Path, name: str) -> Workbook:
    """The sheets of an XLSX spreadsheet. Raises ReturnRefused where it is none, or damaged."""
    try:
        with ZipFile(path) as archive:
            listed, base = _sheets(archive)
    except (BadZipFile, LookupError, expat.ExpatError, ZlibError, EOFError, ValueError):
        refuse(name, "no_spreadsheet", "send_again")
    sheets = tuple(
        Sheet(title, _Rows(path, name, target, base), hidden, typed=True, shares=True)
        for title, target, hidden in listed
    )
    return Workbook(name, say("problems.form.spreadsheet", count=len(sheets)), sheets)


def _sheets(archive: ZipFile) -> tuple[list[tuple[str, str, bool]], datetime]:
    """Title, part and whether hidden, of each sheet; and the day from which days are counted."""
    targets: dict[str, str] = {}
    listed: list[tuple[str, str, bool]] = []
    base = [_FROM_1900]

    def relation(tag: str, given: dict[str, str]) -> None:
        if tag.endswith("Relationship") and given.get("Type", "").endswith("/worksheet"):
            targets[given["Id"]] = normpath(join("xl", given["Target"])).lstrip("/")

    def sheet(tag: str, given: dict[str, str]) -> None:
        tag = _plain(tag)
        if tag == "sheet":
            number = next((value for key, value in given.items() if key.endswith(":id")), "")
            hidden = given.get("state", "visible") != "visible"
            listed.append((given.get("name", ""), number, hidden))
        elif tag == "workbookPr" and given.get("date1904") in ("1", "true"):
            base[0] = _FROM_1904

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return [(title, targets[at], hid) for title, at, hid in listed if at in targets], base[0]


def _plain(tag: str) -> str:
    """The name of an element without the letters of its space."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def _parse(archive: ZipFile, part: str, start: object) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.Parse(archive.read(part), True)


class _Rows:
    """The rows of a sheet, read anew each time they are asked for."""

    def __init__(self, path: Path, name: str, part: str, base: datetime) -> None:
        self.path, self.name, self.part, self.base = path, name, part, base

    def __call__(self) -> Iterator[NumberedRow]:
        try:
            with ZipFile(self.path) as archive:
                shared, styles = _shared(archive), _styles(archive)
                yield from checked(self._rows(archive, shared, styles), self.name)
        except (BadZipFile, LookupError, expat.ExpatError, ZlibError, EOFError, ValueError):
            refuse(self.name, "no_spreadsheet", "send_again")

    def _rows(
        self, archive: ZipFile, shared: list[str], styles: list[str]
    ) -> Iterator[NumberedRow]:
        reader = _SheetReader(shared, styles, self.base)
        with archive.open(self.part) as source:
            while piece := source.read(_PIECE):
                reader.parser.Parse(piece, False)
                yield from reader.taken()
                if reader.padded > MOST_PADDED:
                    refuse(self.name, "too_wide", "in_parts", line=reader.number)
        reader.parser.Parse(b"", True)
        yield from reader.taken()


class _SheetReader:
    """Takes cells from the parts of a sheet's XML."""

    def __init__(self, shared: list[str], styles: list[str], base: datetime) -> None:
        self.shared, self.styles, self.base = shared, styles, base
        self.rows: list[NumberedRow] = []
        self.row: list[str] = []
        self.number = self.padded = 0
        self.kind, self.style, self.at = "", 0, 0
        self.text: list[str] | None = None
        self.columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.said

    def taken(self) -> list[NumberedRow]:
        """The rows that are whole."""
        rows, self.rows = self.rows, []
        return rows

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        tag = _plain(tag)
        if tag == "c":
            self.kind = given.get("t", "n")
            self.style = int(given.get("s", 0))
            self.at = self.column(given["r"]) if "r" in given else len(self.row)
            self.text = None
        elif tag in ("v", "t"):
            self.text = self.text or []
        elif tag == "row":
            self.row = []
            self.number = int(given.get("r", self.number + 1))

    def said(self, text: str) -> None:
        """What stands within an element."""
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        tag = _plain(tag)
        if tag == "c":
            self.put()
        elif tag == "row":
            self.rows.append((self.number, self.row))

    def column(self, place: str) -> int:
        """The number of a column, from 0, by its letters."""
        found = _COLUMN.match(place)
        letters = found[0] if found else ""
        if letters not in self.columns:
            number = 0
            for letter in letters[:3]:
                number = number * 26 + ord(letter) - 64
            self.columns[letters] = number - 1
        return self.columns[letters]

    def put(self) -> None:
        """Put a cell into its row."""
        if self.text is None:
            return
        cell = self.worded("".join(self.text))
        self.text = None
        if len(self.row) < self.at:
            self.padded += self.at - len(self.row)
            self.row += [""] * (self.at - len(self.row))
        if len(self.row) == self.at:
            self.row.append(cell)
        elif self.at >= 0:
            self.row[self.at] = cell

    def worded(self, text: str) -> str:
        """A cell as a person sees it."""
        if self.kind == "n":
            if not text:
                return ""
            shown = self.styles[self.style] if self.style < len(self.styles) else ""
            if shown == _DAY:
                return text_of_cell(self.day(float(text)))
            if shown == _PERCENT:
                return percent_of_cell(float(text))
            return text if text.isdigit() else text_of_cell(float(text))
        if self.kind == "d":
            return text_of_cell(datetime.fromisoformat(text))
        if self.kind == "s":
            return self.shared[int(text)]
        return text_of_cell(text == "1") if self.kind == "b" else text

    def day(self, number: float) -> datetime | float:
        """A day that is kept as a number, counted from that of the file."""
        if not 1 <= number < 2_958_466:
            return number
        seconds = round(number % 1 * 86_400)
        early = number < _NO_DAY and self.base == _FROM_1900
        return self.base + timedelta(days=int(number) + early, seconds=seconds)


def _shared(archive: ZipFile) -> list[str]:
    """The texts that cells share."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts: list[str] = []
    parts: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def start(tag: str, _given: dict[str, str]) -> None:
        tag = _plain(tag)
        if tag in depth:
            depth[tag] += 1
        elif tag == "si":
            parts.clear()

    def end(tag: str) -> None:
        tag = _plain(tag)
        if tag in depth:
            depth[tag] -= 1
        elif tag == "si":
            texts.append("".join(parts))

    def said(text: str) -> None:
        if depth["t"] and not depth["rPh"]:
            parts.append(text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = said
    with archive.open("xl/sharedStrings.xml") as source:
        while piece := source.read(_PIECE):
            parser.Parse(piece, False)
            if len(texts) > MOST_TEXTS:
                raise ValueError("more texts than are held")
    parser.Parse(b"", True)
    return texts


def _shows(form: str) -> str:
    """What a format shows a number as."""
    plain = _LITERALS.sub("", form)
    if _TIME_LETTERS.search(plain):
        return _DAY
    return _PERCENT if "%" in plain else ""


def _styles(archive: ZipFile) -> list[str]:
    """For each style of cells whether it shows a day or a time, or a share in per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    formats: dict[int, str] = {}
    styles: list[str] = []
    within = [False]

    def start(tag: str, given: dict[str, str]) -> None:
        tag = _plain(tag)
        if tag == "numFmt":
            formats[int(given["numFmtId"])] = _shows(given.get("formatCode", ""))
        elif tag == "cellXfs":
            within[0] = True
        elif tag == "xf" and within[0]:
            number = int(given.get("numFmtId", 0))
            styles.append(formats.get(number, _COMMON.get(number, "")))

    def end(tag: str) -> None:
        if _plain(tag) == "cellXfs":
            within[0] = False

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(archive.read("xl/styles.xml"), True)
    return styles
