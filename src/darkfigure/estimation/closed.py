"""Estimators beside the log-linear models of lists: Chao, M0, Mt, Mh and Mth, two lists alone, the multiplier method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy.stats import chi2, norm, triang

from darkfigure.basis.errors import Unreadable
from darkfigure.estimation.capture import CaptureTable, Counts


@dataclass(frozen=True)
class Estimate:
    """A total with limits and what it rests on; None where the method gives no limits."""

    method: str
    total: float
    low: float | None
    high: float | None
    assumes: str


#: How capture differs between persons, as a function of the number of lists they are on (Rivest and Baillargeon 2007).
HETEROGENEITY: dict[str, Callable[[Counts], Counts]] = {
    "Poisson2": lambda on: 2.0**on - 1,
    "Darroch": lambda on: on**2 / 2,
    "Gamma3.5": lambda on: -np.log(3.5 + on) + log(3.5),
}


def family(table: CaptureTable) -> list[Estimate]:
    """M0, Mt, and Mh and Mth with Chao's lower bound, Poisson2, Darroch and Gamma3.5, as in Rcapture (closedp)."""
    masks = np.arange(1, 1 << table.size)
    on = np.array([int(mask).bit_count() for mask in masks], dtype=float)
    each = np.array([[mask >> place & 1 for place in range(table.size)] for mask in masks], dtype=float)
    found = []
    for name, base in (("M0", on[:, None]), ("Mt", each)):
        assumes = "every person is as likely on every list" if name == "M0" else "lists are independent, persons alike"
        found.append(_fitted(table, name, base, [], assumes))
    for name, base in (("Mh", on[:, None]), ("Mth", each)):
        found.append(_chao(table, f"{name} Chao", base, on))
        for kind, function in HETEROGENEITY.items():
            assumes = f"persons differ in how likely they are listed, by a law called {kind}"
            found.append(_fitted(table, f"{name} {kind}", base, [function(on)], assumes))
    return found


def _design(base: Counts, extra: Sequence[Counts]) -> Counts:
    return np.column_stack([np.ones(len(base)), base, *extra])


def _glm(design: Counts, counts: Counts) -> tuple[Counts, Counts, float]:
    """Poisson regression with log link by Newton: coefficients, their covariance, log likelihood without its constant."""
    values = np.zeros(design.shape[1])
    values[0] = log(counts.mean() + 0.1)
    best = -np.inf
    for _ in range(200):
        mean = np.exp(np.minimum(design @ values, 50))
        information = design.T @ (design * mean[:, None])
        step = np.linalg.lstsq(information, design.T @ (counts - mean), rcond=None)[0]
        length = 1.0
        while length > 1e-8:
            trial = values + length * step
            reached = float(counts @ (design @ trial) - np.exp(np.minimum(design @ trial, 50)).sum())
            if reached >= best - 1e-12:
                break
            length /= 2
        values, best = values + length * step, reached
        if np.max(np.abs(step)) < 1e-11:
            break
    covariance = np.asarray(np.linalg.pinv(information), dtype=np.float64)
    return values, covariance, best


def _fitted(table: CaptureTable, name: str, base: Counts, extra: Sequence[Counts], assumes: str) -> Estimate:
    values, covariance, _ = _glm(_design(base, extra), table.counts[1:])
    hidden = float(np.exp(values[0]))
    low, high = _limits(hidden, sqrt(max(covariance[0, 0], 0.0)))
    return Estimate(name, table.known + hidden, table.known + low, table.known + high, assumes)


def _limits(hidden: float, error: float, level: float = 0.95) -> tuple[float, float]:
    z = float(norm.ppf((1 + level) / 2))
    return hidden * float(np.exp(-z * error)), hidden * float(np.exp(z * error))


def _chao(table: CaptureTable, name: str, base: Counts, on: Counts) -> Estimate:
    """Chao's lower bound: persons on one or two lists alone speak of the unseen; negative excesses are set to nought."""
    kept = [np.maximum(on - most, 0.0) for most in range(2, table.size)]
    while True:
        values, covariance, _ = _glm(_design(base, kept), table.counts[1:])
        excess = values[-len(kept) :] if kept else np.array([])
        if not (excess < 0).any():
            break
        kept = [column for column, value in zip(kept, excess, strict=True) if value >= 0]
    hidden = float(np.exp(values[0]))
    low, high = _limits(hidden, sqrt(max(covariance[0, 0], 0.0)))
    return Estimate(
        name, table.known + hidden, table.known + low, table.known + high, "a lower bound where persons differ"
    )


def chao(table: CaptureTable) -> Estimate:
    """Chao's (1987) lower bound from persons on exactly one and exactly two lists, bias-corrected, with log-normal limits."""
    on = np.array([int(mask).bit_count() for mask in range(len(table.counts))])
    once, twice = float(table.counts[on == 1].sum()), float(table.counts[on == 2].sum())
    hidden = once * (once - 1) / (2 * (twice + 1))
    variance = (
        hidden
        + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    low, high = _log_normal(hidden, variance)
    return Estimate(
        "Chao", table.known + hidden, table.known + low, table.known + high, "a lower bound where persons differ"
    )


def _log_normal(hidden: float, variance: float, level: float = 0.95) -> tuple[float, float]:
    if hidden <= 0:
        return 0.0, 0.0
    spread = float(np.exp(norm.ppf((1 + level) / 2) * sqrt(log(1 + variance / hidden**2))))
    return hidden / spread, hidden * spread


def two_lists(table: CaptureTable, first: str, second: str) -> list[Estimate]:
    """Lincoln-Petersen and Chapman for two lists. Raises Unreadable where they do not overlap."""
    one, other = table.place(first), table.place(second)
    masks = np.arange(len(table.counts))
    on_one, on_other = masks >> one & 1 == 1, masks >> other & 1 == 1
    n1, n2, both = (float(table.counts[which].sum()) for which in (on_one, on_other, on_one & on_other))
    if not both:
        raise Unreadable(f"{first} and {second} have nobody in common: two lists without overlap give no estimate.")
    assumes = f"{first} and {second} are independent, everybody alike, nobody comes or goes, links are right"
    petersen = n1 * n2 / both
    chapman = (n1 + 1) * (n2 + 1) / (both + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - both) * (n2 - both) / ((both + 1) ** 2 * (both + 2))
    seen = n1 + n2 - both
    low, high = _log_normal(chapman - seen, variance)
    return [
        Estimate(f"Lincoln-Petersen {first}, {second}", petersen, None, None, assumes),
        Estimate(f"Chapman {first}, {second}", chapman, seen + low, seen + high, assumes),
    ]


def multiplier(
    recorded: tuple[float, float, float], detected: tuple[float, float, float], *, draws: int = 100_000, seed: int = 1
) -> Estimate:
    """Recorded count over the probability of detection, each (low, best, high) with a triangular law between; by simulation.

    Raises Unreadable where a range is out of order, or a probability outside 0 to 1.
    """
    for low, best, high in (recorded, detected):
        if not 0 <= low <= best <= high:
            raise Unreadable(f"({low}, {best}, {high}) is not a range: low, best and high must rise from nought.")
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
        "the probability of detection, taken from elsewhere, holds here",
    )


def _triangular(given: tuple[float, float, float], draws: int, chance: np.random.Generator) -> Counts:
    low, best, high = given
    if low == high:
        return np.full(draws, best)
    found: Counts = triang.rvs((best - low) / (high - low), low, high - low, size=draws, random_state=chance)
    return found


def saturated_loss(deviance: float, degrees: int) -> float:
    """The probability of a deviance at least as large, were the model true."""
    return float(chi2.sf(deviance, degrees)) if degrees > 0 else 1.0
