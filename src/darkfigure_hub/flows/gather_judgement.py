"""Gather what bears on a question: what is new since a day, where its cells stand, which figures
that judgements cite say something else by now, what was watched for and is met; and say of which
judgement it follows that it may no longer hold. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import polars as pl

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.basis.saying import Saying, figure_said, say, several
from darkfigure.basis.truth import Truth
from darkfigure.intelligence.indicators import Condition
from darkfigure.intelligence.judgements import CitedFigure, Judgement
from darkfigure.intelligence.ledgers import Relation
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.answer import place_of, told_by
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.ask_in_words import question_written
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.judge import judgements_as_at
from darkfigure_hub.flows.measure_coverage import measure_coverage
from darkfigure_hub.store.queries import editions
from darkfigure_hub.store.queries import judgements as store
from darkfigure_hub.store.queries.judgements import NewItem

__all__ = ["Doubt", "Gathered", "MovedFigure", "NewItem", "gather_judgement", "judgements_opened"]


@dataclass(frozen=True)
class MovedFigure:
    """A figure that a judgement cites and that says something else by now: what was said as at the
    day cited and what is said now, and the bridge between, None where there is none.
    """

    judgement: str
    question: str
    as_at: date
    was: Saying
    now: Saying
    bridge: Bridge | None


@dataclass(frozen=True)
class Doubt:
    """Why a judgement may no longer hold."""

    judgement: str
    why: Saying


@dataclass(frozen=True)
class Gathered:
    """What bears on a question or a group of them, from a day to another. `contested` and `lapsed`
    are cells; `withheld` is how many judgements the reader does not see.
    """

    requirement: str
    edition: str
    since: date
    day: date
    items: tuple[NewItem, ...]
    contested: tuple[str, ...]
    lapsed: tuple[str, ...]
    judgements: tuple[str, ...]
    moved: tuple[MovedFigure, ...]
    doubts: tuple[Doubt, ...]
    withheld: int
    synthetic: bool


def gather_judgement(scope: Scope, requirement: str, since: date, day: date) -> Gathered:
    """What bears on a question, or a group of them. Raises UnknownName."""
    scope.require(Permission.READ_JUDGEMENT)
    held, questions = _questions(scope, requirement, day)
    found = measure_coverage(scope, held.edition, day)
    contested, lapsed = (_cells(found.cells, questions, each) for each in ("X", "L"))
    standing, withheld = judgements_as_at(scope, day)
    groups = {held.questions[each].requirement for each in questions}
    asked = {requirement, *questions, *groups}
    bearing = [each for each in standing if asked & set(each.requirements)]
    moved = [one for each in bearing for one in _moved(scope, each, day)]
    first = min([since, *(each.known for each in bearing)])
    known = [
        each for question in questions for each in store.items_since(scope, question, first, day)
    ]
    items = [each for each in known if each.known > since]
    doubts = []
    for judgement in bearing:
        whys = [
            *_of_items(scope, judgement, day),
            *_of_new([each for each in known if each.known > judgement.known]),
            *_of_cells(contested, lapsed),
            *(_of_figure(each, day) for each in moved if each.judgement == judgement.name),
            *_of_watched(scope, judgement, day),
            *_of_horizon(scope, judgement, day),
        ]
        doubts += [Doubt(judgement.name, why) for why in whys]
    names = tuple(each.name for each in bearing)
    with logging(scope):
        record(
            scope, "judgement gathered for", {"requirement": requirement, "judgements": len(names)}
        )
    synthetic = found.synthetic or any(each.synthetic for each in bearing)
    return Gathered(
        requirement, held.edition, since, day, tuple(items), contested, lapsed, names,
        tuple(moved), tuple(doubts), withheld, synthetic,
    )  # fmt: skip


def _questions(scope: Scope, requirement: str, day: date) -> tuple[RequirementSet, list[str]]:
    """The set in force that a code is of, and the questions that it stands for."""
    for held in editions.standing(scope, day):
        if requirement in held.questions:
            return held, [requirement]
        if requirement in held.requirements:
            return held, [
                each.code for each in held.questions.values() if each.requirement == requirement
            ]
    raise UnknownName(
        f"{told(requirement)} is no question of a set in force on {day}. Write the code of one, as "
        "`darkfigure requirements list` lists them."
    )


def _cells(cells: pl.DataFrame, questions: Sequence[str], status: str) -> tuple[str, ...]:
    rows = cells.filter(pl.col("question").is_in(questions) & (pl.col("status") == status))
    return tuple(
        "/".join(row) for row in rows.select("question", "area", "period").iter_rows() if all(row)
    )


def _moved(scope: Scope, judgement: Judgement, day: date) -> Iterator[MovedFigure]:
    for cited in judgement.figures:
        if cited.as_at > day:
            continue
        question = question_written(cited.question, cited.as_at)
        then, now = (answered(scope, replace(question, as_at=at)) for at in (cited.as_at, day))
        if _told(then) != _told(now):
            bridge = _bridge(scope, cited, day)
            yield MovedFigure(
                judgement.name, cited.question, cited.as_at, _said(then), _said(now), bridge
            )


def _bridge(scope: Scope, cited: CitedFigure, day: date) -> Bridge | None:
    """The bridge from the day cited, where the question has one."""
    try:
        return explain_change(scope, question_written(cited.question, day), cited.as_at, day)
    except DarkfigureError:
        return None


def _told(answer: Answer) -> dict[object, object]:
    return {place_of(cell): told_by(cell) for cell in answer.cells}


def _said(answer: Answer) -> Saying:
    """The figures of an answer, one after another."""
    figures = [figure_said(cell.value, cell.low, cell.high) for cell in answer.cells]
    if not figures:
        return say("judgement.no_figure")
    return say("judgement.figures", figures=several(figures, "semicolon"))


def _of_figure(moved: MovedFigure, day: date) -> Saying:
    return say(
        "judgement.doubt.figure_moved",
        question=moved.question, was=moved.was, then=moved.as_at, now=moved.now, day=day,
    )  # fmt: skip


def _of_items(scope: Scope, judgement: Judgement, day: date) -> Iterator[Saying]:
    """What became of the items that it rests on: taken back, graded otherwise."""
    for cited in judgement.items:
        held = store.citable_item(scope, cited.name, day)
        if held is None:
            back = store.is_back(scope, cited.name, day)
            yield say(f"judgement.doubt.item_{'back' if back else 'unseen'}", item=cited.name)
        elif held.grade != cited.grade:
            yield say(
                "judgement.doubt.item_regraded", item=cited.name, was=cited.grade, now=held.grade
            )


def _of_new(items: Sequence[NewItem]) -> Iterator[Saying]:
    for relation in (Relation.REFUTES, Relation.SUPPORTS):
        names = list(dict.fromkeys(each.name for each in items if each.relation == relation))
        if names:
            yield say(
                f"judgement.doubt.new_{relation}", items=several(names, "comma"), count=len(names)
            )


def _of_cells(contested: Sequence[str], lapsed: Sequence[str]) -> Iterator[Saying]:
    if contested:
        cells = several(contested, "comma")
        yield say("judgement.doubt.contested", cells=cells, count=len(contested))
    if lapsed:
        yield say("judgement.doubt.lapsed", cells=several(lapsed, "comma"), count=len(lapsed))


def _of_watched(scope: Scope, judgement: Judgement, day: date) -> Iterator[Saying]:
    """Assumptions that fail and indicators that are met, by their figures; and those of which that
    cannot be told.
    """
    for each in _watched(judgement):
        truth, figure = _met(answered(scope, question_written(each.question, day)), each.condition)
        if truth != Truth.NO:
            yield say(
                f"judgement.doubt.{each.kind}_{'met' if truth == Truth.YES else 'untold'}",
                figure=figure, says=each.says, question=each.question,
                condition=str(each.condition),
            )  # fmt: skip


class _Watched(NamedTuple):
    """What a judgement would have to be looked at anew for: an assumption that fails, an indicator
    that is met.
    """

    kind: str
    says: str
    question: str
    condition: Condition | None


def _watched(judgement: Judgement) -> list[_Watched]:
    assumed = [
        _Watched("assumption", each.says, each.question, each.condition)
        for each in judgement.assumptions
        if each.condition is not None
    ]
    return assumed + [
        _Watched("indicator", each.says, each.question, each.condition)
        for each in judgement.indicators
    ]


def judgements_opened(scope: Scope, day: date) -> list[tuple[Judgement, str]]:
    """The judgements that stand on a day and want to be looked at anew, each with what of it: the
    number of an assumption that fails or an indicator that is met, or its horizon, that is past.
    """
    scope.require(Permission.READ_JUDGEMENT)
    standing, _ = judgements_as_at(scope, day)
    opened = []
    for judgement in standing:
        for number, each in enumerate(_watched(judgement), 1):
            answer = answered(scope, question_written(each.question, day))
            if _met(answer, each.condition)[0] == Truth.YES:
                opened.append((judgement, f"{each.kind} {number}"))
        opened += [(judgement, "horizon") for _ in _of_horizon(scope, judgement, day)]
    return opened


def _met(answer: Answer, condition: Condition | None) -> tuple[Truth, Saying]:
    """Whether the one figure of an answer meets a condition: of several it cannot be told."""
    if condition is None or len(answer.cells) != 1:
        return Truth.NOT_KNOWN, _said(answer)
    (cell,) = answer.cells
    if cell.value is not None:
        return condition.met(cell.value, cell.value), _said(answer)
    return condition.met(cell.low, cell.high), _said(answer)


def _of_horizon(scope: Scope, judgement: Judgement, day: date) -> Iterator[Saying]:
    if judgement.horizon is None or judgement.horizon >= day:
        return
    versions = store.judgements(scope, judgement.code)
    own = next(each for each in versions if each.version == judgement.version)
    if own.event("resolved", day) is None:
        yield say("judgement.doubt.horizon", day=judgement.horizon)
