"""All that a file says, as one text in which words are looked for: whoever looks for a name misses
none because of how it is written down.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from darkfigure.basis.errors import DarkfigureError
from darkfigure.intelligence.origins import normal
from darkfigure.reading.sheets import open_workbook

#: Letters that JSON writes by number, two for one beyond the first 65,536.
_BY_NUMBER = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
#: How files begin whose bytes are no text: spreadsheets and archives, old ones, Parquet, gzip.
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b")
_WORD = re.compile(r"[^\W_]+")
#: Within how many words the parts of a name stand that are one person's, as in one record; of how
#: many words a part is written at most.
_NEAR, _LONGEST = 30, 6


def plain(content: bytes) -> str:
    """What bytes say as text, with letters that JSON writes by number as themselves."""
    return _BY_NUMBER.sub(_letters, content.decode("utf-8-sig", "replace"))


def text_of_file(path: Path) -> str:
    """What a file says: as text, and of one that is packed the cells of its tables; of one that
    cannot be read what its bytes say.
    """
    content = path.read_bytes()
    said = [plain(content)]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        said.append(content.decode("utf-16", "replace"))
    if content.startswith(_PACKED):
        with suppress(DarkfigureError):
            for sheet in open_workbook(path).sheets:
                said.append(sheet.name)
                said += (cell for _, row in sheet.rows() for cell in row if cell)
    return "\n".join(said)


def is_legible(path: Path) -> bool:
    """Whether `text_of_file` gives all that a file says: it is text, or tables that open."""
    content = path.read_bytes()
    try:
        if content.startswith(_PACKED):
            for sheet in open_workbook(path).sheets:
                deque(sheet.rows(), maxlen=0)
        elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
            content.decode("utf-16")
        else:
            content.decode("utf-8-sig")
    except (DarkfigureError, UnicodeDecodeError):
        return False
    return True


def is_named_in(text: str, parts: Collection[str]) -> bool:
    """Whether somebody is named in a text: every part of their name as words of its own, near one
    another, in any spelling that differs in case, accents, signs and spaces alone.
    """
    wanted = {normal(each) for each in parts}
    if not wanted or "" in wanted:
        return False
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    as_written = {each: normal(each) for each in set(words)}
    if not all(any(_may_end(part, each) for each in as_written.values()) for part in wanted):
        return False
    at = dict[str, int]()
    recent: deque[str] = deque(maxlen=_LONGEST)
    for place, each in enumerate(words):
        word = as_written[each]
        recent.append(word)
        for part in wanted:
            if _may_end(part, word) and _ends(recent, part):
                at[part] = place
                if len(at) == len(wanted) and place - min(at.values()) <= _NEAR:
                    return True
    return False


def _may_end(part: str, word: str) -> bool:
    return bool(word) and part.endswith(word)


def _ends(words: Collection[str], part: str) -> bool:
    """Whether the last of some words are a part of a name."""
    listed = [*words]
    return any("".join(listed[at:]) == part for at in range(len(listed)))


def _letters(found: re.Match[str]) -> str:
    units = [int(each, 16) for each in found[0].split("\\u")[1:]]
    held = b"".join(each.to_bytes(2, "big") for each in units)
    return held.decode("utf-16-be", "replace")
