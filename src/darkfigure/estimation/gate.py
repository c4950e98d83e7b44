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
from darkfigure.basis.saying import Saying, say, several
from darkfigure.estimation.capture import OVERLAP_LACKING, CaptureTable, Counts

#: More persons than live (8.2 thousand million in 2025; UN World Population Prospects 2024) are no
#: estimate of some of them.
MOST_PERSONS = 1e10
#: What rounding may move a limit by, as a share of it.
ROUNDING = 1e-9
THE_ESTIMATE = say("estimates.what.estimate")


class Reason(StrEnum):
    """Why there is no estimate."""

    NOBODY = "nobody"
    NO_OVERLAP = "no_overlap"
    EVERYBODY = "everybody"
    NOT_EXISTING = "not_existing"
    NOT_IDENTIFIABLE = "not_identifiable"
    BOUNDARY = "boundary"
    NOT_FINITE = "not_finite"
    NOT_MIXED = "not_mixed"
    COPIES = "copies"
    BELOW_KNOWN = "below_known"
    BEYOND_PEOPLE = "beyond_people"
    NO_REPLICATES = "no_replicates"
    NO_STRATUM = "no_stratum"
    NOT_FOR_THIS = "not_for_this"


class NoEstimate(DarkfigureError):
    """There is no estimate to show; `said` says why, `reason` names the check, `infinite` the terms
    at minus infinity.
    """

    def __init__(
        self, text: Saying, reason: Reason = Reason.NOT_EXISTING, infinite: Sequence[str] = ()
    ) -> None:
        self.text, self.reason, self.infinite = text, reason, tuple(infinite)
        super().__init__(text, reason, self.infinite)

    @property
    def said(self) -> Saying:
        """Why, with the terms at minus infinity where there are any."""
        if not self.infinite:
            return self.text
        terms = several(self.infinite, "comma")
        return say("estimates.none.infinite", text=self.text, terms=terms)

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True)
class Figure:
    """A total that passed, with its interval (low, high) or None and `why` there is none."""

    known: int
    total: float
    interval: tuple[float, float] | None
    why: Saying | None = None


def look(table: CaptureTable) -> None:
    """Refuse a table of which no method could say anything. Raises NoEstimate, in plain words."""
    counts = table.counts
    on = np.array([mask.bit_count() for mask in range(len(counts))])
    somebody(table)
    if not counts[on > 1].sum():
        raise NoEstimate(OVERLAP_LACKING, Reason.NO_OVERLAP)
    if counts[-1] == counts.sum():
        raise NoEstimate(
            say("estimates.none.everybody", count=table.known),
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
                raise NoEstimate(
                    say(
                        "estimates.none.same_people", one=table.lists[one], other=table.lists[other]
                    ),
                    Reason.COPIES,
                )


def somebody(table: CaptureTable) -> None:
    """Refuse a table of nobody. Raises NoEstimate."""
    if not table.counts.sum():
        raise NoEstimate(say("estimates.none.nobody"), Reason.NOBODY)


def total(known: int, value: float | None, what: Saying = THE_ESTIMATE) -> float:
    """The total, if it may be shown. Raises NoEstimate."""
    if value is None or not isfinite(value):
        raise NoEstimate(
            say("estimates.none.not_finite", what=what),
            Reason.NOT_FINITE,
        )
    if value > MOST_PERSONS:
        raise NoEstimate(
            (say("estimates.none.beyond_people", what=what, most=MOST_PERSONS)),
            Reason.BEYOND_PEOPLE,
        )
    if value < known - ROUNDING * max(known, 1):
        raise NoEstimate(
            say("estimates.none.below_known", what=what, known=known), Reason.BELOW_KNOWN
        )
    return max(float(value), float(known))


def limits(
    known: int, value: float, low: float | None, high: float | None
) -> tuple[tuple[float, float] | None, Saying | None]:
    """The interval of a total that passed, or None and why."""
    if low is None or high is None:
        return None, say("estimates.why.no_limits")
    if not (isfinite(low) and isfinite(high)) or high > MOST_PERSONS:
        return (
            None,
            say("estimates.why.no_upper")
            if not high < MOST_PERSONS
            else say("estimates.why.not_finite"),
        )
    if low < known - ROUNDING * max(known, 1):
        return None, say("estimates.why.below_known", known=known)
    slack = ROUNDING * max(value, 1.0)
    if not low - slack <= value <= high + slack:
        return None, say("estimates.why.not_holding")
    if high - low <= slack:
        return None, say("estimates.why.no_width")
    return (min(max(float(low), float(known)), value), max(float(high), value)), None


def figure(
    known: int,
    value: float | None,
    low: float | None,
    high: float | None,
    why: Saying | None = None,
    what: Saying = THE_ESTIMATE,
) -> Figure:
    """A total and its interval through the gate. `why` is said where no limits are given. Raises
    NoEstimate.
    """
    held = total(known, value, what)
    interval, reason = limits(known, held, low, high)
    return Figure(known, held, interval, None if interval else (why or reason))


def stand(known: int, value: float, interval: tuple[float, float] | None) -> None:
    """Whether a figure made elsewhere may stand; values that hold figures call it when they are
    made. Raises NoEstimate.
    """
    total(known, value)
    if interval is not None:
        held, why = limits(known, value, *interval)
        if held is None:
            raise NoEstimate(say("estimates.none.interval", why=why), Reason.NOT_FINITE)


def replicate_totals(
    persons: Counts, hidden: Counts, passed: np.ndarray[Any, np.dtype[np.bool_]]
) -> Counts:
    """Totals of replicates, by those that passed the checks of their fit; not a number where there
    is no estimate.
    """
    totals = persons + hidden
    fine = passed & np.isfinite(totals) & (hidden >= 0) & (totals <= MOST_PERSONS)
    return np.where(fine, totals, np.nan)
