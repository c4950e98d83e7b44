"""The few pages that a minister reads: five things first, each opening to its evidence; what is
known better than before, what is not known, and the judgements in a line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Edition, JudgementTold
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


class Section(NamedTuple):
    """A heading and its lines; a line that is about a judgement begins with its code, apart."""

    title: str
    lines: Sequence[tuple[str, str]]


def sections_of(edition: Edition, against: Compared | None = None) -> list[Section]:
    """What the summary of a rendering says, made of what the edition holds and nothing else."""
    words = registry.words_of("answer", edition.head.language)
    first = "five" if edition.head.previous else "five_first"
    named = sorted(edition.judgements, key=lambda judgement: judgement.code)
    parts = [
        (first, [_judged(judgement, words) for judgement in five_of(edition)]),
        ("changes_page", [("", line) for line in first_page(against, words)] if against else []),
        ("open_questions", [("", line) for line in _open(edition, words)]),
        ("judgements", [_judged(judgement, words) for judgement in named]),
    ]
    return [Section(words.text(f"edition.{name}"), lines) for name, lines in parts if lines]


def _judged(told: JudgementTold, words: Words) -> tuple[str, str]:
    return told.code, judgement_line(told, words, coded=False)


def summary_of(edition: Edition, against: Compared | None = None) -> bytes:
    """The summary of a rendering as a page."""
    words = registry.words_of("answer", edition.head.language)
    parts = [
        f'<p class="lead">{escape(edition.head.summary)}</p>',
        f"<p>{escape(words.text('edition.as_known', day=edition.head.as_at))} "
        f'<a href="{INDEX}">{escape(words.text("edition.back"))}</a></p>',
    ]
    for title, lines in sections_of(edition, against):
        items = "".join(f"<li>{_led(code)}{escape(line)}</li>" for code, line in lines)
        parts += [f"<h2>{escape(title)}</h2>", f"<ul>{items}</ul>"]
    if against:
        more = escape(words.text("edition.every_change"))
        parts.append(f'<p><a href="{CHANGES}">{more}</a></p>')
    return framed_page(edition, words.text("edition.summary_page"), parts).encode()


def _led(code: str) -> str:
    return f'<a href="{JUDGEMENTS}#{escape(code)}">{escape(code)}</a> ' if code else ""


def _open(edition: Edition, words: Words) -> list[str]:
    """The questions with the most open cells, as the chapters list them."""
    lines = []
    for _, live, shown in edition.figures():
        if live.reference.kind is Kind.GAPS and shown.table and shown.is_told:
            lines += [
                words.text("edition.open_line", question=row[0], open=row[1], why=row[2])
                for row in shown.table.rows[:_GAPS]
            ]
    return lines[:_GAPS]
