"""What somebody knows who holds everything that was published: sums of unknown whole numbers.

The unknown numbers are the base cells of one or more tables, each with the least and the most that
it can be. What was published is rows over them: the sum of some unknowns lies between two numbers,
which are equal where a figure was shown as it is. What is *wanted* are further sums: those hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from darkfigure.disclosure.cube import Cube, Whole, Yes
from darkfigure.disclosure.elementary import ENDLESS

#: Sparse rows (`scipy.sparse.csr_array`) of whole numbers.
Rows: TypeAlias = Any


@dataclass(frozen=True)
class Knowledge:
    """`low <= rows @ x <= high` and `least <= x <= most`, for whole numbers x; `wanted @ x` is
    sought.

    `beside` is the part of each wanted sum that is known, to be added to it. `row_name` and
    `wanted_name` are places in whatever the rows were made of (figures of a cube, cells of files).
    """

    rows: Rows
    low: Whole
    high: Whole
    least: Whole
    most: Whole
    row_name: Whole
    wanted: Rows
    beside: Whole
    wanted_name: Whole

    @property
    def unknowns(self) -> int:
        """How many numbers are not known."""
        return len(self.least)

    def agrees(self, numbers: Whole) -> bool:
        """Whether a whole table says everything that was published: one product, no solver."""
        totals = self.rows @ numbers
        return bool(
            (numbers >= self.least).all()
            and (numbers <= self.most).all()
            and (totals >= self.low).all()
            and (totals <= self.high).all()
        )

    def knowing(self, unknown: int, number: int) -> Knowledge:
        """The same, of somebody who knows one of the numbers besides: their own record."""
        least, most = self.least.copy(), self.most.copy()
        least[unknown] = most[unknown] = number
        return replace(self, least=least, most=most)


def of_cube(cube: Cube, shown: Yes, noughts_shown: bool = True) -> tuple[Knowledge, Whole]:
    """What is known where some figures of a table are shown and all others hidden, and the truth.

    Whoever sees that a cell is empty knows that another is not: where noughts are shown, each base
    cell holds one at least. Base cells that are shown are no unknowns. Names are figures of the
    table.
    """
    free = np.flatnonzero(~shown[cube.base])
    made = figures_over(cube, free)
    about = np.diff(made.indptr) > 0
    rows = np.flatnonzero(shown & about)
    wanted = np.flatnonzero(~shown)
    truth = cube.counts[free]
    totals = made[rows] @ truth
    least = np.full(len(free), int(noughts_shown), dtype=np.int64)
    most = np.full(len(free), ENDLESS, dtype=np.int64)
    kept = _distinct(made[rows])
    return (
        Knowledge(
            made[rows[kept]],
            totals[kept],
            totals[kept],
            least,
            most,
            rows[kept],
            made[wanted],
            cube.values[wanted] - made[wanted] @ truth,
            wanted,
        ),
        truth,
    )


def figures_over(cube: Cube, free: Whole) -> Rows:
    """For each figure the base cells it is made of, among those given."""
    figures, bases = [], []
    for cell_of, figure_of in zip(cube.cells_of_base(), cube.base_figures, strict=True):
        own = cube.first_cell[figure_of[free]] == cell_of[free]
        figures.append(figure_of[free][own])
        bases.append(np.flatnonzero(own))
    figure, base = np.concatenate(figures), np.concatenate(bases)
    ones = np.ones(len(figure), dtype=np.int64)
    return sparse.csr_array((ones, (figure, base)), shape=(cube.figures, len(free)))


def _distinct(rows: Rows) -> Whole:
    """The first of each set of equal rows of noughts and ones."""
    random = np.random.default_rng(1_969)
    marks = random.integers(1, 2**62, size=rows.shape[1], dtype=np.int64)
    with np.errstate(over="ignore"):
        digest = rows @ marks
    return np.sort(np.unique(digest, return_index=True)[1])
