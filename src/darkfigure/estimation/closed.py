"""Estimators beside the log-linear models of lists: M0, Mt, Mh and Mth, two lists alone, the
multiplier method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.stats import chi2, norm, triang

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import gate
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.glm import Regression, poisson_regression


@dataclass(frozen=True)
class Estimate:
    """A total with limits and what it rests on; limits are None where there are none, `why` says
    so.

    Where there is no estimate the total is not a number and `why` gives the reason. `aic`, `bic`,
    `deviance` and `degrees` (of freedom) stand where the model has a likelihood of the table.
    """

    method: str
    total: float
    low: float | None
    high: float | None
    assumes: Saying | None
    why: Saying | None = None
    aic: float | None = None
    bic: float | None = None
    deviance: float | None = None
    degrees: int | None = None


def made(
    method: str,
    known: int,
    total: float,
    low: float | None,
    high: float | None,
    assumes: Saying,
    *,
    fit: Fitted | None = None,
) -> Estimate:
    """An estimate through the gate. Raises NoEstimate."""
    passed = gate.figure(known, total, low, high, what=say("estimates.what.of", method=method))
    low, high = passed.interval or (None, None)
    likelihood = () if fit is None else (fit.aic, fit.bic, fit.deviance, fit.degrees)
    return Estimate(method, passed.total, low, high, assumes, passed.why, *likelihood)


@dataclass(frozen=True)
class Fitted:
    """What a model's likelihood of the table says."""

    aic: float
    bic: float
    deviance: float
    degrees: int


def refused(method: str, error: NoEstimate) -> Estimate:
    """The place of a model that has no estimate, with the reason."""
    return Estimate(method, float("nan"), None, None, None, error.said)


#: How capture differs between persons, as a function of the number of lists they are on (Rivest and
#: Baillargeon 2007).
HETEROGENEITY: dict[str, Callable[[Counts], Counts]] = {
    "Poisson2": lambda on: 2.0**on - 1,
    "Darroch": lambda on: on**2 / 2,
    "Gamma3.5": lambda on: -np.log(3.5 + on) + log(3.5),
}


def family(table: CaptureTable) -> list[Estimate]:
    """M0, Mt, and Mh and Mth with Chao's lower bound, Poisson2, Darroch and Gamma3.5, as in
    Rcapture (closedp).

    A model whose fit runs to a boundary has no estimate, and says so. Raises NoEstimate where the
    table says nothing at all.
    """
    gate.look(table)
    masks = np.arange(1, 1 << table.size)
    on = np.array([int(mask).bit_count() for mask in masks], dtype=float)
    each = np.array(
        [[mask >> place & 1 for place in range(table.size)] for mask in masks], dtype=float
    )
    found = []
    for name, base in (("M0", on[:, None]), ("Mt", each)):
        assumes = say("estimates.assumes.M0") if name == "M0" else say("estimates.assumes.Mt")
        found.append(_fitted(table, name, base, [], assumes))
    for name, base in (("Mh", on[:, None]), ("Mth", each)):
        found.append(_chao(table, f"{name} Chao", base, on))
        for kind, function in HETEROGENEITY.items():
            assumes = say("estimates.assumes.heterogeneous", law=kind)
            found.append(_fitted(table, f"{name} {kind}", base, [function(on)], assumes))
    return found


def _design(base: Counts, extra: Sequence[Counts]) -> Counts:
    return np.column_stack([np.ones(len(base)), base, *extra])


def _fitted(
    table: CaptureTable, name: str, base: Counts, extra: Sequence[Counts], assumes: Saying
) -> Estimate:
    return _from_fit(
        table, name, poisson_regression(_design(base, extra), table.counts[1:]), assumes
    )


def _from_fit(table: CaptureTable, name: str, fit: Regression, assumes: Saying) -> Estimate:
    """The estimate of a fit; refused where it ran to a boundary, and no maximum of the likelihood
    exists.
    """
    hidden = exp(min(fit.values[0], 700.0))
    # The number hidden varies about its expectation, as a Poisson number does.
    error = sqrt(max(fit.covariance[0, 0], 0.0) + 1 / max(hidden, 1e-300))
    low, high = _limits(hidden, error)
    aic, bic = fit.criteria(table.known)
    told = Fitted(aic, bic, fit.deviance, len(table.counts) - 1 - len(fit.values))
    try:
        if not fit.settled:
            raise NoEstimate(
                (say("estimates.none.boundary", name=name, hidden=hidden)),
                Reason.BOUNDARY,
            )
        return made(
            name,
            table.known,
            table.known + hidden,
            table.known + low,
            table.known + high,
            assumes,
            fit=told,
        )
    except NoEstimate as none:
        return refused(name, none)


def _limits(hidden: float, error: float, level: float = 0.95) -> tuple[float, float]:
    z = float(norm.ppf((1 + level) / 2))
    return hidden * exp(-z * min(error, 300.0)), hidden * exp(z * min(error, 300.0))


def _chao(table: CaptureTable, name: str, base: Counts, on: Counts) -> Estimate:
    """Chao's lower bound: persons on one or two lists alone speak of the unseen; negative excesses
    are set to nought.
    """
    kept = [np.maximum(on - most, 0.0) for most in range(2, table.size)]
    while True:
        fit = poisson_regression(_design(base, kept), table.counts[1:])
        excess = fit.values[-len(kept) :] if kept else np.array([])
        # An excess that runs to minus infinity is one of nought as well.
        if not (excess < 0).any():
            break
        kept = [column for column, value in zip(kept, excess, strict=True) if value >= 0]
    return _from_fit(table, name, fit, say("estimates.assumes.lower_bound"))


def two_lists(table: CaptureTable, first: str, second: str) -> list[Estimate]:
    """Lincoln-Petersen and Chapman for two lists, of the persons known of these two. Raises
    NoEstimate without an overlap.
    """
    one, other = table.place(first), table.place(second)
    masks = np.arange(len(table.counts))
    on_one, on_other = masks >> one & 1 == 1, masks >> other & 1 == 1
    n1, n2, both = (
        float(table.counts[which].sum()) for which in (on_one, on_other, on_one & on_other)
    )
    seen = n1 + n2 - both
    if not both:
        raise NoEstimate(
            (say("estimates.none.nobody_in_common", first=first, second=second)),
            Reason.NO_OVERLAP,
        )
    if both == seen:
        raise NoEstimate(
            (say("estimates.none.same_two", first=first, second=second)),
            Reason.EVERYBODY,
        )
    assumes = say("estimates.assumes.two_lists", first=first, second=second)
    petersen = n1 * n2 / both
    chapman = (n1 + 1) * (n2 + 1) / (both + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - both) * (n2 - both) / ((both + 1) ** 2 * (both + 2))
    low, high = log_normal(chapman - seen, variance)
    known = int(seen)
    return [
        made(f"Lincoln-Petersen {first}, {second}", known, petersen, None, None, assumes),
        made(f"Chapman {first}, {second}", known, chapman, seen + low, seen + high, assumes),
    ]


def log_normal(hidden: float, variance: float, level: float = 0.95) -> tuple[float, float]:
    """Limits of a number hidden, its logarithm taken as normal (Chao 1987); nought for nought."""
    if hidden <= 0:
        return 0.0, 0.0
    spread = exp(float(norm.ppf((1 + level) / 2)) * sqrt(log(1 + variance / hidden**2)))
    return hidden / spread, hidden * spread


def multiplier(
    recorded: tuple[float, float, float],
    detected: tuple[float, float, float],
    *,
    draws: int = 100_000,
    seed: int = 1,
) -> Estimate:
    """Recorded count over the probability of detection, each (low, best, high) with a triangular
    law between; by simulation.

    Raises Unreadable where a range is out of order, or a probability outside 0 to 1.
    """
    for low, best, high in (recorded, detected):
        if not 0 <= low <= best <= high:
            raise Unreadable(
                f"({low}, {best}, {high}) is not a range: low, best and high must rise from nought."
            )
    if not 0 < detected[0] <= detected[2] <= 1:
        raise Unreadable("The probability of detection must lie above 0 and not above 1.")
    chance = np.random.default_rng(seed)
    counts, shares = (_triangular(given, draws, chance) for given in (recorded, detected))
    totals = counts / shares
    return Estimate(
        "multiplier",
        float(np.median(totals)),
        float(np.quantile(totals, 0.025)),
        float(np.quantile(totals, 0.975)),
        say("estimates.assumes.multiplier"),
    )


def _triangular(
    given: tuple[float, float, float], draws: int, chance: np.random.Generator
) -> Counts:
    low, best, high = given
    if low == high:
        return np.full(draws, best)
    found: Counts = triang.rvs(
        (best - low) / (high - low), low, high - low, size=draws, random_state=chance
    )
    return found


def saturated_loss(deviance: float, degrees: int) -> float:
    """The probability of a deviance at least as large, were the model true."""
    return float(chi2.sf(deviance, degrees)) if degrees > 0 else 1.0
