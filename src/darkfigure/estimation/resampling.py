"""Bootstrap and BCa intervals, the model chosen anew in each replicate, over all models and not a
shortlist.

A replicate without an estimate counts as above every other: what fails, fails for want of overlap,
where the hidden number is not bounded from above. So a level has an interval as long as its upper
limit falls among replicates that have an estimate; a 95% interval thus never stands where more than
2.5% have none and nothing moves the limits. No replicate is replaced by another.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.parts import Parts
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import engine, gate, proving, search
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.loglinear import MOST_GONE_THROUGH, THRESHOLD, penalty_of
from darkfigure.estimation.models import Masks, Model, terms_up_to

#: Replicates worked on between two reports of progress.
PORTION = 50
#: Where parts of replicates are counted from, and of tables with a person left out.
DRAWN, LEFT_OUT = 0, 1_000_000
LEVELS = (0.8, 0.95)
#: Replicates searched to a proof, where the others are climbed to.
TRIED_WHOLE = 20
#: Models kept of each replicate, and where none of them passes the checks.
KEPT_OF_EACH = (12, 400)
Estimator = Callable[[Counts], Counts]
#: An interval, or None where there is none.
Interval = tuple[float, float] | None


@dataclass(frozen=True)
class Bootstrap:
    """Totals of replicates, and intervals by level: BCa, with the plain percentile ones beside;
    None where there is none.

    `shift` and `skew` are the bias correction and the acceleration. `without` counts replicates
    that had no estimate (not a number in `totals`); `why` says for each level without an interval
    why.
    """

    totals: Counts
    intervals: dict[float, Interval]
    percentiles: dict[float, Interval]
    shift: float
    skew: float
    without: int
    why: dict[float, Saying]

    @property
    def words(self) -> Saying | None:
        """How many replicates have no estimate, in a sentence; empty where every one has."""
        return failed_in_words(self.without, len(self.totals))


def failed_in_words(without: int, number: int) -> Saying | None:
    """How many replicates have no estimate, in a sentence; empty where every one has."""
    if not without:
        return None
    return say("estimates.remark.failed", without=without, number=number)


def stepwise_estimator(table: CaptureTable, threshold: float = THRESHOLD) -> Estimator:
    """Stepwise choice and estimate for each of many tables."""
    pairs = terms_up_to(table.size, 2)

    def totals(tables: Counts) -> Counts:
        hidden, codes = search.stepwise_each(tables, table.size, pairs, threshold)
        return gate.replicate_totals(tables.sum(axis=1), hidden, codes == engine.OK)

    return totals


def best_estimator(table: CaptureTable, order: int = 2, criterion: str = "bic") -> Estimator:
    """Choice among all hierarchical models up to an order, and estimate, for each of many
    tables.
    """
    optional = terms_up_to(table.size, order)
    penalty_of(criterion, 2.0)
    if len(optional) > MOST_GONE_THROUGH:
        return _climbing_estimator(table, optional, criterion)

    def totals(tables: Counts) -> Counts:
        persons = tables.sum(axis=1)
        penalties = np.array([penalty_of(criterion, max(each, 1.0)) for each in persons])
        best, found = np.full(len(tables), np.nan), np.zeros(len(tables), np.bool_)
        left = np.arange(len(tables))
        for kept in KEPT_OF_EACH:
            _, models, hidden, codes, _ = search.best_of_all_each(
                tables[left], table.size, optional, penalties[left], kept
            )
            first = np.argmax(codes == engine.OK, axis=1)
            rows = np.arange(len(left))
            best[left], found[left] = hidden[rows, first], codes[rows, first] == engine.OK
            # Where none of those kept passes and there are more, further down is looked.
            left = left[~found[left] & (models[:, -1] >= 0)]
            if not len(left):
                break
        return gate.replicate_totals(persons, best, found)

    return totals


def _climbing_estimator(table: CaptureTable, optional: Masks, criterion: str) -> Estimator:
    """Choice by climbing from the model of the table itself and from none, where there are too many
    models to go through for each of many tables.
    """

    def chosen(counts: Counts, begin: int = 0) -> proving.Looked | None:
        penalty = penalty_of(criterion, max(float(counts.sum()), 1.0))
        return proving.climbed(counts, table.size, optional, penalty, begin)

    whole = chosen(table.counts)
    begin = whole.bits if whole else 0

    def totals(tables: Counts) -> Counts:
        models = _by_all_cores(lambda counts: chosen(counts, begin), tables)
        hidden = np.array([np.nan if each is None else each.hidden for each in models])
        able = np.array([each is not None for each in models])
        return gate.replicate_totals(tables.sum(axis=1), hidden, able)

    return totals


def climbed_beside_proof(
    table: CaptureTable, order: int, criterion: str, number: int, seed: int
) -> tuple[int, int, int] | None:
    """Of the first replicates, TRIED_WHOLE at most: how many, in how many a best model was proved,
    and in how many of these the one climbed to was it; None where all models are gone through.
    """
    optional = terms_up_to(table.size, order)
    if len(optional) <= MOST_GONE_THROUGH:
        return None
    tables = replicates(table, number, seed)[:TRIED_WHOLE]
    penalty = penalty_of(criterion, max(table.known, 1))
    whole = proving.climbed(table.counts, table.size, optional, penalty)
    begin = whole.bits if whole else 0

    def proved(counts: Counts) -> tuple[bool, bool]:
        own = proving.climbed(counts, table.size, optional, penalty, begin)
        found = proving.best_proved(
            counts,
            table.size,
            optional,
            penalty,
            begin=(begin,),
            work=proving.WORK // len(tables) // 2,
            together=False,
        )
        same = (own.bits if own else None) == (found.best.bits if found.best else None)
        return found.proof.proved, same

    each = _by_all_cores(proved, tables)
    return len(each), sum(one for one, _ in each), sum(one and same for one, same in each)


def fixed_estimator(table: CaptureTable, fixed: Model) -> Estimator:
    """One model for each of many tables."""
    terms = fixed.masks

    def totals(tables: Counts) -> Counts:
        found = [engine.fit_alone(each, table.size, terms, 0.0, False) for each in tables]
        hidden, codes = (
            np.array([each[4][0] for each in found]),
            np.array([each[1] for each in found]),
        )
        return gate.replicate_totals(tables.sum(axis=1), hidden, codes == engine.OK)

    return totals


def each_by(one: Callable[[Counts], float]) -> Estimator:
    """An estimator from the total of one table's counts; what `one` refuses with NoEstimate has
    none.
    """

    def total(counts: Counts) -> float:
        try:
            return one(counts)
        except NoEstimate:
            return np.nan

    def totals(tables: Counts) -> Counts:
        found = np.array([total(each) for each in tables])
        persons = tables.sum(axis=1)
        return gate.replicate_totals(
            np.zeros(len(tables)), found, found >= persons * (1 - gate.ROUNDING)
        )

    return totals


def replicates(table: CaptureTable, number: int, seed: int) -> Counts:
    """Tables drawn from the multinomial of the observed one, each with as many persons. Raises
    Unreadable for a negative seed.
    """
    if seed < 0 or number < 1:
        raise Unreadable(
            f"Replicates must be one or more and a seed nought or more; {number} and {seed} "
            "were "
            "given."
        )
    chance = np.random.default_rng(seed)
    tables = np.zeros((number, len(table.counts)))
    tables[:, 1:] = chance.multinomial(
        table.known, table.counts[1:] / table.counts[1:].sum(), number
    )
    return tables


def bootstrap(
    table: CaptureTable,
    estimator: Estimator,
    number: int = 1000,
    seed: int = 1,
    levels: Sequence[float] = LEVELS,
    progress: Callable[[int], None] = lambda _done: None,
    parts: Parts | None = None,
) -> Bootstrap:
    """BCa intervals (Efron 1987) with the jackknife over persons: one refit for each history,
    weighted by who has it. What `parts` hold of an earlier run is not made again.

    Raises NoEstimate where the table itself has none.
    """
    kept = parts or Parts(None)
    point = point_of(table, estimator)
    totals = _in_portions(estimator, replicates(table, number, seed), kept, DRAWN, progress)
    moves = influence(
        table, lambda tables: _in_portions(estimator, tables, kept, LEFT_OUT, lambda _done: None)
    )
    found = summed_up(table.known, point, totals, [moves], levels)
    kept.forget()
    return found


def _in_portions(
    estimator: Estimator, tables: Counts, parts: Parts, first: int, progress: Callable[[int], None]
) -> Counts:
    """Totals of many tables, some at a time, those of an earlier run as they were. A replicate is
    drawn by its number, so that a portion is the same whatever comes after it.
    """
    totals = np.full(len(tables), np.nan)
    for start in range(0, len(tables), PORTION):
        portion = tables[start : start + PORTION]
        number = first + start // PORTION
        kept = parts.part(number)
        if kept is None or len(kept) != 8 * len(portion):
            kept = np.asarray(estimator(portion), dtype=np.float64).tobytes()
            parts.keep(number, kept)
        totals[start : start + PORTION] = np.frombuffer(kept)
        progress(min(start + PORTION, len(tables)))
    return totals


def _by_all_cores(one: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
    """Each done, in order, by as many cores as there are; broken off, no more are begun."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            return list(pool.map(one, things))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def point_of(table: CaptureTable, estimator: Estimator) -> float:
    """The total of the table as it is. Raises NoEstimate."""
    gate.look(table)
    return gate.total(table.known, float(estimator(table.counts[None, :])[0]))


def influence(table: CaptureTable, estimator: Estimator) -> tuple[Counts, Counts]:
    """How the total moves when one person of a history is left out, and how many persons have that
    history.
    """
    held = np.flatnonzero(table.counts)
    left = np.repeat(table.counts[None, :], len(held), axis=0)
    left[np.arange(len(held)), held] -= 1
    totals, weights = estimator(left), table.counts[held]
    fine = np.isfinite(totals)
    totals, weights = totals[fine], weights[fine]
    if not len(totals):
        return np.zeros(0), np.zeros(0)
    return np.average(totals, weights=weights) - totals, weights


def summed_up(
    known: int,
    point: float,
    totals: Counts,
    moves: Sequence[tuple[Counts, Counts]],
    levels: Sequence[float],
) -> Bootstrap:
    """Intervals from replicates of one table, or of several that add up with the `moves` of each
    (`influence`).
    """
    held = np.sort(totals[np.isfinite(totals)])
    if not len(held):
        raise NoEstimate(say("estimates.none.replicates", number=len(totals)), Reason.NO_REPLICATES)
    shift, skew = _shift(held, point, len(totals)), _skew(moves)
    intervals: dict[float, Interval] = {}
    percentiles: dict[float, Interval] = {}
    why: dict[float, Saying] = {}
    for level in levels:
        plain = (
            quantile(held, len(totals), (1 - level) / 2),
            quantile(held, len(totals), (1 + level) / 2),
        )
        found = _bca(held, len(totals), shift, skew, level)
        # The more replicates fail, the further the bias correction moves the upper limit down: it
        # may not move it off the failed ones.
        upper = found[1] if isfinite(plain[1]) else inf
        intervals[level], reason = gate.limits(known, point, found[0], upper)
        if reason:
            failed = failed_in_words(len(totals) - len(held), len(totals)) if upper == inf else None
            why[level] = failed or say("estimates.why.bca", reason=reason)
        percentiles[level] = plain if isfinite(plain[1]) else None
    return Bootstrap(totals, intervals, percentiles, shift, skew, len(totals) - len(held), why)


def _shift(held: Counts, point: float, number: int) -> float:
    share = (np.sum(held < point) + 0.5 * np.sum(held == point)) / number
    return float(ndtri(min(max(share, 0.5 / number), 1 - 0.5 / number)))


def _skew(moves: Sequence[tuple[Counts, Counts]]) -> float:
    spread = sum(float(np.sum(weights * away**2)) for away, weights in moves)
    cubes = sum(float(np.sum(weights * away**3)) for away, weights in moves)
    return cubes / (6 * spread**1.5) if spread else 0.0


def _bca(held: Counts, number: int, shift: float, skew: float, level: float) -> tuple[float, float]:
    limits = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        wanted = shift + float(ndtri(tail))
        slope = 1 - skew * wanted
        # Beyond this the correction turns round and says nothing (Efron 1987, section 3).
        moved = shift + wanted / slope if slope > 0 else inf
        limits.append(quantile(held, number, float(ndtr(moved))))
    return min(limits), max(limits)


def quantile(held: Counts, number: int, share: float) -> float:
    """The quantile of `number` totals of which those not in `held` (sorted) lie above all; infinite
    where it falls on these.
    """
    place = share * (number - 1)
    below = int(place)
    if place > len(held) - 1:
        return inf
    above = min(below + 1, len(held) - 1)
    return float(held[below] + (place - below) * (held[above] - held[below]))
