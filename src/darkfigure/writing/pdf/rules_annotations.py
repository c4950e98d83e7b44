"""Conditions of annotations: links, fields of forms, notes, media, files."""

from __future__ import annotations

from typing import Any

import pikepdf

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.graphics import Box, Page
from darkfigure.writing.pdf.structure import Element, number, string

_HIDDEN = 2
#: Fields within fields, at most.
_DEEPEST = 32
#: What need be nested in no tag: part of another annotation, or of no document.
_FREE = frozenset({"Popup", "TrapNet"})


def check_annotations(document: Document) -> Found:
    """All of them, page by page."""
    for page, annotation in document.annotations:
        kind = str(annotation.get("/Subtype", ""))[1:]
        where = Where(page.number, number(annotation)[0] or None)
        if kind == "TrapNet":
            yield Fault("trap_network", where)
        if kind == "PrinterMark":
            if number(annotation) in document.tree.objects:
                yield Fault("printer_mark", where)
            continue
        yield from _media(annotation, where)
        if not _out_of_sight(page, annotation) and kind not in _FREE:
            yield from _seen(document, kind, annotation, where)
    for page, source in zip(document.pages, document.pdf.pages, strict=True):
        given = source.obj.get("/Annots")
        if isinstance(given, pikepdf.Array) and len(given) and source.obj.get("/Tabs") != "/S":
            yield Fault("tab_order", Where(page.number))


def _seen(document: Document, kind: str, annotation: Any, where: Where) -> Found:
    element = document.tree.objects.get(number(annotation))
    where = Where(where.page, where.object, element.path if element is not None else "")
    contents, alt = bool(string(annotation.get("/Contents"))), _alternative(element)
    if kind == "Widget":
        if not tooltip(annotation) and not alt:
            yield Fault("field_alternative", where)
        if element is None or element.type != "Form":
            yield Fault("field_tag", where)
    elif kind == "Link":
        if element is None or element.within("Link") is None:
            yield Fault("link_tag", where)
        if not contents:
            yield Fault("link_alternative", where)
    else:
        if not contents and not alt:
            yield Fault("annotation_alternative", where, {"kind": kind})
        if element is None or element.type != "Annot":
            yield Fault("annotation_tag", where, {"kind": kind})


def _alternative(element: Element | None) -> bool:
    return element is not None and bool(element.text("Alt"))


def tooltip(widget: Any) -> str | None:
    """What a field says of itself: a widget that is only one of a field's says nothing."""
    annotation = widget
    for _ in range(_DEEPEST):
        if not isinstance(annotation, pikepdf.Dictionary):
            return None
        told = string(annotation.get("/TU"))
        if told is not None and ("/T" in annotation or "/Parent" not in annotation):
            return told
        annotation = annotation.get("/Parent")
    return None


def _out_of_sight(page: Page, annotation: Any) -> bool:
    if int(annotation.get("/F", 0)) & _HIDDEN:
        return True
    given = annotation.get("/Rect")
    if not isinstance(given, pikepdf.Array) or len(given) != 4:
        return False
    x0, y0, x1, y1 = (float(part) for part in given)
    box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    outside = box.x1 < page.box.x0 or box.x0 > page.box.x1
    return outside or box.y1 < page.box.y0 or box.y0 > page.box.y1


def _media(annotation: Any, where: Where) -> Found:
    for action in (annotation.get("/A"), *_additional(annotation)):
        rendition = action.get("/R") if isinstance(action, pikepdf.Dictionary) else None
        clip = rendition.get("/C") if isinstance(rendition, pikepdf.Dictionary) else None
        if not isinstance(clip, pikepdf.Dictionary):
            continue
        if string(clip.get("/CT")) is None:
            yield Fault("clip_type", where)
        given = clip.get("/Alt")
        texts = [string(part) for part in given] if isinstance(given, pikepdf.Array) else []
        if not texts or len(texts) % 2 or not all(texts[1::2]):
            yield Fault("clip_alternative", where)


def _additional(annotation: Any) -> list[Any]:
    given = annotation.get("/AA")
    return [action for _, action in given.items()] if isinstance(given, pikepdf.Dictionary) else []
