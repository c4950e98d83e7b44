"""The few pages that a minister reads: five things first, each opening to its evidence; what is
known better than before, what is not known, and the judgements in a line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Edition
from darkfigure.assessment.references import Kind
from darkfigure.writing import registry
from darkfigure.writing.editions.as_html import (
    CHANGES,
    INDEX,
    JUDGEMENTS,
    SUMMARY,
    five_of,
    framed_page,
)
from darkfigure.writing.editions.compared import first_page
from darkfigure.writing.editions.wholes import judgement_line
from darkfigure.writing.words import Words

NAME = SUMMARY
#: So many of the questions with the most open cells are named.
_GAPS = 7


def summary_of(edition: Edition, against: Compared | None = None) -> bytes:
    """The summary of a rendering, made of what the edition holds and nothing else."""
    words = registry.words_of("answer", edition.head.language)
    named = {judgement.code: judgement for judgement in edition.judgements}
    parts = [
        f'<p class="lead">{escape(edition.head.summary)}</p>',
        f"<p>{escape(words.text('edition.as_known', day=edition.head.as_at))} "
        f'<a href="{INDEX}">{escape(words.text("edition.back"))}</a></p>',
    ]
    title = "five" if edition.head.previous else "five_first"
    lines = [
        f'<a href="{JUDGEMENTS}#{escape(each.code)}">{escape(each.code)}</a> '
        + escape(judgement_line(each, words))
        for each in five_of(edition)
    ]
    parts += _section(words.text(f"edition.{title}"), lines)
    if against:
        told = [escape(line) for line in first_page(against, words)]
        parts += _section(words.text("edition.changes_page"), told)
        parts.append(f'<p><a href="{CHANGES}">{escape(words.text("edition.every_change"))}</a></p>')
    parts += _section(words.text("edition.open_questions"), _open(edition, words))
    rest = [escape(judgement_line(each, words)) for _, each in sorted(named.items())]
    parts += _section(words.text("edition.judgements"), rest)
    name = words.text("edition.summary_page")
    return framed_page(edition, name, parts).encode()


def _section(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    items = "".join(f"<li>{line}</li>" for line in lines)
    return [f"<h2>{escape(title)}</h2>", f"<ul>{items}</ul>"]


def _open(edition: Edition, words: Words) -> list[str]:
    """The questions with the most open cells, as the chapters list them."""
    lines = []
    for _, live, shown in edition.figures():
        if live.reference.kind is Kind.GAPS and shown.table and shown.is_told:
            lines += [
                escape(words.text("edition.open_line", question=row[0], open=row[1], why=row[2]))
                for row in shown.table.rows[:_GAPS]
            ]
    return lines[:_GAPS]
