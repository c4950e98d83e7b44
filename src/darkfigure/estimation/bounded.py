"""Tables of which some counts are known only within bounds ("<5", "*"): every way to fill them in,
carried to the interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

import darkfigure.estimation as mse
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import methods
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.gate import NoEstimate
from darkfigure.estimation.result import Result

#: Ways to fill a table in that are all tried; beyond, only those with every count at an end, and
#: the middle.
MOST_WAYS = 256


@dataclass(frozen=True)
class Bounded:
    """The least and the most each history counts, as two tables of the same lists."""

    low: CaptureTable
    high: CaptureTable

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists."""
        return self.low.lists

    def omit(self, *names: str) -> Bounded:
        """Without some lists."""
        return Bounded(self.low.omit(*names), self.high.omit(*names))

    def merge(self, names: Sequence[str], name: str = "") -> Bounded:
        """With some lists taken as one."""
        return Bounded(self.low.merge(names, name), self.high.merge(names, name))

    @property
    def open_cells(self) -> tuple[int, ...]:
        """Histories whose count is not known exactly."""
        return tuple(int(mask) for mask in np.flatnonzero(self.low.counts < self.high.counts))

    def ways(self) -> tuple[list[CaptureTable], bool]:
        """Tables within the bounds, and whether they are all. Raises DarkfigureError where even the
        ends are too many.
        """
        spans = [
            range(int(self.low.counts[cell]), int(self.high.counts[cell]) + 1)
            for cell in self.open_cells
        ]
        number = 1
        for span in spans:
            number *= len(span)
        if number <= MOST_WAYS:
            return list(self._filled(product(*spans))), True
        if 2 ** len(spans) > MOST_WAYS:
            raise DarkfigureError(
                f"{len(spans)} counts are given as bounds, too many to carry through ({number:,} "
                "ways to fill them in). Ask for "
                "the counts, or merge lists so that fewer are bounded."
            )
        ends = product(*((span[0], span[-1]) for span in spans))
        middle = tuple(span[len(span) // 2] for span in spans)
        return list(self._filled([*ends, middle])), False

    def _filled(self, ways: Any) -> Iterator[CaptureTable]:
        for way in ways:
            counts = self.low.counts.copy()
            counts[list(self.open_cells)] = way
            yield CaptureTable(self.lists, counts)


def estimate_bounded(table: Bounded, method: str = "bic", **asked: Any) -> Result:
    """Estimate over every way to fill the bounded counts in: the total of the middle way, limits
    that hold those of all.

    Raises as `single.estimate`, and NoEstimate where no way has an estimate.
    """
    methods.check(methods.find(method), mse.Settings(**asked).given, table.lists, bounds=True)
    ways, every = table.ways()
    found: list[Result] = []
    lost: list[NoEstimate] = []
    for way in ways:
        try:
            found.append(mse.estimate(way, method, **asked))
        except NoEstimate as none:
            lost.append(none)
    if not found:
        raise NoEstimate(
            say("estimates.none.bounds", number=len(ways), first=lost[0].said),
            lost[0].reason,
        )
    found.sort(key=lambda each: each.total)
    middle = found[len(found) // 2]
    known = (min(each.known for each in found), max(each.known for each in found))
    interval, how = _limits(found, lost, len(ways), middle.how)
    if not every:
        interval = None
        how = say("estimates.no_interval.tried", number=len(ways))
    scope = say("estimates.bounds.every") if every else say("estimates.bounds.ends")
    return replace(
        middle,
        interval=interval,
        how=how,
        more=(
            (
                say("estimates.bounds.over") if every else say("estimates.bounds.over_tried"),
                say("estimates.range", low=found[0].total, high=found[-1].total),
            ),
            (
                say("estimates.bounds.known"),
                say("estimates.whole_range", low=known[0], high=known[1]),
            ),
        ),
        remarks=(
            *middle.remarks,
            say(
                "estimates.bounds.remark", cells=len(table.open_cells), scope=scope, ways=len(ways)
            ),
        ),
    )


def _limits(
    found: Sequence[Result], lost: Sequence[NoEstimate], number: int, how: Saying
) -> tuple[tuple[float, float] | None, Saying]:
    if lost:
        return (
            None,
            (say("estimates.no_interval.lost", lost=len(lost), number=number)),
        )
    if any(each.interval is None for each in found):
        none = sum(each.interval is None for each in found)
        return None, say("estimates.no_interval.some", none=none, number=number)
    limits = [each.interval for each in found if each.interval]
    return (
        min(low for low, _ in limits),
        max(high for _, high in limits),
    ), say("estimates.bounds.widest", how=how, number=number)
