"""How often each person was seen, on one list or over several: Chao, Zelterman, truncated Poisson
and negative binomial.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln

from darkfigure.basis.saying import Saying, say
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.closed import Estimate, Fitted, log_normal, made
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.profile import limits_where
from darkfigure.estimation.times_seen import Times, times_of

#: Logarithms of the size of the negative binomial between which it is looked for; at the ends it is
#: another law.
SMALLEST, LARGEST = -25.0, 7.0
#: Log likelihood that must be lost before the lower end, where the number missed has no bound.
RISE = 1e-4


def chao(given: CaptureTable | Times) -> Estimate:
    """Chao's (1987) lower bound from persons seen once and twice, bias-corrected, with log-normal
    limits. Raises NoEstimate.
    """
    times = given if isinstance(given, Times) else times_of(given)
    once, twice = times.of(1), times.of(2)
    _speaks(times)
    hidden = once * (once - 1) / (2 * (twice + 1))
    variance = (
        hidden
        + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return _estimate("Chao", times, hidden, variance, say("estimates.assumes.lower_bound"))


def zelterman(given: CaptureTable | Times) -> Estimate:
    """Zelterman's (1988) estimate; variance after Boehning (2008), limits log-normal. Raises
    NoEstimate.
    """
    times = given if isinstance(given, Times) else times_of(given)
    _speaks(times)
    once, twice = times.of(1), times.of(2)
    if not twice:
        raise NoEstimate(
            say("estimates.none.never_twice"),
            Reason.NOT_FINITE,
        )
    rate = 2 * twice / once
    missed = exp(-rate)
    hidden = times.known * missed / (1 - missed)
    weight = missed / (1 - missed) ** 2
    variance = times.known * weight * (1 + times.known * weight * rate**2 * (1 / once + 1 / twice))
    return _estimate("Zelterman", times, hidden, variance, say("estimates.assumes.zelterman"))


def _estimate(name: str, times: Times, hidden: float, variance: float, assumes: Saying) -> Estimate:
    low, high = log_normal(hidden, variance)
    known = times.known
    return made(name, known, known + hidden, known + low, known + high, assumes)


def _speaks(times: Times) -> None:
    """Refuse where nobody was seen just once, or nobody more than once."""
    if not times.of(1):
        raise NoEstimate(
            say("estimates.none.never_once"),
            Reason.EVERYBODY,
        )
    if times.known == times.of(1):
        raise NoEstimate(
            say("estimates.none.never_more"),
            Reason.NO_OVERLAP,
        )


def poisson(given: CaptureTable | Times) -> Estimate:
    """Times seen by a Poisson law of which the nought was not observed; limits by profile of the
    binomial likelihood.

    Raises NoEstimate.
    """
    times = given if isinstance(given, Times) else times_of(given)
    _speaks(times)
    known, sightings = times.known, times.sightings
    rate = float(
        brentq(lambda at: at - sightings / known * (1 - exp(-at)), 1e-12, sightings / known + 1)
    )
    hidden = known * exp(-rate) / (1 - exp(-rate))

    def score(logged: float) -> float:
        persons = known + exp(logged)
        return float(gammaln(persons + 1) - gammaln(persons - known + 1) - sightings * log(persons))

    low, high = profiled(known, hidden, score)
    expected = known * _chances(times, inf, rate) / (1 - exp(-rate))
    return made(
        "Poisson",
        known,
        known + hidden,
        low,
        high,
        say("estimates.assumes.one_rate"),
        fit=_told(times, expected, 2),
    )


def negative_binomial(given: CaptureTable | Times) -> Estimate:
    """Times seen by a negative binomial law of which the nought was not observed; limits by profile
    likelihood.

    Raises NoEstimate, in particular where its likelihood runs to the boundary at which the number
    missed has no bound.
    """
    times = given if isinstance(given, Times) else times_of(given)
    _speaks(times)
    known = times.known

    def lost(log_size: float) -> float:
        size = exp(log_size)
        rate = _rate(times, size)
        chances = _chances(times, size, rate)
        return -float(times.seen @ np.log(chances / _seen(rate, size)))

    found = minimize_scalar(
        lost, bounds=(SMALLEST, LARGEST), method="bounded", options={"xatol": 1e-8}
    )
    if lost(SMALLEST) - found.fun < RISE:
        raise NoEstimate(
            (say("estimates.none.negative_binomial")),
            Reason.BOUNDARY,
        )
    poisson_limit = found.x > LARGEST - 0.05
    size = exp(float(found.x))
    rate = _rate(times, size)
    seen = _seen(rate, size)
    hidden = known * (1 - seen) / seen
    low, high = profiled(known, hidden, lambda logged: _best_size(times, known + exp(logged)))
    assumes = say("estimates.assumes.gamma")
    if poisson_limit:
        assumes = say("estimates.assumes.gamma_poisson")
    expected = known * _chances(times, size, rate) / seen
    return made(
        "negative binomial",
        known,
        known + hidden,
        low,
        high,
        assumes,
        fit=_told(times, expected, 3),
    )


def _rate(times: Times, size: float) -> float:
    """The mean that fits the sightings of those seen, given the size."""
    wanted = times.sightings / times.known
    return float(
        brentq(
            lambda rate: rate / _seen(rate, size) - wanted,
            1e-6 * min(size, 1.0),
            wanted,
            xtol=1e-300,
            rtol=1e-14,
        )
    )


def _seen(rate: float, size: float) -> float:
    """The chance of being seen at all."""
    return float(-np.expm1(-size * np.log1p(rate / size)))


def _chances(times: Times, size: float, rate: float) -> Counts:
    """Chances of being seen 1, 2, ... times; a Poisson law where the size is infinite."""
    often = np.arange(1, len(times.seen) + 1)
    if size == inf:
        return np.asarray(np.exp(often * log(rate) - rate - gammaln(often + 1)))
    logs = gammaln(often + size) - gammaln(size) - gammaln(often + 1)
    return np.asarray(
        np.exp(logs - size * np.log1p(rate / size) + often * (log(rate) - log(rate + size)))
    )


def _best_size(times: Times, persons: float) -> float:
    """The likelihood of so many persons, at the best size."""
    hidden, rate = persons - times.known, times.sightings / persons
    often = np.arange(1, len(times.seen) + 1)

    def lost(log_size: float) -> float:
        size = exp(log_size)
        none = -size * np.log1p(rate / size)
        logs = gammaln(often + size) - gammaln(size) + none + often * (log(rate) - log(rate + size))
        return -float(times.seen @ logs + hidden * none)

    found = minimize_scalar(
        lost, bounds=(SMALLEST, LARGEST), method="bounded", options={"xatol": 1e-8}
    )
    return float(gammaln(persons + 1) - gammaln(hidden + 1) - found.fun)


def profiled(known: int, hidden: float, score: Callable[[float], float]) -> tuple[float, float]:
    """Limits where the score of the logarithm of the number hidden has fallen far enough from its
    highest, near `hidden`.
    """
    at = log(max(hidden, 1e-6))
    top = minimize_scalar(
        lambda logged: -score(logged),
        bounds=(at - 8, at + 8),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return limits_where(known, float(top.x), lambda logged: float(-top.fun - score(logged)))


def _told(times: Times, expected: Counts, terms: int) -> Fitted:
    """What the law says of the table, with what it expects seen so often and more than ever was, in
    one class.
    """
    classes = np.append(times.seen, 0.0)
    means = np.append(expected, max(times.known - expected.sum(), 1e-12))
    held = classes > 0
    deviance = 2 * float(np.sum(classes[held] * np.log(classes[held] / means[held])))
    likelihood = float(
        np.sum(classes * np.log(np.maximum(means, 1e-300)) - means - gammaln(classes + 1))
    )
    bic = terms * log(times.known) - 2 * likelihood
    return Fitted(2 * terms - 2 * likelihood, bic, max(deviance, 0.0), len(classes) - terms)
