"""Files of capture tables as texts and rows: how they are encoded and cut, before what they mean is
asked.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.reading.capture_words import plain

MOST_BYTES = 64 * 1024 * 1024
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
WANTED = (
    "Wanted is a column of 0 and 1 for each list with the count of persons; or one row a person "
    "with a column for each list; or "
    "rows of person and list; or how often persons were seen, with how many."
)


@dataclass(frozen=True)
class Rows:
    """A heading and the rows under it, each with its line."""

    names: tuple[str, ...]
    lines: tuple[int, ...]
    fields: tuple[tuple[str, ...], ...]

    def column(self, place: int) -> list[str]:
        """The values of a column."""
        return [row[place] for row in self.fields]

    def without(self, place: int) -> Rows:
        """Without a column."""
        names = self.names[:place] + self.names[place + 1 :]
        return replace(
            self, names=names, fields=tuple(row[:place] + row[place + 1 :] for row in self.fields)
        )


def decoded(content: bytes) -> tuple[str, tuple[Saying, ...]]:
    """The text and what had to be assumed. Raises Unreadable for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _text(content.decode("utf-16")), ()
        except UnicodeDecodeError:
            raise Unreadable(f"it is not a text. {WANTED}") from None
    try:
        return _text(content.decode("utf-8-sig")), ()
    except UnicodeDecodeError:
        pass
    high = sum(byte >= 0xC0 for byte in content)
    letters = high + sum(chr(byte).isalpha() for byte in content if byte < 0x80)
    if high * 2 > letters:
        raise Unreadable("its letters are neither UTF-8 nor Latin-1. Save it as UTF-8.")
    try:
        return _text(content.decode("cp1252")), (say("estimates.file.latin1"),)
    except UnicodeDecodeError:
        raise Unreadable("it is neither UTF-8 nor Latin-1. Save it as UTF-8.") from None


def _text(text: str) -> str:
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text) or "\x7f" in text:
        raise Unreadable(f"it is not a text. {WANTED}")
    return text


def rows_of(text: str) -> Rows:
    """The rows by the separator that cuts them most evenly. Raises Unreadable."""
    found = []
    for separator in SEPARATORS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            rows = [(reader.line_num, tuple(field.strip() for field in row)) for row in reader]
        except csv.Error:
            continue
        rows = [(line, row) for line, row in rows if any(row)]
        if rows and len(rows[0][1]) > 1:
            even = sum(len(row) == len(rows[0][1]) for _, row in rows) / len(rows)
            found.append((even, len(rows[0][1]), rows))
    if not found:
        raise Unreadable(f"there is no heading with the lists and the count. {WANTED}")
    _, width, rows = max(found, key=lambda each: each[:2])
    (_, heading), *body = rows
    if body and all(len(row) == width + 1 for _, row in body):
        # Row names, as R writes them.
        body = [(line, row[1:]) for line, row in body]
    names = tuple(name.strip("\ufeff ").strip() for name in heading)
    for line, row in body:
        if len(row) != width:
            raise Unreadable(f"line {line}: {len(row)} fields where the heading has {width}.")
    return tidied(Rows(names, tuple(line for line, _ in body), tuple(row for _, row in body)))


def tidied(rows: Rows) -> Rows:
    """Without columns of nothing and the numbering of rows that programs add. Raises Unreadable for
    headings that are none.
    """
    for place in reversed(range(len(rows.names))):
        if not rows.names[place] and not any(rows.column(place)):
            rows = rows.without(place)
    if (
        rows.fields
        and len(rows.names) > 2
        and plain(rows.names[0]) in ("", "unnamed: 0", "rownames")
    ):
        rows = rows.without(0)
    if not rows.fields:
        raise Unreadable(f"there is a heading and no row under it. {WANTED}")
    if all(name.replace(".", "").isdigit() for name in rows.names):
        raise Unreadable(
            "the first row holds figures, not headings: put the names of the lists there."
        )
    if not all(rows.names):
        raise Unreadable(f"column {rows.names.index('') + 1} has no heading.")
    if len(set(rows.names)) < len(rows.names):
        raise Unreadable("two columns have the same name: each list needs its own.")
    return rows
