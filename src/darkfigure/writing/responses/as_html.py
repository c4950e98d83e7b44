"""A response as a page of its own."""

from __future__ import annotations

from html import escape

from darkfigure.publication.response import Response
from darkfigure.writing.page import Head, entry, listed, page, table
from darkfigure.writing.responses.letter import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Table,
    letter,
)
from darkfigure.writing.words import ENGLISH, Words

#: So many columns are a wide table here, as more are everywhere.
_WIDE = 3


def write_response(response: Response, words: Words = ENGLISH) -> str:
    """A page that holds the letter and nothing else."""
    title, *rest = letter(response, words)
    named = title.text if isinstance(title, Heading) else response.title
    return page(named, [_written(block) for block in rest], words)


def response_part(response: Response, words: Words = ENGLISH) -> str:
    """The letter as part of a page, without its title."""
    return "\n".join(_written(block) for block in letter(response, words)[1:])


def _written(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Bullets(lines):
            return listed(lines)
        case Table():
            return _table(block)


def _table(block: Table) -> str:
    kinds = ["figure" if place == block.numeric else "" for place in range(len(block.heads))]
    heads = [Head(*each) for each in zip(block.heads, kinds, strict=True)]
    rows = [[entry(*each) for each in zip(row, kinds, strict=True)] for row in block.rows]
    # long words in three columns are wider than a phone: each row stands by itself there
    return table(block.caption, heads, rows, kind="wide" if len(heads) == _WIDE else "")
