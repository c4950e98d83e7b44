"""The text of an assessment as a tree: chapters of blocks, blocks of what stands in a line. Where a
reference stands is kept, so that what is wrong with it can be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from darkfigure.assessment.references import Reference
from darkfigure.basis.marking import Marking


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file of the folder, and its line from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Text:
    """Words; `style` is strong, emphasis, code or nothing."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    address: str
    inside: tuple[Inline, ...]
    place: Place


@dataclass(frozen=True)
class Live:
    """A reference in a line or by itself."""

    reference: Reference
    place: Place


Inline = Text | Link | Live


@dataclass(frozen=True)
class Heading:
    """A heading; the second level is a section of the chapter, the third one within it. `anchor`
    names it in addresses, and is like no other of its chapter.
    """

    level: int
    inside: tuple[Inline, ...]
    anchor: str
    place: Place


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    inside: tuple[Inline, ...]
    place: Place


@dataclass(frozen=True)
class Items:
    """A list, each of its entries of blocks."""

    ordered: bool
    entries: tuple[tuple[Block, ...], ...]
    place: Place


@dataclass(frozen=True)
class Quoted:
    """What somebody else said."""

    inside: tuple[Block, ...]
    place: Place


@dataclass(frozen=True)
class Rows:
    """A table that was typed: headings, and rows that begin with what each is of."""

    heads: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    place: Place


@dataclass(frozen=True)
class Kept:
    """Blocks that are marked: a rendering below their marking has a stub in their place. `lines`
    are those they take in the file, from 0, the last one left out.
    """

    marking: Marking
    inside: tuple[Block, ...]
    place: Place
    lines: tuple[int, int]


#: Blocks that hold no others.
Leaf = Heading | Paragraph | Rows | Live
Block = Leaf | Items | Quoted | Kept


@dataclass(frozen=True)
class Chapter:
    """A chapter: its file, the threat area it is of, its title, its blocks."""

    file: str
    area: str
    title: str
    blocks: tuple[Block, ...]

    @cached_property
    def lives(self) -> tuple[tuple[Live, Marking], ...]:
        """Every reference of it in the order in which they stand, with the marking of where."""
        return tuple(_lives(self.blocks, Marking.PUBLIC))

    @property
    def sections(self) -> list[Heading]:
        """Its sections."""
        return [block for block in self.blocks if isinstance(block, Heading) and block.level == 2]


def _lives(blocks: Iterable[Block], marking: Marking) -> Iterator[tuple[Live, Marking]]:
    for block, marked in _marked(blocks, marking):
        if isinstance(block, Live):
            yield block, marked
        else:
            for inside in lines_of(block):
                yield from ((live, marked) for live in _in_line(inside))


def _marked(blocks: Iterable[Block], marking: Marking) -> Iterator[tuple[Leaf, Marking]]:
    """The blocks that hold no others, in order, each with the marking of where it stands."""
    for block in blocks:
        if isinstance(block, Kept):
            yield from _marked(block.inside, max(marking, block.marking))
        elif isinstance(block, Quoted):
            yield from _marked(block.inside, marking)
        elif isinstance(block, Items):
            for entry in block.entries:
                yield from _marked(entry, marking)
        else:
            yield block, marking


def kept_in(blocks: Iterable[Block]) -> Iterator[Kept]:
    """The parts that are marked, those inside of others after them."""
    for block in blocks:
        if isinstance(block, Kept):
            yield block
            yield from kept_in(block.inside)


def lines_of(block: Heading | Paragraph | Rows) -> Iterator[tuple[Inline, ...]]:
    """What stands in the lines of a block that holds no others."""
    if isinstance(block, Rows):
        yield from block.heads
        for row in block.rows:
            yield from row
    else:
        yield block.inside


def _in_line(inside: Iterable[Inline]) -> Iterator[Live]:
    for inline in inside:
        if isinstance(inline, Live):
            yield inline
        elif isinstance(inline, Link):
            yield from _in_line(inline.inside)


def plain(inside: Iterable[Inline]) -> str:
    """The words of a line as typed, references left out."""
    said = []
    for inline in inside:
        if isinstance(inline, Text):
            said.append(inline.text)
        elif isinstance(inline, Link):
            said.append(plain(inline.inside))
    return "".join(said)


def leaves(blocks: Iterable[Block], sees: Marking) -> Iterator[Leaf]:
    """The blocks that hold no others, in order, of what somebody may see."""
    return (block for block, marking in _marked(blocks, Marking.PUBLIC) if marking <= sees)


_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9]+")


def anchored(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks of a chapter, every heading with its anchor: of its words, and numbered where they
    come again. Those of marked parts are numbered after all that are less marked, so that no anchor
    tells of a heading that is withheld.
    """
    anchors: dict[int, str] = {}
    taken: set[str] = set()
    for heading, _ in sorted(_marked(blocks, Marking.PUBLIC), key=lambda found: found[1]):
        if not isinstance(heading, Heading):
            continue
        words = "".join(inline.text for inline in heading.inside if isinstance(inline, Text))
        base = _NOT_IN_ANCHOR.sub("-", words.lower()).strip("-") or "part"
        anchor, number = base, 1
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        taken.add(anchor)
        anchors[id(heading)] = anchor
    return tuple(_with_anchors(block, anchors) for block in blocks)


def _with_anchors(block: Block, anchors: Mapping[int, str]) -> Block:
    if isinstance(block, Heading):
        return replace(block, anchor=anchors[id(block)])
    if isinstance(block, (Kept, Quoted)):
        return replace(block, inside=tuple(_with_anchors(each, anchors) for each in block.inside))
    if isinstance(block, Items):
        entries = tuple(
            tuple(_with_anchors(each, anchors) for each in entry) for entry in block.entries
        )
        return replace(block, entries=entries)
    return block
