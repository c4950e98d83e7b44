"""A table of counts with all its margins: which records stand behind each cell, and which sums
hold.

A table has dimensions, each a list of values that may be grouped in levels up to a total. A cell
takes of every dimension a value, a group or the total. Only cells that hold somebody are made, and
cells made of the same records are one *figure*: it is shown everywhere or nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from darkfigure.basis.errors import Unreadable

TOTAL = "Total"
#: So many cells are made at once; a table of more is asked for in fewer dimensions.
MOST_CELLS = 5_000_000

Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]


@dataclass(frozen=True)
class Dimension:
    """A dimension: its values, and for each further level the group that each value falls in.

    `levels[0]` is the values themselves; each later level is coarser than the one before it.
    """

    name: str
    levels: tuple[tuple[str, ...], ...]
    #: For each level but the first, the place of each value's group in that level.
    groups: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        finer = tuple(range(len(self.levels[0])))
        for place, coarser in enumerate(self.groups, 1):
            within: dict[int, int] = {}
            for low, high in zip(finer, coarser, strict=True):
                if within.setdefault(low, high) != high:
                    raise Unreadable(
                        f"{self.name}: {self.levels[place - 1][low]!r} stands in two groups, "
                        f"{self.levels[place][within[low]]!r} and {self.levels[place][high]!r}."
                    )
            finer = coarser

    @property
    def depth(self) -> int:
        """How many levels there are beside the total."""
        return len(self.levels)

    def place_in(self, level: int) -> Whole:
        """For each value, the place of its group at a level; at the level `depth`, the total."""
        if level == 0:
            return np.arange(len(self.levels[0]), dtype=np.int64)
        if level == self.depth:
            return np.zeros(len(self.levels[0]), dtype=np.int64)
        return np.asarray(self.groups[level - 1], dtype=np.int64)

    def names_at(self, level: int) -> tuple[str, ...]:
        """What the groups of a level are called."""
        return (TOTAL,) if level == self.depth else self.levels[level]


def dimension(name: str, values: Iterable[str], *grouped: Mapping[str, str]) -> Dimension:
    """A dimension of the values that stand in it, in their order, grouped as each mapping says.

    A value that a mapping does not name is a group of its own. Raises Unreadable where a group does
    not lie within one of the next level, or is called as the total is or a value that is not all of
    it; and where a value is called as the total is.
    """
    levels = [tuple(sorted({*values}))]
    if TOTAL in levels[0]:
        raise Unreadable(f"{name}: {TOTAL!r} is no value; margins are worked out, not read.")
    groups: list[tuple[int, ...]] = []
    for mapping in grouped:
        called = [mapping.get(value, value) for value in levels[0]]
        named = tuple(sorted({*called}))
        levels.append(named)
        _refuse_names(name, levels[0], called)
        places = {group: place for place, group in enumerate(named)}
        groups.append(tuple(places[group] for group in called))
    return Dimension(name, tuple(levels), tuple(groups))


def _refuse_names(name: str, values: Sequence[str], groups: Sequence[str]) -> None:
    """Two cells of different people would be called alike."""
    if TOTAL in groups:
        raise Unreadable(f"{name}: {TOTAL!r} is no group; it is worked out, not read.")
    for value, group in zip(values, groups, strict=True):
        if value != group and group in values:
            raise Unreadable(
                f"{name}: {group!r} is a value, and a group that holds others. Call the group "
                "otherwise."
            )


@dataclass(frozen=True)
class Sums:
    """Sums that hold: `whole[e]` is the sum of `parts[start[e]:start[e + 1]]`, all figures.

    The same sum stands once, and never with a single part.
    """

    whole: Whole
    start: Whole
    parts: Whole

    def __len__(self) -> int:
        return len(self.whole)


@dataclass(frozen=True)
class Behind:
    """The rows that a table was counted from: the places of values of each (n x d), whose it is (a
    contributor's, or the record itself), and how many it counts.
    """

    codes: Whole
    names: tuple[str, ...]
    counts: Whole


class Cube:
    """All cells of a table that hold somebody.

    `codes` (n x d) are the places of values of each base cell, `counts` (n) how many records it
    holds, one at least. `which` are the margins made: tuples of a level for each dimension; all of
    them where it is not given. `behind` are the rows that it was counted from: by contributor, by
    record.
    """

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        codes: Whole,
        counts: Whole,
        which: Iterable[tuple[int, ...]] | None = None,
        behind: Mapping[str, Behind] | None = None,
    ) -> None:
        self.dimensions = tuple(dimensions)
        self.behind = behind or {}
        self.codes, self.counts = _added_up(self.dimensions, codes, counts)
        every = product(*(range(axis.depth + 1) for axis in self.dimensions))
        self.margins = tuple(every if which is None else dict.fromkeys(which))
        self._keys: list[Whole] = []
        self._cell_of: list[Whole] = []
        made = 0
        for margin in self.margins:
            keys, inverse = np.unique(self._key(margin), return_inverse=True)
            self._keys.append(keys)
            self._cell_of.append(inverse.astype(np.int64) + made)
            made += len(keys)
            if made > MOST_CELLS:
                raise Unreadable(
                    f"These dimensions make more than {MOST_CELLS:,} cells: ask for fewer, or for "
                    "tables of at most three of them."
                )
        self.cells = made
        self.starts = np.cumsum([0, *(len(keys) for keys in self._keys)])
        self._find_figures()

    def __len__(self) -> int:
        return self.cells

    def __repr__(self) -> str:
        named = ", ".join(f"{axis.name} ({len(axis.levels[0])})" for axis in self.dimensions)
        return f"Cube({named}: {self.codes.tolist()} {self.counts.tolist()})"

    def _key(self, margin: tuple[int, ...]) -> Whole:
        """One number for each base cell, the same where a margin does not tell them apart."""
        key = np.zeros(len(self.counts), dtype=np.int64)
        for place, (axis, level) in enumerate(zip(self.dimensions, margin, strict=True)):
            key = key * len(axis.names_at(level)) + axis.place_in(level)[self.codes[:, place]]
        return key

    def _find_figures(self) -> None:
        """Number the distinct sets of base cells that cells are made of."""
        random = np.random.default_rng(20_081_217)
        marks = random.integers(1, 2**63 - 1, size=len(self.counts), dtype=np.int64)
        sums = np.zeros(self.cells, dtype=np.int64)
        values = np.zeros(self.cells, dtype=np.int64)
        with np.errstate(over="ignore"):
            for cell_of in self._cell_of:
                np.add.at(sums, cell_of, marks)
                np.add.at(values, cell_of, self.counts)
        # a figure's first cell is its finest: margins run from the values to the totals
        _, first, inverse = np.unique(sums, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        self.figure_of: Whole = place[inverse]
        self.first_cell: Whole = first[order]
        self.values: Whole = values[self.first_cell]

    @property
    def figures(self) -> int:
        """How many distinct figures the cells hold."""
        return len(self.values)

    def cells_of_base(self) -> Sequence[Whole]:
        """For each margin the cell that each base cell counts to."""
        return self._cell_of

    @cached_property
    def members(self) -> Whole:
        """How many base cells each figure is made of."""
        made = np.empty(self.figures, dtype=np.int64)
        for cell_of, (first, last) in zip(self._cell_of, pairwise(self.starts), strict=True):
            made[self.figure_of[first:last]] = np.bincount(cell_of - first)
        return made

    @cached_property
    def cells_of_figure(self) -> Whole:
        """In how many cells each figure stands."""
        return np.bincount(self.figure_of, minlength=self.figures)

    @cached_property
    def base_figures(self) -> Whole:
        """For each margin (rows) the figure that each base cell counts to."""
        return np.stack([self.figure_of[cell_of] for cell_of in self._cell_of])

    @cached_property
    def base(self) -> Whole:
        """The figure of each base cell."""
        finest = (0,) * len(self.dimensions)
        if finest not in self.margins:
            raise Unreadable("The table of all dimensions is not among its margins.")
        row: Whole = self.base_figures[self.margins.index(finest)]
        return row

    @cached_property
    def sums(self) -> Sums:
        """All sums of one dimension: a margin, and the next finer level of it."""
        at = {margin: place for place, margin in enumerate(self.margins)}
        wholes, parts = [], []
        for fine, margin in enumerate(self.margins):
            cells = np.arange(*self.starts[fine : fine + 2])
            first = _firsts(self._cell_of[fine] - self.starts[fine], len(cells))
            for place, level in enumerate(margin):
                coarse = at.get((*margin[:place], level + 1, *margin[place + 1 :]))
                if coarse is not None:
                    # sums of different dimensions to one cell are different sums
                    wholes.append(self._cell_of[coarse][first] + self.cells * place)
                    parts.append(cells)
        return _sums(self.figure_of, self.cells, wholes, parts)

    def figures_of(self, codes: Whole) -> Iterator[tuple[Whole, Yes]]:
        """For each margin the figure that rows count to, and which of them no margin before it
        counted to the same. Rows have the values of base cells.
        """
        sizes = [len(axis.levels[0]) for axis in self.dimensions]
        own, rows = np.zeros(len(self.codes), np.int64), np.zeros(len(codes), np.int64)
        for place, size in enumerate(sizes):
            own, rows = own * size + self.codes[:, place], rows * size + codes[:, place]
        at = np.searchsorted(own, rows)
        for cell_of, figure_of in zip(self._cell_of, self.base_figures, strict=True):
            yield figure_of[at], (self.first_cell[figure_of] == cell_of)[at]

    def name(self, figure: int) -> dict[str, str]:
        """What a figure's finest cell is called."""
        return self.named(int(self.first_cell[figure]))

    def named(self, cell: int) -> dict[str, str]:
        """What a cell is called, by dimension."""
        margin = int(np.searchsorted(self.starts, cell, side="right")) - 1
        key = int(self._keys[margin][cell - self.starts[margin]])
        called: dict[str, str] = {}
        for axis, level in zip(
            reversed(self.dimensions), reversed(self.margins[margin]), strict=True
        ):
            key, place = divmod(key, len(axis.names_at(level)))
            called[axis.name] = axis.names_at(level)[place]
        return dict(reversed(called.items()))

    def rows(self) -> Iterator[tuple[dict[str, str], int]]:
        """All cells, finest margins first: what each is called, and its figure."""
        for cell in range(self.cells):
            yield self.named(cell), int(self.figure_of[cell])


def _added_up(dimensions: Sequence[Dimension], codes: Whole, counts: Whole) -> tuple[Whole, Whole]:
    """Base cells once each, without those that hold nobody."""
    size = 1
    for axis in dimensions:
        size *= len(axis.levels[0]) + 1
    if size >= 2**63:
        raise Unreadable("These dimensions have too many values together: ask for fewer of them.")
    codes, counts = codes[counts > 0], counts[counts > 0]
    if not len(counts):
        raise Unreadable("The table holds nobody: no count is above nought.")
    # one number for each row, in the order of its places: many times faster than to sort rows
    key = np.zeros(len(codes), dtype=np.int64)
    for place, axis in enumerate(dimensions):
        key = key * len(axis.levels[0]) + codes[:, place]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return codes[first], np.bincount(inverse.ravel(), counts).astype(np.int64)


def _firsts(cell_of: Whole, cells: int) -> Whole:
    """For each cell of a margin, a base cell that counts to it."""
    first = np.empty(cells, dtype=np.int64)
    first[cell_of[::-1]] = np.arange(len(cell_of) - 1, -1, -1)
    return first


def _sums(figure_of: Whole, cells: int, wholes: Sequence[Whole], parts: Sequence[Whole]) -> Sums:
    """Sums of figures from sums of cells: each once, without those of one part."""
    none = np.zeros(0, dtype=np.int64)
    marked = np.concatenate([none, *wholes])
    part = figure_of[np.concatenate([none, *parts])]
    # a sum is its whole (a cell, marked by its dimension) and the margin its parts are of
    origin = np.concatenate(
        [none, *(np.full(len(whole), place) for place, whole in enumerate(wholes))]
    )
    order = np.lexsort((part, origin, marked))
    marked, origin, part = marked[order], origin[order], part[order]
    new = np.ones(len(marked), dtype=bool)
    new[1:] = (marked[1:] != marked[:-1]) | (origin[1:] != origin[:-1])
    start = np.flatnonzero(new)
    length = np.diff(np.append(start, len(marked)))
    whole = figure_of[marked[start] % cells] if len(start) else none
    wanted = length > 1
    # the same parts make the same whole: one of equal sums is enough
    random = np.random.default_rng(1_865)
    marks = random.integers(1, 2**63 - 1, size=int(figure_of.max()) + 1, dtype=np.int64)
    with np.errstate(over="ignore"):
        digest = np.add.reduceat(marks[part], start) if len(start) else none
    once = np.zeros(len(start), dtype=bool)
    once[np.unique(digest, return_index=True)[1]] = True
    wanted &= once
    kept = np.repeat(wanted, length)
    return Sums(whole[wanted], np.concatenate([[0], np.cumsum(length[wanted])]), part[kept])
