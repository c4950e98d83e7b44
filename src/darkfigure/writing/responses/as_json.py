"""Responses as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from darkfigure.publication.response import Part, Refused, Response
from darkfigure.writing.answers.as_json import answer_data
from darkfigure.writing.documents.head import document
from darkfigure.writing.responses.letter import question_line
from darkfigure.writing.wording import is_synthetic
from darkfigure.writing.words import ENGLISH, Words


def response_data(response: Response, words: Words = ENGLISH) -> dict[str, Any]:
    """A response as it was said: each part with its answer, or why it was refused."""
    return {
        **entry_data(response, words),
        "parts": [_part(part, words) for part in response.parts],
    }


def entry_data(response: Response, words: Words = ENGLISH) -> dict[str, Any]:
    """A line of the register: what a response is about and what became of its parts."""
    return {
        "response": response.reference or None,
        "title": response.title,
        "request": response.request or None,
        "asked_by": str(response.asked_by),
        "form": str(response.form),
        "language": response.language,
        "sent_on": response.sent_on.isoformat(),
        "corrects": response.corrects or None,
        "reason": response.reason or None,
        "corrected_by": response.corrected_by or None,
        **_withdrawal(response),
        "outcomes": {part.letter: str(part.outcome) for part in response.parts},
        "questions": {
            part.letter: question_line(part.answer.question, words) for part in response.parts
        },
    }


def _withdrawal(response: Response) -> dict[str, Any]:
    """From when a response is withdrawn, and why, where it is."""
    gone = response.withdrawn
    return {"withdrawn": {"on": gone.on.isoformat(), "because": gone.because}} if gone else {}


def _part(part: Part, words: Words) -> dict[str, Any]:
    asked = part.answer.question
    return {
        "letter": part.letter,
        "outcome": str(part.outcome),
        "question": {**asked.canonical(), "as_at": asked.as_at.isoformat()},
        "refused": _refused(part.refused) if part.refused else None,
        # what is refused is not given beside the refusal
        "answer": None if part.refused else answer_data(part.answer, words),
    }


def _refused(refused: Refused) -> dict[str, Any]:
    cost = refused.cost
    return {
        "reason": str(refused.reason),
        "section": refused.section or None,
        "why": refused.why or None,
        "public_interest": refused.public_interest or None,
        "body": refused.body or None,
        "held_here": refused.held_here if refused.body else None,
        "cost": cost
        and {
            "records": cost.records,
            "minutes": cost.minutes,
            "more_hours": cost.more_hours,
            "hours": cost.hours,
            "pounds": cost.pounds,
            "limit": cost.limit,
            "limit_hours": cost.limit_hours,
        },
    }


def write_response(response: Response, words: Words = ENGLISH) -> str:
    """A response as JSON."""
    made_up = is_synthetic(*(part.answer for part in response.parts))
    return document("response", response_data(response, words), synthetic=made_up)


def write_register(register: Sequence[Response], words: Words = ENGLISH) -> str:
    """Lines of the register as JSON, with who released each: the register is not public."""
    lines = [
        {**entry_data(response, words), "released_by": response.released_by}
        for response in register
    ]
    made_up = is_synthetic(*(part.answer for each in register for part in each.parts))
    return document("register", {"responses": lines}, synthetic=made_up)
