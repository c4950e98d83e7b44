"""The door of every file: opened, unpacked, decoded, or turned away with a fault and a place.

What is read here is text in UTF-8 or bytes on their way to a reader of tables; nothing is read
lossily, and nothing that stands in a file is printed.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

import numpy as np

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, say
from darkfigure.intelligence.documents import read_document

if TYPE_CHECKING:
    from _csv import Reader

#: A document (JSON, YAML) is read whole: no more of it than this.
MOST_BYTES = 64 * 1024 * 1024
#: No line, and no cell in it, is longer than these many bytes and characters.
LONGEST_LINE, LONGEST_CELL = 1024 * 1024, 32_767
_PIECE = 256 * 1024
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r(?!\Z)|\n)")
_NO_TEXT = np.zeros(256, dtype=bool)
_NO_TEXT[[number for number in range(32) if chr(number) not in "\t\r\n"]] = True
_QUOTE, _AROUND = ord('"'), np.frombuffer(b',\r\n"', dtype=np.uint8)
_NOT_TEXT = {
    b"PK\x03\x04": say("problems.file.spreadsheet"),
    b"\xd0\xcf\x11\xe0": say("problems.file.old_spreadsheet"),
    b"%PDF": say("problems.file.pdf"),
    b"PAR1": say("problems.file.parquet"),
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzip. Raises ReturnRefused where it cannot be read
    or is no text.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            for magic, what in _NOT_TEXT.items():
                if start.startswith(magic):
                    refuse(
                        path,
                        say("problems.wrong.not_text", what=what),
                        say("problems.right.save_csv"),
                    )
            if start.startswith(_UTF_16):
                refuse(path, say("problems.wrong.utf16"), say("problems.right.save_utf8"))
            if start.startswith(b"\x1f\x8b"):
                with gzip.open(raw) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile):
        refuse(path, say("problems.wrong.gzip"), say("problems.right.send_again"))
    except UnicodeDecodeError:
        refuse_encoding(path)
    except FileNotFoundError:
        refuse(path, say("problems.wrong.no_file"), say("problems.right.check_name"))
    except IsADirectoryError:
        refuse(path, say("problems.wrong.folder"), say("problems.right.name_files"))
    except PermissionError:
        refuse(path, say("problems.wrong.no_right"), say("problems.right.right_to_read"))
    except OSError as error:
        why = error.strerror or type(error).__name__
        refuse(path, say("problems.wrong.unread", why=why), say("problems.right.check_name"))


def is_packed(path: Path) -> bool:
    """Whether a file is one of tables that is no text: a spreadsheet, an archive, Parquet."""
    try:
        with path.open("rb") as raw:
            return raw.read(4).startswith(tuple(_NOT_TEXT))
    except OSError:
        return False


def refuse(
    path: Path, wrong: Saying, right: Saying, line: int | None = None, column: str | None = None
) -> NoReturn:
    """Turn a file away with one fault."""
    raise ReturnRefused(path.name, [Problem(wrong, right, line=line, column=column, rule="file")])


def refuse_encoding(path: Path, line: int | None = None) -> NoReturn:
    """Turn away a file that is not UTF-8."""
    refuse(
        path,
        say("problems.wrong.not_utf8"),
        say("problems.right.save_utf8_spreadsheet"),
        line=line,
    )


def text_of(path: Path, most: int = MOST_BYTES) -> str:
    """The whole text of a file of at most so many bytes. Raises ReturnRefused."""
    with opened(path) as source:
        content = source.read(most + 1)
    if len(content) > most:
        refuse(
            path,
            say("problems.wrong.too_large", most=most // 1024 or 1),
            say("problems.right.in_parts"),
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse_encoding(path, content.count(b"\n", 0, error.start) + 1)


def json_of(path: Path) -> Any:
    """A file of JSON as plain values. Raises ReturnRefused where it is none, is too deep, says one
    thing twice or holds what no text does; MarkedTooHigh.
    """
    text = text_of(path)
    if text.lstrip()[:1] not in ("{", "["):
        refuse(path, say("problems.wrong.no_json"), say("problems.right.commas"), line=1)
    return read_document(text, path.name)


def lines(source: BinaryIO, path: Path) -> Iterator[str]:
    """The lines of a text, whichever way they end. Raises ReturnRefused with the line that is no
    text, or has no end.
    """
    number, rest = 1, b""
    while piece := source.read(_PIECE):
        held, at = rest + piece, 0
        while found := _LINE.match(held, at):
            yield _text(found[0], path, number)
            number, at = number + 1, found.end()
        rest = held[at:]
        if len(rest) > LONGEST_LINE:
            refuse(
                path,
                say("problems.wrong.endless", most=LONGEST_LINE // 1024),
                say("problems.right.quotes"),
                line=number,
            )
    if rest:
        yield _text(rest, path, number)


def _text(line: bytes, path: Path, number: int) -> str:
    if _NO_TEXT[np.frombuffer(line, dtype=np.uint8)].any():
        refuse_control(path, number)
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        refuse_encoding(path, number)


def refuse_control(path: Path, line: int | None = None) -> NoReturn:
    """Turn away a file with characters that no text has."""
    refuse(path, say("problems.wrong.no_text"), say("problems.right.plain_text"), line=line)


class Watched(io.RawIOBase):
    """The bytes of a table, watched while a reader of tables takes them: whether each quote opens
    or closes a cell, and whether all of it is text. What is no text ends the table there.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decoder, self._half = codecs.getincrementaldecoder("utf-8")(), b""
        self._open, self._before = False, ord("\n")
        self.torn = self.no_text = False

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, looked at."""
        # Half a character at the end of a piece goes with the next, or a reader would choke on it.
        found = b"" if self.no_text else self._source.read(max(size - len(self._half), -1))
        try:
            self._decoder.decode(found, final=not found)
        except UnicodeDecodeError:
            self.no_text, found, self._half = True, b"", b""
        half = b"" if self.no_text else self._decoder.getstate()[0]
        block, self._half = (self._half + found).removesuffix(half), half
        if found and not block:
            return self.read(size)
        self._look(np.frombuffer(block, dtype=np.uint8))
        return block

    def _look(self, block: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        if not len(block):
            self.torn |= self._open
            return
        self.no_text |= bool(_NO_TEXT[block].any())
        around = np.concatenate([np.array([self._before], dtype=np.uint8), block])
        at = np.flatnonzero(block == _QUOTE)
        # Quotes open and close in turn: what opens stands after a separator or a quote that closed,
        # what closes before one.
        opens, closes = (at[self._open :: 2], at[not self._open :: 2])
        fine = np.isin(around[opens], _AROUND).all()
        after = closes[closes + 1 < len(block)] + 1
        fine &= np.isin(block[after], _AROUND).all()
        if self._before == _QUOTE and not self._open:
            fine &= bool(np.isin(block[0], _AROUND))
        self.torn |= not fine
        self._open ^= bool(len(at) % 2)
        self._before = int(block[-1])

    def refuse_torn(self, path: Path) -> None:
        """Refuse the file where its quotes do not open and close cells, with the line."""
        if self.no_text:
            with opened(path) as source:
                for _ in lines(source, path):
                    pass
            refuse_control(path)
        if self.torn:
            check_quotes(path)


def cells(source: BinaryIO, path: Path) -> Reader:
    """The cells of a table of commas, line by line; raises csv.Error where quotes do not close."""
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(lines(source, path), strict=True)


def check_quotes(path: Path) -> None:
    """Refuse a file in which a quote opens that nothing closes, with the line it opens on."""
    with opened(path) as source:
        reader, start = cells(source, path), 1
        try:
            for _ in reader:
                start = reader.line_num + 1
        except csv.Error:
            refuse(
                path,
                say("problems.wrong.open_quote"),
                say("problems.right.close_quote"),
                line=start,
            )
