"""A response as a page of its own."""

from __future__ import annotations

from html import escape

from darkfigure.publication.response import Response
from darkfigure.writing.answers.as_html import page
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
            return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_figures(place, table)}>{escape(head)}</th>'
        for place, head in enumerate(table.heads)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(text)}</th>'
            if place == 0 and table.numeric
            else f"<td{_figures(place, table)}>{escape(text)}</td>"
            for place, text in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f"<table><caption>{escape(table.caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _figures(place: int, table: Table) -> str:
    return ' class="figure"' if place == table.numeric else ""
