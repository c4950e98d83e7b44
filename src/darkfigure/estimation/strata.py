"""Estimates by stratum that add up, and estimates over several plausible tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.loglinear import Fit
from darkfigure.estimation.resampling import LEVELS, Estimator, fixed_estimator, replicates

Choose = Callable[[CaptureTable], Estimator]


@dataclass(frozen=True)
class Stratum:
    """One stratum, or all of them: known, total and intervals by level."""

    name: str
    known: int
    total: float
    intervals: dict[float, tuple[float, float]]


@dataclass(frozen=True)
class Stratified:
    """Strata whose totals add up to that of `all`; its intervals come from the sums of replicates, stratum by stratum."""

    strata: tuple[Stratum, ...]
    all: Stratum


def stratified(
    tables: Mapping[str, CaptureTable],
    choose: Choose,
    number: int = 1000,
    seed: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Stratified:
    """Estimate each stratum by itself and add them up. A person must be in one stratum only."""
    if len(tables) < 2:
        raise Unreadable("Strata are two tables or more.")
    found, sums, total = [], np.zeros(number), 0.0
    for place, (name, table) in enumerate(tables.items()):
        estimator = choose(table)
        point = float(estimator(table.counts[None, :])[0])
        totals = estimator(replicates(table, number, seed + place))
        totals = np.where(np.isfinite(totals), totals, np.nanmedian(totals))
        found.append(Stratum(name, table.known, point, _quantiles(totals, levels)))
        sums, total = sums + totals, total + point
    known = sum(each.known for each in found)
    return Stratified(tuple(found), Stratum("all strata", known, total, _quantiles(sums, levels)))


def _quantiles(totals: Counts, levels: Sequence[float]) -> dict[float, tuple[float, float]]:
    held = totals[np.isfinite(totals)]
    return {
        level: (float(np.quantile(held, (1 - level) / 2)), float(np.quantile(held, (1 + level) / 2)))
        for level in levels
    }


@dataclass(frozen=True)
class Uncertain:
    """An estimate over plausible tables, and the parts its variance has.

    `sampling` is what replicates of a table differ by with its model held, `choice` what choosing the model anew adds,
    `linkage` what the tables differ by. They add up to the variance of the pooled replicates, in persons squared.
    """

    total: float
    intervals: dict[float, tuple[float, float]]
    sampling: float
    choice: float
    linkage: float

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
    """Carry doubt about the overlaps into the estimate: replicates of every plausible table, pooled.

    `choose` gives the estimator with the model chosen anew, `fitted` the model to hold for the sampling part. Totals far out
    weigh as they are.
    """
    if not tables:
        raise Unreadable("No plausible table was given.")
    points, anew, held = [], [], []
    for place, table in enumerate(tables):
        drawn = replicates(table, number, seed + place)
        estimator, one = choose(table), fitted(table)
        points.append(one.total)
        anew.append(_finite(estimator(drawn)))
        held.append(_finite(fixed_estimator(table, one.model)(drawn)))
    pooled = np.concatenate(anew)
    within = float(np.mean([np.var(each) for each in anew]))
    sampling = min(float(np.mean([np.var(each) for each in held])), within)
    return Uncertain(
        total=float(np.mean(points)),
        intervals=_quantiles(pooled, levels),
        sampling=sampling,
        choice=within - sampling,
        linkage=float(np.var([np.mean(each) for each in anew])),
    )


def _finite(totals: Counts) -> Counts:
    held: Counts = totals[np.isfinite(totals)]
    if not len(held):
        raise Unreadable("No replicate of a plausible table has an estimate.")
    return held
