"""Estimates by stratum that add up, and estimates over several plausible tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.saying import Saying, say, several
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.loglinear import Fit
from darkfigure.estimation.resampling import (
    LEVELS,
    Bootstrap,
    Estimator,
    Interval,
    failed_in_words,
    fixed_estimator,
    influence,
    point_of,
    quantile,
    replicates,
    summed_up,
)
from darkfigure.estimation.result import told

Choose = Callable[[CaptureTable], Estimator]


@dataclass(frozen=True)
class Stratum:
    """One stratum, or all of them: known, total and intervals by level (None where there is none,
    `words` say why).

    Of the replicates `without` had no estimate.
    """

    name: str
    known: int
    total: float
    intervals: dict[float, Interval]
    without: int = 0
    words: Saying | None = None

    def __post_init__(self) -> None:
        for interval in self.intervals.values():
            gate.stand(self.known, self.total, interval)


@dataclass(frozen=True)
class Stratified:
    """Strata whose totals add up to that of `all`; its BCa intervals come from the sums of
    replicates, stratum by stratum.

    `failed` names the strata without an estimate, with the reason; where there is one, `all` is
    None: a total without them would count part of the population.
    """

    strata: tuple[Stratum, ...]
    all: Stratum | None
    failed: tuple[tuple[str, Saying], ...] = ()
    replicates: int = 0


def stratified(
    tables: Mapping[str, CaptureTable],
    choose: Choose,
    number: int = 1000,
    seed: int = 1,
    levels: Sequence[float] = LEVELS,
    failed: Mapping[str, Saying] | None = None,
) -> Stratified:
    """Estimate each stratum by itself and add them up. A person must be in one stratum only.

    A stratum without an estimate is named in `failed` and does not stop the others; `failed` as
    given names those that could not even be read. Raises Unreadable for fewer than two, NoEstimate
    where none has an estimate.
    """
    lost = dict(failed or {})
    if len(tables) + len(lost) < 2:
        raise Unreadable("Strata are two tables or more.")
    found: list[Stratum] = []
    sums, total, moves = np.zeros(number), 0.0, []
    for place, (name, table) in enumerate(tables.items()):
        try:
            estimator = choose(table)
            point = point_of(table, estimator)
            totals, moved = (
                estimator(replicates(table, number, seed + place)),
                influence(table, estimator),
            )
            run = summed_up(table.known, point, totals, [moved], levels)
        except DarkfigureError as error:
            lost[name] = error.said
            continue
        found.append(_stratum(name, table.known, point, run))
        sums, total = sums + totals, total + point
        moves.append(moved)
    if not found:
        raise NoEstimate(
            say(
                "estimates.none.strata",
                each=several(
                    (say("estimates.none.each", name=name, why=why) for name, why in lost.items()),
                    "space",
                ),
            ),
            Reason.NO_STRATUM,
        )
    every = None
    if not lost:
        known = sum(each.known for each in found)
        every = _stratum("all strata", known, total, _summed(known, total, sums, moves, levels))
    return Stratified(tuple(found), every, tuple(lost.items()), number)


def _summed(
    known: int,
    total: float,
    sums: Counts,
    moves: list[tuple[Counts, Counts]],
    levels: Sequence[float],
) -> Bootstrap:
    """Intervals of the sum; where no replicate has an estimate in every stratum, none."""
    try:
        return summed_up(known, total, sums, moves, levels)
    except NoEstimate as error:
        nothing: dict[float, Interval] = dict.fromkeys(levels)
        return Bootstrap(
            sums, nothing, nothing, 0.0, 0.0, len(sums), dict.fromkeys(levels, error.said)
        )


def _stratum(name: str, known: int, total: float, run: Bootstrap) -> Stratum:
    words = told(dict.fromkeys([run.words, *run.why.values()]))
    return Stratum(name, known, total, run.intervals, run.without, words)


@dataclass(frozen=True)
class Uncertain:
    """An estimate over plausible tables, and the parts its variance has.

    `sampling` is what replicates of a table differ by with its model held, `choice` what choosing
    the model anew adds, `linkage` what the tables differ by. They add up to the variance of the
    pooled replicates, in persons squared. Of the pooled replicates `without` had no estimate; they
    count as above every other, and a level whose upper limit falls on them has no interval, as
    `why` says.
    """

    total: float
    intervals: dict[float, Interval]
    sampling: float
    choice: float
    linkage: float
    without: int = 0
    why: dict[float, Saying] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, float]:
        """Each part as a share of the variance."""
        whole = self.sampling + self.choice + self.linkage
        parts = {"sampling": self.sampling, "model": self.choice, "linkage": self.linkage}
        return {name: part / whole if whole else 0.0 for name, part in parts.items()}


def over_draws(
    tables: Sequence[CaptureTable],
    choose: Choose,
    fitted: Callable[[CaptureTable], Fit],
    number: int = 200,
    seed: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Uncertain:
    """Carry doubt about the overlaps into the estimate: replicates of every plausible table,
    pooled.

    `choose` gives the estimator with the model chosen anew, `fitted` the model to hold for the
    sampling part. Totals far out weigh as they are. A table without an estimate counts as so many
    replicates without one. Raises NoEstimate where no table has one.
    """
    if not tables:
        raise Unreadable("No plausible table was given.")
    points, anew, held = [], [], []
    lost: dict[bytes, NoEstimate] = {}
    without = 0
    for place, table in enumerate(tables):
        if table.counts.tobytes() in lost:
            without += 1
            continue
        drawn = replicates(table, number, seed + place)
        try:
            gate.look(table)
            estimator, one = choose(table), fitted(table)
            total = gate.total(table.known, one.total)
            fixed = _finite(fixed_estimator(table, one.model)(drawn))
            fresh = estimator(drawn)
            _finite(fresh)
        except NoEstimate as error:
            lost[table.counts.tobytes()] = error
            without += 1
            continue
        points.append(total)
        anew.append(fresh)
        held.append(fixed)
    if not points:
        raise next(iter(lost.values()))
    pooled = np.concatenate([*anew, np.full(without * number, np.nan)])
    finite = [_finite(each) for each in anew]
    within = float(np.mean([np.var(each) for each in finite]))
    sampling = min(float(np.mean([np.var(each) for each in held])), within)
    total = float(np.mean(points))
    intervals, why = _pooled(min(table.known for table in tables), total, pooled, levels)
    return Uncertain(
        total=total,
        intervals=intervals,
        sampling=sampling,
        choice=within - sampling,
        linkage=float(np.var([np.mean(each) for each in finite])),
        without=int(np.sum(~np.isfinite(pooled))),
        why=why,
    )


def _pooled(
    known: int, total: float, pooled: Counts, levels: Sequence[float]
) -> tuple[dict[float, Interval], dict[float, Saying]]:
    """Percentile intervals of the pooled replicates, None where one may not be shown, and why."""
    held = np.sort(pooled[np.isfinite(pooled)])
    found: dict[float, Interval] = {}
    reasons: dict[float, Saying] = {}
    for level in levels:
        low, high = (
            quantile(held, len(pooled), tail) for tail in ((1 - level) / 2, (1 + level) / 2)
        )
        found[level], why = gate.limits(known, total, low, high)
        if why:
            reasons[level] = failed_in_words(len(pooled) - len(held), len(pooled)) or why
    return found, reasons


def _finite(totals: Counts) -> Counts:
    held: Counts = totals[np.isfinite(totals)]
    if not len(held):
        raise NoEstimate(say("estimates.none.drawn"), Reason.NO_REPLICATES)
    return held
