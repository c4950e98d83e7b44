"""The one gate: no total and no interval is shown that has not passed here.

A total must exist (a positive table has the same overlaps: Fienberg and Rinaldo 2012, by linear
programme), be identifiable, be finite, count no fewer than are known and no more than there are
people. An interval must be finite, hold its total and never reach below the known. What does not
pass is refused with its reason and the terms at minus infinity, or shown with no interval and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

import numpy as np

from darkfigure.basis.errors import DarkfigureError
from darkfigure.estimation.capture import OVERLAP_LACKING, CaptureTable, Counts

#: More persons than live (8.2 thousand million in 2025; UN World Population Prospects 2024) are no
#: estimate of some of them.
MOST_PERSONS = 1e10
#: What rounding may move a limit by, as a share of it.
ROUNDING = 1e-9


class Reason(StrEnum):
    """Why there is no estimate."""

    NOBODY = "nobody on any list"
    NO_OVERLAP = "nobody on two lists"
    EVERYBODY = "everybody on every list"
    NOT_EXISTING = "no estimate exists"
    NOT_IDENTIFIABLE = "not identifiable"
    BOUNDARY = "the fit runs to a boundary"
    NOT_FINITE = "not finite"
    NOT_MIXED = "the chains do not agree"
    COPIES = "two lists hold the same people"
    BELOW_KNOWN = "below the known number"
    BEYOND_PEOPLE = "more than all people"
    NO_REPLICATES = "no replicate has an estimate"
    NO_STRATUM = "a stratum has no estimate"
    NOT_FOR_THIS = "not for such a table"


class NoEstimate(DarkfigureError):
    """There is no estimate to show; the text says why, `reason` names the check, `infinite` the
    terms at minus infinity.
    """

    def __init__(
        self, text: str, reason: Reason = Reason.NOT_EXISTING, infinite: Sequence[str] = ()
    ) -> None:
        self.reason, self.infinite = reason, tuple(infinite)
        tail = f" Terms at minus infinity: {', '.join(infinite)}." if infinite else ""
        super().__init__(text + tail)


@dataclass(frozen=True)
class Figure:
    """A total that passed, with its interval (low, high) or None and `why` there is none."""

    known: int
    total: float
    interval: tuple[float, float] | None
    why: str = ""


def look(table: CaptureTable) -> None:
    """Refuse a table of which no method could say anything. Raises NoEstimate, in plain words."""
    counts = table.counts
    on = np.array([mask.bit_count() for mask in range(len(counts))])
    somebody(table)
    if not counts[on > 1].sum():
        raise NoEstimate(OVERLAP_LACKING, Reason.NO_OVERLAP)
    if counts[-1] == counts.sum():
        raise NoEstimate(
            f"Everybody ({table.known:,} person{'' if table.known == 1 else 's'}) is on every "
            "list: nothing in the table speaks of "
            "persons who were missed, and no estimate exists. Check that these are lists of "
            "different agencies, not copies of one.",
            Reason.EVERYBODY,
        )
    copies(table)


def copies(table: CaptureTable) -> None:
    """Refuse a table of which two lists hold the same people: they are one list, counted twice.
    Raises NoEstimate.
    """
    masks = np.arange(len(table.counts))
    for one in range(table.size):
        for other in range(one + 1, table.size):
            apart = ((masks >> one) & 1) != ((masks >> other) & 1)
            shared = ((masks >> one) & (masks >> other) & 1) == 1
            if not table.counts[apart].sum() and table.counts[shared].sum():
                pair = f"{table.lists[one]} and {table.lists[other]}"
                raise NoEstimate(
                    f"{pair} hold the same people: nobody is on one of them alone. Copies of one "
                    "list say nothing of who is on "
                    "none; take them as one, with --merge "
                    f"{table.lists[one]},{table.lists[other]}.",
                    Reason.COPIES,
                )


def somebody(table: CaptureTable) -> None:
    """Refuse a table of nobody. Raises NoEstimate."""
    if not table.counts.sum():
        raise NoEstimate("Nobody is on any list: there is nothing to estimate from.", Reason.NOBODY)


def total(known: int, value: float | None, what: str = "The estimate") -> float:
    """The total, if it may be shown. Raises NoEstimate."""
    if value is None or not isfinite(value):
        raise NoEstimate(
            f"{what} is not finite: the table does not bound how many are hidden.",
            Reason.NOT_FINITE,
        )
    if value > MOST_PERSONS:
        raise NoEstimate(
            (
                f"{what} exceeds {MOST_PERSONS:,.0f}, more than there are people: the overlaps are "
                "too few to bound the hidden number."
            ),
            Reason.BEYOND_PEOPLE,
        )
    if value < known - ROUNDING * max(known, 1):
        raise NoEstimate(f"{what} falls below the {known:,} persons known.", Reason.BELOW_KNOWN)
    return max(float(value), float(known))


def limits(
    known: int, value: float, low: float | None, high: float | None
) -> tuple[tuple[float, float] | None, str]:
    """The interval of a total that passed, or None and why."""
    if low is None or high is None:
        return None, "the method gives no limits"
    if not (isfinite(low) and isfinite(high)) or high > MOST_PERSONS:
        return (
            None,
            "the table sets no upper limit"
            if not high < MOST_PERSONS
            else "the limits are not finite",
        )
    if low < known - ROUNDING * max(known, 1):
        return None, f"its lower limit falls below the {known:,} known"
    slack = ROUNDING * max(value, 1.0)
    if not low - slack <= value <= high + slack:
        return None, "the limits do not hold the estimate"
    if high - low <= slack:
        return None, "both limits fall on the estimate, which is no measure of doubt"
    return (min(max(float(low), float(known)), value), max(float(high), value)), ""


def figure(
    known: int,
    value: float | None,
    low: float | None,
    high: float | None,
    why: str = "",
    what: str = "The estimate",
) -> Figure:
    """A total and its interval through the gate. `why` is said where no limits are given. Raises
    NoEstimate.
    """
    held = total(known, value, what)
    interval, reason = limits(known, held, low, high)
    return Figure(known, held, interval, "" if interval else (why or reason))


def stand(known: int, value: float, interval: tuple[float, float] | None) -> None:
    """Whether a figure made elsewhere may stand; values that hold figures call it when they are
    made. Raises NoEstimate.
    """
    total(known, value)
    if interval is not None:
        held, why = limits(known, value, *interval)
        if held is None:
            raise NoEstimate(
                f"An interval was made that may not be shown: {why}.", Reason.NOT_FINITE
            )


def replicate_totals(
    persons: Counts, hidden: Counts, passed: np.ndarray[Any, np.dtype[np.bool_]]
) -> Counts:
    """Totals of replicates, by those that passed the checks of their fit; not a number where there
    is no estimate.
    """
    totals = persons + hidden
    fine = passed & np.isfinite(totals) & (hidden >= 0) & (totals <= MOST_PERSONS)
    return np.where(fine, totals, np.nan)
