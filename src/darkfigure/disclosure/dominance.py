"""Who contributed most to each figure of a table.

Source: Hundepool et al., Statistical Disclosure Control (2012), 4.2: the (n, k) rule and the p
percent rule; their protection levels in table 4.3.
"""

from __future__ import annotations

import numpy as np

from darkfigure.disclosure.cube import Cube, Whole

CONTRIBUTOR = "contributor"


def largest(cube: Cube, many: int) -> tuple[Whole, Whole, Whole]:
    """For each figure what its largest contributor has, what the second has, and what so `many` of
    the largest have together.
    """
    rows = cube.behind[CONTRIBUTOR]
    _, who = np.unique(np.array(rows.names), return_inverse=True)
    people = int(who.max()) + 1
    pairs, counts = [], []
    for figures, new in cube.figures_of(rows.codes):
        pairs.append(figures[new] * people + who[new])
        counts.append(rows.counts[new])
    once, inverse = np.unique(np.concatenate(pairs), return_inverse=True)
    shares = np.bincount(inverse, np.concatenate(counts)).astype(np.int64)
    figure_of = once // people
    order = np.lexsort((-shares, figure_of))
    figure_of, shares = figure_of[order], shares[order]
    starts = np.searchsorted(figure_of, np.arange(cube.figures))
    rank = np.arange(len(shares)) - starts[figure_of]
    largest_of, second, most = (np.zeros(cube.figures, dtype=np.int64) for _ in range(3))
    largest_of[figure_of[rank == 0]] = shares[rank == 0]
    second[figure_of[rank == 1]] = shares[rank == 1]
    np.add.at(most, figure_of[rank < many], shares[rank < many])
    return largest_of, second, most
