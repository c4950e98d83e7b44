"""A document opened once: its tags, its pages, its fonts, its metadata."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from darkfigure.basis.errors import Unreadable
from darkfigure.writing.pdf.contents import run_page
from darkfigure.writing.pdf.faults import Fault, Where
from darkfigure.writing.pdf.fonts import Fonts
from darkfigure.writing.pdf.graphics import Page, Painted
from darkfigure.writing.pdf.structure import Element, Number, Piece, Tree, number, string

DC = "http://purl.org/dc/elements/1.1/"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: What comes of values that are of another kind than their place asks for.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
XML = "http://www.w3.org/XML/1998/namespace"


@contextmanager
def sound() -> Iterator[None]:
    """Around whatever reads a file: where it is damaged or locked, Unreadable is raised."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise Unreadable(
            "This PDF is locked by a password, so that nothing of it can be read. "
            "Check the file before it is locked."
        ) from error
    except (pikepdf.PdfError, *_DAMAGED) as error:
        raise Unreadable(
            "This is not a PDF that can be read: it is damaged or of another kind. "
            "Write it again, or give a file that opens in a reader."
        ) from error


class Document:
    """A PDF and everything that the rules ask of it.

    Raises Unreadable where the bytes are no PDF, or one that is locked.
    """

    def __init__(self, file: Path | bytes) -> None:
        source: Any = io.BytesIO(file) if isinstance(file, bytes) else file
        with sound():
            self.pdf = pikepdf.open(source)
            self.tree = Tree(self.pdf)
            self.fonts = Fonts()
            self.pages = [
                run_page(page, place, self.fonts) for place, page in enumerate(self.pdf.pages, 1)
            ]

    @property
    def catalog(self) -> Any:
        """The dictionary that everything hangs from."""
        return self.pdf.Root

    @cached_property
    def place(self) -> dict[Number, int]:
        """The number of each page, by its object."""
        return {page.object: page.number for page in self.pages}

    @cached_property
    def painted(self) -> dict[Piece, list[tuple[Page, Painted]]]:
        """What is painted, by the stream and number of its mark."""
        found: dict[Piece, list[tuple[Page, Painted]]] = {}
        for page in self.pages:
            for node in page.painted:
                mark = node.mark
                if mark is not None and mark.mcid is not None:
                    for piece in {
                        Piece(mark.stream, mark.mcid),
                        Piece(page.object, mark.mcid),
                    }:
                        found.setdefault(piece, []).append((page, node))
        return found

    def owner(self, page: Page, painted: Painted) -> Element | None:
        """The element that something painted belongs to."""
        mark = painted.mark
        if mark is None or mark.mcid is None:
            return None
        pieces = self.tree.pieces
        return pieces.get(Piece(mark.stream, mark.mcid)) or pieces.get(
            Piece(page.object, mark.mcid)
        )

    def painted_in(self, element: Element, but: tuple[str, ...] = ()) -> list[tuple[Page, Painted]]:
        """What an element and those below it paint, in the order of the tags."""
        found: list[tuple[Page, Painted]] = []
        for piece in element.pieces(but):
            found += self.painted.get(piece, [])
        return found

    def text_of(self, element: Element) -> str:
        """The text of an element, as a reader's program takes it."""
        told = element.text("ActualText")
        if told is not None:
            return told
        parts: list[str] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                parts.append(self.text_of(kid))
            elif isinstance(kid, Piece):
                parts += [node.text for _, node in self.painted.get(kid, ())]
        return "".join(parts)

    def where(self, element: Element) -> Where:
        """The place of an element."""
        page = self.place.get(element.page) if element.page is not None else None
        if page is None:
            for piece in element.pieces():
                if piece.stream in self.place:
                    page = self.place[piece.stream]
                    break
        return Where(page, number(element.obj)[0] or None, element.path)

    def fault(self, name: str, element: Element, **given: Any) -> Fault:
        """A fault of an element."""
        return Fault(name, self.where(element), given)

    @cached_property
    def annotations(self) -> list[tuple[Page, Any]]:
        """All annotations, each with its page."""
        found: list[tuple[Page, Any]] = []
        for page, source in zip(self.pages, self.pdf.pages, strict=True):
            given = source.obj.get("/Annots")
            for node in given if isinstance(given, pikepdf.Array) else []:
                if isinstance(node, pikepdf.Dictionary):
                    found.append((page, node))
        return found

    # metadata

    @cached_property
    def has_metadata(self) -> bool:
        """Whether the catalogue has a stream of metadata."""
        return isinstance(self.catalog.get("/Metadata"), pikepdf.Stream)

    @cached_property
    def metadata(self) -> Any:
        """The metadata as XML; None where there are none that can be read."""
        if not self.has_metadata:
            return None
        data = re.sub(rb"<\?xpacket.*?\?>", b"", self.catalog.Metadata.read_bytes()).strip(
            b"\0 \r\n"
        )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            return None

    @cached_property
    def titles(self) -> list[tuple[str | None, str]]:
        """The titles that the metadata state, each with its language."""
        if self.metadata is None:
            return []
        found = []
        for title in self.metadata.iter(f"{{{DC}}}title"):
            for node in title.iter(f"{{{RDF}}}li"):
                found.append((node.get(f"{{{XML}}}lang"), (node.text or "").strip()))
            if not len(title) and (title.text or "").strip():
                found.append((None, title.text.strip()))
        return found

    def stated(self, space: str, name: str) -> tuple[str, str | None] | None:
        """A simple property of the metadata and the prefix it was written with."""
        if self.metadata is None:
            return None
        for node in self.metadata.iter(f"{{{RDF}}}Description"):
            if (value := node.get(f"{{{space}}}{name}")) is not None:
                prefixes = [key for key, uri in node.nsmap.items() if uri == space]
                return value, prefixes[0] if prefixes else None
        for node in self.metadata.iter(f"{{{space}}}{name}"):
            return (node.text or "").strip(), node.prefix
        return None

    @cached_property
    def outline(self) -> list[tuple[str, int]]:
        """The titles of the outline, each with its depth."""
        return list(self._outline())

    def _outline(self) -> Iterator[tuple[str, int]]:
        root = self.catalog.get("/Outlines")
        if not isinstance(root, pikepdf.Dictionary):
            return
        seen: set[Number] = set()
        stack = [(root.get("/First"), 0)]
        while stack:
            item, depth = stack.pop()
            if not isinstance(item, pikepdf.Dictionary) or number(item) in seen:
                continue
            seen.add(number(item))
            yield string(item.get("/Title")) or "", depth
            stack += [(item.get("/Next"), depth), (item.get("/First"), depth + 1)]
