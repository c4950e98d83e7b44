"""Make questions of what somebody typed: measures by name, or a question in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

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

    Raises UnknownName with the readings where the words are not sure, and as `from_words`.
    """
    said: list[str] = []
    if in_plain_words(asked):
        reading, said = sure_reading(asked, today, as_at)
        asked, as_at = reading.measure.code, reading.as_at.isoformat()
        by, where = [*(by or reading.by)], [*(where or []), *reading.conditions()]
        period, unit = period or reading.spoken_period(), unit or reading.unit
    words = {"where": where, "period": period, "unit": unit, "as_at": as_at, **more}
    return questions_from_words(asked, today, by=by, **words), said


def in_plain_words(asked: str) -> bool:
    """Whether what is asked is words: neither a measure's name nor several of them."""
    if len(asked.split()) < 2:
        return False
    known = all_measures()
    names = {*known, *(alias for measure in known.values() for alias in measure.aliases)}
    typed = {name.lower().replace("-", "_").replace(" ", "_") for name in measure_names(asked)}
    return not typed <= names
