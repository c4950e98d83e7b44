"""A tree set as pages by Typst: PDF/UA-1, tagged, the same bytes for the same tree.

Fonts are those of the package `fontpkg-fira-sans` and Typst's own; nothing of the machine is read.
Text comes to the template as data (`data/typesetting`) and is never run.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.loading import extra
from darkfigure.writing.pdf.tree import Paged, Table

with extra("assessment"):
    import fontpkg_fira_sans
    import typst

    from darkfigure.writing.pdf.row_headers import with_row_headers

FAMILY = "Fira Sans"
_FONTS = str(fontpkg_fira_sans.ROOT / "files")
_LETTERS = re.compile(r"""font-family=("[^"]*"|'[^']*')""")
#: Where a link may lead: elsewhere by a scheme that shows pages or writes mail, or a place here.
_LEADS = re.compile(r"(https?://|mailto:|#)\S+")
_LINKS = ("address", "leads")
#: What no page shows: controls, and marks that turn the order of letters round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufff0-\uffff]")
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class NotSet(DarkfigureError):
    """A document that cannot be set as pages."""


def set_pages(paged: Paged) -> bytes:
    """The pages of a document as PDF/UA-1. Raises NotSet where something cannot be shown."""
    source = (files("darkfigure") / "data" / "typesetting" / "report.typ").read_bytes()
    midnight = datetime.combine(paged.day, time(), UTC)
    try:
        pages: bytes = typst.compile(  # type: ignore[misc]
            source,
            font_paths=[_FONTS],
            ignore_system_fonts=True,
            sys_inputs={"tree": json.dumps(_levelled(_led(_plain(paged))), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(midnight.timestamp()),
        )
    except typst.TypstError as error:
        raise NotSet(_why(str(error), paged)) from error
    return with_row_headers(pages, [table.heading for table in paged.tables])


def _plain(value: Any) -> Any:
    """A tree as lists, texts and numbers; each part says of which kind it is."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__.lower()
        part = {"kind": kind, **{name: _plain(held) for name, held in vars(value).items()}}
        if isinstance(value, Table):
            part |= {"widths": value.widths, "divides": value.divides}
        if kind == "drawing":
            part["svg"] = _LETTERS.sub(f'font-family="{FAMILY}"', part["svg"])
        for name in _LINKS:
            if name in part and not _LEADS.fullmatch(part[name]):
                part[name] = ""
        return part
    if isinstance(value, str):
        return _UNSEEN.sub("", value)
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    return [_plain(part) for part in value] if isinstance(value, Sequence) else value


def _led(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with each name at one place, the first, and links to places that there are alone."""
    names: set[str] = set()
    for part in _parts(tree):
        if "name" in part:
            part["name"] = "" if part["name"] in names else part["name"]
            names.add(part["name"])
    for part in _parts(tree):
        for key in _LINKS:
            if part.get(key, "").startswith("#") and part[key][1:] not in names - {""}:
                part[key] = ""
    return tree


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _parts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _parts(value)


def _levelled(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with no level of headings left out: one too deep becomes the next."""
    for chapter in tree["chapters"]:
        last = 1
        for block in _nested(chapter["blocks"]):
            if block["kind"] in ("heading", "judged") and block["level"]:
                block["level"] = last = max(2, min(block["level"], last + 1))
                last += block["kind"] == "judged" and any(head for head, _ in block["parts"])
    return tree


def _nested(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for block in blocks:
        found += [block, *_nested(block.get("blocks", []))]
        for entry in block.get("entries", []):
            found += _nested(entry)
    return found


def _why(error: str, paged: Paged) -> str:
    """What Typst says, for who wrote the text."""
    told = _NO_GLYPH.search(error)
    if told is None:
        return f"The pages cannot be set: {error}. Mend what it names, and set them again."
    text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), told[1])
    letter = text[0]
    name = unicodedata.name(letter, "without a name")
    where = next(
        (chapter.title for chapter in paged.chapters if _holds(chapter, letter)), paged.title
    )
    return (
        f"'{where}': the character {letter} (U+{ord(letter):04X}, {name.lower()}) is in no font "
        "that pages are set in. Write it in Latin, Greek or Cyrillic letters, or in words."
    )


def _holds(part: Any, letter: str) -> bool:
    if isinstance(part, str):
        return letter in part
    if isinstance(part, Mapping):
        return any(_holds(value, letter) for value in part.values())
    if is_dataclass(part):
        return _holds(vars(part), letter)
    return isinstance(part, list | tuple) and any(_holds(value, letter) for value in part)
