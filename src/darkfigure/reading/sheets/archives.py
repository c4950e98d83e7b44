"""Packed files: gzip of one table, ZIP of several. What is packed in them twice is not opened."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, cast
from zipfile import BadZipFile, ZipFile

from darkfigure.basis.saying import Saying, say, several
from darkfigure.reading.sheets import opening
from darkfigure.reading.sheets.workbook import MOST_SHEETS, NumberedRow, Sheet, Workbook, refuse

_PIECE = 2**20
#: What the name of a file that describes a table ends in (CSV on the Web).
DESCRIBES = "-metadata.json"


def read(path: Path, name: str) -> Workbook:
    """The tables in a packed file. Raises ReturnRefused where it is damaged or too large unpacked.

    What is unpacked is kept as long as any of its sheets.
    """
    folder = TemporaryDirectory(prefix="darkfigure-unpacked-")
    with path.open("rb") as source:
        packed = source.read(2)
    try:
        if packed == b"\x1f\x8b":
            book = _gzip(path, name, Path(folder.name))
        else:
            book = _zip(path, name, Path(folder.name))
    except (BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        refuse(name, "damaged", "send_again")
    return replace(book, sheets=tuple(_keeping(folder, each) for each in book.sheets))


def _keeping(folder: TemporaryDirectory[str], sheet: Sheet) -> Sheet:
    def rows() -> Iterator[NumberedRow]:
        if not Path(folder.name).exists():
            refuse(sheet.name, "no_file", "send_again")
        yield from sheet.rows()

    return replace(sheet, rows=rows)


def _gzip(path: Path, name: str, folder: Path) -> Workbook:
    target = folder / (Path(name).stem or "table")
    with gzip.open(path) as source:
        _unpack(cast(IO[bytes], source), target, name, path.stat().st_size)
    book = _table(target, name)
    return Workbook(name, say("problems.form.packed", form=book.form), book.sheets, book.told)


def _zip(path: Path, name: str, folder: Path) -> Workbook:
    sheets: list[Sheet] = []
    told: list[Saying] = []
    forms: list[Saying] = []
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        entries = [
            each
            for each in archive.infolist()
            if _is_table(each.filename) and not _describes(each.filename, names)
        ]
        if len(entries) > MOST_SHEETS:
            refuse(name, "too_many_sheets", "in_parts", count=len(entries))
        for at, entry in enumerate(entries):
            target = folder / f"{at}{PurePosixPath(entry.filename).suffix[:8]}"
            with archive.open(entry) as source:
                _unpack(source, target, name, path.stat().st_size)
            book = _table(target, name)
            inside = PurePosixPath(entry.filename).name
            sheets += [
                replace(each, name=f"{inside}/{each.name}" if each.name else inside)
                for each in book.sheets
            ]
            told += book.told
            forms.append(book.form)
    if not sheets:
        refuse(name, "no_tables", "send_content")
    form = say(
        "problems.form.archive", count=len(forms), form=several(dict.fromkeys(forms), "comma")
    )
    return Workbook(name, form, tuple(sheets), tuple(told))


def _describes(name: str, names: set[str]) -> bool:
    """Whether a file says what another of the archive holds."""
    return name.endswith(DESCRIBES) and name.removesuffix(DESCRIBES) in names


def _is_table(name: str) -> bool:
    inside = PurePosixPath(name)
    return not name.endswith("/") and not inside.name.startswith(".") and "__MACOSX" not in name


def _table(path: Path, name: str) -> Workbook:
    with path.open("rb") as source:
        start = source.read(4)
    if start.startswith(b"\x1f\x8b") or (
        start.startswith(b"PK") and not opening.is_spreadsheet(path, name)
    ):
        refuse(name, "packed_twice", "unpack_once")
    return opening.open_workbook(path, name)


def _unpack(source: IO[bytes], target: Path, name: str, packed: int) -> None:
    taken = 0
    with target.open("wb") as out:
        while piece := source.read(_PIECE):
            taken += len(piece)
            opening.refuse_bomb(name, taken, packed)
            out.write(piece)
