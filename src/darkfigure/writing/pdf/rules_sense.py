"""Conditions of what tags and texts say: headings and lists that are none, links, alternatives."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found, Where
from darkfigure.writing.pdf.fonts import Font
from darkfigure.writing.pdf.graphics import Page, Painted
from darkfigure.writing.pdf.rules_tables import grid_of
from darkfigure.writing.pdf.structure import HEADINGS, Element, Piece

_FILE = re.compile(r"[^\s/\\]+\.(png|svg|jpe?g|gif|pdf|tiff?|webp|bmp|docx?|typ|eps)", re.I)
_WORDLESS = re.compile(
    r"(an? |the )?(image|picture|figure|fig|chart|graph|diagram|photo|photograph|graphic|icon|logo"
    r"|drawing|equation|formula|alt|alt text|alternative text|description|placeholder|untitled"
    r"|todo|tbd|none|null|test|xxx)[\s.:#_\d-]*",
    re.I,
)
_HERE = re.compile(
    r"(click |see |read |go )?(here|this|link|more|this link|read on)[.…>»\s]*", re.I
)
_BULLET = re.compile(r"\s*[•·▪■□●○◦‣⁃∙‒–—*-]\s*\S")
_UNTITLED = re.compile(r"(untitled|document|doc|title|no title|microsoft word\b.*)[\s\d.-]*", re.I)
_NUMBER = re.compile(r"[\s\d.,:%+±<>≤≥()\[\]–−/*…-]*")

#: Elements whose paragraphs are no paragraphs of the running text.
_APART = ("Table", "L", "TOC", "TOCI", "Note", "Caption", "Figure", "Formula", "BlockQuote", "Code")
_BLOCKS = HEADINGS | {"P", "LI", "Table", "Figure", "Formula", "BlockQuote"}
#: How much higher than running text a heading is written.
_HIGHER = 1.15
_SHORT = 120


def check_sense(document: Document) -> Found:
    """All of them: of the title, then element by element, then of what stands side by side."""
    yield from _titles(document)
    body = _body(document)
    for node in document.tree.walk():
        if node.type in ("Figure", "Formula"):
            yield from _alternative(document, node)
        elif node.type == "Link":
            yield from _link(document, node)
        elif node.type == "Table":
            yield from _table(document, node)
        elif (node.level is not None or node.type == "H") and not _told(document, node):
            yield document.fault("heading_empty", node)
        yield from _faked(document, node, body)
    for page in document.pages:
        yield from _table_faked(document, page)
    yield from _order(document)


def _titles(document: Document) -> Found:
    titles = [text for _, text in document.titles if text]
    languages = Counter(lang for lang, text in document.titles if text)
    named = [node for node in document.tree.walk() if node.tag == "Title"]
    info = document.pdf.trailer.get("/Info")
    told = str(info.get("/Title", "")) if info is not None else ""
    if len(named) > 1 or any(many > 1 for many in languages.values()):
        yield Fault("title_twice", document.where(named[1]) if len(named) > 1 else Where())
    elif told and titles and told not in titles:
        yield Fault("title_twice")
    for node in titles:
        if _FILE.fullmatch(node) or _UNTITLED.fullmatch(node):
            yield Fault("title_is_file", given={"title": node})


def _told(document: Document, node: Element) -> str:
    """What an element says: its text, with the alternatives of what it holds."""
    parts = [document.text_of(node), node.text("Alt") or ""]
    parts += [kid.text("Alt") or "" for kid in node.walk() if kid is not node]
    return " ".join(parts).strip()


def _alternative(document: Document, node: Element) -> Found:
    alt = (node.text("Alt") or "").strip()
    if alt and (_FILE.search(alt) or _WORDLESS.fullmatch(alt) or not re.search(r"\w\w", alt)):
        yield document.fault("alternative_empty", node, alt=alt)


def _link(document: Document, node: Element) -> Found:
    text = _told(document, node)
    if not text or _HERE.fullmatch(text):
        yield document.fault("link_text", node, text=text)


def _table(document: Document, table: Element) -> Found:
    grid = grid_of(document, table)
    headers = [cell for cell in grid.cells if cell.is_header]
    if not headers:
        yield document.fault("table_without_headers", table)
        return
    for cell in headers:
        if not _told(document, cell.element):
            yield document.fault("header_empty", cell.element, row=cell.row + 1)
    rows = [row for at, row in enumerate(grid.rows) if at not in grid.in_head]
    rows = [row for row in rows if not all(cell.is_header for cell in row)]
    first = [row[0] for row in rows if len(row) > 1 and row[0].column == 0]
    rest = [cell for row in rows for cell in row[1:] if not cell.is_header]
    labels = [document.text_of(cell.element) for cell in first]
    if first and not any(cell.is_header for cell in first) and all(map(str.strip, labels)):
        figures = [document.text_of(cell.element) for cell in rest]
        worded = not any(_NUMBER.fullmatch(label) for label in labels)
        if worded and figures and all(map(_NUMBER.fullmatch, figures)):
            yield document.fault("row_header", first[0].element, row=first[0].row + 1)


class _Body(NamedTuple):
    """The size and the font that most of a document is written in."""

    size: float
    font: Font | None

    def is_bold(self, text: Painted) -> bool:
        """Whether a text is bolder than running text."""
        font = text.state.font
        return font is not None and (
            font.bold or (self.font is not None and font.is_heavier(self.font))
        )


def _body(document: Document) -> _Body:
    many: Counter[tuple[float, Any]] = Counter()
    for page in document.pages:
        for text in page.texts:
            if not text.is_artifact:
                many[round(text.size, 1), text.state.font] += len(text.text)
    size, font = max(many, key=lambda kind: (many[kind], -kind[0]), default=(0.0, None))
    return _Body(size, font)


def _faked(document: Document, node: Element, body: _Body) -> Found:
    kids = node.elements
    for at, kid in enumerate(kids):
        if kid.type != "P" or kid.tag == "Title" or kid.within(*_APART):
            continue
        after = kids[at + 1] if at + 1 < len(kids) else None
        if after is not None and _as_heading(document, kid, after, body):
            yield document.fault("heading_faked", kid)
        before = kids[at - 1] if at else None
        if _bullets(document, kid) and not (before is not None and _bullets(document, before)):
            starts = [text for _, text in document.painted_in(kid) if _BULLET.match(text.text)]
            if len(starts) > 1 or (after is not None and _bullets(document, after)):
                yield document.fault("list_faked", kid)


def _as_heading(document: Document, kid: Element, after: Element, body: _Body) -> bool:
    text = document.text_of(kid).strip()
    if not text or len(text) > _SHORT or text[-1] in ".,;:?!" or not re.search(r"\w\w", text):
        return False
    follows = document.text_of(after).strip()
    running = after.type == "P" and len(follows) > len(text)
    if not running and after.type not in ("L", "Table"):
        return False
    shown = [item for _, item in document.painted_in(kid) if item.text.strip()]
    bold = all(body.is_bold(item) for item in shown)
    larger = all(item.size >= _HIGHER * body.size for item in shown)
    other = [item for _, item in document.painted_in(after) if item.text.strip()]
    alike = bool(other) and all(body.is_bold(item) for item in other)
    return bool(shown) and (larger or (bold and not alike))


def _bullets(document: Document, node: Element) -> bool:
    return node.type == "P" and bool(_BULLET.match(document.text_of(node)))


def _table_faked(document: Document, page: Page) -> Found:
    """Rows of short texts that stand under one another, in no table."""
    lines: dict[int, list[tuple[Element, Painted]]] = {}
    for text in page.texts:
        owner = document.owner(page, text)
        if owner is None or not text.text.strip() or owner.within(*_APART, "Index"):
            continue
        lines.setdefault(round(text.box.y0), []).append((owner, text))
    rows = [
        sorted(line, key=lambda item: item[1].box.x0)
        for _, line in sorted(lines.items(), reverse=True)
    ]
    run = 0
    last: list[int] = []
    for row in rows:
        starts = _columns(row)
        run = run + 1 if len(starts) >= 3 and starts == last else 1
        last = starts
        if run >= 3:
            yield document.fault("layout_by_table", row[0][0])
            return


def _columns(row: list[tuple[Element, Painted]]) -> list[int]:
    starts: list[int] = []
    end = None
    for _, text in row:
        if end is None or text.box.x0 > end + 1.5 * text.size:
            starts.append(round(text.box.x0 / 3))
        end = text.box.x1
    average = sum(len(text.text) for _, text in row) / max(len(starts), 1)
    return starts if average < 20 else []


def _order(document: Document) -> Found:
    """Whether blocks follow one another down the page, as their tags do."""
    last: dict[int, tuple[int, Painted, Painted]] = {}
    paint = {id(item): at for page in document.pages for at, item in enumerate(page.painted)}
    for block in _blocks(document.tree.top):
        # Notes and captions stand beside the text or under it, wherever they are tagged.
        held = document.painted_in(block, ("Note", "Caption"))
        shown = [(page, item) for page, item in held if item.text.strip()]
        for page in {page.number: page for page, _ in shown}.values():
            here = [node for on, node in shown if on is page]
            here.sort(key=lambda item: paint[id(item)])
            at, top = paint[id(here[0])], max(here, key=lambda item: item.box.y1)
            low = min(here, key=lambda item: item.box.y0)
            if page.number in last:
                earlier, above, _ = last[page.number]
                column = here[0].box.x0 < above.box.x1 and above.box.x0 < here[0].box.x1
                upward = column and low.box.y0 > above.box.y1 and top.box.y0 > above.box.y1
                if at < earlier or upward:
                    how = "upward" if upward else "painted"
                    yield document.fault("reading_order", block, how=how)
                    return
            last[page.number] = at, low, top


def _blocks(elements: list[Element]) -> list[Element]:
    found: list[Element] = []
    for node in elements:
        if node.type in _BLOCKS or any(isinstance(kid, Piece) for kid in node.kids):
            found.append(node)
        elif node.type not in ("Note", "Caption"):
            found += _blocks(node.elements)
    return found
