"""What follows from published sums by adding and taking away, whatever the numbers are.

A hidden sum follows so if it is a combination of published ones. That is decided for all hidden
sums at once by elimination modulo a large prime: a random vector that all published sums leave at
nought moves every other sum, but for a chance of one in a thousand million.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from darkfigure.disclosure import engine
from darkfigure.disclosure.cube import Whole, Yes
from darkfigure.disclosure.knowledge import Rows

#: Larger systems are left to the search for witnesses.
MOST_ENTRIES = 60_000_000


def follows(rows: Rows, wanted: Rows) -> Yes:
    """Which wanted sums are combinations of `rows`; none is said to be where there are too many.

    Rows that have a column to themselves tie that one alone, whatever the others are: they are
    taken away one after another, and what is left is eliminated.
    """
    nothing: Yes = np.zeros(wanted.shape[0], dtype=bool)
    if not rows.shape[0]:
        return nothing
    rows = sparse.csr_array(rows, dtype=np.int64, copy=True)
    rows.data %= engine.PRIME
    by_column = sparse.csc_array(rows)
    start, columns = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
    order, pivots, stays = engine.peel(
        start, columns, by_column.indptr.astype(np.int64), by_column.indices.astype(np.int64)
    )
    left = rows[np.flatnonzero(stays)]
    used = np.flatnonzero(np.diff(sparse.csc_array(left).indptr))
    if left.shape[0] * len(used) > MOST_ENTRIES:
        return nothing
    random = np.random.default_rng(2_003)
    kernel = random.integers(1, engine.PRIME, size=rows.shape[1], dtype=np.int64)
    if left.shape[0]:
        kernel[used] = _eliminated(left[:, used], kernel[used])
    engine.put_back(start, columns, rows.data, order, pivots, kernel)
    told: Yes = engine.products(wanted.indptr, wanted.indices, wanted.data, kernel) == 0
    return told


def _eliminated(rows: Rows, kernel: Whole) -> Whole:
    """A vector that rows leave at nought, of one drawn."""
    order = np.argsort(np.diff(rows.indptr), kind="stable")
    # what is below the prime fits four bytes; products are worked out in eight
    dense = rows[order].astype(np.int32).toarray()
    pivots = np.full(len(dense), -1, dtype=np.int64)
    engine.eliminate(dense, pivots)
    engine.complete(dense, pivots, kernel)
    return kernel


def combination(rows: Rows, wanted: Rows) -> tuple[Whole, Whole]:
    """The shortest way to work out one sum that follows: places of `rows`, and how often each is
    taken.

    Nothing where it does not follow, or not in whole numbers.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if not rows.shape[0]:
        return nothing, nothing
    columns = sparse.csc_array(rows.T)
    aim = np.asarray(wanted.todense(), dtype=float).ravel()
    found = linprog(
        np.ones(2 * rows.shape[0]),
        A_eq=sparse.hstack([columns, -columns], format="csc"),
        b_eq=aim,
        bounds=(0, None),
        method="highs-ds",
    )
    if found.status != 0:
        return nothing, nothing
    taken = found.x[: rows.shape[0]] - found.x[rows.shape[0] :]
    places = np.flatnonzero(np.abs(taken) > 1e-7)
    return places, np.round(taken[places]).astype(np.int64)
