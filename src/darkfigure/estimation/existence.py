"""Whether an estimate exists, by linear programme: the largest smallest cell of a table with the
same overlaps (Fienberg and Rinaldo 2012).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from darkfigure.estimation.capture import Counts


def margin(design: Counts, overlaps: Sequence[float]) -> float:
    """The smallest cell, at best, of a table whose sums by the columns of the design are the
    overlaps; nought where there is no such table.
    """
    # Maximise the smallest cell s of a table x with the same overlaps: x = s + z, z not negative.
    sums = np.column_stack([design.T, design.sum(axis=0)])
    solved = linprog(
        c=np.append(np.zeros(len(design)), -1.0),
        A_eq=sums,
        b_eq=list(overlaps),
        bounds=(0, None),
        method="highs",
    )
    return float(-solved.fun) if solved.success else 0.0
