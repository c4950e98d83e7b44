"""Which form a file of tables has, told from its bytes, and its reader."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from darkfigure.basis.loading import called_from
from darkfigure.reading.sheets.workbook import Workbook, refuse

Reader = Callable[[Path, str], Workbook]

_HOME = "darkfigure.reading.sheets"
_spreadsheet: Callable[..., Any] = called_from(f"{_HOME}.spreadsheets", "read")
_streamed: Callable[..., Any] = called_from(f"{_HOME}.streamed", "read")
_parquet: Callable[..., Any] = called_from(f"{_HOME}.columnar", "read_parquet")
_survey: Callable[..., Any] = called_from(f"{_HOME}.columnar", "read_survey")
_text: Callable[..., Any] = called_from(f"{_HOME}.text", "read")
_document: Callable[..., Any] = called_from(f"{_HOME}.documents", "read")
_archive: Callable[..., Any] = called_from(f"{_HOME}.archives", "read")

#: Files of survey programs, told by the ending: their first bytes say little.
SURVEYS = (".dta", ".sav", ".zsav", ".por", ".sas7bdat", ".xpt")
#: The least free room, and how far a packed file may unpack.
MOST_UNPACKED, MOST_TIMES, SMALL = 4 * 2**30, 300, 16 * 2**20


def open_workbook(path: Path, name: str = "") -> Workbook:
    """The tables in a file. Raises ReturnRefused, saying what is wrong and would be right.

    `name` is what the file is called in sentences, where it is not its own.
    """
    called = name or path.name
    try:
        return _reader(path, called)(path, called)
    except FileNotFoundError:
        refuse(called, "no_file", "check_name")
    except IsADirectoryError:
        refuse(called, "folder", "name_files")
    except PermissionError:
        refuse(called, "no_right", "right_to_read")
    except OSError as error:
        refuse(called, "unread", "check_name", why=error.strerror or type(error).__name__)


def _reader(path: Path, name: str) -> Reader:
    if stat.S_ISDIR(os.stat(path).st_mode):
        raise IsADirectoryError
    with path.open("rb") as source:
        start = source.read(512)
    if not start:
        refuse(name, "empty_file", "send_content")
    if start.startswith(b"PK"):
        if not is_spreadsheet(path, name):
            return _archive
        return _streamed if _is_xlsx(path) else _spreadsheet
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _spreadsheet
    if start.startswith(b"PAR1"):
        return _parquet
    if start.startswith(b"\x1f\x8b"):
        return _archive
    if start.startswith(b"%PDF"):
        refuse(name, "is_pdf", "ask_for_tables")
    if path.suffix.lower() in SURVEYS or start.startswith((b"<stata_dta>", b"$FL2", b"$FL3")):
        return _survey
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _document
    return _text


def is_spreadsheet(path: Path, name: str) -> bool:
    """Whether a ZIP archive is a spreadsheet. Raises ReturnRefused for one that is damaged, or
    would unpack to more than a file of tables is.
    """
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            refuse_bomb(
                name,
                sum(each.file_size for each in entries),
                max(os.stat(path).st_size, 1),
            )
            names = {each.filename for each in entries}
    except (BadZipFile, ValueError, NotImplementedError, zlib.error, EOFError):
        refuse(name, "damaged", "send_again")
    return (
        "[Content_Types].xml" in names
        or any(each.startswith("xl/") for each in names)
        or ("content.xml" in names and "mimetype" in names)
    )


def _is_xlsx(path: Path) -> bool:
    """Whether a spreadsheet is an XLSX, which is read row by row."""
    with ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def refuse_bomb(name: str, unpacked: int, packed: int) -> None:
    """Turn a file away that unpacks to more than any file of tables."""
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_TIMES * packed):
        refuse(name, "unpacks_too_far", "in_parts", most=round(unpacked / 1e6))
