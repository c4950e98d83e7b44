"""Made-up records with a stated guarantee: what can be told from them of any one person is bounded,
whatever else an attacker knows (differential privacy, by OpenDP's mechanisms).

Noise is added once, to all margins of a few dimensions. Everything after that is made from the
noisy margins alone: a distribution by proportional fitting, and records drawn from it. The values
of each column are taken to be known; which of them occur together is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.loading import extra

#: A table of so many possible combinations is fitted at once.
MOST = 5_000_000
#: Rounds of fitting; margins that contradict one another by their noise never agree wholly.
ROUNDS = 60
COUNT = "count"

Counts = NDArray[np.float64]
#: A margin: the places of its dimensions.
Margin = tuple[int, ...]


@dataclass(frozen=True)
class Guarantee:
    """What is guaranteed: `epsilon`, with one person more or fewer who is counted in one record;
    `margins` have noise of this `scale` each (a discrete Laplace distribution).
    """

    epsilon: float
    order: int
    margins: int
    scale: float


@dataclass(frozen=True)
class Utility:
    """How much of a margin is kept: its dimensions, its cells; how far synthetic counts are from
    the true ones on average, and in all (total variation, from 0 to 1); how many cells are empty in
    one alone.
    """

    names: tuple[str, ...]
    cells: int
    mean_error: float
    variation: float
    lost: int
    invented: int


@dataclass(frozen=True)
class Synthetic:
    """Made-up records, a row for each with a column for each dimension; the guarantee; how much of
    the truth they keep. `unique` is how many true combinations are of one person, `kept_unique`
    how many of those occur among the records: no more is told by it than the guarantee allows.
    """

    names: tuple[str, ...]
    records: pl.DataFrame
    guarantee: Guarantee
    utility: tuple[Utility, ...]
    people: int
    unique: int
    kept_unique: int


def synthesise(
    frame: pl.DataFrame,
    by: Sequence[str],
    count: str,
    *,
    epsilon: float,
    order: int = 2,
    seed: int | None = None,
    domains: Mapping[str, Sequence[str]] | None = None,
) -> Synthetic:
    """Made-up records for a table of counts: a column for each dimension, one of whole numbers.

    `order` is of how many dimensions the margins are; a seed is for tests: who knows it knows the
    records, though not the noise. `domains` are all values that a column may have, where it has
    others than occur. Raises Unreadable for what cannot be fitted.
    """
    check_asked(by, epsilon, order)
    values = [_values(frame, name, (domains or {}).get(name)) for name in by]
    sizes = tuple(map(len, values))
    if prod(sizes) > MOST:
        raise Unreadable(
            f"{prod(sizes):,} combinations are possible: no more than {MOST:,} can be fitted. "
            "Merge values, or leave out a column."
        )
    truth = _table(frame, by, count, values)
    margins = [*combinations(range(len(by)), order)]
    noisy = _noisy([_margin(truth, margin) for margin in margins], epsilon)
    fitted = _fitted(dict(zip(margins, noisy, strict=True)), sizes)
    drawn = _drawn(fitted, _people(noisy), np.random.default_rng(seed))
    synthetic = np.zeros(sizes)
    np.add.at(synthetic, tuple(drawn.T), 1)
    records = pl.DataFrame(
        {name: np.array(values[at])[drawn[:, at]] for at, name in enumerate(by)},
        schema=dict.fromkeys(by, pl.String),
    )
    alone = truth == 1
    return Synthetic(
        tuple(by),
        records,
        Guarantee(epsilon, order, len(margins), len(margins) / epsilon),
        tuple(_utility(truth, synthetic, by, margin) for margin in _all_margins(len(by), order)),
        int(truth.sum()),
        int(alone.sum()),
        int((alone & (synthetic > 0)).sum()),
    )


def check_asked(by: Sequence[str], epsilon: float, order: int) -> None:
    """Raise Unreadable where no records can be made up so: asked before anything is spent."""
    if not 0 < epsilon <= 20:
        raise Unreadable("epsilon: write a number above 0 and no more than 20; 1 is usual.")
    if not 1 <= order <= len(by):
        raise Unreadable(f"order: margins are of 1 to {len(by)} dimensions.")


def private_counts(counts: Sequence[int], epsilon: float, each_in: int = 1) -> list[int]:
    """Counts with noise: `epsilon` holds for one person who is in no more than so many of them."""
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    told: list[int] = dp.m.make_laplace(*space, scale=each_in / epsilon)([*counts])
    return told


def _values(frame: pl.DataFrame, name: str, domain: Sequence[str] | None) -> list[str]:
    there = {str(value) for value in frame[name].to_list()}
    if domain is None:
        return sorted(there)
    if unknown := sorted(there - {*domain}):
        raise Unreadable(f"{name}: {unknown[0]!r} is not among the values that it may have.")
    return [*dict.fromkeys(domain)]


def _table(
    frame: pl.DataFrame, by: Sequence[str], count: str, values: Sequence[Sequence[str]]
) -> Counts:
    places = [{value: at for at, value in enumerate(known)} for known in values]
    codes = [
        np.array([place[str(value)] for value in frame[name]], dtype=np.int64)
        for name, place in zip(by, places, strict=True)
    ]
    table = np.zeros(tuple(map(len, values)))
    np.add.at(table, tuple(codes), frame[count].to_numpy().astype(float))
    return table


def _margin(table: Counts, margin: Margin) -> Counts:
    summed: Counts = table.sum(axis=tuple(set(range(table.ndim)) - {*margin}))
    return summed


def _noisy(margins: Sequence[Counts], epsilon: float) -> list[Counts]:
    """Margins with noise. One person is in one cell of each."""
    whole = [int(number) for margin in margins for number in margin.ravel()]
    noise = np.array(private_counts(whole, epsilon, len(margins)), dtype=float)
    ends = np.cumsum([margin.size for margin in margins])[:-1]
    return [
        part.reshape(margin.shape)
        for part, margin in zip(np.split(noise, ends), margins, strict=True)
    ]


def _opendp() -> Any:
    with extra("private"):
        dp = import_module("opendp.prelude")
    dp.enable_features("contrib")
    return dp


def _people(noisy: Sequence[Counts]) -> int:
    """How many people there are, by the noisy margins: each says it once, the largest least
    surely.
    """
    weights = [1 / margin.size for margin in noisy]
    total = sum(weight * margin.sum() for weight, margin in zip(weights, noisy, strict=True))
    return max(0, round(float(total / sum(weights))))


def _fitted(noisy: Mapping[Margin, Counts], sizes: tuple[int, ...]) -> Counts:
    """The distribution that has the noisy margins as nearly as can be, and nothing besides."""
    fitted: Counts = np.ones(sizes) / prod(sizes)
    wanted = {}
    for margin, told in noisy.items():
        positive = denoised(told)
        wanted[margin] = positive / positive.sum() if positive.sum() else positive
    for _ in range(ROUNDS):
        for margin, share in wanted.items():
            now = _margin(fitted, margin)
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.where(now > 0, share / now, 0.0)
            shape = [sizes[at] if at in margin else 1 for at in range(len(sizes))]
            fitted = fitted * factor.reshape(shape)
        if not fitted.sum():
            return np.ones(sizes) / prod(sizes)
        fitted /= fitted.sum()
    return fitted


def denoised(told: Counts) -> Counts:
    """A noisy margin without what is below nought, its sum kept: what is least goes first."""
    total = max(told.sum(), 0.0)
    ordered = np.sort(np.maximum(told.ravel(), 0))[::-1]
    sums = np.cumsum(ordered)
    over = (sums - total) / np.arange(1, len(ordered) + 1)
    places = np.flatnonzero(ordered - over > 0)
    cut = max(over[places[-1]], 0.0) if len(places) else 0.0
    positive: Counts = np.maximum(told - cut, 0)
    return positive


def _drawn(fitted: Counts, people: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Records drawn from a distribution: each combination as often as it is to be expected, to
    within one, in an order of chance.
    """
    if not people:
        return np.zeros((0, fitted.ndim), dtype=np.int64)
    steps = (np.arange(people) + random.random()) / people
    cells = np.searchsorted(np.cumsum(fitted.ravel()), np.minimum(steps, 1 - 1e-12))
    cells = random.permutation(np.minimum(cells, fitted.size - 1))
    return np.stack(np.unravel_index(cells, fitted.shape), axis=1)


def _all_margins(width: int, order: int) -> list[Margin]:
    return [
        margin
        for size in range(1, min(order + 1, width) + 1)
        for margin in combinations(range(width), size)
        if comb(width, size) <= 60
    ]


def _utility(truth: Counts, synthetic: Counts, by: Sequence[str], margin: Margin) -> Utility:
    true, made = _margin(truth, margin), _margin(synthetic, margin)
    shares = [table / table.sum() if table.sum() else table for table in (true, made)]
    return Utility(
        tuple(by[at] for at in margin),
        true.size,
        float(np.abs(true - made).mean()),
        float(np.abs(shares[0] - shares[1]).sum() / 2),
        int(((true > 0) & (made == 0)).sum()),
        int(((true == 0) & (made > 0)).sum()),
    )
