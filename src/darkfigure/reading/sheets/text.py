"""Delimited text as it comes: its encoding, separator and line ends told from its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from darkfigure.basis.saying import Word, say
from darkfigure.reading.decoding import Decoded, Undecodable, decoded, separator
from darkfigure.reading.door import LONGEST_LINE
from darkfigure.reading.sheets.workbook import NumberedRow, Sheet, Workbook, checked, refuse

#: A larger text is streamed, and has to be UTF-8.
MOST_WHOLE = 64 * 2**20
_START = 256 * 1024
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read(path: Path, name: str) -> Workbook:
    """The one table of a text. Raises ReturnRefused where it is no text."""
    if path.stat().st_size > MOST_WHOLE:
        return _streamed(path, name)
    text = text_in(path.read_bytes(), name)
    return _book(name, text, lambda: io.StringIO(text.text, newline=""), text.text[:_START])


def text_in(content: bytes, name: str) -> Decoded:
    """A whole text. Raises ReturnRefused with the line where it is none."""
    try:
        return decoded(content, name)
    except Undecodable as error:
        if b"\x00" in content:
            refuse(name, "no_text", "plain_text", line=error.line)
        refuse(name, "not_utf8", "save_utf8_spreadsheet", line=error.line)


def _streamed(path: Path, name: str) -> Workbook:
    with path.open("rb") as source:
        start = source.read(_START)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    head = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    return _book(
        name, Decoded(head, encoding.removesuffix("-sig")), _lines(path, name, encoding), head
    )


def _lines(path: Path, name: str, encoding: str) -> Callable[[], Iterator[str]]:
    def lines() -> Iterator[str]:
        number = 0
        try:
            with path.open(encoding=encoding, newline="") as source:
                while line := source.readline(LONGEST_LINE + 1):
                    number += 1
                    yield line
        except UnicodeDecodeError:
            refuse(name, "not_utf8", "save_utf8_spreadsheet", line=number + 1)

    return lines


def _book(name: str, text: Decoded, lines: Callable[[], Iterable[str]], start: str) -> Workbook:
    first = next((line for line in io.StringIO(start) if line.strip()), "")
    if not first:
        refuse(name, "empty_file", "send_content")
    if "\x00" in start:
        refuse(name, "no_text", "plain_text", line=start.count("\n", 0, start.index("\x00")) + 1)
    sign = _separator(start)
    form = say(
        "problems.form.text",
        encoding=text.encoding.upper(),
        separator=Word("separator", _SEPARATORS[sign]),
        ends=Word("line_ends", _ends(start)),
    )

    def rows() -> Iterator[NumberedRow]:
        return checked(_cells(lines(), sign, name), name)

    told = () if text.assumed is None else (text.assumed,)
    return Workbook(name, form, (Sheet("", rows),), told)


def _ends(start: str) -> str:
    if "\r\n" in start:
        return "crlf"
    return "cr" if "\r" in start and "\n" not in start else "lf"


def _separator(start: str) -> str:
    """The separator by which most lines of the start are cut into as many cells as most are."""
    lines = [line for line in re.split(r"\r\n|\r|\n", start)[:200] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in _SEPARATORS}
    middle = {sign: each[len(each) // 2] for sign, each in counts.items()}
    best = max(_SEPARATORS, key=lambda sign: (middle[sign], -"\t;|,".index(sign)))
    # Between semicolons commas are decimal signs.
    even = [sign for sign in "\t;|" if counts[sign][0] == counts[sign][-1] > 0]
    return even[0] if even else best if middle[best] else separator(max(lines, key=len))


def _short(lines: Iterable[str], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            refuse(name, "endless", "quotes", line=number, most=LONGEST_LINE // 1024)
        yield line


def _cells(lines: Iterable[str], sign: str, name: str) -> Iterator[NumberedRow]:
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(_short(lines, name), delimiter=sign, strict=True)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error:
        refuse(name, "open_quote", "close_quote", line=start)
