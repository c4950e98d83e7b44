"""What is held of each measure as known on a day: by what it is broken down, for which days, stated
by whom, and which times are missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from darkfigure.basis.period import BUCKETS, Period, is_one
from darkfigure.basis.spans import fills, stretches
from darkfigure.basis.statement import DIMENSIONS, RECEIVED, Role
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.measures import Measure, all_measures


class Fill(StrEnum):
    """How much of a year is held."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True)
class HeldBreakdown:
    """Figures of a measure in one unit and one breakdown: the days held, as stretches without a
    gap; `lengths` the cuts of time they can be asked by; who stated them; the newest day of a
    statement, or of receipt where none of the newest is `dated`.
    """

    by: tuple[str, ...]
    unit: str
    periods: tuple[Period, ...]
    lengths: tuple[str, ...]
    stated_by: tuple[str, ...]
    newest: date
    documents: int
    dated: bool = True

    def filled(self, year: int) -> Fill:
        """How much of a calendar year is held."""
        whole = Period(date(year, 1, 1), date(year, 12, 31), str(year))
        if fills(self.periods, whole):
            return Fill.WHOLE
        return Fill.PART if any(each.meets(whole) for each in self.periods) else Fill.NONE


@dataclass(frozen=True)
class HeldMeasure:
    """What is held of a measure, the coarsest breakdown first; nothing where `breakdowns` is
    empty. `withheld` counts what the reader may not see.
    """

    measure: Measure
    breakdowns: tuple[HeldBreakdown, ...]
    withheld: int = 0

    @property
    def years(self) -> range:
        """The calendar years from the first to the last day held."""
        days = [
            day.year
            for each in self.breakdowns
            for period in each.periods
            for day in (period.start, period.end)
        ]
        return range(min(days), max(days) + 1) if days else range(0)

    @property
    def span(self) -> str:
        """The years held, from first to last; empty where nothing is."""
        years = self.years
        return (str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}") if years else ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that figures are really broken down by."""
        named = {name for each in self.breakdowns for name in each.by}
        return tuple(name for name in DIMENSIONS if name in named)


class Stated(NamedTuple):
    """One block of figures as far as it says what is held; `document` tells documents apart. Where
    it is not `dated` the day is that of its receipt.
    """

    measure: str
    unit: str
    by: tuple[str, ...]
    period: Period
    stated_by: str
    stated_on: date
    document: Hashable
    dated: bool = True


def held(
    evidence: Evidence, as_at: date, measures: Iterable[Measure] | None = None
) -> list[HeldMeasure]:
    """What is held of each measure as known on a day."""
    wanted = list(all_measures().values() if measures is None else measures)
    stated = (each for measure in wanted for each in stated_in(evidence, as_at, measure))
    return held_of(wanted, stated, {each.code: evidence.withheld(each.code) for each in wanted})


def stated_in(evidence: Evidence, as_at: date, measure: Measure) -> Iterator[Stated]:
    """The blocks of a measure that stand on a day and hold any figure, not reasons alone."""
    standing = [
        block
        for block in evidence.blocks(measure.code)
        if block.stands_on(as_at) and block.role is Role.FIGURE
    ]
    totals = evidence.totals(standing, (), (), as_at, collapse=False) if standing else ()
    filled = {
        number
        for total in totals
        if total.valued or total.lows or total.highs
        for number in total.blocks
    }
    for block in standing:
        if block.id in filled:
            by = tuple(name for name in DIMENSIONS if name in block.shape)
            yield Stated(
                measure.code,
                block.unit,
                by,
                block.period,
                block.stated_by,
                block.stated_on,
                block.document,
                block.precision != RECEIVED,
            )


def held_of(
    measures: Iterable[Measure], stated: Iterable[Stated], withheld: Mapping[str, int]
) -> list[HeldMeasure]:
    """What is held of each measure, of the blocks that state it; `withheld` counts, by measure,
    those that the reader may not see.
    """
    groups: dict[str, dict[tuple[tuple[str, ...], str], list[Stated]]] = defaultdict(dict)
    for each in stated:
        groups[each.measure].setdefault((each.by, each.unit), []).append(each)
    return [
        HeldMeasure(
            measure, tuple(_breakdowns(groups[measure.code])), withheld.get(measure.code, 0)
        )
        for measure in measures
    ]


def _breakdowns(
    groups: Mapping[tuple[tuple[str, ...], str], Sequence[Stated]],
) -> list[HeldBreakdown]:
    found = [_breakdown(by, unit, stated) for (by, unit), stated in groups.items()]
    return sorted(found, key=lambda each: (len(each.by), each.by, each.unit))


def _breakdown(by: tuple[str, ...], unit: str, stated: Sequence[Stated]) -> HeldBreakdown:
    periods = {each.period for each in stated}
    newest = max((each.stated_on, each.dated) for each in stated)
    return HeldBreakdown(
        by,
        unit,
        tuple(stretches(periods)),
        _lengths(periods),
        tuple(sorted({each.stated_by for each in stated})),
        newest[0],
        len({each.document for each in stated}),
        newest[1],
    )


def _lengths(periods: Iterable[Period]) -> tuple[str, ...]:
    """The cuts of time that any of these periods is one of."""
    return tuple(cut for cut in BUCKETS if any(is_one(each, cut) for each in periods))
