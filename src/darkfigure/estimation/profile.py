"""Intervals by profile likelihood of the dark figure: multinomial, of the number hidden, and
Poisson, of what it is expected to be.

The number hidden varies about its expectation; the Poisson profile leaves that out, and holds a
total less often (`benchmarks/RESULTS.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, isfinite, log

import numpy as np
from scipy.special import gammaincinv, gammaln, ndtr

from darkfigure.estimation import engine
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.loglinear import Average, Fit, admitted, fit
from darkfigure.estimation.solving import least, root

#: Logarithms of the dark figure between which limits are looked for.
FURTHEST = 60.0


def profile_interval(found: Fit, level: float = 0.95) -> tuple[float, float]:
    """Limits of the total by Poisson profile likelihood of the constant, the other terms fitted
    anew at each of its values.

    The upper limit is infinite where the likelihood never falls far enough. Raises NoEstimate for a
    fit that may not be shown.
    """
    admitted(found)
    terms, table = found.model.masks, found.table

    def lost(constant: float) -> float:
        return float(
            found.log_likelihood
            - engine.fit_alone(table.counts, table.size, terms, constant, True)[0]
        )

    return limits_where(table.known, log(max(found.dark_figure, 1e-12)), lost, level)


def multinomial_interval(found: Fit, level: float = 0.95) -> tuple[float, float]:
    """Limits of the total by profile of the multinomial likelihood, persons hidden counted as if
    observed (Cormack 1992).

    For each number hidden the model is fitted to the whole table; differs from the Poisson profile
    in that the total is held and not drawn. Raises NoEstimate for a fit that may not be shown.
    """
    admitted(found)
    table = found.table
    begin = np.where(np.isfinite(found.coefficients), found.coefficients, 0.0)

    def score(logged: float) -> float:
        hidden = exp(logged)
        counts = table.counts.copy()
        counts[0] = hidden
        reached = float(engine.fit_whole(counts, table.size, found.model.masks, begin))
        persons = table.known + hidden
        # The fitted counts add up to the persons.
        chances = reached + persons - persons * log(persons)
        return float(chances + gammaln(persons + 1) - gammaln(hidden + 1))

    at = log(max(found.dark_figure, 1e-12))
    top, lowest = least(lambda logged: -score(logged), at - 0.1, at)
    return limits_where(table.known, top, lambda logged: -lowest - score(logged), level)


def averaged_interval(
    table: CaptureTable, mean: Average, level: float = 0.95
) -> tuple[float, float]:
    """Limits of the total at which the tail areas of the models, weighted, are what the level
    leaves (Turek and Fletcher 2012).

    Each model's number hidden is taken as log-normal about its estimate, with the variance of the
    constant and that of a Poisson number about its expectation. Models beyond `Average.heavy` are
    left out, and the weights taken as adding up to 1.
    """
    places, spreads, weights = [], [], []
    for chosen, weight in mean.heavy:
        found = fit(table, chosen)
        active = [int(term) for term in chosen.masks if np.isfinite(found.coefficients[term])]
        masks = np.flatnonzero(found.fitted[1:] > 0) + 1
        design = np.array([[float(mask & term == term) for term in active] for mask in masks])
        covariance = np.linalg.pinv(
            design.T @ (design * found.fitted[masks][:, None]), hermitian=True
        )
        hidden = max(found.dark_figure, 1e-12)
        places.append(log(hidden))
        spreads.append(float(np.sqrt(max(covariance[0, 0], 0.0) + 1 / hidden)))
        weights.append(weight)
    shares = np.array(weights) / sum(weights)
    at, spread = np.array(places), np.array(spreads)
    ends = float((at - 12 * spread).min()), float((at + 12 * spread).max())

    def limit(tail: float) -> float:
        return table.known + exp(
            min(
                root(lambda place: float(shares @ ndtr((place - at) / spread)) - tail, *ends),
                FURTHEST,
            )
        )

    return limit((1 - level) / 2), limit((1 + level) / 2)


def limits_where(
    known: int, at: float, lost: Callable[[float], float], level: float = 0.95
) -> tuple[float, float]:
    """Limits of the total where a log likelihood has fallen by half the quantile of chi-square on 1
    degree, either side of `at`.

    `at` is the logarithm of the dark figure where it is highest, `lost` what it has lost there;
    infinite where it never falls so far.
    """
    drop = 2 * float(gammaincinv(0.5, level)) / 2
    limits = []
    for direction in (-1.0, 1.0):
        step, far = 0.25, at
        while lost(far) < drop:
            far += direction * step
            step *= 1.6
            if direction * far > FURTHEST:
                break
        if lost(far) >= drop:
            ends = min(at, far), max(at, far)
            limits.append(root(lambda place: lost(place) - drop, *ends, xtol=1e-9))
        else:
            limits.append(-inf if direction < 0 else inf)
    low, high = (
        known + (exp(each) if isfinite(each) else (0.0 if each < 0 else inf)) for each in limits
    )
    return low, high
