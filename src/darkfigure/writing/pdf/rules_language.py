"""Conditions of language: known for every text, and written as RFC 3066 says."""

from __future__ import annotations

import re

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.graphics import Marked, Page, Painted
from darkfigure.writing.pdf.rules_annotations import tooltip
from darkfigure.writing.pdf.structure import Element, Piece, number, string

_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def check_language(document: Document) -> Found:
    """All of them: of tags, of content, of what stands beside it."""
    yield from _written(document)
    if document.tree.lang is None:
        yield from _beside(document)
        for node in document.tree.walk():
            yield from _of_element(document, node)
        for page in document.pages:
            yield from _of_page(document, page)


def _written(document: Document) -> Found:
    tree = document.tree
    if tree.lang is not None and not _TAG.fullmatch(tree.lang):
        yield Fault("language_malformed", given={"lang": tree.lang})
    for node in tree.walk():
        lang = node.text("Lang")
        if lang is not None and not _TAG.fullmatch(lang):
            yield document.fault("language_malformed", node, lang=lang)
    for page in document.pages:
        for mark in page.marks:
            if mark.lang is not None and not _TAG.fullmatch(mark.lang):
                yield Fault("language_malformed", Where(page.number), {"lang": mark.lang})


def _beside(document: Document) -> Found:
    if document.outline:
        yield Fault("language_of_outline")
    if document.titles and not any(lang not in (None, "x-default") for lang, _ in document.titles):
        yield Fault("language_of_metadata")
    for page, node in document.annotations:
        element = document.tree.objects.get(number(node))
        if string(node.get("/Lang")) or (element is not None and element.lang):
            continue
        where = Where(page.number, number(node)[0] or None)
        if string(node.get("/Contents")):
            yield Fault("language_of_annotation", where)
        if node.get("/Subtype") == "/Widget" and tooltip(node):
            yield Fault("language_of_field", where)


def _of_element(document: Document, node: Element) -> Found:
    texts = (node.text(key) for key in ("Alt", "ActualText", "E"))
    if node.lang is None and any(texts):
        yield document.fault("language_of_alternative", node)


def _of_page(document: Document, page: Page) -> Found:
    for mark in page.marks:
        told = mark.alt or mark.actual or mark.expansion
        around = (*mark.outer, mark)
        if told and not any(node.lang or _lang_of(document, page, node) for node in around):
            yield Fault("language_of_alternative", Where(page.number))
    for node in page.texts:
        if not node.is_artifact and node.text.strip() and not _known(document, page, node):
            yield Fault("language_of_content", Where(page.number))
            return


def _lang_of(document: Document, page: Page, mark: Marked) -> str | None:
    if mark.mcid is None:
        return None
    pieces = document.tree.pieces
    owner = pieces.get(Piece(mark.stream, mark.mcid)) or pieces.get(Piece(page.object, mark.mcid))
    return owner.lang if owner is not None else None


def _known(document: Document, page: Page, node: Painted) -> bool:
    if any(mark.lang for mark in node.marks):
        return True
    owner = document.owner(page, node)
    return owner is not None and bool(owner.lang)
