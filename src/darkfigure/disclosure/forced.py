"""What follows from published sums and from the least that each number can be, in real numbers.

An unknown is *forced* where no real numbers that agree give it more than its least: a sum, or
several taken together, leave it nothing. One linear programme finds all of them: from a table that
agrees it looks for a direction in which as many as possible rise above their least. With those
known, what else follows is a matter of adding and taking away (`span`). Together that is all that a
linear programme can tell of any hidden sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from darkfigure.disclosure.cube import Whole, Yes
from darkfigure.disclosure.knowledge import Knowledge, Rows
from darkfigure.disclosure.span import follows

NEARLY = 1e-7
LARGE = 30_000


@dataclass(frozen=True)
class Forced:
    """Which unknowns are forced to their least, and the published sums (rows) that force them."""

    unknowns: Yes
    rows: Whole


def forced(knowledge: Knowledge, truth: Whole) -> Forced:
    """The unknowns that are forced; all sums must be known exactly. `truth` is any table that
    agrees: only what is at its least there can be forced.

    Unknowns that cannot be more than their least are left to what follows from the rest.
    """
    rows = knowledge.rows
    count = knowledge.unknowns
    low = np.flatnonzero(truth == knowledge.least)
    if not (len(low) and rows.shape[0]):
        return Forced(np.zeros(count, dtype=bool), np.zeros(0, dtype=np.int64))
    # a direction that leaves all sums as they are, upwards where nothing is left to take away; as
    # many as possible go up by one at least
    over = sparse.hstack([rows, sparse.csc_array(rows)[:, low]], format="csr")
    bounds = np.full((count + len(low), 2), np.inf)
    bounds[:count, 0] = -np.inf
    bounds[low, 0] = bounds[count:, 0] = 0.0
    bounds[count:, 1] = 1.0
    solution = linprog(
        np.concatenate([np.zeros(count), -np.ones(len(low))]),
        A_eq=over,
        b_eq=np.zeros(rows.shape[0]),
        bounds=bounds,
        # inside points are quicker where a table is large, and end in a corner as well
        method="highs" if over.shape[1] < LARGE else "highs-ipm",
    )
    stuck = np.zeros(count, dtype=bool)
    if solution.status != 0:
        return Forced(stuck, np.zeros(0, dtype=np.int64))
    stuck[low] = solution.x[count:] < 0.5
    by = np.flatnonzero(np.abs(solution.eqlin.marginals) > NEARLY)
    touching = np.flatnonzero((abs(rows) @ stuck.astype(float)) > 0)
    return Forced(stuck, np.intersect1d(by, touching) if stuck.any() else by[:0])


def told_by_force(knowledge: Knowledge, found: Forced) -> Yes:
    """Which wanted sums hold nothing but what is forced."""
    free = np.flatnonzero(~found.unknowns)
    nothing_left: Yes = np.diff(_over(knowledge.wanted, free).indptr) == 0
    return nothing_left


def told_by_programme(knowledge: Knowledge, truth: Whole, solution: Forced | None = None) -> Yes:
    """Which wanted sums have one value in real numbers: forced, or following from what is
    forced.
    """
    solution = solution or forced(knowledge, truth)
    free = np.flatnonzero(~solution.unknowns)
    follow: Yes = follows(_over(knowledge.rows, free), _over(knowledge.wanted, free))
    return follow | told_by_force(knowledge, solution)


def _over(rows: Rows, unknowns: Whole) -> Rows:
    made = sparse.csr_array(sparse.csc_array(rows)[:, unknowns])
    made.eliminate_zeros()
    return made
