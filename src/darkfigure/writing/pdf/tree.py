"""A document to be set as pages: a cover, chapters of blocks, blocks of what stands in a line.

Everything in it is text, never markup: what a text holds is shown as it is. Places to be led to
have names; a link to a name that nothing has is plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Run:
    """Words; `style` is strong, emphasis, code or nothing. `marks` number the sources that stand in
    the margin; `address` is where they lead: a URL, or # and the name of a place.
    """

    text: str
    style: str = ""
    marks: tuple[int, ...] = ()
    address: str = ""


Line = Sequence[Run]
#: So many letters stand in a line of their own; of more than the second, a column grows no wider.
NARROW, WIDEST = 14, 36


@dataclass(frozen=True)
class Heading:
    """A heading, of a level from 2 on: a chapter's own is of the first."""

    level: int
    line: Line
    name: str = ""


@dataclass(frozen=True)
class Para:
    """A paragraph, with what stands beside it in the margin, numbered from 1."""

    line: Line
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Listed:
    """A list, each of its entries of blocks."""

    ordered: bool
    entries: Sequence[Sequence[Block]]


@dataclass(frozen=True)
class Quote:
    """What somebody else said."""

    blocks: Sequence[Block]


@dataclass(frozen=True)
class Table:
    """A table: headings, and rows of as many cells. Columns of `figures` stand to the right; the
    first `heading` columns say what a row is about. ValueError where a row has another length.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Line]]
    figures: Sequence[int] = ()
    heading: int = 1
    notes: Sequence[str] = ()

    @property
    def widths(self) -> list[int]:
        """How wide the columns of words are, against one another; 0 for columns of figures and of
        few letters, which are as wide as what stands in them.
        """
        longest = [
            max(len(_told(cell)) for cell in (head, *(row[at] for row in self.rows)))
            for at, head in enumerate(self.heads)
        ]
        return [
            0 if at in self.figures or length <= NARROW else min(length, WIDEST)
            for at, length in enumerate(longest)
        ]

    @property
    def divides(self) -> bool:
        """Whether a word is so long that it may have to be divided."""
        cells = [*self.heads, *(_told(cell) for row in self.rows for cell in row)]
        return any(len(word) > NARROW for cell in cells for word in cell.split())

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"a row of {len(row)} cells beneath {len(self.heads)} headings")


def _told(cell: str | Line) -> str:
    return cell if isinstance(cell, str) else "".join(run.text for run in cell)


@dataclass(frozen=True)
class Drawing:
    """A drawing (SVG), with its figures in words for who does not see it."""

    svg: str
    alternative: str
    caption: str
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Notes:
    """What belongs beneath what stands above it."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Judged:
    """A judgement in a box: its code, its marking if it has one, the claim, what is said of it
    under heads, what it rests on. `level` is that of its code as a heading; 0 for none. `name` is
    where others lead, `leads` where its code does.
    """

    code: str
    claim: str
    parts: Sequence[tuple[str, Sequence[str]]] = ()
    rests: Sequence[str] = ()
    marking: str = ""
    level: int = 0
    name: str = ""
    leads: str = ""


@dataclass(frozen=True)
class Stub:
    """What stands in the place of something that is withheld."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class Marked:
    """Blocks under a marking of their own."""

    marking: str
    blocks: Sequence[Block]


Block = Heading | Para | Listed | Quote | Table | Drawing | Notes | Judged | Stub | Marked


@dataclass(frozen=True)
class Chapter:
    """A chapter, which begins on a page of its own."""

    title: str
    blocks: Sequence[Block]
    name: str = ""


@dataclass(frozen=True)
class Said:
    """The words of a page that are no part of its text: contents, page n of m."""

    contents: str
    page: str  # with {page} and {pages}


@dataclass(frozen=True)
class Paged:
    """A whole document. `marking` stands above and beneath every page, `face` on the cover and
    above every page where not empty, `day` is what its metadata say and the only day there is.
    """

    title: str
    language: str
    publisher: str
    day: date
    marking: str
    lead: str
    cover: Sequence[Block]
    chapters: Sequence[Chapter]
    said: Said
    face: str = ""

    @property
    def tables(self) -> list[Table]:
        """Its tables, in the order in which they are set."""
        blocks = [*self.cover, *(block for chapter in self.chapters for block in chapter.blocks)]
        return [block for block in walked(blocks) if isinstance(block, Table)]


def walked(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks, those inside of others after them."""
    for block in blocks:
        yield block
        if isinstance(block, Quote | Marked):
            yield from walked(block.blocks)
        elif isinstance(block, Listed):
            for entry in block.entries:
                yield from walked(entry)
