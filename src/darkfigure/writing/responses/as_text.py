"""A response as text."""

from __future__ import annotations

from darkfigure.publication.response import Response
from darkfigure.writing.answers.as_hansard import lined_up, wrapped
from darkfigure.writing.responses.letter import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Table,
    letter,
)
from darkfigure.writing.words import ENGLISH, Words


def write_response(response: Response, words: Words = ENGLISH) -> str:
    """A response as the letter it is."""
    return "\n\n".join(_written(block) for block in letter(response, words)) + "\n"


def _written(block: Block) -> str:
    match block:
        case Heading(text):
            return wrapped(text) + "\n" + "-" * min(78, max(map(len, wrapped(text).split("\n"))))
        case Paragraph(text):
            return wrapped(text)
        case Bullets(lines):
            return "\n".join(wrapped(f"- {line}", "  ") for line in lines)
        case Table(_, heads, rows, numeric):
            return lined_up(heads, rows, numeric)
    raise TypeError(block)
