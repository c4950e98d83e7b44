"""Conditions of a document as a whole: identification, metadata, security, layers, files."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from darkfigure.writing.pdf.document import PDFUA, Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.structure import number, string

_EXTRACT = 1 << 9
_DYNAMIC = re.compile(rb"<\s*(?:\w+:)?dynamicRender\s*>\s*required\s*<")


def check_document(document: Document) -> Found:
    """All of them, in the order of the standard."""
    yield from _identified(document)
    yield from _catalogue(document)
    yield from _layers(document)
    yield from _files(document)
    yield from _forms(document)
    yield from _security(document)
    yield from _objects(document)


def _identified(document: Document) -> Found:
    if not document.has_metadata:
        yield Fault("metadata_missing")
        return
    part = document.stated(PDFUA, "part")
    if part is None or part[0] != "1":
        yield Fault("identifier_missing", given={"part": part[0] if part else "-"})
    for name in ("part", "amd", "corr"):
        stated = document.stated(PDFUA, name)
        if stated is not None and stated[1] != "pdfuaid":
            yield Fault("identifier_prefix", given={"name": name, "prefix": stated[1] or "-"})
    if not any(text for _, text in document.titles):
        yield Fault("title_missing")


def _catalogue(document: Document) -> Found:
    catalog = document.catalog
    if document.tree.root is None:
        yield Fault("tags_missing")
    info = catalog.get("/MarkInfo")
    if isinstance(info, pikepdf.Dictionary) and _is_true(info, "/Suspects"):
        yield Fault("suspects")
    viewer = catalog.get("/ViewerPreferences")
    if not (isinstance(viewer, pikepdf.Dictionary) and _is_true(viewer, "/DisplayDocTitle")):
        yield Fault("title_not_displayed")


def _is_true(given: Any, key: str) -> bool:
    return given.get(key) is True


def _layers(document: Document) -> Found:
    layers = document.catalog.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return
    configs = layers.get("/Configs")
    given: list[Any] = [layers.get("/D")]
    given += list(configs) if isinstance(configs, pikepdf.Array) else []
    for entry in given:
        if not isinstance(entry, pikepdf.Dictionary):
            continue
        where = Where(object=number(entry)[0] or None)
        if not string(entry.get("/Name")):
            yield Fault("layer_name", where)
        if "/AS" in entry:
            yield Fault("layer_automatic", where)


def _files(document: Document) -> Found:
    for entry in document.pdf.objects:
        if not isinstance(entry, pikepdf.Dictionary) or "/EF" not in entry:
            continue
        kind = entry.get("/Type")
        if kind is not None and str(kind) not in ("/Filespec", "/F"):
            continue
        missing = [key for key in ("F", "UF") if not string(entry.get(f"/{key}"))]
        if missing:
            where = Where(object=number(entry)[0] or None)
            yield Fault("file_names", where, {"missing": ", ".join(missing)})


def _forms(document: Document) -> Found:
    form = document.catalog.get("/AcroForm")
    xfa = form.get("/XFA") if isinstance(form, pikepdf.Dictionary) else None
    streams = list(xfa) if isinstance(xfa, pikepdf.Array) else [xfa]
    data = b"".join(entry.read_bytes() for entry in streams if isinstance(entry, pikepdf.Stream))
    if _DYNAMIC.search(data):
        yield Fault("dynamic_form")


def _security(document: Document) -> Found:
    lock = document.pdf.trailer.get("/Encrypt")
    if isinstance(lock, pikepdf.Dictionary) and not int(lock.get("/P", 0)) & _EXTRACT:
        yield Fault("extraction_forbidden")


def _objects(document: Document) -> Found:
    for entry in document.pdf.objects:
        if not isinstance(entry, pikepdf.Stream) or entry.get("/Subtype") != "/Form":
            continue
        if "/Ref" in entry:
            yield Fault("reference_object", Where(object=number(entry)[0]))
    numbered = {
        mark.stream for page in document.pages for mark in page.marks if mark.mcid is not None
    }
    times: dict[tuple[int, int], int] = {}
    for page in document.pages:
        for form in page.forms:
            times[form] = times.get(form, 0) + 1
    for form, often in times.items():
        if often > 1 and form in numbered:
            yield Fault("form_twice", Where(object=form[0]), {"times": often})
