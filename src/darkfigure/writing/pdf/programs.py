"""What a font program holds: glyphs, their names and widths, and which of them a code selects.

Programs are read by fontTools: TrueType and OpenType, compact (CFF) and Type 1.
"""

from __future__ import annotations

import io
import logging
from functools import cached_property
from typing import Any

from fontTools import agl, cffLib, t1Lib, ttLib
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.basePen import NullPen

NOT_DEFINED = ".notdef"
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Program:
    """A program of some kind; what a kind cannot say is None."""

    kind = ""
    #: The names of its own encoding, by code.
    encoding: list[str] | None = None

    @property
    def glyphs(self) -> int:
        """How many glyphs it has."""
        raise NotImplementedError

    def width(self, glyph: int) -> float | None:
        """The width of a glyph, in thousandths of the size of writing."""
        raise NotImplementedError

    def ink(self, glyph: int) -> float | None:
        """How much of a square of its size a glyph blackens; None where that cannot be told."""
        del glyph
        return None

    def of_cid(self, cid: int) -> int | None:
        """The number of the glyph that a collection numbers so; 0 for none."""
        return cid if cid < self.glyphs else 0

    def of_code(self, code: int, name: str, /) -> int | None:
        """The number of the glyph that a code of a simple font selects; 0 for none.

        `name` is what the font's encoding calls it, empty where it goes by the code alone.
        """
        raise NotImplementedError

    @property
    def names(self) -> list[str] | None:
        """The names of its glyphs, by number; None where they have none."""
        return None


class TrueType(Program):
    """A program of tables whose glyphs are selected by `cmap`."""

    kind = "TrueType"

    def __init__(self, data: bytes) -> None:
        self.font = ttLib.TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False)
        self.per_em = float(self.font["head"].unitsPerEm)

    @cached_property
    def glyphs(self) -> int:
        """How many glyphs it has."""
        return int(self.font["maxp"].numGlyphs)

    @cached_property
    def _advances(self) -> list[int]:
        data, many = self.font.reader["hmtx"], int(self.font["hhea"].numberOfHMetrics)
        return [int.from_bytes(data[4 * at : 4 * at + 2], "big") for at in range(many)]

    def width(self, glyph: int) -> float | None:
        """The width of a glyph; None beyond the last."""
        if not self._advances or glyph >= self.glyphs:
            return None
        return self._advances[min(glyph, len(self._advances) - 1)] * 1000 / self.per_em

    def ink(self, glyph: int) -> float | None:
        """How much of a square of its size a glyph blackens."""
        try:
            outlines = self.font.getGlyphSet()
            pen = AreaPen(outlines)
            outlines[self.font.getGlyphName(glyph)].draw(pen)
        except Exception:  # noqa: BLE001 - outlines may be damaged or left out
            return None
        return abs(float(pen.value)) / self.per_em**2

    @cached_property
    def tables(self) -> dict[tuple[int, int], dict[int, int]]:
        """Its tables of codes, by platform and encoding, to numbers of glyphs."""
        found: dict[tuple[int, int], dict[int, int]] = {}
        try:
            order = {name: at for at, name in enumerate(self.font.getGlyphOrder())}
            for table in self.font["cmap"].tables:
                found[table.platformID, table.platEncID] = {
                    code: order.get(name, 0) for code, name in table.cmap.items()
                }
        except Exception:  # noqa: BLE001 - a program cut down may lack any table
            return found
        return found

    @cached_property
    def names(self) -> list[str] | None:
        """The names of its glyphs, by number."""
        try:
            return list(self.font.getGlyphOrder()) if "post" in self.font else None
        except Exception:  # noqa: BLE001
            return None

    def of_code(self, code: int, name: str) -> int | None:
        """The glyph of a code, by ISO 32000-1, 9.6.6."""
        tables = self.tables
        if not name:
            for key in ((3, 0), (1, 0), (3, 1)):
                for base in (0, 0xF000, 0xF100, 0xF200):
                    if tables.get(key, {}).get(base + code):
                        return tables[key][base + code]
            return 0 if tables else None
        if name == NOT_DEFINED:
            return 0
        point = agl.toUnicode(name)
        if (3, 1) in tables and len(point) == 1 and tables[3, 1].get(ord(point)):
            return tables[3, 1][ord(point)]
        if (1, 0) in tables and tables[1, 0].get(_mac(name, code)):
            return tables[1, 0][_mac(name, code)]
        if (3, 0) in tables:
            for base in (0xF000, 0):
                if tables[3, 0].get(base + code):
                    return tables[3, 0][base + code]
        if self.names and name in self.names:
            return self.names.index(name)
        return 0 if tables else None


class Compact(Program):
    """A program of charstrings in the compact form."""

    kind = "CFF"

    def __init__(self, data: bytes) -> None:
        held = cffLib.CFFFontSet()
        held.decompile(io.BytesIO(data), None)
        self.top = held[0]
        self.keyed = hasattr(self.top, "ROS")
        self.encoding = self._encoding()

    def _encoding(self) -> list[str] | None:
        given = None if self.keyed else getattr(self.top, "Encoding", None)
        return [str(each) for each in given] if isinstance(given, list) else None

    @cached_property
    def names(self) -> list[str] | None:
        """The names of its glyphs, by number."""
        return list(self.top.charset)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.top.charset)}

    @property
    def glyphs(self) -> int:
        """How many glyphs it has."""
        return len(self.top.charset)

    def width(self, glyph: int) -> float | None:
        """The width of a glyph; None beyond the last."""
        if glyph >= self.glyphs:
            return None
        drawn = self.top.CharStrings[self.top.charset[glyph]]
        drawn.draw(NullPen())
        return float(drawn.width) * _per_thousand(self.top)

    def ink(self, glyph: int) -> float | None:
        """How much of a square of its size a glyph blackens."""
        pen = AreaPen()
        self.top.CharStrings[self.top.charset[glyph]].draw(pen)
        return abs(float(pen.value)) * (_per_thousand(self.top) / 1000) ** 2

    def of_cid(self, cid: int) -> int | None:
        """The glyph of a collection; by number where it is keyed by none."""
        if not self.keyed:
            return super().of_cid(cid)
        return 0 if cid == 0 else self._order.get(f"cid{cid:05d}", 0)

    def of_code(self, _: int, name: str) -> int | None:
        """The glyph of a code, by ISO 32000-1, 9.6.6."""
        return self._order.get(name, 0)


class Type1(Program):
    """A program of encrypted charstrings."""

    kind = "Type1"

    def __init__(self, data: bytes) -> None:
        made = t1Lib.T1Font.__new__(t1Lib.T1Font)
        made.data, made.encoding = data, "latin-1"
        made.parse()
        self.font: Any = made.font
        given = self.font.get("Encoding")
        self.encoding = None if given == "StandardEncoding" else [str(each) for each in given]
        self._order = [NOT_DEFINED, *(n for n in self.font["CharStrings"] if n != NOT_DEFINED)]

    @property
    def names(self) -> list[str] | None:
        """The names of its glyphs, by number."""
        return self._order

    @property
    def glyphs(self) -> int:
        """How many glyphs it has."""
        return len(self._order)

    def width(self, glyph: int) -> float | None:
        """The width of a glyph; None beyond the last."""
        drawn = self.font["CharStrings"].get(self._order[glyph])
        if drawn is None:
            return None
        drawn.draw(NullPen())
        return float(drawn.width) * float(self.font["FontMatrix"][0]) * 1000

    def of_code(self, _: int, name: str) -> int | None:
        """The glyph of a code, by ISO 32000-1, 9.6.6."""
        return self._order.index(name) if name in self._order else 0


def read_program(key: str, stream: Any) -> Program | None:
    """The program of a stream under a key of a font descriptor; None where it cannot be read."""
    try:
        data = stream.read_bytes()
        if key == "/FontFile":
            return Type1(data)
        if data[:4] == b"OTTO":
            return Compact(ttLib.TTFont(io.BytesIO(data), lazy=True).reader["CFF "])
        if key == "/FontFile2" or data[:4] in (b"\0\1\0\0", b"true"):
            return TrueType(data)
        return Compact(data)
    except Exception:  # noqa: BLE001 - broken in any way; whoever asks is told that it is unknown
        return None


def _per_thousand(top: Any) -> float:
    matrix = getattr(top, "FontMatrix", None)
    return float(matrix[0]) * 1000 if matrix and matrix[0] else 1.0


def _mac(name: str, code: int) -> int:
    text = agl.toUnicode(name)
    try:
        return text.encode("mac-roman")[0] if len(text) == 1 else code
    except UnicodeEncodeError:
        return code
