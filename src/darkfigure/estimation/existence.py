"""Whether an estimate exists, by linear programme: the largest smallest cell of a table with the
same overlaps, or that no direction leads away for ever (Fienberg and Rinaldo 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import linprog

from darkfigure.estimation.capture import Counts

#: A fall of all fitted counts together that is rounding.
STIRS = 1e-7


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


def by_faces(design: Counts, seen: np.ndarray[Any, np.dtype[np.bool_]]) -> bool:
    """Whether the estimate exists: no change of the coefficients lowers some fitted count and
    raises none, those of the histories seen staying as they are. Quick where the histories seen
    tell all coefficients apart, as they then leave no such change.
    """
    away = null_space(design[seen])
    if not away.shape[1]:
        return True
    falls = design[~seen] @ away
    solved = linprog(
        c=falls.sum(axis=0),
        A_ub=np.vstack([falls, -falls]),
        b_ub=np.append(np.zeros(len(falls)), np.ones(len(falls))),
        bounds=(None, None),
        method="highs",
    )
    return bool(solved.success and solved.fun > -STIRS)
