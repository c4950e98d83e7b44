"""All that a file says, as one text in which words are looked for: whoever looks for a name misses
none because of how it is written down.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from darkfigure.basis.errors import DarkfigureError
from darkfigure.reading.sheets import open_workbook

#: Letters that JSON writes by number, two for one beyond the first 65,536.
_BY_NUMBER = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
#: How files begin whose bytes are no text: spreadsheets and archives, old ones, Parquet, gzip.
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"\x1f\x8b")


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


def _letters(found: re.Match[str]) -> str:
    units = [int(each, 16) for each in found[0].split("\\u")[1:]]
    held = b"".join(each.to_bytes(2, "big") for each in units)
    return held.decode("utf-16-be", "replace")
