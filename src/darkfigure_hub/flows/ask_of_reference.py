"""What a reference in the text of an assessment asks."""

from __future__ import annotations

from typing import Any

from darkfigure.assessment.edition import EditionHead
from darkfigure.assessment.references import Reference
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, parse_day, parse_period
from darkfigure.publication import Question
from darkfigure_hub.flows.ask_in_words import questions_asked

_ASKED = ("by", "where", "period", "unit", "evidence", "rule", "as_at")


def periods_of(reference: Reference) -> tuple[Period, Period]:
    """The two periods of a trend. Raises Unreadable where one is not said."""
    return parse_period(_needed(reference, "from")), parse_period(_needed(reference, "to"))


def _needed(reference: Reference, field: str) -> str:
    if said := reference.field(field):
        return said
    raise Unreadable(f"{reference.kind} does not say {field}: write {field}= and a period.")


def question_of(reference: Reference, head: EditionHead) -> Question:
    """The question that a reference asks, as at its edition's day or an earlier one. Raises
    Unreadable where it asks several things, or of a later day.
    """
    asked: dict[str, Any] = {
        name: reference.field(name) for name in _ASKED if reference.field(name)
    }
    if "by" in asked:
        asked["by"] = asked["by"].split(",")
    if "where" in asked:
        asked["where"] = reference.all("where")
    as_at = parse_day(asked.get("as_at") or str(head.as_at))
    if as_at > head.as_at:
        raise Unreadable(
            f"{as_at} comes after {head.as_at}, the day of this edition: what was known later is "
            "not in it."
        )
    asked["as_at"] = as_at.isoformat()
    questions, _ = questions_asked(reference.subject, as_at, **asked)
    if len(questions) != 1:
        raise Unreadable(f"{reference.subject!r} asks several things; ask one each time.")
    return questions[0]
