"""Conditions of what is to be seen: contrast, text that nobody sees, drawings that say nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.graphics import WHITE, Colour, Page, Painted
from darkfigure.writing.pdf.structure import number

#: Ratios that WCAG 2.2 asks for at AA, and from which size writing counts as large.
ENOUGH, ENOUGH_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 18.0, 14.0
#: Writing less apart from what is beneath it is there and not seen.
_SEEN = 1.15
#: Sides of a drawing, in points, from which it is more than a rule or a mark.
_DRAWN = 8.0
#: So many plain shapes that hold no text are bars.
_BARS = 3


def check_seen(document: Document) -> Found:
    """All of them, page by page."""
    for page in document.pages:
        yield from _contrast(document, page)
        yield from _hidden(document, page)
        yield from _drawings(document, page)


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of two colours' brightness, from 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """How bright a colour is to the eye, from 0 to 1."""
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(text: Painted) -> float | None:
    if text.colour is None or text.beneath is None:
        return None
    opacity, beneath = text.state.opacity, text.beneath
    mixed = [opacity * a + (1 - opacity) * b for a, b in zip(text.colour, beneath, strict=True)]
    return contrast((mixed[0], mixed[1], mixed[2]), beneath)


def _where(document: Document, page: Page, text: Painted) -> Where:
    owner = document.owner(page, text)
    path = owner.path if owner is not None else ""
    return Where(page.number, number(owner.obj)[0] or None if owner is not None else None, path)


def _contrast(document: Document, page: Page) -> Found:
    told: set[Any] = set()
    for text in page.texts:
        if text.hidden or not any(each.isalnum() for each in text.text):
            continue
        ratio, font = _ratio(text), text.state.font
        bold = font is not None and font.bold
        large = text.size >= LARGE or (bold and text.size >= LARGE_BOLD)
        least = ENOUGH_LARGE if large else ENOUGH
        if ratio is None or ratio < _SEEN or ratio >= least - 0.005:
            continue
        if (text.colour, text.beneath, large) not in told:
            told.add((text.colour, text.beneath, large))
            given = {
                "ratio": ratio,
                "least": least,
                "ink": _hex(text.colour),
                "paper": _hex(text.beneath),
            }
            yield Fault("contrast", _where(document, page, text), given)


def _hex(colour: Colour | None) -> str:
    return "#" + "".join(f"{round(255 * each):02x}" for each in colour or WHITE)


def _hidden(document: Document, page: Page) -> Found:
    pictures = [each.box for each in page.painted if each.kind == "image"]
    for text in page.texts:
        if not text.text.strip():
            continue
        how = text.hidden
        if how == "invisible" and any(box.holds(*text.box.centre) for box in pictures):
            continue  # a page that was scanned, with its text beneath the picture
        ratio = _ratio(text)
        if not how and ratio is not None and ratio < _SEEN:
            how = "same"
        if how:
            yield Fault("hidden_text", _where(document, page, text), {"how": how})
            return  # one a page: what is hidden is not to be spread out


def _drawings(document: Document, page: Page) -> Found:
    del document
    texts = [each.box.centre for each in page.texts if each.text.strip()]
    bars = 0
    for each in page.painted:
        width, height = each.box.x1 - each.box.x0, each.box.y1 - each.box.y0
        if each.kind == "text" or not each.is_artifact or min(width, height) < _DRAWN:
            continue
        if each.box.covers(page.box) or any(each.box.holds(*centre) for centre in texts):
            continue
        bars += 1
        if not each.plain or each.kind == "image" or bars >= _BARS:
            yield Fault("drawing_silent", Where(page.number))
            return


def check_withheld(document: Document, withheld: Iterable[str]) -> Found:
    """Whether any of the texts stands anywhere in a document, shown or not.

    What is found is told by its number among the texts, never by itself.
    """
    sought = [(at, _plain(text)) for at, text in enumerate(withheld, 1) if _plain(text)]
    if not sought:
        return
    for where, text in _texts(document):
        held = _plain(text)
        for at, each in sought:
            if each in held:
                yield Fault("withheld_text", where, {"which": at})


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b-\u200d\ufeff]+", "", text).casefold()


def _texts(document: Document) -> Iterator[tuple[Where, str]]:
    for page in document.pages:
        yield Where(page.number), "".join(each.text for each in page.texts)
    for element in document.tree.top:
        yield Where(path=element.path), document.text_of(element)
    pdf = document.pdf
    if isinstance(pdf.trailer.get("/Info"), pikepdf.Dictionary):
        yield Where(), " ".join(_strings(pdf.trailer.Info))
    for each in pdf.objects:
        where = Where(object=number(each)[0] or None)
        yield where, "\n".join(_strings(each))
        if isinstance(each, pikepdf.Stream):
            yield where, _decoded(each)


def _strings(obj: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(obj, pikepdf.String):
        yield str(obj)
    elif depth < 8 and isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
        for _, value in obj.items():
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif depth < 8 and isinstance(obj, pikepdf.Array):
        for value in obj:
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)


def _decoded(stream: pikepdf.Stream) -> str:
    """The bytes of a stream as text: metadata and files; pages are read by their fonts."""
    try:
        data = stream.read_bytes()
    except pikepdf.PdfError:
        data = stream.read_raw_bytes()
    if data[:5] == b"%PDF-":
        try:
            inside = Document(data)
        except Exception:  # noqa: BLE001 - a file within, damaged: its bytes are looked at
            return data.decode("utf-8", "replace")
        return "\n".join(text for _, text in _texts(inside))
    return io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace").read()
