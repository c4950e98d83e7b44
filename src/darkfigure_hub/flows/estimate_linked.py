"""Estimate how many people there are from lists just linked: over plausible ways of putting their
records together.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

import darkfigure.estimation as mse
from darkfigure.basis.errors import DarkfigureError
from darkfigure.estimation.capture import CaptureTable
from darkfigure.linkage import Draws
from darkfigure.linkage.quality import links_between
from darkfigure.writing.linkage.linkages import Hidden, Report

#: Tables drawn that the estimate rests on: their doubt is known well enough from so many.
TABLES = 25
#: The same of the doubt of sampling, by replicates of each table.
REPLICATES = 80
_ORDER = 2


def estimate_linked(report: Report, draws: Draws | None) -> Hidden:
    """The estimate, or the reason there is none: a linkage is reported all the same."""
    lists = sorted(report.linked.records["list"].unique().to_list())
    if len(lists) < 2:
        return Hidden(
            why=(
                "An estimate needs two lists or more: who is on one list alone says nothing of "
                "who is on none."
            )
        )
    if draws is None or not report.overlaps:
        return Hidden(why="An estimate rests on draws: give --draws 50 or more.")
    tables = capture_tables(report)[:: max(len(report.overlaps) // TABLES, 1)][:TABLES]
    order = min(_ORDER, len(lists) - 1)
    warning = (
        (
            "Two lists: that being on one does not make being on the other likelier or less likely "
            "cannot be checked with them."
        )
        if len(lists) == 2
        else ""
    )
    try:
        found = mse.over_draws(
            tables,
            lambda table: mse.best_estimator(table, order),
            lambda table: mse.best(table, order=order).fit,
            REPLICATES,
        )
    except DarkfigureError as error:
        return Hidden(why=str(error), warning=warning)
    interval = found.intervals[0.95]
    formula = _by_formula(report, draws, lists) if len(lists) == 2 and interval else ""
    why = "" if interval else f"No 95% interval: {found.why[0.95]}."
    return Hidden(found.total, interval, found.shares, found.without, why, warning, formula)


def capture_tables(report: Report) -> list[CaptureTable]:
    """The overlap table of each draw, as estimation takes it."""
    return [CaptureTable(each.lists, each.counts) for each in report.overlaps]


def _by_formula(report: Report, draws: Draws, lists: list[str]) -> str:
    """What the formulas for two lists linked with error say of the records as decided."""
    of = report.linked.records["list"].to_numpy()
    first, second = (np.flatnonzero(of == name) for name in lists)
    links = links_between(report.linked.found.decided, islice(draws.each(), TABLES), first, second)
    whole = f"{links.recall:.1%} of links are found and {links.false:.1%} of other records linked"
    try:
        total = mse.corrected(links.linked, links.first, links.second, links.recall, links.false)
    except DarkfigureError as error:
        return f"By formula (Di Consiglio and Tuoto 2015), as {whole}: {error}"
    return f"By formula (Di Consiglio and Tuoto 2015), as {whole}: {total:,.0f} in all."
