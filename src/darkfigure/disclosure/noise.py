"""A whole table with noise of a stated guarantee: what it tells of any one person is bounded.

Noise is added once, to each possible combination of the values, by OpenDP. Everything after that is
worked out from noisy counts alone: none is below nought, the total is kept, and every margin is the
sum of its parts, so that averaging margins takes nothing away.
"""

from __future__ import annotations

from math import prod

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import Cube, Whole
from darkfigure.disclosure.private import MOST, denoised, private_counts

MOST_EPSILON = 20


def checked_epsilon(epsilon: float) -> float:
    """An epsilon that can be. Raises Unreadable for another."""
    if not 0 < epsilon <= MOST_EPSILON:
        raise Unreadable(
            f"--method noise needs --epsilon, a number above 0 and no more than {MOST_EPSILON}; 1 "
            "is usual, and less tells less of each person."
        )
    return epsilon


def noised(cube: Cube, epsilon: float) -> tuple[Cube, tuple[float, int]]:
    """A table made of noisy counts, and by how much its finest cells differ from the truth, on
    average and at most. `epsilon` holds for one person more or fewer who is counted once.

    Raises Unreadable where too many combinations are possible, or noise leaves nobody.
    """
    checked_epsilon(epsilon)
    sizes = tuple(len(axis.levels[0]) for axis in cube.dimensions)
    if prod(sizes) > MOST:
        raise Unreadable(
            f"{prod(sizes):,} combinations are possible: no more than {MOST:,} can have noise. "
            "Merge values, or leave out a column."
        )
    truth = np.zeros(sizes, dtype=np.int64)
    truth[tuple(cube.codes.T)] = cube.counts
    told = np.array(private_counts(truth.ravel().tolist(), epsilon), dtype=float)
    counts = _whole(denoised(told))
    if not counts.any():
        raise Unreadable(
            "The noise leaves nobody: there are too few people for this epsilon. Merge values."
        )
    off = np.abs(counts - truth.ravel())
    codes = np.stack(np.unravel_index(np.arange(truth.size), sizes), axis=1).astype(np.int64)
    made = Cube(cube.dimensions, codes, counts, cube.margins)
    return made, (float(off.mean()), int(off.max()))


def _whole(counts: np.ndarray) -> Whole:
    """Whole numbers of the same total, each within one of what it was."""
    sums = np.rint(np.cumsum(counts)).astype(np.int64)
    whole: Whole = np.diff(sums, prepend=0)
    return whole
