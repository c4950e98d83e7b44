"""Ask a snapshot: answers, bridges and flows from its files, without the repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from darkfigure.basis.period import Period
from darkfigure.estimation.capture import CaptureTable, from_lists
from darkfigure.evidence.snapshots import Snapshot, answerable, open_snapshot
from darkfigure.intelligence.requirement_sets import in_force
from darkfigure.intelligence.requirements import Needs
from darkfigure.publication import (
    Answer,
    Bridge,
    Question,
    answer,
    answer_from_cases,
    bridge,
    bridge_from_cases,
)
from darkfigure.tables.capture_lists import lists_of_victims
from darkfigure.tables.flow import Flow, flow
from darkfigure.tables.question import CASES, Condition, any_condition

__all__ = [
    "answer_from_snapshot",
    "bridge_from_snapshot",
    "capture_from_snapshot",
    "flow_from_snapshot",
    "open_snapshot",
]


def answer_from_snapshot(snapshot: Snapshot, question: Question) -> Answer:
    """The answer to a question, as the repository would have given it. Raises DarkfigureError for a
    later day.
    """
    answerable(snapshot, question.as_at)
    needs = Needs(lambda: in_force(snapshot.sets(), timezone.localdate()))
    if question.evidence == CASES:
        return answer_from_cases(question, snapshot.records, needs)
    return answer(question, snapshot.evidence, needs)


def bridge_from_snapshot(snapshot: Snapshot, question: Question, start: date, end: date) -> Bridge:
    """The bridge of a question between two days."""
    for day in (start, end):
        answerable(snapshot, day)
    if question.evidence == CASES:
        return bridge_from_cases(question, start, end, snapshot.records)
    return bridge(question, start, end, snapshot.evidence)


def flow_from_snapshot(snapshot: Snapshot, as_at: date, where: Sequence[Condition]) -> Flow:
    """The flow of persons as known on a day."""
    answerable(snapshot, as_at)
    return flow(snapshot.records, as_at, where)


def capture_from_snapshot(
    snapshot: Snapshot, as_at: date, by: str, where: Sequence[str], period: Period | None
) -> CaptureTable:
    """A capture table of victims by list, for estimation. Raises DarkfigureError where lists do not
    overlap.
    """
    answerable(snapshot, as_at)
    conditions = [any_condition(text) for text in where]
    return from_lists(
        lists_of_victims(snapshot.records, as_at, by, where=conditions, period=period)
    )
