"""Make of a request in a file the parts that are wanted of a response. Nothing is read from the
repository and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from darkfigure.publication import Question
from darkfigure.publication.appropriate_limit import cost_of
from darkfigure.publication.response import Refused, refused_for
from darkfigure.reading.request_files import read_request
from darkfigure_hub.flows.ask_in_words import questions_asked


@dataclass(frozen=True)
class Wanted:
    """A part as it is wanted: its question, and the refusal where the desk refuses it."""

    question: Question
    refused: Refused | None = None


def wanted_in(
    text: str, name: str, today: date
) -> tuple[list[Wanted], dict[str, str], str, list[str]]:
    """The parts of a file of a request, what stands at its head, its words, and how plain words
    were understood.

    Raises UnknownName and Unreadable with the part that is not as it should be.
    """
    held = read_request(text, name)
    wanted: list[Wanted] = []
    said: list[str] = []
    for part in held.parts:
        questions, understood = questions_asked(part.ask, today, **part.asked)
        said += understood
        refused = _refused(part.refusal)
        wanted += [Wanted(question, refused) for question in questions]
    return wanted, dict(held.given), held.text, said


def _refused(given: Mapping[str, Any]) -> Refused | None:
    """The refusal of a part, where it has one."""
    if not given:
        return None
    cost = None
    if "records" in given or "minutes" in given:
        body = given.get("limit", "other")
        cost = cost_of(int(given.get("records", 0)), float(given.get("minutes", 0)), body)
    rest = {
        field: given[field]
        for field in ("section", "why", "public_interest", "body")
        if field in given
    }
    return refused_for(given["refuse"], cost=cost, **rest)
