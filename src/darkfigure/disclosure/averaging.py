"""The attack on noise: whoever holds all margins of a table averages what they say of one cell.

Each published number is the true one and noise of mean nought. The table that all of them are
nearest to, by least squares, is nearer to the truth than any one of them (arXiv 1902.06414 does so
with equal questions that are asked otherwise).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import lsqr

from darkfigure.disclosure.cube import Cube, Whole, Yes
from darkfigure.disclosure.knowledge import figures_over


def averaged(cube: Cube, published: Whole) -> NDArray[np.float64]:
    """What an attacker makes of each figure from all published numbers together."""
    made = figures_over(cube, np.arange(len(cube.base)))
    weights = np.sqrt(cube.cells_of_figure.astype(float))
    scaled = made.multiply(weights[:, None]).tocsr()
    solved = lsqr(scaled, published * weights, atol=1e-10, btol=1e-10)[0]
    estimates: NDArray[np.float64] = made @ np.maximum(solved, 0.0)
    return estimates


def named_rightly(cube: Cube, published: Whole, small: Yes) -> tuple[int, int]:
    """Of the small figures of a table how many an attacker names rightly: by the published number
    alone, and by averaging all of them.
    """
    truth = cube.values[small]
    by_number = published[small] == truth
    by_averaging = np.rint(averaged(cube, published)[small]).astype(np.int64) == truth
    return int(by_number.sum()), int(by_averaging.sum())
