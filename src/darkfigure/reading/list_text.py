"""Delimited text as lists of people come: its encoding and separator recognised, its rows read
whole or refused with their line.

Nothing is read lossily and no cell is ever shown: what is said of a file names lines, columns and
bytes, not what stands there.
"""

from __future__ import annotations

import codecs
import csv
import io

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say

SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What stands above ASCII in names and places of western Europe. Text of another code page read as
#: Windows-1252 shows other signs, or rows of these.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßŠšŽžŒœŸ‘’“”–—´…°€£§\xa0«»"
)
_MOST_IN_A_ROW = 2


def read_table(data: bytes, name: str, told: list[Saying]) -> pl.DataFrame:
    """A table of text: the first line has headings, every cell is text, an empty one is null.

    Raises Unreadable with line, column or byte where it is no such table. `told` gets a sentence
    where the encoding was recognised by what it looks like only.
    """
    text = _decoded(data, name, told)
    rows = _rows(text, name) if text.strip() else []
    if not rows:
        raise Unreadable(
            f"{name} is empty: a first line of headings and a line for each record are needed."
        )
    (_, first), body = rows[0], rows[1:]
    headings = [each.strip() for each in first]
    while (
        headings
        and not headings[-1]
        and all(not any(each.strip() for each in row[len(headings) - 1 :]) for _, row in body)
    ):
        headings.pop()
    _check_headings(headings, name)
    width = len(headings)
    for line, row in body:
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            raise Unreadable(
                f"{name}, line {line}: {len(row)} cells where the first line has {width} "
                "headings. A cell that holds the separator "
                "is put in double quotes; an empty cell keeps its separator."
            )
    columns = {
        heading: [row[at].strip() or None for _, row in body] for at, heading in enumerate(headings)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(headings, pl.String))


def _check_headings(headings: list[str], name: str) -> None:
    seen: dict[str, int] = {}
    for at, heading in enumerate(headings, 1):
        if not heading:
            raise Unreadable(f"{name}, line 1: column {at} has no heading, but cells below.")
        if heading in seen:
            raise Unreadable(
                f"{name}, line 1: columns {seen[heading]} and {at} have the same heading. Each "
                "needs its own."
            )
        seen[heading] = at


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Rows with the line each ends on; blank lines left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise Unreadable(
            f"{name}, line {reader.line_num}: the quotation marks or the length of a cell cannot "
            "be read. A quoted cell opens and "
            'ends with ", and a " within it is doubled.'
        ) from error
    return rows


def _separator(text: str) -> str:
    """The separator that stands most often in the first line with text, outside quotes; a comma
    where none does.
    """
    line = next(each for each in text.splitlines() if each.strip())
    bare = "".join(part for at, part in enumerate(line.split('"')) if at % 2 == 0)
    return max(SEPARATORS, key=lambda each: (bare.count(each), -SEPARATORS.index(each)))


def _decoded(data: bytes, name: str, told: list[Saying]) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _by(data, encoding, name)
    if encoding := _unmarked_utf16(data):
        return _by(data, encoding, name)
    if b"\x00" in data:
        raise Unreadable(
            f"{name} is not text: byte {data.index(0):,} is nought. Save the list as CSV, in UTF-8."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(data, name, error.start, told)


def _by(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{name} begins as {encoding.upper()} but is none from byte {error.start:,} on."
        ) from error


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of the first line is nought."""
    start = data[:200]
    if len(start) < 4 or len(data) % 2:
        return ""
    even, odd = start[0::2], start[1::2]
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and not odd.count(0) else ""


def _western(data: bytes, name: str, at: int, told: list[Saying]) -> str:
    """Windows-1252, where all of it looks like that. Raises Unreadable with the place of the first
    byte that does not.
    """
    place = _place(data, at)
    refused = (
        f"{name} is not UTF-8 ({place}), and does not look like Windows-1252. Save the list "
        "as CSV, in UTF-8."
    )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(refused) from error
    row = 0
    for each in text:
        row = row + 1 if not each.isascii() else 0
        if row > _MOST_IN_A_ROW or (row and each not in _WESTERN):
            raise Unreadable(refused)
    told.append(say("linkage.remark.western", name=name, place=place))
    return text


def _place(data: bytes, at: int) -> Saying:
    return say("linkage.place", line=data.count(b"\n", 0, at) + 1, byte=at)
