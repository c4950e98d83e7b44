"""Measure requirement coverage: where each cell stands as at a day, what changed since an earlier
edition, what a cell opens to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import polars as pl

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import Period, month
from darkfigure.basis.permission import Permission
from darkfigure.codes.following import follows_lists
from darkfigure.intelligence.cells import CellSet, cells_of
from darkfigure.intelligence.coverage import Coverage, coverage, coverage_by_day
from darkfigure.intelligence.coverage_change import CoverageChange, coverage_change
from darkfigure.intelligence.ledgers import Ledgers
from darkfigure_hub.access import record
from darkfigure_hub.flows.set_requirements import earlier, lineage, requirement_set
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries import ledger_rows
from darkfigure_hub.store.queries.opened_cells import rows_by_cell


def measure_coverage(scope: Scope, edition: str, at: date, known: date | None = None) -> Coverage:
    """Coverage of an edition as at a day. What a reader may not see shows as withheld in every cell
    it touches.
    """
    scope.require(Permission.READ_COVERAGE)
    held = requirement_set(scope, edition)
    cellset, editions = cells_of(held, earlier(scope, held)), lineage(scope, held)
    seen = _seen_by(scope, cellset, editions)
    found = _worked_out(cellset, ledger_rows.ledgers(scope, editions), at, known, seen)
    record(scope, "coverage measured", {"edition": held.edition, "as_at": at.isoformat()})
    return found


def measure_months(scope: Scope, edition: str, until: date) -> tuple[Coverage, ...]:
    """Coverage of an edition at the end of each month of it that has ended, and on the day `until`,
    each as known then.
    """
    scope.require(Permission.READ_COVERAGE)
    held = requirement_set(scope, edition)
    cellset, editions = cells_of(held, earlier(scope, held)), lineage(scope, held)
    ended = [day for day in _ends_of_months(held.valid) if day < until]
    seen = _seen_by(scope, cellset, editions)
    series = _by_day(cellset, ledger_rows.ledgers(scope, editions), (*ended, until), seen)
    record(scope, "coverage measured", {"edition": held.edition, "until": until.isoformat()})
    return series


def _ends_of_months(valid: Period) -> Iterator[date]:
    """The last day of each month of a period, and of the period."""
    day = valid.start
    while day <= valid.end:
        end = month(day.year, day.month).end
        yield min(end, valid.end)
        day = end + timedelta(days=1)


class _Seen(NamedTuple):
    """Whether made-up reports are among what a reader sees, and the cells that rest on what they do
    not see.
    """

    synthetic: bool
    withheld: tuple[int, ...]

    def of(self, found: Coverage) -> Coverage:
        marked = replace(found, synthetic=self.synthetic)
        return marked.withheld_from(self.withheld) if self.withheld else marked


def _seen_by(scope: Scope, cellset: CellSet, editions: Sequence[str]) -> _Seen:
    synthetic, hidden = store.holds_synthetic(scope, editions), ledger_rows.withheld_places(scope)
    if hidden.is_empty():
        return _Seen(synthetic, ())
    keys = cellset.reads.join(cellset.cells.select("cell", "area", "period"), on="cell")
    touched = keys.join(hidden, on=["question", "area", "period"], how="semi")["cell"].unique()
    return _Seen(synthetic, tuple(touched.sort().to_list()))


@follows_lists(maxsize=8)
def _worked_out(
    cellset: CellSet, held: Ledgers, at: date, known: date | None, seen: _Seen
) -> Coverage:
    """Coverage, once for the same ledgers: a reader who may see other rows has others."""
    return seen.of(coverage(cellset, held, at, known=known))


@follows_lists(maxsize=8)
def _by_day(
    cellset: CellSet, held: Ledgers, days: tuple[date, ...], seen: _Seen
) -> tuple[Coverage, ...]:
    """The same for a row of days."""
    return tuple(map(seen.of, coverage_by_day(cellset, held, days)))


def compare_coverage(
    scope: Scope, earlier: str, then: date, edition: str, at: date
) -> CoverageChange:
    """The way from an earlier edition's coverage, as published on its day, to this one's."""
    scope.require(Permission.READ_COVERAGE)
    published = measure_coverage(scope, earlier, then)
    revised = measure_coverage(scope, earlier, then, known=at)
    return coverage_change(published, revised, measure_coverage(scope, edition, at))


def open_cell(scope: Scope, edition: str, name: str, at: date) -> dict[str, Any]:
    """A cell QUESTION/AREA/PERIOD with its status, and the asks, replies, items, graders and
    answers it stands on.

    Raises UnknownName.
    """
    scope.require(Permission.READ_ASKS)
    question, area, period = ([*name.split("/", 2), "", ""])[:3]
    found = measure_coverage(scope, edition, at)
    mine = (
        (pl.col("question") == question) & (pl.col("area") == area) & (pl.col("period") == period)
    )
    rows = found.cells.filter(mine)
    if rows.is_empty():
        raise UnknownName(
            f"{name!r} is no cell of {found.edition}. Write QUESTION/AREA/PERIOD, as "
            "HT.6.4/Kent/2026 Q2."
        )
    record(scope, "cell opened", {"cell": name})
    nothing: dict[str, Any] = {"asks": [], "replies": [], "items": [], "answers": []}
    editions = lineage(scope, requirement_set(scope, edition))
    opened = rows_by_cell(scope, editions, (question, area, period)).get(name, nothing)
    return {"cell": rows.row(0, named=True), **opened}


def open_cells(scope: Scope, edition: str) -> dict[str, dict[str, Any]]:
    """Every cell of an edition that was asked about or reported on, with what it stands on."""
    scope.require(Permission.READ_ASKS)
    found = rows_by_cell(scope, lineage(scope, requirement_set(scope, edition)))
    record(scope, "cells opened", {"edition": edition, "cells": len(found)})
    return found
