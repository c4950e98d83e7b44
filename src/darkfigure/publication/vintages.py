"""A figure over its vintages: the answer on each day on which something about it was stated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.statement import Role
from darkfigure.publication.answer import Answer, answer
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.question import Question


@dataclass(frozen=True)
class Point:
    """A figure as it stood from a day on: its series, the day, the value, who stated it."""

    series: str
    day: date
    value: float
    by: str


def vintages(question: Question, evidence: Evidence) -> list[Answer]:
    """The answers to a question as at each day its evidence changed, up to the question's own day,
    oldest first.
    """
    days = {
        block.known_from
        for block in evidence.blocks(question.measure.code)
        if block.role is Role.FIGURE and block.known_from <= question.as_at
    }
    return [answer(replace(question, as_at=day), evidence) for day in sorted(days)]
