"""Chapters of an assessment, in Markdown (CommonMark with tables): live references between braces,
and parts that are marked between lines of three colons.

    ::: official-sensitive
    What only the restricted rendering says.
    :::
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from darkfigure.assessment.references import read_reference
from darkfigure.assessment.text import (
    Block,
    Chapter,
    Heading,
    Inline,
    Items,
    Kept,
    Link,
    Live,
    Paragraph,
    Place,
    Quoted,
    Rows,
    Text,
    anchored,
)
from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.codes import nearest

_OPEN, _CLOSE = "{{", "}}"
_STYLES = {"strong": "strong", "em": "emphasis"}
#: What is shown nowhere: HTML would be code in a page, a picture has no figures behind it.
_UNKNOWN = {
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "a picture",
    "hr": "a line across",
    "fence": "a block of code",
    "code_block": "a block of code (a line that begins with four blanks)",
}
#: What looks like the colons before a marked part, and what is not seen before them.
_LIKE_COLONS = re.compile(
    "[\\s\u200b-\u200f\u2060\ufeff]*[:\uff1a\ufe55\ufe13\u2236\ua789\u02d0]{2}"
)
_ADDRESS = re.compile(r"(https?://|#|[a-z0-9-]+\.html)", re.IGNORECASE)


def read_chapter(text: str, file: str, area: str) -> Chapter:
    """A chapter from its text: one heading of the first level, which is its title, and what follows
    it. Raises Unreadable with the file and the line.
    """
    found: dict[str, Any] = {}
    tokens = _markdown().parse(text, found)
    _nothing_apart(found, file)
    blocks = anchored(tuple(_Reader(file).blocks(tokens)))
    if not blocks or not isinstance(blocks[0], Heading) or blocks[0].level != 1:
        raise Unreadable(f"{file}:1: a chapter begins with its title. Write # and the title.")
    for block in blocks[1:]:
        if isinstance(block, Heading) and block.level == 1:
            raise Unreadable(f"{block.place}: a chapter has one title. Write ## for a section.")
    title = "".join(inline.text for inline in blocks[0].inside if isinstance(inline, Text))
    if not title.strip() or not all(isinstance(inline, Text) for inline in blocks[0].inside):
        raise Unreadable(
            f"{blocks[0].place}: the title of a chapter is words alone. Write # and the title; "
            "figures and links stand below it."
        )
    return Chapter(file, area, title, blocks[1:])


def _nothing_apart(found: Mapping[str, Any], file: str) -> None:
    """Raises Unreadable for what is defined apart from where it is shown: it stands on no page, and
    in the text that goes out.
    """
    defined = [*found.get("references", {}).values(), *found.get("duplicate_refs", ())]
    if lines := sorted(each["map"][0] for each in defined):
        raise Unreadable(
            f"{Place(file, lines[0] + 1)}: a line that begins with [...]: is shown nowhere and "
            "would go out with the text. Write a link where it stands, [words](https://...), and "
            "leave remarks out."
        )


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark").enable("table")
    made.use(container_plugin, "kept", validate=lambda said, *_: bool(said.strip()))
    made.inline.ruler.before("escape", "live", _live)
    return made


def _live(state: StateInline, silent: bool) -> bool:
    """A reference between braces; what stands in it is no Markdown."""
    if not state.src.startswith(_OPEN, state.pos):
        return False
    end = state.src.find(_CLOSE, state.pos)
    if end < 0:
        return False
    if not silent:
        token = state.push("live", "", 0)
        token.content = state.src[state.pos + len(_OPEN) : end].strip()
        token.meta = {"lines": state.src.count("\n", 0, state.pos)}
    state.pos = end + len(_CLOSE)
    return True


class _Reader:
    """Makes a tree of the parser's tokens."""

    def __init__(self, file: str) -> None:
        self._file = file

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The blocks of a run of tokens."""
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            inside = tokens[at + 1 : end]
            yield from self._block(tokens[at], inside)
            at = end + 1

    def _block(self, token: Token, inside: Sequence[Token]) -> Iterator[Block]:
        place = self._place(token)
        name = token.type.removesuffix("_open")
        if name in _UNKNOWN:
            raise Unreadable(f"{place}: {_UNKNOWN[name]} is not shown in an edition. Leave it out.")
        if name == "heading":
            yield self._heading(int(token.tag[1:]), inside[0], place)
        elif name == "paragraph":
            yield self._paragraph(inside[0], place)
        elif name in ("bullet_list", "ordered_list"):
            entries = tuple(tuple(self._inner(entry, place)) for entry in _runs(inside))
            yield Items(name == "ordered_list", entries, place)
        elif name == "blockquote":
            yield Quoted(tuple(self._inner(inside, place)), place)
        elif name == "container_kept":
            first, end = token.map or [0, 0]
            kept = tuple(self.blocks(inside))
            yield Kept(_marking(token.info, place), kept, place, (first, end))
        elif name == "table":
            yield self._rows(inside, place)
        else:
            raise Unreadable(f"{place}: {name!r} is not shown in an edition. Leave it out.")

    def _inner(self, tokens: Sequence[Token], place: Place) -> Iterator[Block]:
        """The blocks of a list or a quotation: none of them is marked by itself."""
        for block in self.blocks(tokens):
            if isinstance(block, Kept):
                raise Unreadable(
                    f"{block.place}: a marked part stands by itself, not in a list or a quotation "
                    f"(that begins at {place}). Put it around all of that."
                )
            yield block

    def _heading(self, level: int, line: Token, place: Place) -> Heading:
        return Heading(level, tuple(self._line(line, place)), "", place)

    def _paragraph(self, line: Token, place: Place) -> Paragraph | Live:
        """A paragraph; a reference by itself that is no part of a sentence is a block."""
        for number, typed in enumerate(line.content.split("\n")):
            if _LIKE_COLONS.match(typed):
                at = Place(self._file, place.line + number)
                raise Unreadable(
                    f"{at}: a line that begins with two colons opens or closes a marked part, and "
                    "this one does neither. A part within another needs more colons around the "
                    "outer."
                )
            if _OPEN in typed and _CLOSE not in typed.partition(_OPEN)[2] and not _goes_on(line):
                raise Unreadable(
                    f"{Place(self._file, place.line + number)}: a reference is opened and not "
                    "closed. Write }} behind it."
                )
        inside = tuple(self._line(line, place))
        blocks = [
            inline
            for inline in inside
            if isinstance(inline, Live) and not inline.reference.is_inline
        ]
        if not blocks:
            return Paragraph(inside, place)
        if len(inside) > 1:
            raise Unreadable(
                f"{blocks[0].place}: {blocks[0].reference.kind} as {blocks[0].reference.form} is no"
                " part of a sentence. Leave an empty line before and after it."
            )
        return blocks[0]

    def _rows(self, tokens: Sequence[Token], place: Place) -> Rows:
        rows = [
            tuple(
                tuple(self._line(cell, self._place(cell, place)))
                for cell in tokens[start : _closing(tokens, start)]
                if cell.type == "inline"
            )
            for start, token in enumerate(tokens)
            if token.type == "tr_open"
        ]
        for row in rows:
            for live in (each for cell in row for each in cell if isinstance(each, Live)):
                if not live.reference.is_inline:
                    raise Unreadable(f"{live.place}: a table holds words and figures alone.")
        return Rows(rows[0], tuple(rows[1:]), place)

    def _line(self, token: Token, place: Place) -> Iterator[Inline]:
        children = token.children or []
        yield from self._inline(children, "", self._place(token, place))

    def _inline(self, tokens: Sequence[Token], style: str, place: Place) -> Iterator[Inline]:
        at = 0
        while at < len(tokens):
            token, end = tokens[at], _closing(tokens, at)
            name = token.type.removesuffix("_open")
            inside = tokens[at + 1 : end]
            if name in _UNKNOWN:
                raise Unreadable(f"{place}: {_UNKNOWN[name]} is not shown. Leave it out.")
            if name == "live":
                yield self._reference(token, place)
            elif name == "link":
                address = str(token.attrs.get("href", ""))
                if not _ADDRESS.match(address):
                    raise Unreadable(
                        f"{place}: {address!r} leads nowhere. Write https://..., or a page of the "
                        "edition."
                    )
                if token.attrs.get("title"):
                    raise Unreadable(
                        f"{place}: the title of a link is shown nowhere and would go out with the "
                        "text. Say it in the words of the link, or leave it out."
                    )
                yield Link(address, tuple(self._inline(inside, style, place)), place)
            elif name in _STYLES:
                yield from self._inline(inside, _STYLES[name], place)
            elif token.type == "code_inline":
                yield Text(token.content, "code")
            elif token.type in ("softbreak", "hardbreak"):
                yield Text(" ", style)
            elif token.content:
                yield Text(token.content, style)
            at = end + 1

    def _reference(self, token: Token, place: Place) -> Live:
        at = Place(self._file, place.line + token.meta["lines"])
        try:
            return Live(read_reference(token.content), at)
        except DarkfigureError as error:
            raise Unreadable(f"{at}: {error}") from error

    def _place(self, token: Token, other: Place | None = None) -> Place:
        if token.map:
            return Place(self._file, token.map[0] + 1)
        return other or Place(self._file, 1)


def _goes_on(line: Token) -> bool:
    """Whether every reference of a line that goes over several is closed in one of them."""
    return line.content.count(_OPEN) == line.content.count(_CLOSE)


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Where what opens at a place closes; the place itself where it opens nothing."""
    depth = 0
    for end in range(at, len(tokens)):
        depth += tokens[end].nesting
        if depth <= 0:
            return end
    return len(tokens) - 1


def _runs(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """What is inside of each of several things that open and close one after another."""
    at = 0
    while at < len(tokens):
        end = _closing(tokens, at)
        yield tokens[at + 1 : end]
        at = end + 1


def _marking(said: str, place: Place) -> Marking:
    name = said.strip().upper().replace("-", "_").replace(" ", "_")
    known = [each.name for each in Marking if each > Marking.PUBLIC]
    if name not in known:
        shown = [each.lower().replace("_", "-") for each in known]
        raise Unreadable(f"{place}: {said.strip()!r} is no marking. {nearest(said, shown)}")
    return Marking[name]
