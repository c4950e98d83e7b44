"""Bayesian estimates: averaged decomposable graphs, latent classes; with how well the chains have
mixed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import darkfigure.estimation as mse
from darkfigure.basis.errors import Unreadable
from darkfigure.estimation import bayes_engine
from darkfigure.estimation.capture import CaptureTable, Counts

CHAINS = 4
#: Lists up to which every decomposable graph is weighed.
MOST_FOR_GRAPHS = 6


@dataclass(frozen=True)
class Posterior:
    """Draws or weights of the total, with mean, median and 95% limits.

    `draws` has a row for each chain; empty where the posterior is computed and not sampled. `r_hat`
    and `effective` are the split potential scale reduction and the effective sample size (ArviZ);
    `models` names what was weighed, heaviest first.
    """

    method: str
    mean: float
    median: float
    low: float
    high: float
    draws: Counts
    r_hat: float | None
    effective: float | None
    models: tuple[tuple[str, float], ...] = ()
    density: tuple[tuple[float, float], ...] = field(default=())


def graphs(table: CaptureTable, delta: float | None = None, points: int = 600) -> Posterior:
    """Averaging over every decomposable graph with hyper-Dirichlet priors (Madigan and York 1997),
    in closed form.

    The number unseen is weighed on a grid, evenly spaced in logarithm up to a thousand times the
    known; prior 1 / total. Raises Unreadable above six lists.
    """
    if table.size > MOST_FOR_GRAPHS:
        raise Unreadable(
            f"{table.size} lists have too many graphs to weigh them all; up to "
            f"{MOST_FOR_GRAPHS} "
            "can be."
        )
    whole = np.unique(np.round(np.geomspace(1, 1000 * table.known, points)))
    widths = np.gradient(whole)
    weights, by_graph, _ = bayes_engine.decomposable(
        table.counts, table.size, whole, widths, delta or 2.0**-table.size
    )
    totals = table.known + whole
    cumulated = np.cumsum(weights)
    low, median, high = (
        float(np.interp(share, cumulated, totals)) for share in (0.025, 0.5, 0.975)
    )
    heavy = np.argsort(-by_graph)[:10]
    named = tuple((_graph_name(table.size, int(each)), float(by_graph[each])) for each in heavy)
    density = tuple(zip(totals.tolist(), (weights / widths).tolist(), strict=True))
    mean = float(weights @ totals)
    return Posterior(
        "decomposable graphs", mean, median, low, high, np.zeros((0, 0)), None, None, named, density
    )


def number_of_graphs(lists: int) -> int:
    """How many decomposable graphs there are on so many lists."""
    counts = np.zeros(1 << lists)
    counts[1:] = 1
    return int(bayes_engine.decomposable(counts, lists, np.ones(1), np.ones(1), 2.0**-lists)[2])


def _graph_name(lists: int, graph: int) -> str:
    pairs = [(i, j) for i in range(lists) for j in range(i + 1, lists)]
    edges = [f"{i + 1}{j + 1}" for place, (i, j) in enumerate(pairs) if graph >> place & 1]
    return f"[{','.join(edges) or 'independence'}]"


def latent_classes(
    table: CaptureTable,
    *,
    classes: int = 10,
    draws: int = 1000,
    burn: int = 40_000,
    thin: int = 60,
    seed: int = 1,
) -> Posterior:
    """Latent classes with a Dirichlet process (Manrique-Vallier 2016): Gamma(0.25, 0.25) on its
    concentration, uniform on rates.

    The posterior can have several modes between which chains seldom pass: the split R-hat over four
    chains says whether they agree.
    """
    held = np.flatnonzero(table.counts)
    seeds = np.arange(CHAINS) + 1000 * seed
    chains = bayes_engine.latent_chains(
        held, table.counts[held], table.size, classes, draws, burn, thin, 0.25, 0.25, seeds
    )
    return posterior_of("latent classes", table.known + chains)


def posterior_of(method: str, chains: Counts) -> Posterior:
    """What draws say, a row for each chain, and how well the chains agree."""
    flat = chains.reshape(-1)
    r_hat, effective = mse.convergence.agreement(chains)
    low, median, high = (float(np.quantile(flat, share)) for share in (0.025, 0.5, 0.975))
    return Posterior(
        method=method,
        mean=float(flat.mean()),
        median=median,
        low=low,
        high=high,
        draws=chains,
        r_hat=r_hat,
        effective=effective,
    )
