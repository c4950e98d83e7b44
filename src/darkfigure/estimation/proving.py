"""The best of all hierarchical models where there are too many to go through: the best found, and
what no model goes below.

A model is climbed to by adding and dropping terms; limits of coefficients are narrowed
(`narrowing`) until all models but that one are ruled out, or no further; what remains is divided by
a term that is in or out, the part with the least bound first. All of it ends after a fixed amount
of work, counted and not timed, so that the same table gives the same answer everywhere.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from darkfigure.estimation import engine, search
from darkfigure.estimation.capture import Counts
from darkfigure.estimation.models import Masks
from darkfigure.estimation.narrowing import NEAR, Decided, Table, narrowed, relaxed
from darkfigure.estimation.proof import Proof
from darkfigure.estimation.search import IN, OUT, UNDECIDED

#: Work for one table: operations, about.
WORK = 60_000_000_000
#: Models whose estimates are kept to begin others from.
REMEMBERED = 64
#: Terms tried at each turn of the climb, on each side.
TRIED = 4
#: Narrowing goes on while what there is to gain falls to this share of what it was.
WORTHWHILE = 0.93
#: A share of its cost from which a term is taken to be in, where a model is read off a bound.
MOSTLY = 0.5

Passes = Callable[[int], bool]
States = np.ndarray[Any, np.dtype[np.int8]]


@dataclass(frozen=True)
class Looked:
    """A model that was fitted: its bits over the optional terms, criterion, unseen and code."""

    bits: int
    criterion: float
    hidden: float
    code: int


@dataclass(frozen=True)
class Searched:
    """The best model that passes, or None; every model fitted, best first; the proof."""

    best: Looked | None
    looked: tuple[Looked, ...]
    proof: Proof


@dataclass(order=True)
class _Part:
    """Models that are decided in part. The least bound comes first, then who came first."""

    bound: float
    number: int
    state: States = field(compare=False)
    low: Counts = field(compare=False)
    high: Counts = field(compare=False)
    values: Counts = field(compare=False)

    @property
    def open(self) -> Masks:
        """Places of terms that may be in or out."""
        return np.flatnonzero(self.state == UNDECIDED)

    def with_state(self, state: States) -> _Part:
        """The same limits and values under other decisions."""
        return _Part(self.bound, self.number, state, self.low, self.high, self.values.copy())


@dataclass(frozen=True)
class _Fitted:
    looked: Looked
    value: float
    values: Counts
    mean: Counts


class _Search:
    """One table searched. Values are criteria without the part that no parameter changes."""

    def __init__(
        self,
        counts: Counts,
        lists: int,
        optional: Masks,
        penalty: float,
        work: int,
        each: Callable[..., Iterable[Any]],
    ) -> None:
        self.counts, self.lists, self.optional = counts, lists, optional
        self.penalty, self.each = penalty, each
        self.first = 1 + lists
        terms = np.concatenate([[0], 1 << np.arange(lists), optional]).astype(np.int64)
        overlaps = engine.table_of(counts, lists).overlaps
        self.table = Table(counts, overlaps, lists, terms, penalty)
        self.constant = -2.0 * engine.likelihood_constant(counts)
        self.left, self.fits = work, 0
        self.price = lists * len(counts) + len(terms) ** 3 // 2
        self.looked: dict[int, Looked] = {}
        self.recent: dict[int, _Fitted] = {}
        self.best: _Fitted | None = None
        self.barred: set[int] = set()
        inside = terms[:, None] & terms[None, :]
        #: By term: its parts, and the terms that contain it; itself in both.
        self.parts = [np.flatnonzero(inside[i] == terms) for i in range(len(terms))]
        self.wholes = [np.flatnonzero(inside[i] == terms[i]) for i in range(len(terms))]

    # -- single models

    def fit(self, bits: int, near: _Fitted | None = None) -> _Fitted:
        """A model fitted, from the estimates of another."""
        if bits in self.recent:
            return self.recent[bits]
        places = range(len(self.optional))
        state = np.array([IN if bits >> i & 1 else OUT for i in places], dtype=np.int8)
        values, mean = np.zeros(len(self.counts)), np.zeros(len(self.counts))
        if near is None:
            engine.start_values(self.table.overlaps, self.lists, values)
        else:
            values[:] = near.values
        values[~np.isfinite(values)] = 0.0
        newton = search.fit_decided(self.counts, self.lists, self.optional, state, values, mean)
        self._spend(newton.steps)
        value = self.penalty * (self.first + bits.bit_count()) - 2.0 * newton.likelihood
        looked = Looked(bits, value + self.constant, float(mean[0]), int(newton.code))
        fitted = self.recent[bits] = _Fitted(looked, value, values, mean)
        if len(self.recent) > REMEMBERED:
            del self.recent[next(iter(self.recent))]
        self.looked.setdefault(bits, looked)
        if looked.code == engine.OK and value < self.cutoff and bits not in self.barred:
            self.best = fitted
        return fitted

    def bar(self, passes: Passes) -> bool:
        """Leave aside the best models as long as they do not pass; whether any was."""
        barred = len(self.barred)
        while self.best is not None and not passes(self.best.looked.bits):
            self.barred.add(self.best.looked.bits)
            able = [
                each
                for each in self.looked.values()
                if each.code == engine.OK and each.bits not in self.barred
            ]
            self.best = None
            if able:
                self.best = self.fit(min(able, key=lambda each: each.criterion).bits)
        return len(self.barred) > barred

    def _spend(self, steps: int) -> None:
        self.fits += 1
        self.left -= int(steps) * self.price

    @property
    def cutoff(self) -> float:
        """What a model has to be below to be better."""
        return self.best.value if self.best else inf

    def climb(self, bits: int) -> None:
        """Add and drop terms one at a time while that makes the model better."""
        here = self.fit(bits)
        while self.left > 0:
            tried = [self.fit(other, here) for other in self._neighbours(here)]
            least = min(tried, key=lambda one: one.value, default=here)
            if not least.value < here.value - NEAR:
                return
            here = least

    def _neighbours(self, here: _Fitted) -> Iterator[int]:
        """The likeliest better models that have one term more or less, by score and Wald tests."""
        bits = here.looked.bits
        scores = self._scores(here)
        inside = [i for i in range(len(self.optional)) if bits >> i & 1]
        free = [i for i in inside if not self._around(i, bits)]
        lacking = [i for i in range(len(self.optional)) if not bits >> i & 1]
        ready = [i for i in lacking if all(bits >> j & 1 for j in self._within(i))]
        for i in sorted(ready, key=lambda i: -scores[i])[:TRIED]:
            if scores[i] > self.penalty / 3:
                yield bits | 1 << i
        for i in sorted(free, key=lambda i: scores[i])[:TRIED]:
            yield bits & ~(1 << i)

    def _within(self, place: int) -> list[int]:
        own = place + self.first
        return [int(j) - self.first for j in self.parts[own] if j >= self.first and j != own]

    def _around(self, place: int, bits: int) -> bool:
        own = place + self.first
        return any(bits >> int(j - self.first) & 1 for j in self.wholes[own] if j != own)

    def _scores(self, here: _Fitted) -> Counts:
        """About how much twice the log likelihood changes by each term that is added or dropped."""
        terms, overlaps = self.table.terms, self.table.overlaps
        sums = here.mean.copy()
        sums[0] = 0.0
        engine.superset_sums(sums, self.lists)
        bits = here.looked.bits
        fitted = np.array(
            [i < self.first or bool(bits >> (i - self.first) & 1) for i in range(len(terms))]
        )
        held = np.flatnonzero(fitted & (overlaps[terms] > 0))
        weights = sums[terms[:, None] | terms[None, :]]
        inverse = np.linalg.pinv(weights[np.ix_(held, held)], hermitian=True)
        spread = np.full(len(terms), np.nan)
        spread[held] = np.diag(inverse)
        across = weights[:, held]
        own = np.diag(weights) - np.einsum("ij,jk,ik->i", across, inverse, across)
        away = overlaps[terms] - sums[terms]
        with np.errstate(divide="ignore", invalid="ignore"):
            added = np.where(own > 1e-9, away**2 / own, 0.0)
            dropped = here.values[terms] ** 2 / spread
        added = np.where(overlaps[terms] > 0, added, 2.0 * sums[terms])
        scores = np.where(fitted, np.nan_to_num(dropped, nan=inf), added)
        return np.asarray(scores[self.first :])

    # -- many models at once

    def root(self) -> _Part:
        """All models."""
        number = len(self.table.terms)
        state = np.full(number, UNDECIDED, np.int8)
        state[: self.first] = IN
        near = self.best or self.fit(0)
        values = near.values[self.table.terms].copy()
        whole = np.full(number, inf)
        return self.bounded(_Part(-inf, 0, state, -whole, whole, values))

    def bounded(self, part: _Part) -> _Part:
        """A part with its bound, from the values it holds, which become those reached."""
        still = np.zeros(len(part.state))
        decided = Decided(part.state, part.low, part.high)
        lowest = relaxed(self.table, decided, part.values, still, -1, self.cutoff - NEAR, NEAR / 2)
        self._spend(lowest.steps)
        part.bound = max(part.bound, float(lowest.bound))
        return part

    def settled(self, state: States, place: int, inside: bool) -> States | None:
        """The decisions with one term more in or out, and what follows by hierarchy; None where
        that cannot be.
        """
        others = self.parts[place] if inside else self.wholes[place]
        after = state.copy()
        wanted = IN if inside else OUT
        if np.any((state[others] != UNDECIDED) & (state[others] != wanted)):
            return None
        after[others] = wanted
        return after

    def closed(self, part: _Part) -> bool:
        """Whether nothing better is in a part; a model that is read off it is fitted first."""
        if part.bound >= self.cutoff - NEAR:
            return True
        self.read_off(part)
        return bool(part.bound >= self.cutoff - NEAR or not len(part.open))

    def read_off(self, part: _Part) -> None:
        """Fit the model that a part's values speak for."""
        bits = 0
        for place in range(self.first, len(part.state)):
            if part.state[place] == IN or self._share(part, place) > MOSTLY:
                for own in self.parts[place]:
                    if own >= self.first:
                        bits |= 1 << int(own - self.first)
        if bits not in self.looked:
            self.fit(bits, self.best)

    def _share(self, part: _Part, place: int) -> float:
        """The share of its cost that a term bears that may be in or out."""
        value = part.values[place]
        limit = part.high[place] if value > 0 else part.low[place]
        if part.state[place] != UNDECIDED or not np.isfinite(limit) or not limit:
            return 0.0
        return float(value / limit)

    def narrow(self, part: _Part) -> _Part | None:
        """Narrower limits, and what is decided by them; None where nothing better is left."""
        while True:
            room = self.cutoff - part.bound
            places = [int(i) for i in part.open]
            state, low, high = part.state.copy(), part.low.copy(), part.high.copy()
            for place, limits in zip(places, self._limits(part, places), strict=True):
                low[place], high[place] = limits
                if low[place] == high[place] == 0.0:
                    state[self.wholes[place]] = OUT
            part = _Part(part.bound, part.number, state, low, high, part.values)
            if self.closed(self.bounded(part)):
                return None
            part = self._required(part)
            if self.closed(part):
                return None
            if self.left <= 0 or not self.cutoff - part.bound < WORTHWHILE * room:
                return part

    def _limits(self, part: _Part, places: list[int]) -> list[tuple[float, float]]:
        def limits(place: int) -> tuple[float, float, int]:
            state = self.settled(part.state, place, inside=True)
            if state is None:
                return 0.0, 0.0, 0
            others = self.wholes[place]
            alone = not np.any(state[others[others != place]] != OUT)
            decided = Decided(state, part.low, part.high)
            low, high, steps = narrowed(self.table, decided, part.values, place, self.cutoff, alone)
            return float(low), float(high), int(steps)

        if not self.cutoff < inf:
            return [(float(part.low[i]), float(part.high[i])) for i in places]
        narrower = list(self.each(limits, places))
        for _, _, steps in narrower:
            self._spend(steps)
        return [(low, high) for low, high, _ in narrower]

    def _required(self, part: _Part) -> _Part:
        """The part with those terms in without which nothing better is left."""
        wanted = self.best.looked.bits if self.best else 0
        for place in part.open:
            if not wanted >> int(place - self.first) & 1 or part.state[place] != UNDECIDED:
                continue
            without = self.settled(part.state, place, inside=False)
            if without is None:
                continue
            if self.bounded(part.with_state(without)).bound >= self.cutoff - NEAR:
                within = self.settled(part.state, place, inside=True)
                if within is not None:
                    part = part.with_state(within)
        return self.bounded(part)

    def divided(self, part: _Part) -> list[_Part]:
        """The part in two: a term in, and out."""
        place = self._dividing(part)
        halves = []
        for inside in (False, True):
            state = self.settled(part.state, place, inside)
            if state is not None:
                halves.append(self.bounded(part.with_state(state)))
        return halves

    def _dividing(self, part: _Part) -> int:
        """The term to divide by: whose share of its cost is furthest from nought and one; else
        whose histories hold nobody though many were to be expected.
        """
        chosen, most = int(part.open[0]), -1.0
        for place in map(int, part.open):
            term = self.table.terms[place]
            if self.table.overlaps[term] <= 0:
                on = [1 << j for j in range(self.lists) if term >> j & 1]
                expected = float(np.prod(self.table.overlaps[on])) / max(self.counts.sum(), 1.0)
                weight = min(expected, 1.0) / 8
            else:
                share = self._share(part, place)
                weight = share * (1.0 - share)
            if weight > most:
                chosen, most = place, weight
        return chosen

    def prove(self) -> Proof:
        """Narrow and divide until nothing better is left, or the work is done."""
        waiting: list[_Part] = []
        number = 0
        first = self.root()
        if not self.closed(first):
            heapq.heappush(waiting, first)
        while waiting and self.left > 0:
            part = heapq.heappop(waiting)
            if part.bound >= self.cutoff - NEAR:
                continue
            narrow = self.narrow(part)
            if narrow is None:
                continue
            for half in self.divided(narrow):
                number += 1
                half.number = number
                if not self.closed(half):
                    heapq.heappush(waiting, half)
        waiting = [part for part in waiting if part.bound < self.cutoff - NEAR]
        criterion = self.cutoff + self.constant
        least = min((part.bound for part in waiting), default=self.cutoff) + self.constant
        left = sum(1 << len(part.open) for part in waiting)
        return Proof(criterion, min(least, criterion), left, self.fits)


def best_proved(
    counts: Counts,
    lists: int,
    optional: Masks,
    penalty: float,
    *,
    passes: Passes = lambda _bits: True,
    work: int = WORK,
    begin: Iterable[int] = (),
    together: bool = True,
) -> Searched:
    """The best by penalty * terms - 2 log likelihood of all hierarchical models over the main
    effects, as far as the work goes, among those with an estimate that `passes` lets through.

    `begin` are models to climb from besides the one without a term; `together` has terms looked at
    by all cores.
    """
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        each = pool.map if together else map
        one = _Search(counts, lists, optional, penalty, work, each)
        for bits in (*begin, 0):
            one.climb(bits)
        one.bar(passes)
        proof = one.prove()
        while one.bar(passes):
            proof = one.prove()
    looked = sorted(one.looked.values(), key=lambda each: (each.criterion, each.bits))
    return Searched(one.best.looked if one.best else None, tuple(looked), proof)


def climbed(
    counts: Counts, lists: int, optional: Masks, penalty: float, begin: int = 0
) -> Looked | None:
    """The best model with an estimate that is climbed to from another and from the one without a
    term, nothing being proved; None where there is none.
    """
    one = _Search(counts, lists, optional, penalty, WORK, map)
    for bits in (begin, 0):
        one.climb(bits)
    return one.best.looked if one.best else None
