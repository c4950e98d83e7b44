"""Bootstrap and BCa intervals, the model chosen anew in each replicate, over all models and not a shortlist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from darkfigure.estimation import engine, search
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.loglinear import THRESHOLD
from darkfigure.estimation.models import Model, optional_terms

#: Replicates worked on between two reports of progress.
PORTION = 50
LEVELS = (0.8, 0.95)
Estimator = Callable[[Counts], Counts]


@dataclass(frozen=True)
class Bootstrap:
    """Totals of replicates, and intervals by level: BCa, with the plain percentile ones beside.

    `shift` and `skew` are the bias correction and the acceleration. `without` counts replicates that had no estimate and are
    left out.
    """

    totals: Counts
    intervals: dict[float, tuple[float, float]]
    percentiles: dict[float, tuple[float, float]]
    shift: float
    skew: float
    without: int


def stepwise_estimator(table: CaptureTable, threshold: float = THRESHOLD) -> Estimator:
    """Stepwise choice and estimate for each of many tables."""
    pairs = optional_terms(table.size, 2)

    def totals(tables: Counts) -> Counts:
        _, hidden, codes = search.stepwise_each(tables, table.size, pairs, threshold)
        return np.where(codes == engine.OK, tables.sum(axis=1) + hidden, np.nan)

    return totals


def best_estimator(table: CaptureTable, order: int = 2, criterion: str = "bic") -> Estimator:
    """Choice among all hierarchical models up to an order, and estimate, for each of many tables."""
    optional = optional_terms(table.size, order)

    def totals(tables: Counts) -> Counts:
        persons = tables.sum(axis=1)
        penalties = np.log(persons) if criterion == "bic" else np.full(len(tables), 2.0)
        _, _, hidden, codes, _ = search.best_of_all_each(tables, table.size, optional, penalties, 12)
        passed = np.argmax(codes == engine.OK, axis=1)
        rows = np.arange(len(tables))
        found = codes[rows, passed] == engine.OK
        return np.where(found, persons + hidden[rows, passed], np.nan)

    return totals


def fixed_estimator(table: CaptureTable, fixed: Model) -> Estimator:
    """One model for each of many tables."""
    terms = fixed.masks

    def totals(tables: Counts) -> Counts:
        found = [engine.fit_alone(each, table.size, terms, 0.0, False) for each in tables]
        return np.array(
            [each.sum() + one[4][0] if one[1] == engine.OK else np.nan for each, one in zip(tables, found, strict=True)]
        )

    return totals


def replicates(table: CaptureTable, number: int, seed: int) -> Counts:
    """Tables drawn from the multinomial of the observed one, each with as many persons."""
    chance = np.random.default_rng(seed)
    tables = np.zeros((number, len(table.counts)))
    tables[:, 1:] = chance.multinomial(table.known, table.counts[1:] / table.known, number)
    return tables


def bootstrap(
    table: CaptureTable,
    estimator: Estimator,
    number: int = 1000,
    seed: int = 1,
    levels: Sequence[float] = LEVELS,
    progress: Callable[[int], None] = lambda done: None,
) -> Bootstrap:
    """BCa intervals (Efron 1987) with the jackknife over persons: one refit for each history, weighted by who has it."""
    point = float(estimator(table.counts[None, :])[0])
    tables = replicates(table, number, seed)
    totals = np.empty(number)
    for start in range(0, number, PORTION):
        totals[start : start + PORTION] = estimator(tables[start : start + PORTION])
        progress(min(start + PORTION, number))
    held = totals[np.isfinite(totals)]
    shift, skew = _shift(held, point), _skew(table, estimator)
    return Bootstrap(
        totals=totals,
        intervals={level: _bca(held, shift, skew, level) for level in levels},
        percentiles={
            level: (float(np.quantile(held, (1 - level) / 2)), float(np.quantile(held, (1 + level) / 2)))
            for level in levels
        },
        shift=shift,
        skew=skew,
        without=number - len(held),
    )


def _shift(totals: Counts, point: float) -> float:
    share = (np.sum(totals < point) + 0.5 * np.sum(totals == point)) / len(totals)
    return float(norm.ppf(min(max(share, 0.5 / len(totals)), 1 - 0.5 / len(totals))))


def _skew(table: CaptureTable, estimator: Estimator) -> float:
    held = np.flatnonzero(table.counts)
    left = np.repeat(table.counts[None, :], len(held), axis=0)
    left[np.arange(len(held)), held] -= 1
    totals, weights = estimator(left), table.counts[held]
    fine = np.isfinite(totals)
    totals, weights = totals[fine], weights[fine]
    away = np.average(totals, weights=weights) - totals
    spread = float(np.sum(weights * away**2))
    return float(np.sum(weights * away**3) / (6 * spread**1.5)) if spread else 0.0


def _bca(totals: Counts, shift: float, skew: float, level: float) -> tuple[float, float]:
    limits = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        z = float(norm.ppf(tail))
        moved = shift + (shift + z) / (1 - skew * (shift + z))
        limits.append(float(np.quantile(totals, norm.cdf(moved))))
    return min(limits), max(limits)
