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
    """Which wanted sums are combinations of `rows`; none is said to be where there are too many."""
    if rows.shape[0] * rows.shape[1] > MOST_ENTRIES or not rows.shape[0]:
        return np.zeros(wanted.shape[0], dtype=bool)
    order = np.argsort(np.diff(rows.indptr), kind="stable")
    dense = np.ascontiguousarray(rows[order].toarray(), dtype=np.int64) % engine.PRIME
    pivots = np.full(len(dense), -1, dtype=np.int64)
    engine.eliminate(dense, pivots)
    random = np.random.default_rng(2_003)
    kernel = random.integers(1, engine.PRIME, size=rows.shape[1], dtype=np.int64)
    engine.complete(dense, pivots, kernel)
    told: Yes = engine.products(wanted.indptr, wanted.indices, wanted.data, kernel) == 0
    return told


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
