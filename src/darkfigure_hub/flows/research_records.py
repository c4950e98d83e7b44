"""Make up records for research from the case records, with a stated guarantee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.disclosure.private import COUNT, Synthetic, check_asked, synthesise
from darkfigure.publication.small_counts import recorded_in
from darkfigure.tables.question import CASES, from_words
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.research_files import Budget

#: A value of which it is not known what it is.
NOT_KNOWN = "?"


def synthetic_of_records(
    scope: Scope,
    measure: str,
    by: Sequence[str],
    today: date,
    *,
    as_at: str = "",
    epsilon: float,
    order: int = 2,
    budget: Budget | None = None,
) -> Synthetic:
    """Made-up records for persons counted from the case records. Raises as a question does."""
    scope.require(Permission.READ_RECORDS)
    question = from_words(measure, today, by=list(by), as_at=as_at or None, evidence=CASES)
    found = answered(scope, question)
    names = [*question.by, *([question.cut] if question.cut else [])]
    rows = [
        {
            **{name: cell.dims.get(name) or NOT_KNOWN for name in names},
            COUNT: int(recorded_in(cell, found.unit)),
        }
        for cell in found.cells
    ]
    if not rows:
        raise Unreadable("Nothing is counted so: there are no records to make others from.")
    with logging(scope):
        if budget:
            check_asked(names, epsilon, order)
            budget.spend(epsilon, f"{measure} by {', '.join(names)}")
        record(scope, "synthetic records made", {"question": question.id, "epsilon": epsilon})
    return synthesise(pl.DataFrame(rows), names, COUNT, epsilon=epsilon, order=order)
