"""Plausible ways of putting records together, drawn from the match probabilities: what overlap tables and counts rest on.

A partition has probability in proportion to the product of the odds of the pairs it joins (the posterior of a pairwise model,
as in Steorts 2015 without a measurement model). What is certain is always joined, what is out of the question never, so that a
count of persons in a draw lies between the bounds of `clusters.Partition`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from darkfigure.linkage.clusters import FORCED, UNSEEN, Evidence, Numbers, Partition

#: Up to this many parts every way of putting them together is weighed; above it they are drawn by Gibbs sampling.
EXACT = 6
_SWEEPS, _FIRST = 5, 50


@dataclass(frozen=True)
class Draws:
    """Plausible partitions: for the records in doubt, the number of the person in each draw; all others as decided.

    `doubtful` are places of records, `labels` has a row for each draw. A person's number is the place of its first record.
    """

    decided: Numbers
    doubtful: Numbers
    labels: Numbers

    def __len__(self) -> int:
        return len(self.labels)

    def each(self) -> Iterator[Numbers]:
        """Every draw as numbers of persons for all records."""
        for row in self.labels:
            whole = self.decided.copy()
            whole[self.doubtful] = row
            yield whole

    def counts(self, chosen: Numbers | None = None) -> Numbers:
        """Persons in each draw, or those with at least one of the records chosen."""
        return np.array([len(np.unique(each if chosen is None else each[chosen])) for each in self.each()])


@dataclass(frozen=True)
class Overlap:
    """How many persons have each combination of lists: `counts` at the number with bit j set for each list j."""

    lists: tuple[str, ...]
    counts: np.ndarray[Any, np.dtype[np.float64]]


def draw(evidence: Evidence, found: Partition, number: int = 200, seed: int = 1) -> Draws:
    """Draw plausible partitions. The same seed gives the same draws, whatever order records came in."""
    random = np.random.default_rng(seed)
    groups: dict[int, list[int]] = {}
    differing = np.unique(found.possibly[found.surely != found.possibly])
    for record in np.flatnonzero(np.isin(found.possibly, differing)):
        groups.setdefault(int(found.possibly[record]), []).append(int(record))
    odds = _odds_within(evidence, found)
    doubtful: list[int] = []
    labels: list[Numbers] = []
    for name in sorted(groups):
        members = np.array(groups[name])
        parts, of = np.unique(found.surely[members], return_inverse=True)
        weights = _between(parts, of, members, odds.get(name, []))
        chosen = _weighed(weights, number, random) if len(parts) <= EXACT else _sampled(weights, number, random)
        # The first record of a person names it, as in every partition.
        made = chosen[:, of]
        first = np.full((number, len(parts)), np.iinfo(np.int64).max)
        for at, record in enumerate(members):
            np.minimum.at(first, (np.arange(number), made[:, at]), record)
        doubtful.extend(members.tolist())
        labels.append(np.take_along_axis(first, made, axis=1))
    stacked = np.concatenate(labels, axis=1) if labels else np.zeros((number, 0), dtype=np.int64)
    return Draws(found.decided, np.array(doubtful, dtype=np.int64), stacked)


def overlaps(draws: Draws, lists: Sequence[str]) -> list[Overlap]:
    """The overlap table of each draw. `lists` names the list of each record, by place."""
    names, of = np.unique(np.asarray(lists), return_inverse=True)
    bits = np.left_shift(1, of.astype(np.int64))
    found = []
    for each in draws.each():
        histories = np.zeros(len(each), dtype=np.int64)
        np.bitwise_or.at(histories, each, bits)
        counts = np.bincount(histories[histories > 0], minlength=1 << len(names)).astype(float)
        found.append(Overlap(tuple(map(str, names)), counts))
    return found


def _odds_within(evidence: Evidence, found: Partition) -> dict[int, list[tuple[int, int, float]]]:
    held: dict[int, list[tuple[int, int, float]]] = {}
    inside = found.possibly[evidence.left] == found.possibly[evidence.right]
    for left, right, odds in zip(
        evidence.left[inside].tolist(), evidence.right[inside].tolist(), evidence.odds[inside].tolist(), strict=True
    ):
        held.setdefault(int(found.possibly[left]), []).append((left, right, odds))
    return held


def _between(parts: Numbers, of: Numbers, members: Numbers, odds: list[tuple[int, int, float]]) -> np.ndarray[Any, Any]:
    """Summed log odds between parts that are certain in themselves."""
    sizes = np.bincount(of, minlength=len(parts)).astype(float)
    weights = UNSEEN * np.outer(sizes, sizes)
    place = {int(record): int(part) for record, part in zip(members, of, strict=True)}
    for left, right, value in odds:
        a, b = place[left], place[right]
        if a != b:
            weights[a, b] += value - UNSEEN
            weights[b, a] = weights[a, b]
    np.fill_diagonal(weights, 0.0)
    return weights


def _partitions(size: int) -> Iterator[list[int]]:
    """Every way of putting `size` things together, each as the number of the group of each thing."""

    def grow(done: list[int], groups: int) -> Iterator[list[int]]:
        if len(done) == size:
            yield done
            return
        for group in range(groups + 1):
            yield from grow([*done, group], max(groups, group + 1))

    return grow([], 0)


def probabilities(weights: np.ndarray[Any, Any]) -> tuple[Numbers, np.ndarray[Any, Any]]:
    """Every way of putting parts together, a row each, with its probability."""
    ways = np.array(list(_partitions(len(weights))))
    together = ways[:, :, None] == ways[:, None, :]
    total = (together * weights[None]).sum(axis=(1, 2)) / 2
    share = np.exp(total - total.max())
    return ways, share / share.sum()


def _weighed(weights: np.ndarray[Any, Any], number: int, random: np.random.Generator) -> Numbers:
    ways, share = probabilities(weights)
    return np.asarray(ways[random.choice(len(ways), size=number, p=share)], dtype=np.int64)


def _sampled(weights: np.ndarray[Any, Any], number: int, random: np.random.Generator) -> Numbers:
    """Gibbs sampling: each part in turn leaves its group and joins one, or none, by the odds."""
    found: Numbers = _gibbs(weights, number, int(random.integers(1 << 31)))
    return found


@numba.njit(cache=True)
def _gibbs(weights, number, seed):  # type: ignore[no-untyped-def]
    np.random.seed(seed)
    size = len(weights)
    labels = np.arange(size)
    sizes = np.ones(size, dtype=np.int64)
    found = np.empty((number, size), dtype=np.int64)
    scores = np.empty(size)
    for sweep in range(_FIRST + number * _SWEEPS):
        for part in range(size):
            sizes[labels[part]] -= 1
            scores[:] = 0.0
            for other in range(size):
                if other != part:
                    scores[labels[other]] += weights[part, other]
            # A group is known by its label; one empty label stands for a group of its own.
            alone, best = -1, 0.0
            for label in range(size):
                if sizes[label] == 0:
                    alone = label if alone < 0 else alone
                    scores[label] = 0.0 if label == alone else -np.inf
                elif scores[label] < -FORCED / 2:
                    scores[label] = -np.inf
                best = max(best, scores[label])
            total = 0.0
            for label in range(size):
                scores[label] = np.exp(scores[label] - best)
                total += scores[label]
            left, chosen = np.random.random() * total, alone
            for label in range(size):
                left -= scores[label]
                if left <= 0 and scores[label] > 0:
                    chosen = label
                    break
            labels[part] = chosen
            sizes[chosen] += 1
        if sweep >= _FIRST and (sweep - _FIRST) % _SWEEPS == _SWEEPS - 1:
            found[(sweep - _FIRST) // _SWEEPS] = labels
    return found
