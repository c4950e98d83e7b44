"""Conditions of fonts: embedded, with all glyphs that are shown, whose text can be told."""

from __future__ import annotations

import re
from typing import Any

import pikepdf
from fontTools import agl

from darkfigure.writing.pdf.cmaps import COLLECTION, IDENTITIES, is_predefined
from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.fonts import NOT_DEFINED, SYMBOLIC, Font
from darkfigure.writing.pdf.programs import Compact, Program, TrueType, Type1

_INVALID = ("\0", "\ufeff", "\ufffe")
_NAME = re.compile(r"/([^\s/()<>\[\]{}%]+)")


def check_fonts(document: Document) -> Found:
    """All of them, for every font that a page shows text in."""
    for font in document.fonts.all.values():
        if not font.shown:
            continue
        where = Where(object=font.object[0] or None)
        for name, entry in _of_font(font):
            yield Fault(name, where, {"font": font.name or "-", **entry})


Named = list[tuple[str, dict[str, Any]]]


def _of_font(font: Font) -> Named:
    faults: Named = []
    if font.seen and font.embedded is None and font.kind != "Type3":
        faults.append(("font_embedded", {}))
    faults += _composite(font) if font.composite else _simple(font)
    faults += _meaning(font)
    if font.program is not None and font.seen:
        faults += _glyphs(font, font.program)
        faults += _listed(font, font.program)
    return faults


def _composite(font: Font) -> Named:
    faults: Named = []
    entry = font.obj.get("/Encoding")
    if isinstance(entry, pikepdf.Name) and not is_predefined(font.encoding_name):
        faults.append(("font_cmap", {"cmap": font.encoding_name}))
    if isinstance(entry, pikepdf.Stream) and font.cmap is not None:
        mode = entry.get("/WMode", 0)
        if (font.cmap.mode or 0) != mode:
            faults.append(("font_direction", {}))
        uses = entry.get("/UseCMap")
        name = str(uses)[1:] if isinstance(uses, pikepdf.Name) else font.cmap.uses
        if isinstance(uses, pikepdf.Stream):
            name = str(uses.get("/CMapName", "/-"))[1:]
        if name and not is_predefined(name):
            faults.append(("font_cmap_of_another", {"cmap": name}))
    if not _agree(font, entry):
        faults.append(("font_collection", {}))
    if font.own.get("/Subtype") == "/CIDFontType2" and font.embedded is not None:
        glyphs = font.own.get("/CIDToGIDMap")
        if not isinstance(glyphs, pikepdf.Stream) and glyphs != "/Identity":
            faults.append(("font_glyph_map", {}))
    return faults


def _agree(font: Font, entry: Any) -> bool:
    """Whether the collection of a CMap is that of its glyphs (ISO 14289-1, 7.21.3.1)."""
    own = font.own.get("/CIDSystemInfo")
    if font.encoding_name in IDENTITIES or not isinstance(own, pikepdf.Dictionary):
        return True
    mine = str(own.get("/Registry", "")), str(own.get("/Ordering", ""))
    if isinstance(entry, pikepdf.Stream):
        other = entry.get("/CIDSystemInfo")
        if not isinstance(other, pikepdf.Dictionary):
            return True
        if mine != (str(other.get("/Registry", "")), str(other.get("/Ordering", ""))):
            return False
        return int(own.get("/Supplement", 0)) <= int(other.get("/Supplement", 0))
    collection = COLLECTION.get(font.encoding_name)
    return collection is None or "-".join(mine) == collection


def _simple(font: Font) -> Named:
    if font.kind != "TrueType":
        return []
    entry = font.obj.get("/Encoding")
    program = font.program if isinstance(font.program, TrueType) else None
    tables = program.tables if program is not None else None
    faults: Named = []
    if font.flags & SYMBOLIC:
        if entry is not None:
            faults.append(("font_symbolic", {}))
        if tables and len(tables) > 1 and (3, 0) not in tables:
            faults.append(("font_tables", {}))
        return faults
    if font.encoding_name not in ("MacRomanEncoding", "WinAnsiEncoding"):
        faults.append(("font_encoding", {"encoding": font.encoding_name or "-"}))
    unknown = [name for name in font.differences.values() if name not in agl.AGL2UV]
    unknown = [name for name in unknown if name != NOT_DEFINED]
    if unknown:
        faults.append(("font_glyph_names", {"glyph": unknown[0]}))
    elif font.differences and tables is not None and (3, 1) not in tables:
        faults.append(("font_tables", {}))
    if tables is not None and not [key for key in tables if key != (3, 0)]:
        faults.append(("font_tables", {}))
    return faults


def _meaning(font: Font) -> Named:
    faults: Named = []
    untold = sorted(code for code in font.shown if font.unicode(code) is None)
    if untold:
        faults.append(("font_unicode", {"code": f"{untold[0]:#x}"}))
    for code in sorted(font.shown):
        text = font.unicode(code)
        mapped = font.to_unicode is not None and code in font.to_unicode.unicode
        if mapped and text is not None and any(each in text for each in _INVALID):
            faults.append(("font_unicode_invalid", {"code": f"{code:#x}"}))
            break
    return faults


def _glyphs(font: Font, program: Program) -> Named:
    faults: dict[str, dict[str, Any]] = {}
    for code in sorted(font.seen):
        glyph = font.glyph(code)
        entry: dict[str, Any] = {"code": f"{code:#x}"}
        if glyph is None:
            continue
        if glyph >= program.glyphs:
            faults.setdefault("glyph_missing", entry)
            continue
        if glyph == 0:
            faults.setdefault(_nothing(font, code), entry)
            continue
        stated = font.stated_width(code) if not font.composite else font.width(code)
        real = program.width(glyph)
        if stated is not None and real is not None and abs(stated - real) > 1:
            entry = {**entry, "stated": round(stated), "real": round(real)}
            faults.setdefault("font_width", entry)
    return list(faults.items())


def _nothing(font: Font, code: int) -> str:
    """A code without a glyph: it names none, or one that the program lacks."""
    if font.composite:
        return "glyph_undefined" if font.cid(code) == 0 else "glyph_missing"
    if font.kind == "TrueType" or font.names[code] == NOT_DEFINED:
        return "glyph_undefined"
    return "glyph_missing"


def _listed(font: Font, program: Program) -> Named:
    """Whether a font that lists its glyphs lists all of them (ISO 14289-1, 7.21.4.2)."""
    if isinstance(program, Type1) or (isinstance(program, Compact) and not font.composite):
        entry = font.descriptor.get("/CharSet")
        listed = set(_NAME.findall(str(entry))) if entry is not None else None
        names = set(program.names or ()) - {NOT_DEFINED}
        other = sorted(names ^ (listed - {NOT_DEFINED})) if listed is not None else []
        if other:
            return [("font_names_listed", {"glyph": other[0]})]
    entry = font.descriptor.get("/CIDSet")
    if font.composite and isinstance(entry, pikepdf.Stream):
        bits = entry.read_bytes()
        for cid in _cids(font, program):
            if cid // 8 >= len(bits) or not bits[cid // 8] & (128 >> cid % 8):
                return [("font_codes_listed", {"glyph": str(cid)})]
    return []


def _cids(font: Font, program: Program) -> list[int]:
    if isinstance(program, Compact) and program.keyed:
        return [int(name[3:]) for name in program.names or () if name.startswith("cid")]
    codes = {font.cid(code) for code in font.shown}
    return sorted(cid for cid in codes if cid is not None)
