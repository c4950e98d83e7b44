"""Estimate how many people there are from lists just linked: over plausible ways of putting their
records together.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

import darkfigure.estimation as mse
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import Saying, say
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
        return Hidden(why=(say("linkage.hidden.one_list")))
    if draws is None or not report.overlaps:
        return Hidden(why=say("linkage.hidden.no_draws"))
    tables = capture_tables(report)[:: max(len(report.overlaps) // TABLES, 1)][:TABLES]
    order = min(_ORDER, len(lists) - 1)
    warning = (say("linkage.hidden.two_lists")) if len(lists) == 2 else None
    try:
        found = mse.over_draws(
            tables,
            lambda table: mse.best_estimator(table, order),
            lambda table: mse.best(table, order=order).fit,
            REPLICATES,
        )
    except DarkfigureError as error:
        return Hidden(why=error.said, warning=warning)
    interval = found.intervals[0.95]
    formula = _by_formula(report, draws, lists) if len(lists) == 2 and interval else None
    why = None if interval else say("linkage.hidden.no_interval", why=found.why[0.95])
    return Hidden(found.total, interval, found.shares, found.without, why, warning, formula)


def capture_tables(report: Report) -> list[CaptureTable]:
    """The overlap table of each draw, as estimation takes it."""
    return [CaptureTable(each.lists, each.counts) for each in report.overlaps]


def _by_formula(report: Report, draws: Draws, lists: list[str]) -> Saying:
    """What the formulas for two lists linked with error say of the records as decided."""
    of = report.linked.records["list"].to_numpy()
    first, second = (np.flatnonzero(of == name) for name in lists)
    links = links_between(report.linked.found.decided, islice(draws.each(), TABLES), first, second)
    whole = say("linkage.hidden.links", recall=links.recall, false=links.false)
    try:
        total = mse.corrected(links.linked, links.first, links.second, links.recall, links.false)
    except DarkfigureError as error:
        return say("linkage.hidden.formula_none", whole=whole, why=error.said)
    return say("linkage.hidden.formula", whole=whole, total=total)
