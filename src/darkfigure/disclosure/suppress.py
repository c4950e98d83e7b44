"""Which further figures are hidden, so that those that must be hidden cannot be worked out.

In turn, until nothing that must be hidden is told: sums with one number missing or nothing left
over lose a second figure (`_mend`, over all sums at once); bounds that meet are followed to the
sums that make them meet; what a linear programme tells is followed to the sums that force it; and
what only whole numbers tell, to the sums it stands in. The cheapest way of several is taken, and
figures that need not be hidden are shown again. The same table is always protected in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from scipy import sparse

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure import engine
from darkfigure.disclosure.cube import Cube, Whole, Yes
from darkfigure.disclosure.elementary import ENDLESS, Incidence, bounded, incidence
from darkfigure.disclosure.forced import forced, told_by_force, told_by_programme
from darkfigure.disclosure.knowledge import Knowledge, figures_over, of_cube
from darkfigure.disclosure.own_record import exposed
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.span import combination
from darkfigure.disclosure.witness import (
    FEW,
    Difference,
    Outcome,
    Settled,
    rows_of,
    settle,
    verified,
)

Watch = Callable[[str, int, int], None]
#: Rounds of mending before a table is given back as it is, with what is not proved.
ROUNDS = 400
#: How much is looked at for figures that can be shown again: programmes, by their size.
LOOKED_AT = 6_000_000
#: So many sums that tell something are mended in a round.
AT_ONCE = 16
#: What a round of proving has, where the time is up.
LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Ways:
    """What a figure costs: by sums that nothing else is hidden in, by cells it stands in, as a
    whole.
    """

    alone: float = 10.0
    cells: float = 1.0
    whole: float = 5.0
    number: float = 1e-6


WAYS = (
    Ways(),
    Ways(alone=1000.0, whole=500.0),
    Ways(alone=3.0, whole=0.0),
    Ways(alone=1.0, whole=1.0, number=0.01),
    Ways(alone=30.0, cells=3.0, whole=0.0),
    Ways(alone=0.3, cells=1.0, whole=0.0, number=0.05),
)


@dataclass(frozen=True)
class Suppressed:
    """A table with figures hidden: which must be (`primary`), which are (`hidden`), and the proof.

    `settled` is over the hidden figures, in their order; it is None where nothing is proved
    (`prove=False`).
    """

    cube: Cube
    rule: Rule
    primary: Yes
    hidden: Yes
    settled: Settled | None = None

    @property
    def hidden_cells(self) -> int:
        """How many cells are hidden."""
        return int(self.hidden[self.cube.figure_of].sum())

    def of(self, outcome: Outcome) -> Whole:
        """The hidden figures of which this became."""
        if self.settled is None:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.hidden)[self.settled.places(outcome)]


def suppress(
    cube: Cube,
    rule: Rule,
    primary: Yes | None = None,
    prove: bool = True,
    seconds: float = 60.0,
    watch: Watch | None = None,
) -> Suppressed:
    """Hide what the rule says must be hidden (or `primary`), and so much else that none of it is
    told.

    Raises Unreadable where even hiding everything would tell something: the table holds too few.
    """
    must = rule.must_hide(cube) if primary is None else primary
    work = _Work(cube, rule, must)
    hidden = min(
        (work.mended(ways) for ways in WAYS),
        key=lambda line: int(cube.cells_of_figure[line].sum()),
    )
    hidden = work.shown_again(work.by_programme(hidden, watch), watch)
    if not prove:
        return Suppressed(cube, rule, must, hidden)
    return work.proved(hidden, seconds, watch)


class _Work:
    """One table on the way to being protected."""

    def __init__(self, cube: Cube, rule: Rule, must: Yes) -> None:
        self.cube, self.rule, self.must = cube, rule, must
        self.sums = cube.sums
        self.stands: Incidence = incidence(cube.sums, cube.figures)
        self.least: Whole = cube.members if rule.noughts_shown else np.zeros_like(cube.members)

    def _known(self, hidden: Yes) -> tuple[Knowledge, Whole]:
        """What everybody knows where these are hidden, and the truth."""
        return of_cube(self.cube, ~hidden, self.rule.noughts_shown)

    # -- by sums -------------------------------------------------------------------------------

    def mended(self, ways: Ways, begun: Yes | None = None) -> Yes:
        """What is hidden so that sums, one after another, tell nothing that must be hidden."""
        hidden = (self.must if begun is None else begun).copy()
        self._mend(hidden, ways)
        for _ in range(ROUNDS):
            found = self._told_by_sums(hidden)
            if not found.any():
                break
            if not self._follow(hidden, found, ways):
                _refuse()
            self._mend(hidden, ways)
        return hidden

    def _mend(self, hidden: Yes, ways: Ways) -> None:
        engine.mend(
            self.sums.whole,
            self.sums.start,
            self.sums.parts,
            self.stands.start,
            self.stands.sums,
            hidden,
            self.cube.values,
            self.least,
            self.cube.cells_of_figure,
            np.array([ways.alone, ways.cells, ways.whole, ways.number]),
            self.rule.width,
            self.rule.own_record,
        )

    def _told_by_sums(self, hidden: Yes) -> Yes:
        values = self.cube.values
        low = np.where(hidden, self.least, values)
        high = np.where(hidden, ENDLESS, values)
        self._ranges = bounded(self.sums, low, high, self.stands)
        narrow: Yes = self._ranges.high - self._ranges.low < self.rule.width
        self._narrow = narrow & hidden
        return narrow & self.must

    def _follow(self, hidden: Yes, exposed_ones: Yes, ways: Ways) -> bool:
        """Hide a figure in each sum that tells something first; whether any was."""
        ranges, narrow = self._ranges, self._narrow
        by = np.unique(np.concatenate([ranges.low_by[narrow], ranges.high_by[narrow]]))
        seen: set[int] = set()
        done = False
        for line in by[by >= 0]:
            members = self._members(int(line))
            later = narrow[members] & (ranges.low_by[members] != line)
            later &= ranges.high_by[members] != line
            if later.any():
                continue
            figure = self._cheapest_from(int(line), hidden, ways)
            if figure is None or seen.intersection(self._sums_of(figure)):
                continue
            hidden[figure] = done = True
            seen.update(self._sums_of(figure))
        return done or self._hide_any(hidden, exposed_ones, ways)

    def _cheapest_from(self, first: int, hidden: Yes, ways: Ways) -> int | None:
        """The cheapest figure to hide in a sum, or in the sums that bound what stands in it."""
        layer, looked = [first], {first}
        while layer:
            found = [
                (self._cost(figure, hidden, ways), figure)
                for line in layer
                for figure in self._members(line)
                if not hidden[figure]
            ]
            if found:
                return int(min(found)[1])
            behind = {
                int(by)
                for line in layer
                for figure in self._members(line)
                for by in (self._ranges.low_by[figure], self._ranges.high_by[figure])
                if by >= 0
            }
            layer = sorted(behind - looked)
            looked |= behind
        return None

    def _hide_any(self, hidden: Yes, exposed_ones: Yes, ways: Ways) -> bool:
        """Hide a figure beside one that is told, whatever tells it."""
        for figure in np.flatnonzero(exposed_ones):
            for line in self._sums_of(int(figure)):
                cheapest = self._cheapest_from(line, hidden, ways)
                if cheapest is not None:
                    hidden[cheapest] = True
                    return True
        return False

    def _members(self, line: int) -> Whole:
        parts = self.sums.parts[self.sums.start[line] : self.sums.start[line + 1]]
        return np.append(parts, self.sums.whole[line])

    def _sums_of(self, figure: int) -> list[int]:
        at = self.stands.start
        return [int(line) for line in self.stands.sums[at[figure] : at[figure + 1]]]

    def _cost(self, figure: int, hidden: Yes, ways: Ways) -> float:
        alone = sum(not hidden[self._members(line)].any() for line in self._sums_of(figure))
        return float(
            (ways.alone * alone + 1) * ways.cells * self.cube.cells_of_figure[figure]
            + ways.number * self.cube.values[figure]
        )

    # -- by linear programmes --------------------------------------------------------------------

    def by_programme(self, hidden: Yes, watch: Watch | None = None) -> Yes:
        """What is hidden so that no linear programme tells anything that must be hidden."""
        for at in range(ROUNDS):
            knowledge, truth = self._known(hidden)
            found = forced(knowledge, truth)
            must = self.must[knowledge.wanted_name]
            exposed_ones = told_by_force(knowledge, found) & must
            if not exposed_ones.any():  # what follows by adding and taking away is dearer to find
                exposed_ones = told_by_programme(knowledge, truth, found) & must
            if watch:
                watch("programme", at, int(exposed_ones.sum()))
            if not exposed_ones.any():
                return hidden
            hidden = self._without(hidden, knowledge, exposed_ones, found.rows)
        return hidden

    def shown_again(self, hidden: Yes, watch: Watch | None = None) -> Yes:
        """What is hidden without what need not be, the largest first, as far as it is looked at."""
        hidden = hidden.copy()
        cells, values = self.cube.cells_of_figure, self.cube.values
        others = np.flatnonzero(hidden & ~self.must)
        others = others[np.lexsort((others, -values[others], -cells[others]))]
        budget = LOOKED_AT
        for at, figure in enumerate(others):
            hidden[figure] = False
            if self._told_by_sums(hidden).any():
                hidden[figure] = True
                continue
            knowledge, truth = self._known(hidden)
            budget -= knowledge.rows.shape[0] * knowledge.unknowns
            exposed_ones = told_by_programme(knowledge, truth)
            exposed_ones &= self.must[knowledge.wanted_name]
            hidden[figure] = bool(exposed_ones.any())
            if watch:
                watch("again", at, len(others))
            if budget < 0:
                break
        return hidden

    def _without(self, hidden: Yes, knowledge: Knowledge, exposed_ones: Yes, rows: Whole) -> Yes:
        """Hide the cheapest figures of the published sums that tell something."""
        hidden = hidden.copy()
        if not len(rows):
            rows = self._adding_up(knowledge, np.flatnonzero(exposed_ones))
        if not len(rows):
            rows = self._beside(knowledge, np.flatnonzero(exposed_ones)[:1])
        if not len(rows):
            _refuse()
        figures = [int(figure) for figure in knowledge.row_name[rows]]
        costs = [self._cost(figure, hidden, WAYS[0]) for figure in figures]
        touched: set[int] = set()
        for _, figure, row in sorted(zip(costs, figures, rows, strict=True)):
            own = set(knowledge.rows[[row]].indices.tolist())
            if 2 * len(own & touched) <= len(own):
                hidden[figure] = True
                touched |= own
        return self.mended(WAYS[0], hidden)

    def _adding_up(self, knowledge: Knowledge, exposed_ones: Whole) -> Whole:
        """Published sums that tell wanted ones by adding and taking away: of several at once, which
        share no unknown, as each round asks a programme of the whole table.
        """
        rows: list[Whole] = []
        touched: set[int] = set()
        for place in exposed_ones:
            wanted = knowledge.wanted[[place]]
            if touched.isdisjoint(wanted.indices.tolist()):
                rows.append(combination(knowledge.rows, wanted)[0])
                touched.update(knowledge.rows[rows[-1]].indices.tolist())
            if len(rows) >= AT_ONCE:
                break
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *rows]))

    def _beside(self, knowledge: Knowledge, wanted: Whole) -> Whole:
        """Published sums that share an unknown with a wanted one."""
        own = np.unique(knowledge.wanted[wanted].indices)
        touched = np.asarray((knowledge.rows[:, own] != 0).sum(axis=1)).ravel()
        return np.flatnonzero(touched)

    def _beside_each(self, hidden: Yes, knowledge: Knowledge, wanted: Whole) -> Yes:
        """The cheapest published sum beside each wanted one hidden too, but where one that shares
        an unknown with it is already.
        """
        hidden = hidden.copy()
        columns = sparse.csc_array(knowledge.rows)
        price: dict[int, float] = {}
        taken: set[int] = set()
        for place in wanted:
            rows = np.unique(columns[:, np.unique(knowledge.wanted[[place]].indices)].indices)
            if not len(rows) or taken.intersection(rows.tolist()):
                continue
            for row in rows:
                if row not in price:
                    price[row] = self._cost(int(knowledge.row_name[row]), hidden, WAYS[0])
            row = min(rows, key=lambda line: (price[line], line))
            hidden[knowledge.row_name[row]] = True
            taken.add(int(row))
        return hidden

    # -- in whole numbers ------------------------------------------------------------------------

    def proved(self, hidden: Yes, seconds: float, watch: Watch | None) -> Suppressed:
        """The table with its proof; what whole numbers tell is mended, what need not be hidden
        shown.
        """
        said = None if watch is None else lambda done, of: watch("witness", done, of)
        ends = time.monotonic() + seconds
        found: list[Difference] = []
        for _ in range(ROUNDS):
            hidden, found, mended = self._round(hidden, found, ends, said)
            if not mended:
                break
        if self._light:
            return self._spared(hidden, found)
        _, settled = self._settled(hidden, found, ends, said)
        return _without_told(Suppressed(self.cube, self.rule, self.must, hidden, settled))

    @property
    def _light(self) -> bool:
        """Whether a figure that need not be hidden may be told, and a single witness is enough."""
        return self.rule.width == 1 and not self.rule.own_record

    def _spared(self, hidden: Yes, found: Sequence[Difference]) -> Suppressed:
        """The table and its witnesses without what need not be hidden: figures that no witness
        moves that something is proved by.

        A figure that no witness moves is shown, and each of them stays one.
        """
        names = np.flatnonzero(hidden)
        over = figures_over(self.cube, np.arange(len(self.cube.counts)))[names]
        moves = rows_of(found, over)
        moves.eliminate_zeros()
        must = self.must[names]
        cells, values = self.cube.cells_of_figure[names], self.cube.values[names]
        by_figure = sparse.csc_array(moves)
        moved = np.diff(by_figure.indptr) > 0
        # where something is not proved, what else is hidden may be what keeps it
        others = np.flatnonzero(~must & moved[must].all())
        others = others[np.lexsort((others, -values[others], -cells[others]))]
        kept = np.ones(len(found), dtype=bool)
        engine.spare(
            others,
            must,
            by_figure.indptr.astype(np.int64),
            by_figure.indices.astype(np.int64),
            moves.indptr.astype(np.int64),
            moves.indices.astype(np.int64),
            np.diff(by_figure.indptr).astype(np.int64),
            kept,
        )
        hidden = hidden.copy()
        if moved[must].all():
            moved = np.diff(sparse.csc_array(moves[np.flatnonzero(kept)]).indptr) > 0
            hidden[names[~(moved | must)]] = False
        knowledge, truth = self._known(hidden)
        free = np.flatnonzero(hidden[self.cube.base])
        needed = [
            Difference(np.searchsorted(free, each.unknowns), each.by)
            for each, stays in zip(found, kept, strict=True)
            if stays
        ]
        least, most = verified(knowledge, truth, needed)
        outcome = [
            Outcome.PROTECTED if apart else Outcome.UNPROVED for apart in (most > least).tolist()
        ]
        settled = Settled(least, most, outcome, needed)
        return Suppressed(self.cube, self.rule, self.must, hidden, settled)

    def _settled(
        self,
        hidden: Yes,
        found: list[Difference],
        ends: float,
        said: Callable[[int, int], None] | None,
        sought: Yes | None = None,
    ) -> tuple[tuple[Knowledge, Whole], Settled]:
        """What is known and the truth, and what is settled, begun with differences by base cell."""
        knowledge, truth = self._known(hidden)
        free = np.flatnonzero(hidden[self.cube.base])
        begun = [Difference(np.searchsorted(free, each.unknowns), each.by) for each in found]
        left = max(ends - time.monotonic(), LEAST_SECONDS)
        thorough = knowledge.unknowns <= FEW or not self._light
        settled = settle(
            knowledge, truth, self.rule.width, left, said, begun, sought, thorough=thorough
        )
        return (knowledge, truth), settled

    def _round(
        self,
        hidden: Yes,
        found: list[Difference],
        ends: float,
        said: Callable[[int, int], None] | None,
    ) -> tuple[Yes, list[Difference], bool]:
        """What must be hidden, settled; with more hidden where something of it is told."""
        must = self.must[hidden]
        (knowledge, truth), settled = self._settled(hidden, found, ends, said, must)
        # what is hidden only grows: a witness stays one
        free = np.flatnonzero(hidden[self.cube.base])
        found = [Difference(free[line.unknowns], line.by) for line in settled.differences]
        exposed_ones = settled.places(Outcome.TOLD)
        grave = exposed_ones[must[exposed_ones]]
        if not len(grave) and knowledge.unknowns > FEW and time.monotonic() < ends:
            unproved = settled.places(Outcome.UNPROVED)
            grave = unproved[must[unproved]]
        if not len(grave) and self.rule.own_record:
            grave = exposed(knowledge, truth, settled, must)
        if not len(grave):
            return hidden, found, False
        flags = np.zeros(len(must), dtype=bool)
        flags[grave] = True
        if knowledge.unknowns > FEW:
            return self.mended(WAYS[0], self._beside_each(hidden, knowledge, grave)), found, True
        hidden = self._without(hidden, knowledge, flags, self._beside(knowledge, grave[:1]))
        return self.by_programme(hidden), found, True


def _without_told(made: Suppressed) -> Suppressed:
    """What is told, and need not be hidden, is shown: it says nothing new."""
    told_of = made.settled
    if told_of is None:
        return made
    names = np.flatnonzero(made.hidden)
    kept = np.ones(len(names), dtype=bool)
    exposed_ones = told_of.places(Outcome.TOLD)
    kept[exposed_ones[~made.primary[names[exposed_ones]]]] = False
    hidden = made.hidden.copy()
    hidden[names[~kept]] = False
    settled = Settled(
        told_of.least[kept],
        told_of.most[kept],
        [line for line, stays in zip(told_of.outcome, kept, strict=True) if stays],
        told_of.differences,
    )
    return replace(made, hidden=hidden, settled=settled)


def _refuse() -> NoReturn:
    raise Unreadable(
        "Even with all its margins hidden this table tells who is in it: it holds too few. "
        "Merge values or leave out a dimension (--method coarsen)."
    )
