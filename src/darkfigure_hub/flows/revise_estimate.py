"""Revise an estimate: make it anew from a table, say what it replaces and why, and enter it in the
series.
"""

from __future__ import annotations

import json
from hashlib import sha256

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import Period
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.result import Result
from darkfigure.publication.series import RevisionReason, SeriesEntry, latest, published
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.limits import reading
from darkfigure_hub.store.queries import estimates
from darkfigure_hub.store.queries.evidence import StoreEvidence


def estimate_series(scope: Scope) -> list[SeriesEntry]:
    """Published estimates and our own, in order of their statement."""
    scope.require(Permission.READ_FIGURES)
    evidence = StoreEvidence(scope)
    with reading(scope):
        found = published(evidence.rows(evidence.blocks("hidden_victims"), (), None))
    return sorted([*found, *estimates.own_series()], key=lambda each: (each.stated_on, each.id))


def revise_estimate(
    scope: Scope,
    table: CaptureTable,
    result: Result,
    *,
    population: str,
    period: Period,
    definition: str,
    reason: str = "",
    note: str = "",
    settings: dict[str, object],
) -> SeriesEntry:
    """Enter an estimate in the series. Where one of the same population and time is held, a reason
    is needed.

    Raises DarkfigureError for a missing or unknown reason, NotPermitted for who may not enter,
    NoEstimate for a figure that may not be shown.
    """
    scope.require(Permission.ESTIMATE)
    gate.stand(result.known, result.total, result.interval)
    code = codes_for("population").resolve(population)
    before = latest(estimate_series(scope), code, period)
    known = ", ".join(RevisionReason)
    if before is not None and not reason:
        raise DarkfigureError(
            f"{before.id} by {before.stated_by} estimates the same population for "
            f"{before.period.label}: say why it is revised "
            f"with --reason ({known})."
        )
    if reason and reason not in list(RevisionReason):
        raise DarkfigureError(f"{reason!r} is not a reason for a revision. Known are {known}.")
    content = {"lists": list(table.lists), "histories": table.histories()}
    text = json.dumps([content, settings], sort_keys=True)
    entry = SeriesEntry(
        id="",
        population=code,
        definition=definition,
        period=period,
        method=f"{result.method} {result.model}".strip(),
        low=result.interval[0] if result.interval else None,
        point=result.total,
        high=result.interval[1] if result.interval else None,
        known=result.known,
        basis=sha256(text.encode()).hexdigest(),
        stated_on=timezone.localdate(),
        precision="day",
        stated_by=scope.who.partition(":")[2] or scope.who,
        source="estimated here",
        supersedes=before.id if before else "",
        reason=reason if before else "",
        note=note,
    )
    with logging(scope):
        made = estimates.enter(entry, level=result.level, table=content, settings=settings)
        record(
            scope,
            "estimate entered",
            {
                "estimate": made.id,
                "population": code,
                "basis": made.basis,
                "supersedes": made.supersedes,
            },
        )
    return made
