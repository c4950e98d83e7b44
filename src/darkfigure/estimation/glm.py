"""Poisson regression with a logarithmic link, for the small models that are not sets of
overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from darkfigure.estimation.capture import Counts

#: Exponents above this are held there: no table counts e^50 persons.
HIGHEST = 50.0


@dataclass(frozen=True)
class Regression:
    """Coefficients, their covariance, the log likelihood (whole), the deviance, and whether it
    settled inside its bounds.
    """

    values: Counts
    covariance: Counts
    log_likelihood: float
    deviance: float
    settled: bool

    def criteria(self, persons: float) -> tuple[float, float]:
        """AIC and BIC, with `persons` the number known."""
        size = len(self.values)
        return 2 * size - 2 * self.log_likelihood, size * float(
            np.log(persons)
        ) - 2 * self.log_likelihood


def poisson_regression(
    design: Counts, counts: Counts, begin: Counts | None = None, offset: Counts | None = None
) -> Regression:
    """Fit by Newton's method with halved steps. `design` has a row for each of `counts`; `begin`
    are start values.

    `settled` is False where a coefficient or fitted count runs off for ever, that is, where no
    estimate exists.
    """
    shift = np.zeros(len(counts)) if offset is None else offset
    values: Counts = np.zeros(design.shape[1])
    values[0] = np.log(counts.mean() + 0.1)
    if begin is not None:
        values = begin.copy()

    def reach(trial: Counts) -> float:
        at = np.minimum(design @ trial + shift, HIGHEST)
        return float(counts @ at - np.exp(at).sum())

    best, step, settled = reach(values), np.zeros(0), False
    information = np.eye(design.shape[1])
    for _ in range(200):
        mean = np.exp(np.minimum(design @ values + shift, HIGHEST))
        information = design.T @ (design * mean[:, None])
        step = np.asarray(
            np.linalg.lstsq(information, design.T @ (counts - mean), rcond=None)[0],
            dtype=np.float64,
        )
        length = 1.0
        while reach(values + length * step) < best - 1e-12 and length > 1e-8:
            length /= 2
        values = np.asarray(values + length * step, dtype=np.float64)
        best = reach(values)
        if np.max(np.abs(step)) < 1e-9 * (1 + np.max(np.abs(values))):
            settled = True
            break
    mean = np.exp(np.minimum(design @ values + shift, HIGHEST))
    held = counts > 0
    deviance = 2 * float(
        np.sum(counts[held] * np.log(counts[held] / mean[held])) - np.sum(counts - mean)
    )
    settled = settled and bool(
        np.linalg.matrix_rank(information, hermitian=True) == design.shape[1]
    )
    covariance = np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)
    return Regression(
        values, covariance, best - float(gammaln(counts + 1).sum()), max(deviance, 0.0), settled
    )
