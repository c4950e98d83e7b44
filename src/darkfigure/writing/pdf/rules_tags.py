"""Conditions of the tree of tags: types, nesting, headings, notes, alternatives."""

from __future__ import annotations

from collections.abc import Iterable

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.structure import Element, is_standard

#: What may stand in what (ISO 32000-1, tables 333, 336 and 337): the fault where it does not.
KIDS = {
    "Table": ("table_tags", {"TR", "THead", "TBody", "TFoot", "Caption"}),
    "THead": ("table_tags", {"TR"}),
    "TBody": ("table_tags", {"TR"}),
    "TFoot": ("table_tags", {"TR"}),
    "TR": ("table_tags", {"TH", "TD"}),
    "L": ("list_tags", {"L", "LI", "Caption"}),
    "LI": ("list_tags", {"Lbl", "LBody"}),
    "TOC": ("contents_tags", {"TOC", "TOCI", "Caption"}),
}
PARENTS = {
    "TR": ("table_tags", {"Table", "THead", "TBody", "TFoot"}),
    "THead": ("table_tags", {"Table"}),
    "TBody": ("table_tags", {"Table"}),
    "TFoot": ("table_tags", {"Table"}),
    "TH": ("table_tags", {"TR"}),
    "TD": ("table_tags", {"TR"}),
    "LI": ("list_tags", {"L"}),
    "LBody": ("list_tags", {"LI"}),
    "TOCI": ("contents_tags", {"TOC"}),
}
#: Kids that stand for whatever they hold.
_THROUGH = frozenset({"NonStruct", "Private"})


def check_tags(document: Document) -> Found:
    """All of them, element by element in the order of the document, then those of several."""
    yield from _roles(document)
    for node in document.tree.walk():
        yield from _type(document, node)
        yield from _nesting(document, node)
        yield from _alternatives(document, node)
    yield from _headings(document)
    yield from _notes(document)


def _roles(document: Document) -> Found:
    tree = document.tree
    for tag in tree.roles:
        if is_standard(tag):
            name = "tag_circular" if tree.roles[tag] == tag else "tag_remapped"
            yield Fault(name, given={"tag": tag, "to": tree.roles[tag]})


def _type(document: Document, node: Element) -> Found:
    if node.fate:
        to = document.tree.roles.get(node.tag, "-")
        yield document.fault(f"tag_{node.fate}", node, tag=node.tag, to=to)


def _nesting(document: Document, node: Element) -> Found:
    kids = _kids(node)
    if node.type in KIDS:
        name, allowed = KIDS[node.type]
        for kid in kids:
            if kid.type not in allowed and kid.type not in _THROUGH:
                yield document.fault(name, kid, tag=kid.type, parent=node.type)
    if node.type in PARENTS:
        name, allowed = PARENTS[node.type]
        parent = node.parent
        while parent is not None and parent.type in _THROUGH:
            parent = parent.parent
        if parent is None or parent.type not in allowed:
            above = parent.type if parent is not None else "-"
            yield document.fault(name, node, tag=node.type, parent=above)
    if node.type in ("Table", "L", "TOC"):
        yield from _order(document, node, [kid.type for kid in kids])


def _kids(node: Element) -> list[Element]:
    found: list[Element] = []
    for kid in node.elements:
        found += _kids(kid) if kid.type in _THROUGH and kid.elements else [kid]
    return found


def _order(document: Document, node: Element, types: list[str]) -> Found:
    name = KIDS[node.type][0]
    captions = [at for at, kid in enumerate(types) if kid == "Caption"]
    ends = (0, len(types) - 1) if node.type == "Table" else (0,)
    if len(captions) > 1 or any(at not in ends for at in captions):
        yield document.fault(name, node, tag="Caption", parent=node.type)
    if node.type != "Table":
        return
    for part in ("THead", "TFoot"):
        if types.count(part) > 1 or (part in types and "TBody" not in types):
            yield document.fault(name, node, tag=part, parent=node.type)


def _alternatives(document: Document, node: Element) -> Found:
    if node.type not in ("Figure", "Formula"):
        return
    if not node.text("Alt") and node.text("ActualText") is None:
        yield document.fault(f"{node.type.lower()}_alternative", node)


def _headings(document: Document) -> Found:
    walked = list(document.tree.walk())
    numbered = [node for node in walked if node.level is not None]
    plain = [node for node in walked if node.type == "H"]
    last = 0
    for node in numbered:
        level = node.level or 0
        if node is numbered[0] and level != 1:
            yield document.fault("heading_first", node, level=level)
        elif level > last + 1:
            yield document.fault("heading_skipped", node, level=level, last=last)
        last = level
    for parent in {id(node.parent): node.parent for node in plain}.values():
        if parent is not None and sum(kid.type == "H" for kid in parent.elements) > 1:
            yield document.fault("heading_twice", parent)
    if plain and numbered:
        yield document.fault("headings_mixed", plain[0])


def _notes(document: Document) -> Found:
    seen: set[str] = set()
    for node in _of(document, "Note"):
        name = node.text("ID")
        if not name:
            yield document.fault("note_id", node)
        elif name in seen:
            yield document.fault("note_id_twice", node, id=name)
        else:
            seen.add(name)


def _of(document: Document, kind: str) -> Iterable[Element]:
    return (node for node in document.tree.walk() if node.type == kind)


def check_content(document: Document) -> Found:
    """Whether all content is tagged or marked as none, and neither stands in the other."""
    for page in document.pages:
        for name, _ in page.nested:
            yield Fault(name, Where(page.number))
        for node in page.painted:
            if node.is_artifact or document.owner(page, node) is not None:
                continue
            if node.kind == "text" and not node.codes:
                continue
            yield Fault("content_untagged", Where(page.number), {"kind": node.kind})
            break  # one a page: the rest is mended with it
