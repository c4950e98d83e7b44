"""Plausible ways of putting records together, drawn from the match probabilities: what overlap
tables and counts rest on.

A partition has probability in proportion to what speaks for its persons (`clusters.worth`). What is
certain is always joined. A draw also joins some of what was not found: pairs too unlikely for
anybody to look at, each as often as it is right, and as many more as are expected between two lists
though nothing tells which (`missed.Missed`). The odds themselves are known within limits only, so
that each set of draws takes all of them a little higher or lower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numba
import numpy as np
from scipy.special import ndtri

from darkfigure.linkage.clusters import (
    AGAINST,
    FORCED,
    UNSEEN,
    Evidence,
    Numbers,
    Partition,
    Weights,
    worth,
)
from darkfigure.linkage.missed import Missed

#: Up to this many parts every way of putting them together is weighed; above it they are drawn by
#: Gibbs sampling.
EXACT = 6
_SWEEPS, _FIRST = 3, 40
#: How far the odds of all pairs together may be out, as a standard deviation in natural log odds:
#: what training leaves open. Set so that ranges of persons hold the truth as often as they say on
#: made-up lists (benchmarks/persons.py).
DOUBT = 0.8
#: Draws come in so many sets, each with odds of its own.
SETS = 10
#: A link below these odds puts nobody together in a draw.
_FAINT = -7.0


@dataclass(frozen=True)
class Draws:
    """Plausible partitions: for the records in doubt, the number of the person in each draw; all
    others as decided.

    `doubtful` are places of records, `labels` has a row for each draw; `found_late` holds for each
    draw pairs of places that are one person's besides. A person's number is the place of its first
    record.
    """

    decided: Numbers
    doubtful: Numbers
    labels: Numbers
    found_late: Sequence[Numbers] = field(default=())

    def __len__(self) -> int:
        return len(self.labels)

    def each(self) -> Iterator[Numbers]:
        """Every draw as numbers of persons for all records."""
        for at, row in enumerate(self.labels):
            whole = self.decided.copy()
            whole[self.doubtful] = row
            yield _joined(whole, self.found_late[at]) if len(self.found_late) else whole

    def counts(self, chosen: Numbers | None = None) -> Numbers:
        """Persons in each draw, or those with at least one of the records chosen."""
        return np.array(
            [len(np.unique(each if chosen is None else each[chosen])) for each in self.each()]
        )


@dataclass(frozen=True)
class Overlap:
    """How many persons have each combination of lists: `counts` at the number with bit j set for
    each list j.
    """

    lists: tuple[str, ...]
    counts: np.ndarray[Any, np.dtype[np.float64]]


def draw(
    evidence: Evidence,
    found: Partition,
    number: int = 200,
    seed: int = 1,
    *,
    missed: Missed | None = None,
    doubt: float = DOUBT,
) -> Draws:
    """Draw plausible partitions. The same seed gives the same draws, whatever order records came
    in.
    """
    random = np.random.default_rng(seed)
    sets = _sets(number, doubt)
    doubtful: list[Numbers] = []
    labels: list[Numbers] = []
    for members, parts, of, odds, against in _groups(evidence, found):
        chosen = _drawn(odds, against, sets, random)
        # The first record of a person names it, as in every partition.
        made = chosen[:, of]
        first = np.full((number, len(parts)), np.iinfo(np.int64).max)
        for at, record in enumerate(members):
            np.minimum.at(first, (np.arange(number), made[:, at]), record)
        doubtful.append(members)
        labels.append(np.take_along_axis(first, made, axis=1))
    stacked = np.concatenate(labels, axis=1) if labels else np.zeros((number, 0), dtype=np.int64)
    drawn = Draws(found.decided, np.concatenate([*doubtful, np.zeros(0, dtype=np.int64)]), stacked)
    if missed is None:
        return drawn
    shifts = np.repeat([shift for _, shift in sets], [many for many, _ in sets])
    late = [
        missed.some(each, shift, random) for each, shift in zip(drawn.each(), shifts, strict=True)
    ]
    return Draws(drawn.decided, drawn.doubtful, drawn.labels, late)


def _sets(number: int, doubt: float) -> list[tuple[int, float]]:
    """How many draws are made with which shift of the odds: as many shifts as there are sets,
    spread as a normal is.
    """
    sets = min(SETS, number)
    middle = [(at + 0.5) / sets for at in range(sets)]
    many = np.diff(np.linspace(0, number, sets + 1).round().astype(int))
    return [
        (int(size), float(doubt * ndtri(share))) for size, share in zip(many, middle, strict=True)
    ]


def _joined(persons: Numbers, pairs: Numbers) -> Numbers:
    """Persons with some more records joined, named by their first record as before."""
    root: dict[int, int] = {}

    def top(person: int) -> int:
        while person in root:
            person = root[person]
        return person

    for left, right in pairs.tolist():
        one, other = sorted((top(int(persons[left])), top(int(persons[right]))))
        if one != other:
            root[other] = one
    named = np.arange(len(persons))
    for person in root:
        named[person] = top(person)
    return np.asarray(named[persons], dtype=np.int64)


def overlaps(draws: Draws, lists: Sequence[str]) -> list[Overlap]:
    """The overlap table of each draw. `lists` names the list of each record, by place."""
    names, of = np.unique(np.asarray(lists), return_inverse=True)
    return [overlap(each, names.tolist(), of) for each in draws.each()]


def overlap(persons: Numbers, names: Sequence[str], of: Numbers) -> Overlap:
    """The overlap table of one partition; `of` is the place in `names` of each record's list."""
    histories = np.zeros(len(persons), dtype=np.int64)
    np.bitwise_or.at(histories, persons, np.left_shift(1, of.astype(np.int64)))
    counts = np.bincount(histories[histories > 0], minlength=1 << len(names)).astype(float)
    return Overlap(tuple(map(str, names)), counts)


def _groups(
    evidence: Evidence, found: Partition
) -> Iterator[tuple[Numbers, Numbers, Numbers, Weights, Weights]]:
    """Records that could be one person's and are not surely: their places, the parts that are
    certain in themselves, which part each is of, the heaviest link between parts and the sum of
    what speaks against.
    """
    differing = np.unique(found.possibly[found.surely != found.possibly])
    within = np.flatnonzero(np.isin(found.possibly, differing))
    within = within[np.argsort(found.possibly[within], kind="stable")]
    inside = np.flatnonzero(found.possibly[evidence.left] == found.possibly[evidence.right])
    inside = inside[np.argsort(found.possibly[evidence.left[inside]], kind="stable")]
    named = found.possibly[evidence.left[inside]]
    place = np.full(evidence.records, -1)
    groups = (_runs(found.possibly[within], differing), _runs(named, differing))
    for (start, end), (first, last) in zip(*groups, strict=True):
        members, pairs = within[start:end], inside[first:last]
        parts, of = np.unique(found.surely[members], return_inverse=True)
        place[members] = of
        a, b = place[evidence.left[pairs]], place[evidence.right[pairs]]
        yield (
            members,
            parts,
            of,
            *_between(a, b, evidence.odds[pairs], np.bincount(of).astype(float)),
        )


def _runs(values: Numbers, names: Numbers) -> list[tuple[int, int]]:
    """Where each name starts and ends among sorted values."""
    starts, ends = (np.searchsorted(values, names, side) for side in ("left", "right"))
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _between(a: Numbers, b: Numbers, odds: Weights, sizes: Weights) -> tuple[Weights, Weights]:
    """Between parts: the heaviest link, and the sum of what speaks against; pairs that nobody
    weighed count as such.
    """
    apart = a != b
    a, b, odds = a[apart], b[apart], odds[apart]
    heaviest = np.full((len(sizes), len(sizes)), UNSEEN)
    against, weighed = np.zeros_like(heaviest), np.zeros_like(heaviest)
    # A decision that two are apart outweighs every link between them.
    odds = np.where(odds <= -FORCED / 2, -FORCED / AGAINST, odds)
    np.maximum.at(heaviest, (a, b), odds)
    np.add.at(against, (a, b), np.minimum(odds, 0.0))
    np.add.at(weighed, (a, b), 1.0)
    heaviest, against, weighed = (
        np.maximum(heaviest, heaviest.T),
        against + against.T,
        weighed + weighed.T,
    )
    against += UNSEEN * (np.outer(sizes, sizes) - weighed)
    for whole in (heaviest, against):
        np.fill_diagonal(whole, 0.0)
    return heaviest, against


@lru_cache
def _ways(size: int) -> tuple[Numbers, Numbers]:
    """Every way of putting `size` things together: the group of each thing, and the things of each
    group as bits.
    """

    def grow(done: list[int], groups: int) -> Iterator[list[int]]:
        if len(done) == size:
            yield done
            return
        for group in range(groups + 1):
            yield from grow([*done, group], max(groups, group + 1))

    ways = np.array(list(grow([], 0)))
    bits = np.zeros_like(ways)
    for thing in range(size):
        bits[np.arange(len(ways)), ways[:, thing]] |= 1 << thing
    return ways, bits


@numba.njit(cache=True)
def _worths(odds, against):  # type: ignore[no-untyped-def]
    """What speaks for every set of parts, at the number that has the bits of its members."""
    size = len(odds)
    found = np.zeros(1 << size)
    members, best, reached = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, np.bool_)
    for bits in range(1 << size):
        many = 0
        for part in range(size):
            if bits >> part & 1:
                members[many] = part
                many += 1
        if many > 1:
            found[bits] = worth(odds, against, members, many, best, reached)
    return found


def probabilities(odds: Weights, against: Weights, shift: float = 0.0) -> tuple[Numbers, Weights]:
    """Every way of putting parts together, a row each, with its probability. `shift` moves the odds
    of each link that is made.
    """
    ways, bits = _ways(len(odds))
    links = len(odds) - (bits > 0).sum(axis=1)
    total = _worths(odds, against)[bits].sum(axis=1) + shift * links
    share = np.exp(total - total.max())
    return ways, share / share.sum()


def _drawn(
    odds: Weights, against: Weights, sets: Sequence[tuple[int, float]], random: np.random.Generator
) -> Numbers:
    """Ways of putting parts together: by weighing all of them, or where they are many by Gibbs
    sampling.
    """
    if len(odds) > EXACT:
        runs = [
            _gibbs(odds, against, many, int(random.integers(1 << 31)), shift)
            for many, shift in sets
        ]
        return np.concatenate(runs)
    ways, bits = _ways(len(odds))
    total = _worths(odds, against)[bits].sum(axis=1)
    shifts = np.array([shift for _, shift in sets])
    total = total + shifts[:, None] * (len(odds) - (bits > 0).sum(axis=1))
    share = np.exp(total - total.max(axis=1, keepdims=True)).cumsum(axis=1)
    of = np.repeat(np.arange(len(sets)), [many for many, _ in sets])
    chosen = (share[of] < (random.random(len(of)) * share[of, -1])[:, None]).sum(axis=1)
    return np.asarray(ways[chosen], dtype=np.int64)


@numba.njit(cache=True)
def _gibbs(odds, against, number, seed, shift=0.0):  # type: ignore[no-untyped-def]
    """Each part in turn leaves its group and joins one that some link leads to, or none, by what
    speaks for it.
    """
    np.random.seed(seed)
    size = len(odds)
    labels, sizes = np.arange(size), np.ones(size, dtype=np.int64)
    groups = np.full((size, size), -1)
    groups[:, 0] = labels
    found = np.full((number, size), -1)
    best, reached = np.zeros(size), np.zeros(size, np.bool_)
    gains, open_to = np.zeros(size + 1), np.zeros(size + 1, np.int64)
    for sweep in range(_FIRST + number * _SWEEPS):
        for part in range(size):
            _leave(groups, sizes, labels[part], part)
            empty = np.argmin(sizes)
            choices = 1
            gains[0], open_to[0] = 0.0, empty
            for label in range(size):
                many = sizes[label]
                if many == 0:
                    continue
                members = groups[label]
                linked = False
                for at in range(many):
                    linked = linked or odds[part, members[at]] > _FAINT
                if not linked:
                    continue
                before = worth(odds, against, members, many, best, reached)
                members[many] = part
                gains[choices] = (
                    worth(odds, against, members, many + 1, best, reached) - before + shift
                )
                open_to[choices] = label
                choices += 1
            chosen = open_to[_one_of(gains, choices)]
            groups[chosen, sizes[chosen]] = part
            sizes[chosen] += 1
            labels[part] = chosen
        if sweep >= _FIRST and (sweep - _FIRST) % _SWEEPS == _SWEEPS - 1:
            found[(sweep - _FIRST) // _SWEEPS] = labels
    return found


@numba.njit(cache=True)
def _leave(groups, sizes, label, part):  # type: ignore[no-untyped-def]
    many = sizes[label]
    for at in range(many):
        if groups[label, at] == part:
            groups[label, at] = groups[label, many - 1]
            break
    sizes[label] = many - 1


@numba.njit(cache=True)
def _one_of(gains, choices):  # type: ignore[no-untyped-def]
    """One of the choices by chance, in proportion to the exponential of its gain."""
    most = gains[:choices].max()
    total = np.exp(gains[:choices] - most).sum()
    left = np.random.random() * total
    for choice in range(choices):
        left -= np.exp(gains[choice] - most)
        if left <= 0:
            return choice
    return choices - 1
