"""Proof that a hidden number cannot be worked out: other whole tables that say all that was
published.

A *witness* is a whole table that agrees with everything published and gives a hidden number another
value. It needs no solver to check (`Knowledge.agrees`). Witnesses are found as differences from one
table that agrees: a difference falls into parts that do not touch the same sums, each of which is a
witness of its own, forwards or backwards.

A linear programme alone proves nothing of counts: a range of [1, 1.5] holds one whole number. It
only proposes differences here; what is whole is kept. What it does not reach is decided in whole
numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from darkfigure.disclosure.cube import Whole, Yes
from darkfigure.disclosure.exact import Decided, decide
from darkfigure.disclosure.forced import told_by_programme
from darkfigure.disclosure.knowledge import Knowledge, Rows

#: A number of a linear programme is whole where it is as near as this; it is checked in whole
#: numbers.
NEARLY = 1e-6
#: Programmes over all unknowns, with weights drawn; and unknowns looked at around one number.
DRAWS, WORTH, AMONG = 200, 3, 8
AROUND = (100, 10_000)
#: Of fewer unknowns all are decided at once; of more, those around a number first.
FEW = 3_000
TRIES = 5
#: Programmes in whole numbers over so many unknowns around an open number: the seconds of one, how
#: near to its best is enough, and how often each number may begin one.
BLOCK, BLOCK_SECONDS, ENOUGH, BEGUN = 2_000, 0.5, 0.3, 2
NEAR = 600
#: Blocks that have shown too little lately, where it is not to be thorough.
LATELY = 32
#: How much weights of what is drawn upwards differ.
SPREAD = 4.0
FAR = 1e7
#: A difference in fractions is tried as often as this.
TIMES = (1, 2, 3, 4, 6)


class Outcome(StrEnum):
    """What became of a hidden number."""

    PROTECTED = "protected"
    TOLD = "told"
    UNPROVED = "unproved"


@dataclass(frozen=True)
class Difference:
    """A witness, as what it differs by from the table it was found from."""

    unknowns: Whole
    by: Whole


@dataclass
class Settled:
    """For each wanted number what is proved: the least and the most that witnesses show, and
    outcome.

    `differences` are the witnesses.
    """

    least: Whole
    most: Whole
    outcome: list[Outcome]
    differences: list[Difference] = field(default_factory=list)

    def places(self, outcome: Outcome) -> Whole:
        """Wanted numbers of which this became."""
        return np.array([at for at, each in enumerate(self.outcome) if each is outcome], dtype=int)


class Settling:
    """Finds witnesses from one table that agrees with what is known.

    `truth` is any such table; `width` by how many the values that a hidden number can have must
    differ. `watch` is told how many are settled, of how many.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        truth: Whole,
        width: int = 1,
        seconds: float = 60.0,
        watch: Callable[[int, int], None] | None = None,
    ) -> None:
        if not knowledge.agrees(truth):
            raise ValueError("The table to begin with does not agree with what was published.")
        self.knowledge, self.truth, self.width = knowledge, truth, width
        self.ends = time.monotonic() + seconds
        self.watch = watch
        self.thorough = True
        self.value: Whole = knowledge.wanted @ truth + knowledge.beside
        self.least, self.most = self.value.copy(), self.value.copy()
        # of a sum without unknowns nothing is left to find out
        self.told = np.diff(knowledge.wanted.indptr) == 0
        self.given_up = np.zeros(len(self.value), dtype=bool)
        self.differences: list[Difference] = []
        self._columns = sparse.csc_array(knowledge.rows)
        self._wanted_columns = sparse.csc_array(knowledge.wanted)
        told = knowledge.rows @ truth
        self._down, self._up = knowledge.low - told, knowledge.high - told
        self._fewer, self._more = knowledge.least - truth, knowledge.most - truth

    @property
    def open(self) -> Yes:
        """Which wanted numbers are neither proved nor told nor given up."""
        left: Yes = ~(self.proved | self.told | self.given_up)
        return left

    @property
    def proved(self) -> Yes:
        """Of which wanted numbers witnesses show values far enough apart."""
        apart: Yes = self.most - self.least >= self.width
        return apart

    def settle(self) -> Settled:
        """All wanted numbers: by drawn programmes, around each one, then decided in whole
        numbers.
        """
        if len(self.value):
            if self.width == 1 and (self.knowledge.low == self.knowledge.high).all():
                # what real numbers tell, whole ones tell as well
                self.told |= told_by_programme(self.knowledge, self.truth)
            if self.knowledge.unknowns <= FEW:
                self._draw()
            self._in_blocks()
            if self.thorough:
                for place in self._in_turn():
                    self._around(place)
        return self.so_far()

    def so_far(self) -> Settled:
        """What is settled now."""
        outcome = [
            Outcome.PROTECTED if proved else Outcome.TOLD if told else Outcome.UNPROVED
            for proved, told in zip(self.proved, self.told, strict=True)
        ]
        return Settled(self.least.copy(), self.most.copy(), outcome, self.differences)

    def _in_turn(self) -> Iterator[int]:
        """Open numbers, those made of fewest unknowns first, until the time is up."""
        order = np.argsort(np.diff(self.knowledge.wanted.indptr), kind="stable")
        for place in order:
            if time.monotonic() > self.ends:
                return
            if self.open[place]:
                yield int(place)
                if self.watch:
                    self.watch(int((~self.open).sum()), len(self.value))

    # -- differences ---------------------------------------------------------------------------

    def offer(self, unknowns: Whole, by: Whole) -> bool:
        """Take a difference in, whole, where what is known allows it, forwards or backwards, each
        of its parts by itself; whether anything new was shown.
        """
        new = False
        some = np.abs(by) > NEARLY
        unknowns, by = unknowns[some], by[some]
        for part in self._parts(unknowns):
            for times in TIMES:
                scaled = by[part] * times
                whole = np.round(scaled).astype(np.int64)
                if np.abs(scaled - whole).max(initial=0.0) <= NEARLY * times:
                    moved = whole != 0
                    new |= self._take(unknowns[part][moved], whole[moved])
                    break
        return new

    def _parts(self, unknowns: Whole) -> Iterator[Whole]:
        """Places of unknowns that touch the same sums, together."""
        touched = self._columns[:, unknowns].tocoo()
        size = len(unknowns)
        joined = sparse.coo_array(
            (np.ones(touched.nnz), (touched.col, size + touched.row)),
            shape=(size + self._columns.shape[0],) * 2,
        )
        _, of = connected_components(joined, directed=False)
        order = np.argsort(of[:size], kind="stable")
        yield from np.split(order, np.flatnonzero(np.diff(of[:size][order])) + 1)

    def _take(self, unknowns: Whole, by: Whole) -> bool:
        if not len(unknowns):
            return False
        rows = self._columns[:, unknowns] @ by
        moves = self._wanted_columns[:, unknowns] @ by
        new = False
        for sign in (1, -1):
            if (
                (sign * by >= self._fewer[unknowns]).all()
                and (sign * by <= self._more[unknowns]).all()
                and (sign * rows >= self._down).all()
                and (sign * rows <= self._up).all()
            ):
                value = self.value + sign * moves
                wider = (value < self.least) | (value > self.most)
                if (wider & ~self.proved).any():
                    np.minimum(self.least, value, out=self.least)
                    np.maximum(self.most, value, out=self.most)
                    self.differences.append(Difference(unknowns, sign * by))
                    new = True
        return new

    # -- programmes ----------------------------------------------------------------------------

    def _draw(self) -> None:
        """Programmes over all unknowns: where the optimum is whole it shows hundreds at once."""
        random = np.random.default_rng(1_807)
        every = np.arange(self.knowledge.unknowns)
        if len(every) < 2:
            return
        shown = [int(self.proved.sum())]
        while len(shown) <= DRAWS and self.open.any() and time.monotonic() < self.ends:
            if len(shown) > AMONG and shown[-1] - shown[-1 - AMONG] < WORTH * AMONG:
                return
            solution = self._programme(every, self._aim(random), None)
            if solution is not None:
                self.offer(every, solution)
            shown.append(int(self.proved.sum()))

    def _aim(self, random: np.random.Generator) -> np.ndarray:
        """Weights of unknowns that move many open numbers: those that are at their least can only
        grow, and so are drawn upwards.
        """
        weights = random.normal(size=len(self.value))
        lowest = self.knowledge.wanted @ -self._fewer == 0
        # some far heavier than others, so that those that cost most to move have their turn
        weights[lowest] = -np.exp(SPREAD * weights[lowest])
        drawn: np.ndarray = self.knowledge.wanted.T @ (weights * self.open)
        return drawn

    def _in_blocks(self) -> None:
        """Programmes in whole numbers around open numbers: each moves many others besides.

        Nothing is moved further than it need be, so that what may be taken away goes round.
        """
        random = np.random.default_rng(1_914)
        begun = np.zeros(len(self.value))
        shown = [int(self.proved.sum())]
        while (self.open & (begun < BEGUN)).any() and time.monotonic() < self.ends:
            left = np.flatnonzero(self.open)
            place = int(left[np.argmin(begun[left] + random.random(len(left)))])
            begun[place] += 1
            own = self.knowledge.wanted[[place]].indices
            near = self._near(own, BLOCK)
            aim = self._aim(random)
            aim[own] *= AMONG
            part = sparse.csr_array(self._columns[:, near])
            touched = np.flatnonzero(np.diff(part.indptr))
            solution = milp(
                aim[near],
                constraints=LinearConstraint(
                    part[touched],
                    np.maximum(self._down[touched], -FAR),
                    np.minimum(self._up[touched], FAR),
                ),
                bounds=Bounds(
                    np.maximum(self._fewer[near], -FAR), np.minimum(self._more[near], self.width)
                ),
                integrality=np.ones(len(near)),
                options={"time_limit": BLOCK_SECONDS, "mip_rel_gap": ENOUGH},
            )
            if solution.x is not None:
                self.offer(near, solution.x)
            if self.watch:
                self.watch(int((~self.open).sum()), len(self.value))
            shown.append(int(self.proved.sum()))
            lately = shown[-1] - shown[-1 - LATELY] if len(shown) > LATELY else np.inf
            if not self.thorough and lately < WORTH * LATELY:
                return

    def _around(self, place: int) -> None:
        """One number: the shortest difference near it, then whatever whole numbers allow."""
        own = self.knowledge.wanted.indices[
            self.knowledge.wanted.indptr[place] : self.knowledge.wanted.indptr[place + 1]
        ]
        for size in AROUND:
            near = self._near(own, size)
            if self._shortest(near, own, place) or len(near) == self.knowledge.unknowns:
                break
        if self.open[place]:
            self._decide(place)

    def _near(self, own: Whole, size: int) -> Whole:
        """Unknowns that share most, and the shortest, sums with some of them."""
        if size >= self.knowledge.unknowns:
            return np.arange(self.knowledge.unknowns)
        rows = abs(self.knowledge.rows)
        weight = 1.0 / np.maximum(np.diff(rows.indptr), 1)
        reach = np.zeros(self.knowledge.unknowns)
        reach[own] = 1.0
        for _ in range(3):
            reach = reach / max(reach.max(), 1e-300) + rows.T @ (weight * (rows @ reach))
        reach[own] = np.inf
        return np.sort(np.argpartition(-reach, size)[:size])

    def without(self, place: int, avoided: Whole) -> bool:
        """Whether a witness for a wanted number is found that leaves some unknowns as they are."""
        fewer, more = self._fewer[avoided].copy(), self._more[avoided].copy()
        self._fewer[avoided] = self._more[avoided] = 0
        least, most = self.least.copy(), self.most.copy()
        self.least[place] = self.most[place] = self.value[place]
        self.told[place] = self.given_up[place] = False
        self._around(place)
        proved = bool(self.proved[place])
        self.least, self.most = np.minimum(least, self.least), np.maximum(most, self.most)
        self.told[place] = self.given_up[place] = False
        self._fewer[avoided], self._more[avoided] = fewer, more
        return proved

    def _shortest(self, near: Whole, own: Whole, place: int) -> bool:
        """The difference among `near` with fewest changes that moves a number far enough."""
        among = np.isin(near, own).astype(float)
        random = np.random.default_rng(place)
        possible = [self.width, -self.width]
        for _ in range(TRIES):
            for step in tuple(possible):
                # changes cost differently each time, so that another corner is found
                solution = self._programme(near, among, float(step), random.random(2 * len(near)))
                if solution is None:
                    possible.remove(step)
                    continue
                self.offer(near, solution)
                if not self.open[place]:
                    return True
        return False

    def _programme(
        self,
        near: Whole,
        aim: np.ndarray,
        step: float | None,
        dearer: np.ndarray | float = 0.0,
    ) -> np.ndarray | None:
        """A linear programme over some unknowns: least `aim`, or fewest changes with `aim` at
        `step`.
        """
        part = self._columns[:, near]
        touched = np.flatnonzero(np.diff(sparse.csr_array(part).indptr))
        part = sparse.csr_array(part)[touched]
        equal = self._down[touched] == self._up[touched]
        bounds = np.c_[
            np.maximum(self._fewer[near], -FAR), np.minimum(self._more[near], FAR)
        ].astype(float)
        within = sparse.vstack([part[~equal], -part[~equal]], format="csr")
        limits = np.concatenate([self._up[touched][~equal], -self._down[touched][~equal]])
        limits = np.minimum(limits, FAR)
        exact, to = part[equal], np.zeros(int(equal.sum()))
        cost = aim
        if step is not None:
            exact = sparse.vstack([exact, sparse.csr_array(aim[None, :])], format="csr")
            to = np.append(to, step)
            exact, within = (sparse.hstack([each, -each], format="csr") for each in (exact, within))
            nought = np.zeros(len(near))
            bounds = np.r_[np.c_[nought, bounds[:, 1]], np.c_[nought, -bounds[:, 0]]]
            cost = np.ones(2 * len(near)) + dearer
        solution = linprog(
            cost,
            A_ub=within if len(limits) else None,
            b_ub=limits if len(limits) else None,
            A_eq=exact if len(to) else None,
            b_eq=to if len(to) else None,
            bounds=bounds,
            method="highs-ds",
        )
        if solution.status != 0:
            return None
        x: np.ndarray = solution.x
        return x if step is None else x[: len(near)] - x[len(near) :]

    def _decide(self, place: int) -> None:
        """A number in whole numbers: first near it, then over everything."""
        knowledge = self.knowledge
        row = knowledge.wanted[[place]]
        first = () if knowledge.unknowns <= FEW else (NEAR,)
        for size in (*first, knowledge.unknowns):
            near = self._near(row.indices, size)
            last = len(near) == knowledge.unknowns
            left = max(self.ends - time.monotonic(), 0.5)
            solution = decide(
                sparse.csr_array(self._columns[:, near]),
                (self._down, self._up),
                (self._fewer[near], self._more[near]),
                sparse.csr_array(row[:, near]),
                (
                    int(self.most[place] - self.width - self.value[place]),
                    int(self.least[place] + self.width - self.value[place]),
                ),
                seconds=min(left, 10.0 if last else 2.0),
            )
            if solution.by is not None:
                self.offer(near, solution.by)
            if not self.open[place]:
                return
            if last:
                if solution.decided is Decided.NONE:
                    self.told[place] = True
                else:
                    self.given_up[place] = True
                return


def settle(
    knowledge: Knowledge,
    truth: Whole,
    width: int = 1,
    seconds: float = 60.0,
    watch: Callable[[int, int], None] | None = None,
    known: Iterable[Difference] = (),
    sought: Yes | None = None,
    thorough: bool = True,
) -> Settled:
    """Settle every wanted number, or those `sought`: see `Settling`. `known` are differences to
    begin with. Where it is not to be `thorough`, what no block moves stays unproved.
    """
    settling = Settling(knowledge, truth, width, seconds, watch)
    settling.thorough = thorough
    if sought is not None:
        settling.given_up |= ~sought
    for each in known:
        settling.offer(each.unknowns, each.by)
    return settling.settle()


def rows_of(differences: Sequence[Difference], wanted: Rows) -> Rows:
    """By how much each witness moves each wanted number: a row for each witness."""
    return sparse.csr_array((wanted @ changes(differences, wanted.shape[1])).T)


def changes(differences: Sequence[Difference], unknowns: int) -> Rows:
    """By how much witnesses (columns) change each unknown (rows)."""
    at = np.cumsum([0, *(len(each.unknowns) for each in differences)])
    none = np.zeros(0, dtype=np.int64)
    places = np.concatenate([none, *(each.unknowns for each in differences)])
    by = np.concatenate([none, *(each.by for each in differences)])
    return sparse.csc_array((by, places, at), shape=(unknowns, len(differences)))


def verified(
    knowledge: Knowledge, truth: Whole, differences: Sequence[Difference]
) -> tuple[Whole, Whole]:
    """The least and the most of each wanted number that witnesses show: two sparse products, and no
    solver.

    Raises ValueError where the table, or one of the witnesses, does not agree with what was
    published.
    """
    by = changes(differences, knowledge.unknowns)
    told = knowledge.rows @ truth
    moved = sparse.coo_array(knowledge.rows @ by)
    numbers = truth[by.indices] + by.data
    sums = told[moved.row] + moved.data
    if not (
        knowledge.agrees(truth)
        and (numbers >= knowledge.least[by.indices]).all()
        and (numbers <= knowledge.most[by.indices]).all()
        and (sums >= knowledge.low[moved.row]).all()
        and (sums <= knowledge.high[moved.row]).all()
    ):
        raise ValueError("A witness does not agree with what was published.")
    moves = knowledge.wanted @ by
    own = knowledge.wanted @ truth + knowledge.beside
    least = own + np.minimum(moves.min(axis=1).toarray().ravel(), 0) if len(differences) else own
    most = own + np.maximum(moves.max(axis=1).toarray().ravel(), 0) if len(differences) else own
    return least.astype(np.int64), most.astype(np.int64)
