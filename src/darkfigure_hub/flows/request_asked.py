"""Make of a request in a file the parts that are wanted of a response. Nothing is read from the
repository and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.publication import Question
from darkfigure.publication.appropriate_limit import cost_of
from darkfigure.publication.response import WORDS, Refused, refused_for
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
    for number, part in enumerate(held.parts, 1):
        try:
            questions, understood = questions_asked(part.ask, today, **part.asked)
            refused = _refused(part.refusal)
        except (UnknownName, Unreadable) as error:
            raise type(error)(f"{name}, part {number}: {error}") from error
        said += understood
        wanted += [Wanted(question, refused) for question in questions]
    return wanted, dict(held.given), held.text, said


def with_reason(wanted: Sequence[Wanted], although_held: str) -> list[Wanted]:
    """Parts, those refused as not held with the reason why what is held is so, where none is
    given.
    """
    return [
        replace(part, refused=replace(part.refused, although_held=although_held.strip()[:WORDS]))
        if part.refused and although_held and not part.refused.although_held
        else part
        for part in wanted
    ]


def _refused(given: Mapping[str, Any]) -> Refused | None:
    """The refusal of a part, where it has one."""
    if not given:
        return None
    cost = None
    if "records" in given or "minutes" in given:
        body = given.get("limit", "other")
        more = float(given.get("hours", 0))
        cost = cost_of(int(given.get("records", 0)), float(given.get("minutes", 0)), body, more)
    fields = ("section", "why", "public_interest", "body", "held_here", "although_held")
    rest = {field: given[field] for field in fields if field in given}
    return refused_for(given["refuse"], cost=cost, **rest)
