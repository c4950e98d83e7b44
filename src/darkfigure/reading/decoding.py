"""How a text is written: its encoding, its line ends and its separator, told from the bytes and
never guessed where two readings fit.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

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


class Undecodable(Unreadable):
    """A text that is none; `line` is where it ends to be one, where that can be said."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


class Decoded(NamedTuple):
    """A text with the encoding it came in, and where it was told only by its look."""

    text: str
    encoding: str
    assumed: Saying | None = None


def decoded(data: bytes, name: str) -> Decoded:
    """A whole text. Raises Unreadable with the byte from which on it is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_by(data, encoding, name), encoding)
    if encoding := _unmarked_utf16(data):
        return Decoded(_by(data, encoding, name), encoding)
    if b"\x00" in data:
        raise Undecodable(
            f"{name} is not text: byte {data.index(0):,} is nought. Save the list as CSV, in "
            "UTF-8.",
            data.count(b"\n", 0, data.index(0)) + 1,
        )
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _western(data, name, error.start)


def separator(line: str) -> str:
    """The separator that stands most often in a line, outside quotes; a comma where none does."""
    bare = "".join(part for at, part in enumerate(line.split('"')) if at % 2 == 0)
    return max(SEPARATORS, key=lambda each: (bare.count(each), -SEPARATORS.index(each)))


def _by(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(
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


def _western(data: bytes, name: str, at: int) -> Decoded:
    """Windows-1252, where all of it looks like that. Raises Unreadable with the place of the first
    byte that does not.
    """
    line = data.count(b"\n", 0, at) + 1
    place = say("linkage.place", line=line, byte=at)
    text = data.decode("cp1252", "replace")
    if not _looks_western(text) or _ends_in_half(data, at):
        raise Undecodable(
            f"{name} is not UTF-8 ({place}), and does not look like Windows-1252. Save the list "
            "as CSV, in UTF-8.",
            line,
        )
    return Decoded(text, "windows-1252", say("linkage.remark.western", name=name, place=place))


def _looks_western(text: str) -> bool:
    row = 0
    for each in text:
        row = row + 1 if not each.isascii() else 0
        if row > _MOST_IN_A_ROW or (row and each not in _WESTERN):
            return False
    return True


def _ends_in_half(data: bytes, at: int) -> bool:
    """Whether a text ends within a character of UTF-8: it was cut off."""
    rest = data[at + 1 :]
    return data[at] >= 0xC2 and len(rest) < 3 and all(0x80 <= byte < 0xC0 for byte in rest)
