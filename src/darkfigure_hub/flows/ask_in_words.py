"""Make questions of what somebody typed: measures by name, or a question in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from darkfigure.basis.errors import UnknownName
from darkfigure.publication import Question
from darkfigure.tables.measures import all_measures
from darkfigure.tables.several_measures import measure_names, questions_from_words
from darkfigure_hub.flows.understand_words import sure_reading


def questions_asked(
    asked: str,
    today: date,
    *,
    by: Iterable[str] | None = None,
    where: Iterable[str] | None = None,
    period: str | None = None,
    unit: str | None = None,
    as_at: str | None = None,
    **more: Any,
) -> tuple[tuple[Question, ...], list[str]]:
    """The questions that a text asks with what is given beside it, and how plain words were
    understood. What is given stands instead of what the words say, but for conditions: those add.

    Raises UnknownName with the readings where the words are not sure, where they ask for a share of
    something else, and as `from_words`.
    """
    given = {"by": by, "where": where, "period": period, "unit": unit, "as_at": as_at, **more}
    found = asked_in_words(asked, today, **given)
    if found.of:
        raise UnknownName(
            f"These words ask for a share of {found.of}, which is worked out from two answers: "
            f"`darkfigure ask` gives it (--of {found.of})."
        )
    if found.top:
        raise UnknownName(
            f"These words ask for the {found.top} largest alone: `darkfigure ask` gives them "
            f"(--top {found.top}). Ask for all."
        )
    return found.questions, found.said


class AskedInWords(NamedTuple):
    """The questions that a text asks, how plain words were understood, of what they ask for a
    share, and of how many rows, the largest.
    """

    questions: tuple[Question, ...]
    said: list[str]
    of: str = ""
    top: int = 0


def asked_in_words(
    asked: str,
    today: date,
    *,
    by: Iterable[str] | None = None,
    where: Iterable[str] | None = None,
    period: str | None = None,
    unit: str | None = None,
    as_at: str | None = None,
    **more: Any,
) -> AskedInWords:
    """The questions that a text asks, as `questions_asked`, with what a share is asked of. Raises
    UnknownName.
    """
    said: list[str] = []
    of, top = "", 0
    if in_plain_words(asked):
        reading, said = sure_reading(asked, today, as_at)
        asked, as_at, of = reading.measure.code, reading.as_at.isoformat(), reading.of
        top = reading.top
        by, where = [*(by or reading.by)], [*(where or []), *reading.conditions()]
        period, unit = period or reading.spoken_period(), unit or reading.unit
    words = {"where": where, "period": period, "unit": unit, "as_at": as_at, **more}
    return AskedInWords(questions_from_words(asked, today, by=by, **words), said, of, top)


def in_plain_words(asked: str) -> bool:
    """Whether what is asked is words: neither a measure's name nor several of them."""
    if len(asked.split()) < 2:
        return False
    known = all_measures()
    names = {*known, *(alias for measure in known.values() for alias in measure.aliases)}
    typed = {name.lower().replace("-", "_").replace(" ", "_") for name in measure_names(asked)}
    return not typed <= names
