"""Explain a change: how a figure came from one day to another, by reason."""

from __future__ import annotations

from datetime import date

from darkfigure import publication
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Bridge, Question, bridge
from darkfigure.tables.question import CASES
from darkfigure_hub.access import record
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.store import queries
from darkfigure_hub.store.limits import CELLS, at_most, reading
from darkfigure_hub.store.queries.evidence import StoreEvidence


def explain_change(scope: Scope, question: Question, start: date, end: date) -> Bridge:
    """The bridge of a question between two days. Raises Unreadable where they are in the wrong
    order.
    """
    scope.require(Permission.READ_FIGURES)
    if end < start:
        raise Unreadable(f"A bridge runs forward: {start} comes after {end}.")
    with reading(scope):
        found = (
            publication.bridge_from_cases(
                question, start, end, queries.case_records.StoreRecords(scope)
            )
            if question.evidence == CASES
            else bridge(question, start, end, StoreEvidence(scope))
        )
    for answered in (found.at_start, found.at_end):
        at_most(scope, answered.cells, CELLS)
    for answered in (found.at_start, found.at_end):
        keep_answer(scope, answered)
    record(
        scope,
        "change explained",
        {"measure": question.measure.code, "from": start.isoformat(), "to": end.isoformat()},
    )
    return found
