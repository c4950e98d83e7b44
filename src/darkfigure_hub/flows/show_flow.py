"""Show the flow of persons from recovery and arrest to sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.tables.flow import Flow, flow
from darkfigure.tables.question import Condition
from darkfigure_hub.access import record
from darkfigure_hub.store.limits import reading
from darkfigure_hub.store.queries.case_records import StoreRecords


def show_flow(scope: Scope, as_at: date, where: Sequence[Condition]) -> Flow:
    """The flow as known on a day, kept to some operation, area or the like."""
    scope.require(Permission.READ_FIGURES)
    with reading(scope):
        found = flow(StoreRecords(scope), as_at, where)
    record(
        scope,
        "flow shown",
        {"as_at": as_at.isoformat(), "where": [str(condition) for condition in where]},
    )
    return found
