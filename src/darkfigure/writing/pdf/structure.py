"""The tree of tags of a document: elements with what they inherit, and what they hold.

Types are those of ISO 32000-1, 14.8.4; a type of one's own is followed through the role map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf

_TYPES = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P "
    "L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code "
    "Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form"
)
HEADINGS = frozenset({"H", *(f"H{level}" for level in range(1, 7))})
STANDARD = HEADINGS | frozenset(_TYPES.split())
_NUMBERED = re.compile(r"H([1-9][0-9]*)")
#: Deeper trees are not of documents.
DEEPEST = 200

Number = tuple[int, int]


class Piece(NamedTuple):
    """Content on a page that an element holds: whose stream it is of, and its number there."""

    stream: Number
    mcid: int


@dataclass(eq=False)
class Element:
    """An element: `kids` are elements, pieces of content, or numbers of objects it refers to."""

    obj: Any
    tag: str
    type: str
    parent: Element | None
    page: Number | None
    lang: str | None
    fate: str = ""  # "", "unmapped", "circular": where the role map leads
    depth: int = 0
    kids: list[Element | Piece | Number] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The tags from the root down to here."""
        found: list[str] = []
        node: Element | None = self
        while node is not None:
            found.append(node.tag)
            node = node.parent
        return "/".join(reversed(found))

    @property
    def elements(self) -> list[Element]:
        """The kids that are elements."""
        return [node for node in self.kids if isinstance(node, Element)]

    @property
    def level(self) -> int | None:
        """The level of a numbered heading."""
        found = _NUMBERED.fullmatch(self.type)
        return int(found[1]) if found else None

    def text(self, key: str) -> str | None:
        """A text of its dictionary (Alt, ActualText, E, ID, T); None where it has none."""
        return string(self.obj.get(f"/{key}"))

    def walk(self) -> Iterator[Element]:
        """Itself and all below it, in the order of the document."""
        yield self
        for node in self.elements:
            yield from node.walk()

    def pieces(self, but: tuple[str, ...] = ()) -> Iterator[Piece]:
        """All content below it, in the order of the document, but what elements of types hold."""
        for node in self.kids:
            if isinstance(node, Element):
                if node.type not in but:
                    yield from node.pieces(but)
            elif isinstance(node, Piece):
                yield node

    def within(self, *types: str) -> Element | None:
        """The nearest element above, itself included, of one of the types."""
        node: Element | None = self
        while node is not None and node.type not in types:
            node = node.parent
        return node


def string(value: Any) -> str | None:
    """A text string as text; None for what is none."""
    return str(value) if isinstance(value, pikepdf.String) else None


def number(obj: Any) -> Number:
    """Number and generation of an object; (0, 0) for one that stands in another."""
    return (int(obj.objgen[0]), int(obj.objgen[1])) if obj is not None else (0, 0)


class Tree:
    """All elements of a document, and where content and objects stand among them."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        catalog = pdf.Root
        self.lang = string(catalog.get("/Lang"))
        root = catalog.get("/StructTreeRoot")
        self.root = root if isinstance(root, pikepdf.Dictionary) else None
        self.roles: dict[str, str] = {}
        self.classes: Any = None
        self.top: list[Element] = []
        self.pieces: dict[Piece, Element] = {}
        self.objects: dict[Number, Element] = {}
        self._seen: set[Number] = set()
        if self.root is not None:
            roles = self.root.get("/RoleMap")
            if isinstance(roles, pikepdf.Dictionary):
                self.roles = {
                    str(name)[1:]: str(value)[1:]
                    for name, value in roles.items()
                    if isinstance(value, pikepdf.Name)
                }
            self.classes = self.root.get("/ClassMap")
            for node in _several(self.root.get("/K")):
                self._add(node, None, None)

    def walk(self) -> Iterator[Element]:
        """All elements, in the order of the document."""
        for node in self.top:
            yield from node.walk()

    def resolved(self, tag: str) -> tuple[str, str]:
        """The standard type that a tag stands for, and "unmapped" or "circular" if it has none."""
        seen: list[str] = []
        while not is_standard(tag):
            if tag in seen:
                return tag, "circular"
            seen.append(tag)
            if tag not in self.roles:
                return tag, "unmapped"
            tag = self.roles[tag]
        return tag, ""

    def attributes(self, element: Element, owner: str) -> dict[str, Any]:
        """The attributes of an element that an owner ("Table", "Layout") gives."""
        found: dict[str, Any] = {}
        classes: Any = self.classes if isinstance(self.classes, pikepdf.Dictionary) else {}
        given = [
            node
            for name in _several(element.obj.get("/C"))
            if isinstance(name, pikepdf.Name)
            for node in _several(classes.get(str(name)))
        ]
        for node in [*given, *_several(element.obj.get("/A"))]:
            if isinstance(node, pikepdf.Stream | pikepdf.Dictionary) and (
                str(node.get("/O", "")) == f"/{owner}"
            ):
                found.update({str(name)[1:]: value for name, value in node.items()})
        return found

    def _add(self, obj: Any, parent: Element | None, page: Number | None) -> None:
        if isinstance(obj, int):
            if parent is not None and page is not None:
                self._piece(parent, Piece(page, obj))
            return
        if not isinstance(obj, pikepdf.Dictionary):
            return
        own = obj.get("/Pg")
        page = number(own) if own is not None else page
        kind = str(obj.get("/Type", ""))
        if kind == "/MCR" and parent is not None:
            stream = obj.get("/Stm")
            at = number(stream) if stream is not None else page
            mcid = obj.get("/MCID")
            if at is not None and isinstance(mcid, int):
                self._piece(parent, Piece(at, mcid))
        elif kind == "/OBJR" and parent is not None:
            at = number(obj.get("/Obj"))
            parent.kids.append(at)
            self.objects.setdefault(at, parent)
        elif "/S" in obj:
            self._element(obj, parent, page)

    def _piece(self, parent: Element, piece: Piece) -> None:
        parent.kids.append(piece)
        self.pieces.setdefault(piece, parent)

    def _element(self, obj: Any, parent: Element | None, page: Number | None) -> None:
        at = number(obj)
        if at != (0, 0):
            if at in self._seen:
                return
            self._seen.add(at)
        tag = str(obj.S)[1:]
        kind, fate = self.resolved(tag)
        lang = string(obj.get("/Lang"))
        inherited = parent.lang if parent is not None else self.lang
        lang = inherited if lang is None else lang
        depth = parent.depth + 1 if parent is not None else 0
        made = Element(obj, tag, kind, parent, page, lang, fate, depth)
        if parent is None:
            self.top.append(made)
        else:
            parent.kids.append(made)
        if depth >= DEEPEST:
            return
        for node in _several(obj.get("/K")):
            self._add(node, made, page)


def is_standard(tag: str) -> bool:
    """Whether a type is one of ISO 32000-1, or a heading of a further level (ISO 14289-1, 7.4)."""
    return tag in STANDARD or bool(_NUMBERED.fullmatch(tag))


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]
