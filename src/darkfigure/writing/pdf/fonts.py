"""The fonts of a document: what codes stand for, how wide they are, which were used.

A font is read as ISO 32000-1, 9.6 and 9.7 say; what its program holds is in `programs`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding

from darkfigure.writing.pdf.cmaps import COLLECTION, IDENTITIES, CMap, read_cmap
from darkfigure.writing.pdf.programs import Program, read_program
from darkfigure.writing.pdf.structure import number

#: Bits of a font descriptor's flags.
SYMBOLIC, NONSYMBOLIC = 4, 32
NOT_DEFINED = ".notdef"
#: How much blacker bold letters are, and of how many that is told.
HEAVIER, FEWEST = 1.2, 3


def _windows() -> list[str]:
    names = []
    for code in range(256):
        try:
            point = ord(bytes([code]).decode("cp1252"))
        except UnicodeDecodeError:
            point = 0x2022
        names.append(agl.UV2AGL.get(point, NOT_DEFINED) if code >= 32 else NOT_DEFINED)
    names[0xA0], names[0xAD], names[0xB5] = "space", "hyphen", "mu"
    return names


ENCODINGS = {
    "WinAnsiEncoding": _windows(),
    "MacRomanEncoding": [*MacRoman],
    "StandardEncoding": [*StandardEncoding],
}


class Font:
    """A font as a dictionary of a document gives it."""

    def __init__(self, obj: Any) -> None:
        self.obj = obj
        self.object = number(obj)
        self.kind = str(obj.get("/Subtype", ""))[1:]
        self.name = str(obj.get("/BaseFont", ""))[1:]
        self.composite = self.kind == "Type0"
        below = obj.get("/DescendantFonts")
        composite = self.composite and isinstance(below, pikepdf.Array) and len(below) > 0
        self.own: Any = below[0] if composite else obj
        self.descriptor: Any = self.own.get("/FontDescriptor")
        self.flags = int(self.descriptor.get("/Flags", 0)) if self.descriptor is not None else 0
        #: Codes that are shown; and those that are shown so that they can be seen.
        self.shown: set[int] = set()
        self.seen: set[int] = set()

    def used(self, codes: Iterable[int], mode: int) -> None:
        """Keep that codes are shown, in a mode of rendering."""
        self.shown.update(codes)
        if mode not in (3, 7):
            self.seen.update(codes)

    # codes

    @cached_property
    def cmap(self) -> CMap | None:
        """The CMap that comes with a composite font."""
        entry = self.obj.get("/Encoding")
        return read_cmap(entry.read_bytes()) if isinstance(entry, pikepdf.Stream) else None

    @cached_property
    def encoding_name(self) -> str:
        """The name of its CMap or encoding, where it is given by name."""
        entry = self.obj.get("/Encoding")
        if isinstance(entry, pikepdf.Name):
            return str(entry)[1:]
        if isinstance(entry, pikepdf.Dictionary) and "/BaseEncoding" in entry:
            return str(entry.BaseEncoding)[1:]
        return ""

    def codes(self, data: bytes) -> Iterable[tuple[int, int]]:
        """The codes of a string, each with its length in bytes."""
        if not self.composite:
            return [(code, 1) for code in data]
        return (self.cmap or CMap()).codes(data)

    def cid(self, code: int) -> int | None:
        """The glyph of the collection that a code of a composite font selects, where known."""
        if self.encoding_name in IDENTITIES:
            return code
        return self.cmap.cids.get(code) if self.cmap is not None else None

    @cached_property
    def names(self) -> list[str]:
        """The names of glyphs of a simple font, by code."""
        entry = self.obj.get("/Encoding")
        base = ENCODINGS.get(self.encoding_name)
        if base is None:
            own = self.program.encoding if self.program is not None else None
            plain = ENCODINGS["StandardEncoding"]
            base = own or (plain if self.kind != "TrueType" or entry is not None else [])
        names = [*base, *[NOT_DEFINED] * (256 - len(base))]
        for code, name in self.differences.items():
            names[code] = name
        return names

    @cached_property
    def differences(self) -> dict[int, str]:
        """The codes whose glyphs are named apart from the encoding's."""
        entry = self.obj.get("/Encoding")
        found: dict[int, str] = {}
        if isinstance(entry, pikepdf.Dictionary):
            code = 0
            for each in entry.get("/Differences", []):
                if isinstance(each, pikepdf.Name):
                    if code < 256:
                        found[code] = str(each)[1:]
                    code += 1
                elif isinstance(each, int):
                    code = max(each, 0)
        return found

    # what codes mean

    @cached_property
    def to_unicode(self) -> CMap | None:
        """The map to Unicode that comes with it."""
        entry = self.obj.get("/ToUnicode")
        return read_cmap(entry.read_bytes()) if isinstance(entry, pikepdf.Stream) else None

    def unicode(self, code: int) -> str | None:
        """The text of a code; None where it cannot be told."""
        if self.to_unicode is not None and code in self.to_unicode.unicode:
            return self.to_unicode.unicode[code]
        if self.composite:
            # The collections of Adobe have Unicode tables of their own, which readers hold.
            return "\ufffd" if self._has_collection else None
        name = self.names[code]
        if name == NOT_DEFINED:
            return None
        text: str = agl.toUnicode(name)
        return text or None

    @property
    def _has_collection(self) -> bool:
        if self.encoding_name in COLLECTION:
            return True
        system = self.own.get("/CIDSystemInfo")
        ordering = str(system.get("/Ordering", "")) if system is not None else ""
        return ordering in ("GB1", "CNS1", "Japan1", "Korea1", "KR")

    # widths

    def width(self, code: int) -> float:
        """How wide a code is, in thousandths of the size of writing."""
        if self.composite:
            cid = self.cid(code)
            return self.cid_widths.get(code if cid is None else cid, self._wide)
        entry = self.stated_width(code)
        if entry is not None:
            return entry * (self._unit if self.kind == "Type3" else 1)
        missing = self.descriptor.get("/MissingWidth", 0) if self.descriptor is not None else 500
        return float(missing)

    @cached_property
    def _wide(self) -> float:
        return float(self.own.get("/DW", 1000))

    @cached_property
    def _unit(self) -> float:
        matrix = self.obj.get("/FontMatrix")
        return float(matrix[0]) * 1000 if matrix is not None else 1.0

    def stated_width(self, code: int) -> float | None:
        """The width that the dictionary of a simple font states for a code."""
        return self._widths.get(code)

    @cached_property
    def _widths(self) -> dict[int, float]:
        first, widths = self.obj.get("/FirstChar", 0), self.obj.get("/Widths")
        if not isinstance(widths, pikepdf.Array):
            return {}
        return {int(first) + at: float(each) for at, each in enumerate(widths)}

    @cached_property
    def cid_widths(self) -> dict[int, float]:
        """The widths that a composite font states, by glyph of its collection."""
        found: dict[int, float] = {}
        entry = self.own.get("/W")
        parts = list(entry) if isinstance(entry, pikepdf.Array) else []
        at = 0
        while at + 1 < len(parts):
            first = int(parts[at])
            if isinstance(parts[at + 1], pikepdf.Array):
                for step, each in enumerate(parts[at + 1]):
                    found[first + step] = float(each)
                at += 2
            elif at + 2 < len(parts):
                last = min(int(parts[at + 1]), first + 65535)
                found.update(dict.fromkeys(range(first, last + 1), float(parts[at + 2])))
                at += 3
            else:
                break
        return found

    @cached_property
    def ascent(self) -> float:
        """How high letters stand over the line."""
        return self._height("/Ascent", 750.0)

    @cached_property
    def descent(self) -> float:
        """How low letters hang under it, as a negative number."""
        return -abs(self._height("/Descent", -250.0))

    def _height(self, key: str, usual: float) -> float:
        entry = float(self.descriptor.get(key, 0)) if self.descriptor is not None else 0.0
        return entry if 0 < abs(entry) < 2000 else usual

    @property
    def bold(self) -> bool:
        """Whether its name or its descriptor says that it is bold."""
        weight = self.descriptor.get("/FontWeight", 0) if self.descriptor is not None else 0
        forced = bool(self.flags & 1 << 18)
        return forced or float(weight) >= 600 or "bold" in self.name.lower()

    @cached_property
    def letters(self) -> dict[str, float]:
        """How much each letter that is seen blackens of a square of its size."""
        inks: dict[str, float] = {}
        for code in self.seen:
            letter, glyph = self.unicode(code), self.glyph(code)
            if letter and len(letter) == 1 and letter.isalpha() and glyph and self.program:
                ink = self.program.ink(glyph)
                if ink:
                    inks[letter] = ink
        return inks

    def is_heavier(self, other: Font) -> bool:
        """Whether its letters are blacker: a font of many weights says the same name for all."""
        shared = [*self.letters.keys() & other.letters.keys()]
        if self is other or len(shared) < FEWEST:
            return False
        mine = sum(self.letters[letter] for letter in shared)
        return mine > HEAVIER * sum(other.letters[letter] for letter in shared)

    # program

    @cached_property
    def embedded(self) -> tuple[str, Any] | None:
        """The key and the stream of its program; None where it comes with none."""
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            found = self.descriptor.get(key) if self.descriptor is not None else None
            if isinstance(found, pikepdf.Stream):
                return key, found
        return None

    @cached_property
    def program(self) -> Program | None:
        """What its program holds; None where there is none that can be read."""
        return read_program(*self.embedded) if self.embedded is not None else None

    @cached_property
    def glyph_map(self) -> bytes | None:
        """The map from glyphs of the collection to those of a TrueType program, if a stream."""
        entry = self.own.get("/CIDToGIDMap")
        return entry.read_bytes() if isinstance(entry, pikepdf.Stream) else None

    def glyph(self, code: int) -> int | None:
        """The number of a code's glyph in the program: 0 for none, None where not known."""
        if self.program is None:
            return None
        if not self.composite:
            plain = self.flags & SYMBOLIC or self.obj.get("/Encoding") is None
            bare = self.kind == "TrueType" and plain
            return self.program.of_code(code, "" if bare else self.names[code])
        cid = self.cid(code)
        if cid is None:
            return None
        if self.glyph_map is not None:
            return int.from_bytes(self.glyph_map[2 * cid : 2 * cid + 2], "big")
        return self.program.of_cid(cid)


class Fonts:
    """The fonts of a document, each once."""

    def __init__(self) -> None:
        self.all: dict[Any, Font] = {}
        self._kept: list[Any] = []

    def of(self, obj: Any) -> Font | None:
        """The font of a dictionary."""
        if not isinstance(obj, pikepdf.Dictionary):
            return None
        key: Any = number(obj)
        if key == (0, 0):
            key = obj.unparse()
        if key not in self.all:
            self.all[key] = Font(obj)
        return self.all[key]
