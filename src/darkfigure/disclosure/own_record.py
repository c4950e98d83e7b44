"""What somebody works out who is the only person counted in a cell, and so knows that cell.

A hidden number is safe from all of them where its witnesses leave no such cell unchanged by all:
for each person there is a witness in which their own record stays as it is.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from darkfigure.disclosure.cube import Whole, Yes
from darkfigure.disclosure.knowledge import Knowledge
from darkfigure.disclosure.witness import Settled, Settling, changes, rows_of


def exposed(
    knowledge: Knowledge, truth: Whole, settled: Settled, sought: Yes, seconds: float = 60.0
) -> Whole:
    """The wanted numbers (of those `sought`) that somebody's own record tells, or may tell.

    That somebody knows the cell that they alone are in is no disclosure.
    """
    single = np.flatnonzero((truth == 1) & (knowledge.least == knowledge.least.max(initial=0)))
    moves = sparse.csc_array(rows_of(settled.differences, knowledge.wanted))
    by = sparse.csr_array(changes(settled.differences, knowledge.unknowns).T)[:, single]
    settling = Settling(knowledge, truth, 1, seconds)
    found = []
    for place in np.flatnonzero(sought):
        own = knowledge.wanted[[place]].indices
        witnesses = moves.indices[moves.indptr[place] : moves.indptr[place + 1]]
        always = np.asarray((by[witnesses] != 0).sum(axis=0)).ravel() == len(witnesses)
        avoided = single[always] if len(own) > 1 else single[always & (single != own[0])]
        if len(avoided) and not _found_without(settling, int(place), avoided):
            found.append(place)
    return np.array(found, dtype=np.int64)


def _found_without(settling: Settling, place: int, avoided: Whole) -> bool:
    """Whether there is a witness without all of some records at once, or without each of them."""
    if settling.without(place, avoided):
        return True
    return len(avoided) > 1 and all(
        settling.without(place, avoided[at : at + 1]) for at in range(len(avoided))
    )
