"""Settle a cell: accept an answer to it, or close it without one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.intelligence.cells import periods_of
from darkfigure.intelligence.planning import bits_missing
from darkfigure.intelligence.requirement_sets import AnswerKind, Question, RequirementSet
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.store.queries import estimates
from darkfigure_hub.store.queries import intelligence as store


def accept_answer(
    scope: Scope,
    edition: str,
    place: tuple[str, str, str],
    *,
    stated_by: str,
    confidence: str,
    on: date,
    lapses_on: date | None,
    low: float | None = None,
    high: float | None = None,
    rests_on: tuple[str, ...] = (),
) -> str:
    """Accept an analyst's answer to a cell; who accepts is another than who stated it.

    Raises NotPermitted, UnknownName for the cell, DarkfigureError for an interval that is none or
    wider than asked, or a confidence not known.
    """
    scope.require(Permission.SETTLE_CELL)
    question = _question_of(requirement_set(scope, edition), place)
    if stated_by == scope.who:
        raise NotPermitted("An answer is accepted by somebody other than who stated it.")
    if confidence not in ("high", "moderate", "low"):
        raise DarkfigureError(
            f"{confidence!r} is not an analytical confidence: high, moderate or low."
        )
    if (low is None) != (high is None) or (
        low is not None and high is not None and not 0 < low <= high
    ):
        raise DarkfigureError("An interval has a lower and an upper bound, both above nought.")
    if (
        question.ratio
        and low
        and high
        and (missing := bits_missing((low, high), question.ratio)) > 0
    ):
        raise DarkfigureError(
            f"{question.code} asks for an interval whose upper bound is at most "
            f"{question.ratio:g} times the lower; {low:,.0f} to "
            f"{high:,.0f} is {missing:.2f} bits too wide. It narrows the gap and does not close it."
        )
    _answer_stands(scope, question, place, low, rests_on, on, lapses_on)
    with logging(scope):
        made = store.enter_answer(
            question=question.code,
            area=place[1],
            period=place[2],
            low=low,
            high=high,
            rests_on=list(rests_on),
            confidence=confidence,
            stated_by=stated_by,
            accepted_by=scope.who,
            accepted_on=on,
            lapses_on=lapses_on,
            known_from=on,
        )
        record(
            scope,
            "answer accepted",
            {"question": question.code, "area": place[1], "period": place[2]},
        )
    return made


def _question_of(held: RequirementSet, place: tuple[str, str, str]) -> Question:
    """The question of a cell. Raises UnknownName where its area or period is none of the
    question's.
    """
    question = held.question(place[0])
    if place[1] not in question.areas:
        raise UnknownName(f"{place[1]!r} is not an area that {question.code} is asked for.")
    periods = [each.label for each in periods_of(held.valid, question.cut)]
    if place[2] not in periods:
        raise UnknownName(f"{place[2]!r} is not a period of {question.code}: {', '.join(periods)}.")
    return question


def _answer_stands(
    scope: Scope,
    question: Question,
    place: tuple[str, str, str],
    low: float | None,
    rests_on: Sequence[str],
    on: date,
    lapses_on: date | None,
) -> None:
    """Raises where an answer says nothing, lapses before it is accepted, or rests on what is not
    held or says nothing of the cell.
    """
    if question.answer is AnswerKind.QUANTITY and low is None:
        raise DarkfigureError(
            f"{question.code} asks for a quantity: give its lower and upper bound with --low and "
            "--high."
        )
    if lapses_on and lapses_on <= on:
        raise DarkfigureError(f"An answer accepted on {on} cannot lapse on {lapses_on}.")
    for name in rests_on:
        if re.fullmatch(r"E\d{1,9}", name) and estimates.held(int(name[1:])):
            continue
        item = store.item_named(scope, name, on)
        if item is None:
            raise UnknownName(
                f"{told(name)} is no item held on {on} and no estimate of the series. Items are "
                "named AGENCY REPORT/NUMBER, estimates E1."
            )
        if (question.code, *place[1:]) not in [link[1:] for link in item.links]:
            raise DarkfigureError(
                f"{name} says nothing of {question.code}/{place[1]}/{place[2]}: link it to the "
                "cell in a report, or rest the answer on another."
            )


def close_without_answer(
    scope: Scope, edition: str, place: tuple[str, str, str], why: str, on: date
) -> str:
    """Close a cell that will not be answered; gives the closure's reference. Raises DarkfigureError
    for a ground not known.
    """
    scope.require(Permission.SETTLE_CELL)
    question = _question_of(requirement_set(scope, edition), place)
    if why not in ("withdrawn", "unanswerable", "unlawful"):
        raise DarkfigureError(
            f"{why!r} is no ground to close a cell: withdrawn, unanswerable or unlawful."
        )
    with logging(scope):
        made = store.close_cell(question.code, place[1], place[2], why, scope.who, on)
        record(
            scope,
            "cell closed",
            {"question": question.code, "area": place[1], "period": place[2], "why": why},
        )
    return made
