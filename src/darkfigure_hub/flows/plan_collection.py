"""Plan collection: which asks to press next, by what they would gain in evidence for their cost."""

from __future__ import annotations

from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.planning import Candidate, Planned, plan
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure_hub.flows.measure_coverage import measure_coverage
from darkfigure_hub.flows.set_requirements import asks_due, requirement_set


def propose_asks(
    scope: Scope, edition: str, day: date, budget: float
) -> tuple[RequirementSet, list[Planned]]:
    """The next asks by priority-weighted gain for their cost, from cells with a live ask not yet
    answered by evidence.
    """
    scope.require(Permission.READ_ASKS)
    held = requirement_set(scope, edition)
    found = measure_coverage(scope, held.edition, day)
    place = {
        (row["question"], row["area"], row["period"]): row
        for row in found.cells.iter_rows(named=True)
    }
    candidates = [
        Candidate(row["cell"], agency, row["weight"], row["e_for"] or 0.0, 1.0, 0.5)
        for _, agency, question, area, period, _ in asks_due(scope, held.edition, day)
        if (row := place.get((question, area, period)))
        and row["status"] in ("N0", "N1", "N2", "N3", "L")
    ]
    return held, plan(candidates, budget)
