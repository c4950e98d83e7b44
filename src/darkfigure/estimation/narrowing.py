"""How good any model can be whose terms are decided in part, and how far a coefficient can lie in a
model that is better than one that is known.

A term that may be in or out costs its penalty where it is in. Where its coefficient is known to lie
between two limits in every model that is better than the best known, the penalty is at least that
share of it which the coefficient is of its limit: with that cost the best of all models is a convex
problem, whose least value no model goes below. Limits come from the same problem with a slope laid
on one coefficient: no model better than the best known lies beyond where the slope has eaten what
there is to gain (duality). Narrower limits make a dearer problem, and that narrower limits, until
what is left is one model or the limits stand still. A term without limits costs nothing; one whose
histories hold nobody takes them out of the fit.
"""

from __future__ import annotations

from math import exp, inf
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from darkfigure.estimation.engine import blank, blank_codes, blank_rows, subset_sums, superset_sums
from darkfigure.estimation.search import IN, OUT

#: What is still to be gained by coefficients without a cost (twice the log likelihood) up to which
#: a bound is taken, less that much.
SETTLED = 1e-2
#: A bound is as good as reached within this, of twice a log likelihood.
NEAR = 1e-4
#: Sweeps of the coefficients that cost, and the change, in deviations, at which they end.
MOST_SWEEPS, STILL = 300, 1e-5
#: A slope is good enough where what it used is within these shares of what there was to use.
WELL_SPENT = (0.4, 2.5)
TRIES = 3
#: What a table's Cholesky pivots may fall to, and the ridge that keeps them there.
RIDGE, LEAST_PIVOT = 1e-9, 1e-12
MOST_STEPS, FURTHEST = 60, 8.0


class Table(NamedTuple):
    """A table and its terms: counts by mask, overlaps (their superset sums), lists; the masks of
    every term, the constant and main effects first; what a term costs.
    """

    counts: Any
    overlaps: Any
    lists: int
    terms: Any
    penalty: float


class Decided(NamedTuple):
    """By term: IN, OUT or UNDECIDED, and the limits of its coefficient where it is in."""

    state: Any
    low: Any
    high: Any


class Reached(NamedTuple):
    """A relaxed problem solved: its value (twice the negative log likelihood without its constant,
    with what terms cost), what no model goes below, steps, and the curvature's inverse at the
    coefficient asked about.
    """

    value: float
    bound: float
    steps: int
    spread: float


class _Parts(NamedTuple):
    """Places of terms that are fitted: all, those that cost nothing or are in, those that cost."""

    active: Any
    free: Any
    priced: Any
    up: Any
    down: Any
    cost: float


class _Square(NamedTuple):
    """Gradient and curvature, free terms first; the free ones' factor; what is left of the rest."""

    gradient: Any
    curvature: Any
    factor: Any
    across: Any
    solved: Any
    rest: Any
    slopes: Any


@njit(cache=True)
def _histories(table, state, kept, work):
    """Mark the histories that stay: those of no term in or undecided that nobody is in."""
    work[:] = 0.0
    gone = False
    for i in range(len(table.terms)):
        if state[i] != OUT and table.overlaps[table.terms[i]] <= 0.0:
            work[table.terms[i]] = 1.0
            gone = True
    if gone:
        subset_sums(work, table.lists)
    for mask in range(len(kept)):
        kept[mask] = mask > 0 and work[mask] == 0.0


@njit(cache=True)
def _parts(table, decided, values):
    """Sort the terms; values of those that are out become nought, of those that cost come within
    their limits.
    """
    number = len(table.terms)
    active, free, priced = blank_codes(number), blank_codes(number), blank_codes(number)
    up, down = np.zeros(number), np.zeros(number)
    places = places_free = places_priced = 0
    cost = 0.0
    for i in range(number):
        if decided.state[i] == IN:
            cost += table.penalty
        if decided.state[i] == OUT or table.overlaps[table.terms[i]] <= 0.0:
            values[i] = 0.0
            continue
        low, high = decided.low[i], decided.high[i]
        active[places] = i
        places += 1
        if decided.state[i] == IN or not high - low < inf:
            free[places_free] = i
            places_free += 1
            continue
        values[i] = min(max(values[i], low), high)
        up[places_priced] = table.penalty / high if high > 0.0 else 0.0
        down[places_priced] = -table.penalty / low if low < 0.0 else 0.0
        priced[places_priced] = i
        places_priced += 1
    return _Parts(active[:places], free[:places_free], priced[:places_priced], up, down, cost)


@njit(cache=True)
def _fitted(table, parts, values, kept, mean, tilt):
    """Fitted counts into `mean`; gives twice the negative log likelihood, tilted, with what terms
    cost that may be in or out.
    """
    mean[:] = 0.0
    for i in parts.active:
        mean[table.terms[i]] = values[i]
    subset_sums(mean, table.lists)
    total = 0.0
    for mask in range(1, len(mean)):
        if kept[mask]:
            if table.counts[mask] > 0.0:
                total += table.counts[mask] * mean[mask]
            mean[mask] = exp(min(mean[mask], 700.0))
            total -= mean[mask]
        else:
            mean[mask] = 0.0
    mean[0] = 0.0
    value = -2.0 * total
    for i in parts.active:
        value -= tilt[i] * values[i]
    for place in range(len(parts.priced)):
        value += _price(parts, place, values[parts.priced[place]])
    return value


@njit(cache=True)
def _price(parts, place, value):
    return parts.up[place] * value if value > 0.0 else -parts.down[place] * value


@njit(cache=True)
def _curve(table, parts, mean, tilt, work, square):
    """Gradient and curvature of twice the negative log likelihood, tilted."""
    work[:] = mean
    superset_sums(work, table.lists)
    free, number = len(parts.free), len(parts.free) + len(parts.priced)
    for a in range(number):
        one = parts.free[a] if a < free else parts.priced[a - free]
        term = table.terms[one]
        square.gradient[a] = -2.0 * (table.overlaps[term] - work[term]) - tilt[one]
        for b in range(a + 1):
            two = parts.free[b] if b < free else parts.priced[b - free]
            square.curvature[a, b] = 2.0 * work[term | table.terms[two]]


@njit(cache=True, fastmath={"reassoc", "contract"})
def _factor(square, free):
    """Cholesky factor of the free part, and its gradient solved; gives what they can still gain
    twice over, infinite where there is no factor.
    """
    factor = square.factor
    for i in range(free):
        for j in range(i + 1):
            total = square.curvature[i, j]
            if i == j:
                total = total * (1.0 + RIDGE) + RIDGE
            for m in range(j):
                total -= factor[i, m] * factor[j, m]
            if i == j:
                if total <= LEAST_PIVOT * (1e-3 + abs(square.curvature[i, i])):
                    return inf
                factor[i, i] = total**0.5
            else:
                factor[i, j] = total / factor[j, j]
    gain = 0.0
    for i in range(free):
        total = square.gradient[i]
        for m in range(i):
            total -= factor[i, m] * square.solved[m]
        square.solved[i] = total / factor[i, i]
        gain += square.solved[i] ** 2
    return gain


@njit(cache=True, fastmath={"reassoc", "contract"})
def _rest(square, free, priced):
    """What is left of gradient and curvature of the terms that cost once the free ones follow."""
    for c in range(priced):
        across = square.across[c]
        for a in range(free):
            total = square.curvature[free + c, a]
            for m in range(a):
                total -= square.factor[a, m] * across[m]
            across[a] = total / square.factor[a, a]
        total = square.gradient[free + c]
        for m in range(free):
            total -= across[m] * square.solved[m]
        square.slopes[c] = total
        for e in range(c + 1):
            total = square.curvature[free + c, free + e]
            for m in range(free):
                total -= across[m] * square.across[e, m]
            if e == c:
                total = total * (1.0 + RIDGE) + RIDGE
            square.rest[c, e] = total
            square.rest[e, c] = total


@njit(cache=True)
def _shortfall(table, decided, parts, square, values):
    """How far terms that cost are from where the slopes would have them: at nought or a limit."""
    short = 0.0
    for place in range(len(parts.priced)):
        i, slope = parts.priced[place], square.slopes[place]
        lowest = 0.0
        if decided.high[i] > 0.0:
            lowest = min(lowest, table.penalty + slope * decided.high[i])
        if decided.low[i] < 0.0:
            lowest = min(lowest, table.penalty + slope * decided.low[i])
        short += _price(parts, place, values[i]) + slope * values[i] - lowest
    return short


@njit(cache=True)
def _step(decided, parts, square, values, wanted, step):
    """The step to the least of the quadratic with what terms cost, by coordinates."""
    free, priced = len(parts.free), len(parts.priced)
    for c in range(priced):
        wanted[c] = values[parts.priced[c]]
    for _ in range(MOST_SWEEPS):
        largest = 0.0
        for c in range(priced):
            i, curve = parts.priced[c], square.rest[c, c]
            pull = curve * wanted[c] - square.slopes[c]
            new = 0.0
            if pull > parts.up[c] and decided.high[i] > 0.0:
                new = min((pull - parts.up[c]) / curve, decided.high[i])
            elif pull < -parts.down[c] and decided.low[i] < 0.0:
                new = max((pull + parts.down[c]) / curve, decided.low[i])
            change = new - wanted[c]
            if change != 0.0:
                wanted[c] = new
                for e in range(priced):
                    square.slopes[e] += square.rest[c, e] * change
                largest = max(largest, abs(change) * curve**0.5)
        if largest < STILL:
            break
    for c in range(priced):
        step[free + c] = wanted[c] - values[parts.priced[c]]
    for a in range(free):
        total = square.solved[a]
        for c in range(priced):
            total += square.across[c, a] * step[free + c]
        step[a] = -total
    for a in range(free - 1, -1, -1):
        total = step[a]
        for m in range(a + 1, free):
            total -= square.factor[m, a] * step[m]
        step[a] = total / square.factor[a, a]


@njit(cache=True)
def _spread(square, parts, asked):
    """The inverse curvature at a free term, the others that cost held."""
    free = len(parts.free)
    column = np.zeros(free)
    found = 0.0
    for a in range(free):
        total = 1.0 if parts.free[a] == asked else 0.0
        for m in range(a):
            total -= square.factor[a, m] * column[m]
        column[a] = total / square.factor[a, a]
        found += column[a] ** 2
    return found


@njit(cache=True)
def _square(free, priced):
    number = free + priced
    return _Square(
        blank(number),
        blank_rows(number, number),
        blank_rows(free, free),
        blank_rows(priced, free),
        blank(free),
        blank_rows(priced, priced),
        blank(priced),
    )


@njit(cache=True, nogil=True)
def relaxed(table, decided, values, tilt, asked, enough, close):
    """The least that twice the negative log likelihood with the cost of terms can be, over every
    model that the decisions leave, `tilt` times the coefficients taken off.

    `values` holds coefficients to begin with and receives those reached. Ends where the bound is
    `enough`, or within `close` of the value.
    """
    cells = len(table.counts)
    mean, work, kept = blank(cells), blank(cells), np.zeros(cells, np.bool_)
    _histories(table, decided.state, kept, work)
    parts = _parts(table, decided, values)
    free, priced = len(parts.free), len(parts.priced)
    square = _square(free, priced)
    wanted, step = blank(priced), blank(free + priced)
    value = _fitted(table, parts, values, kept, mean, tilt)
    bound, spread, steps = -inf, inf, 0
    for _ in range(MOST_STEPS):
        steps += 1
        _curve(table, parts, mean, tilt, work, square)
        gain = _factor(square, free)
        if not gain < inf:
            break
        _rest(square, free, priced)
        short = _shortfall(table, decided, parts, square, values)
        if gain < SETTLED:
            bound = max(bound, value + parts.cost - short - gain)
        if bound >= enough or (gain < SETTLED and gain + short < close):
            if asked >= 0:
                spread = _spread(square, parts, asked)
            break
        _step(decided, parts, square, values, wanted, step)
        reached = _moved(table, parts, values, kept, mean, tilt, step, value)
        if not reached < inf:
            break
        value = reached
    return Reached(value + parts.cost, bound, steps, spread)


@njit(cache=True)
def _moved(table, parts, values, kept, mean, tilt, step, before):
    """Take a step as far as it leads down; gives the value there, infinite where there is none."""
    free, number = len(parts.free), len(step)
    furthest = 0.0
    for a in range(number):
        furthest = max(furthest, abs(step[a]))
    if not furthest < inf:
        return inf
    length = 1.0 if furthest < FURTHEST else FURTHEST / furthest
    begun = values.copy()
    for _ in range(30):
        for a in range(number):
            i = parts.free[a] if a < free else parts.priced[a - free]
            values[i] = begun[i] + length * step[a]
        reached = _fitted(table, parts, values, kept, mean, tilt)
        if reached <= before + 1e-9 * (1.0 + abs(before)):
            return reached
        length *= 0.5
    values[:] = begun
    return inf


@njit(cache=True)
def _worth_from(count, penalty, side):
    """How far from nought a coefficient must lie for its term to be worth its cost, the others as
    they are: where 2 n (b + exp(-b) - 1) is the penalty, n being its overlap.
    """
    need = penalty / (2.0 * count)
    far = need + 1.0 if side > 0 else np.log(1.0 + need) + 1.0
    for _ in range(60):
        if side > 0:
            far -= (far + exp(-far) - 1.0 - need) / (1.0 - exp(-far))
        else:
            far -= (exp(far) - far - 1.0 - need) / (exp(far) - 1.0)
    return far


@njit(cache=True)
def _limit(table, decided, values, place, side, room, spread, cutoff):
    """A limit of one coefficient on one side in every model below `cutoff`; gives it and the steps
    it took. `room` is about what there is to use up, `spread` the inverse curvature.
    """
    most = 1.9 * table.overlaps[table.terms[place]] if side < 0 else inf
    slope = min((2.0 * room / max(spread, 1e-12)) ** 0.5, most)
    tilt = np.zeros(len(values))
    limit, steps = inf, 0
    own = values.copy()
    for _ in range(TRIES):
        tilt[place] = side * slope
        lowest = relaxed(table, decided, own, tilt, -1, inf, 0.02 * room)
        steps += lowest.steps
        if lowest.bound > -inf:
            limit = min(limit, (cutoff - lowest.bound) / slope)
        used = lowest.value + side * slope * own[place] - (cutoff - room)
        if not used > 0.0 or WELL_SPENT[0] < used / room < WELL_SPENT[1]:
            break
        again = min(slope * (room / used) ** 0.5, most)
        if abs(again - slope) < 0.05 * slope:
            break
        slope = again
    return side * limit, steps


@njit(cache=True, nogil=True)
def narrowed(table, decided, values, place, cutoff, alone):
    """New limits of a term's coefficient in models below `cutoff` that have it: (low, high, steps).
    Both are nought where there is no such model. `decided` has the term in, with its parts; `alone`
    says that no term that may be in contains it, so that it can be dropped by itself.
    """
    low, high = decided.low[place], decided.high[place]
    own, level = values.copy(), np.zeros(len(values))
    lowest = relaxed(table, decided, own, level, place, cutoff - NEAR, SETTLED)
    steps = lowest.steps
    if lowest.bound >= cutoff - NEAR:
        return 0.0, 0.0, steps
    count = table.overlaps[table.terms[place]]
    room = cutoff - lowest.bound
    if count <= 0.0 or not room < inf:
        return low, high, steps
    upper, more = _limit(table, decided, own, place, 1, room, lowest.spread, cutoff)
    lower, further = _limit(table, decided, own, place, -1, room, lowest.spread, cutoff)
    high, low = min(high, upper), max(low, lower)
    if high <= 0.0 or (alone and high < _worth_from(count, table.penalty, 1)):
        high = 0.0
    if low >= 0.0 or (alone and low > -_worth_from(count, table.penalty, -1)):
        low = 0.0
    return low, high, steps + more + further


__all__ = ["NEAR", "Decided", "Reached", "Table", "narrowed", "relaxed"]
