"""Bayesian thresholding (Silverman 2020, JRSS A 183): every overlap with a prior, those near nought
dropped, the rest fitted anew.

Constant and main effects have flat priors (as in the peer, normal with variance 10,000 where the
overlaps' prior is proper). Overlaps of two lists have a normal prior of a stated variance, or a
flat, improper one: then an overlap that nobody has is minus infinity, its histories leave the fit
and it stays in the model, and the model of all overlaps must exist and be identifiable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf, isfinite, log, sqrt

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import bayes_engine, gate
from darkfigure.estimation.bayesian import CHAINS, Posterior, posterior_of
from darkfigure.estimation.capture import CaptureTable, Counts
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.loglinear import check
from darkfigure.estimation.models import model, optional_terms

MAIN_VARIANCE = 1e4
#: Expectations above this are held there, far beyond what the gate lets pass.
MOST_EXPECTED = 1e15
THRESHOLD, PRIOR_VARIANCE, DRAWS = 2.0, 1.0, 4000
#: Steps between two draws that are kept, and steps before the first.
THIN, BURN = 50, 20_000


@dataclass(frozen=True)
class Thresholded:
    """The posterior, the overlaps retained, those at minus infinity, and by overlap the ratio of
    mean to deviation that decided.

    `doubtful` names overlaps whose ratio lies within its own Monte Carlo error (three deviations)
    of the threshold.
    """

    posterior: Posterior
    retained: tuple[str, ...]
    infinite: tuple[str, ...]
    ratios: dict[str, float]
    doubtful: tuple[str, ...]
    remarks: tuple[Saying, ...]
    formula: str


def thresholded(
    table: CaptureTable,
    *,
    threshold: float = THRESHOLD,
    prior_variance: float = PRIOR_VARIANCE,
    order: int = 2,
    draws: int = DRAWS,
    seed: int = 1,
) -> Thresholded:
    """Estimate by Bayesian thresholding. `draws` are kept from each of four chains; a prior
    variance of infinity is a flat prior.

    With `order` 3, overlaps of three lists all of whose pairs are retained are weighed too. Raises
    Unreadable for a setting that makes no sense, NoEstimate where with a flat prior the model of
    all overlaps has no estimate.
    """
    _checked(table, threshold, prior_variance, order, draws, seed)
    gate.look(table)
    pairs = [int(mask) for mask in optional_terms(table.size, 2)]
    flat = not isfinite(prior_variance)
    remarks: list[Saying] = []
    gone: list[int] = []
    if flat:
        gone = _start(table, pairs)
        remarks.append(say("estimates.remark.flat"))
    asked = _Asked(table, prior_variance, draws, seed)
    weighed = asked.weigh(pairs, pairs, gone, threshold, 0)
    kept, ratios, doubtful = weighed.kept, dict(weighed.ratios), list(weighed.doubtful)
    if order == 3:
        triples = _eligible(table.size, [*kept, *gone])
        lost = [triple for triple in triples if not _overlap(table, triple)] if flat else []
        if triples and not check(table, model(table.size, [*kept, *gone, *triples])).passed:
            remarks.append(say("estimates.remark.triples"))
        elif triples:
            gone += lost
            third = asked.weigh([*kept, *triples], triples, gone, threshold, 2)
            kept, ratios, doubtful = (
                [*kept, *third.kept],
                ratios | third.ratios,
                doubtful + third.doubtful,
            )
    chains = asked.walks(kept, gone, 1)
    expected = np.exp(np.minimum(chains[:, :, 0], log(MOST_EXPECTED)))
    # The number hidden varies about its expectation, as a Poisson number does.
    hidden = np.random.default_rng(seed).poisson(expected).astype(float)
    posterior = posterior_of("thresholded overlaps", table.known + hidden)
    formula = model(table.size, [*kept, *gone]).formula
    return Thresholded(
        Posterior(**{**posterior.__dict__, "models": ((formula, 1.0),)}),
        tuple(table.label(each) for each in kept),
        tuple(table.label(each) for each in gone),
        {table.label(each): ratio for each, ratio in ratios.items()},
        tuple(table.label(each) for each in doubtful),
        tuple(remarks),
        formula,
    )


def _checked(
    table: CaptureTable, threshold: float, variance: float, order: int, draws: int, seed: int
) -> None:
    if table.size < 3:
        raise Unreadable(
            "Thresholding weighs overlaps against one another: it needs three lists or more."
        )
    if order not in (2, 3) or order >= table.size:
        raise Unreadable(
            f"Thresholding works up to order 2 or 3, below the {table.size} lists of the "
            "table; "
            f"{order} was given."
        )
    if not threshold >= 0 or not isfinite(threshold):
        raise Unreadable(
            f"A threshold is a number of deviations from nought up; {threshold} was given."
        )
    if not variance > 0:
        raise Unreadable(
            f"A prior variance is above nought, or inf for a flat prior; {variance} was given."
        )
    if draws < 100 or seed < 0:
        raise Unreadable(
            f"Draws must be 100 or more and a seed nought or more; {draws} and {seed} were given."
        )


def _overlap(table: CaptureTable, term: int) -> float:
    masks = np.arange(len(table.counts))
    return float(table.counts[masks & term == term].sum())


def _start(table: CaptureTable, pairs: Sequence[int]) -> list[int]:
    """The pairs nobody has; refuses where the model of all pairs has no estimate, which a flat
    prior needs.
    """
    found = check(table, model(table.size, pairs))
    if not found.passed:
        reason = Reason.NOT_EXISTING if found.identifiable else Reason.NOT_IDENTIFIABLE
        raise NoEstimate(
            say("estimates.none.flat", refused=found.refused),
            reason,
            found.infinite,
        )
    return [pair for pair in pairs if not _overlap(table, pair)]


def _eligible(lists: int, kept: Sequence[int]) -> list[int]:
    """Overlaps of three lists all of whose pairs are in the model."""
    pairs = set(kept)
    return [
        1 << a | 1 << b | 1 << c
        for a, b, c in combinations(range(lists), 3)
        if {1 << a | 1 << b, 1 << a | 1 << c, 1 << b | 1 << c} <= pairs
    ]


@dataclass(frozen=True)
class _Weighed:
    kept: list[int]
    ratios: dict[int, float]
    doubtful: list[int]


@dataclass(frozen=True)
class _Asked:
    table: CaptureTable
    variance: float
    draws: int
    seed: int

    def weigh(
        self,
        terms: Sequence[int],
        judged: Sequence[int],
        gone: Sequence[int],
        threshold: float,
        stage: int,
    ) -> _Weighed:
        """Fit the terms, and keep those judged whose mean lies far enough from nought; those at
        minus infinity are not judged.
        """
        fitted = [term for term in terms if term not in gone]
        chains = self.walks(fitted, gone, stage)
        found = _Weighed([], {}, [])
        first = 1 + self.table.size
        for place, term in enumerate(fitted):
            if term not in judged:
                continue
            values = chains[:, :, first + place]
            ratio = float(abs(values.mean()) / values.std())
            found.ratios[term] = ratio
            # The error of the ratio is mostly that of the mean, in deviations.
            posterior = posterior_of("", values)
            if abs(ratio - threshold) < 3 / sqrt(max(posterior.effective or 1.0, 1.0)):
                found.doubtful.append(term)
            if ratio >= threshold:
                found.kept.append(term)
        return found

    def walks(self, fitted: Sequence[int], gone: Sequence[int], stage: int) -> Counts:
        """Draws of constant, main effects and these terms: chain by draw by term."""
        table = self.table
        masks = np.array(
            [
                mask
                for mask in range(1, 1 << table.size)
                if not any(mask & term == term for term in gone)
            ],
            dtype=np.int64,
        )
        terms = [0, *(1 << place for place in range(table.size)), *fitted]
        design = np.array([[float(mask & term == term) for term in terms] for mask in masks])
        flat = not isfinite(self.variance)
        main, others = (inf, inf) if flat else (sqrt(MAIN_VARIANCE), sqrt(self.variance))
        spread = np.array([main] * (1 + table.size) + [others] * len(fitted))
        counts = table.counts[masks]
        centre, information = _mode(design, counts, spread, log(table.known))
        root = np.linalg.cholesky(np.linalg.inv(information))
        seeds = np.arange(CHAINS) + 1000 * self.seed + 100 * stage
        found: Counts = bayes_engine.walks(
            design, counts, centre, root, spread, self.draws, THIN, BURN, seeds
        )
        return found


def _mode(design: Counts, counts: Counts, spread: Counts, start: float) -> tuple[Counts, Counts]:
    """The highest point of the posterior and minus its curvature there. Raises NoEstimate where
    there is none.
    """
    centre = np.zeros(design.shape[1])
    centre[0] = start
    information = np.eye(len(centre))
    for _ in range(200):
        mean = np.exp(np.minimum(design @ centre, 50))
        information = design.T @ (design * mean[:, None]) + np.diag(spread**-2.0)
        try:
            step = np.linalg.solve(information, design.T @ (counts - mean) - centre / spread**2)
        except np.linalg.LinAlgError as error:
            raise NoEstimate(say("estimates.none.mode"), Reason.NOT_IDENTIFIABLE) from error
        centre = centre + step * min(1.0, 3.0 / max(np.abs(step).max(), 1e-9))
        if np.abs(step).max() < 1e-10:
            break
    return centre, information
