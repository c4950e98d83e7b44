"""Make questions of what somebody typed: measures by name, or a question in plain words."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.problem import told
from darkfigure.codes import nearest
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


#: What may stand beside what is asked, each with `--` before it or `=` after.
_BESIDE = ("by", "where", "period", "unit", "evidence", "rule")


def question_written(text: str, as_at: date) -> Question:
    """The one question that is written in a line, as `darkfigure ask` takes it, as at a day:
    `arrests --by sex --period 2008`, or `arrests by=sex period=2008`, or plain words.

    Raises UnknownName and Unreadable.
    """
    plain, given = _beside(text)
    questions, _ = questions_asked(plain, as_at, as_at=as_at.isoformat(), **given)
    if len(questions) != 1:
        raise Unreadable(f"{told(text)} asks several things. Ask one each time.")
    return questions[0]


def _beside(text: str) -> tuple[str, dict[str, Any]]:
    """What is asked, and what stands beside it."""
    if "--" not in text and "=" not in text:
        return text.strip(), {}
    try:
        parts = shlex.split(text)
    except ValueError:
        raise Unreadable(f"A quotation in {told(text)} is not closed. Close it.") from None
    plain, given = [], dict[str, Any]()
    while parts:
        part = parts.pop(0)
        field, sign, value = part.removeprefix("--").partition("=")
        if not part.startswith("--") and (not sign or field not in _BESIDE):
            plain.append(part)
            continue
        if field not in _BESIDE:
            raise Unreadable(f"{told(part)} is no option here. {nearest(field, _BESIDE)}")
        if not sign and not parts:
            raise Unreadable(f"--{field} is given and empty. Write what it is, or leave it out.")
        value = value if sign else parts.pop(0)
        given.setdefault(field, []).append(value)
    several = ("by", "where")
    if twice := [name for name, held in given.items() if len(held) > 1 and name not in several]:
        raise Unreadable(f"{twice[0]} is said twice in {told(text)}. Say it once.")
    told_once = {name: held if name in several else held[0] for name, held in given.items()}
    return " ".join(plain), told_once


def in_plain_words(asked: str) -> bool:
    """Whether what is asked is words: neither a measure's name nor several of them."""
    if len(asked.split()) < 2:
        return False
    known = all_measures()
    names = {*known, *(alias for measure in known.values() for alias in measure.aliases)}
    typed = {name.lower().replace("-", "_").replace(" ", "_") for name in measure_names(asked)}
    return not typed <= names
