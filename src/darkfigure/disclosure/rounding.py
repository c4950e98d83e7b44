"""Counts rounded to a base, so that they still add up and margins stay near.

Base cells are rounded up or down to a multiple of the base; margins are the sums of what was
rounded, so that published figures add up everywhere. Which are rounded up is chosen so that margins
lie as near as can be: each change that brings the margins nearer is made, until none does. Who
reads a rounded table knows of a base cell no more than that it lies less than a base away, and a
margin says nothing besides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.disclosure import engine
from darkfigure.disclosure.cube import Cube, Whole, Yes

SWEEPS = 60


@dataclass(frozen=True)
class Rounded:
    """For each figure of a table what is published, a multiple of `base`; and how far it
    lies off.
    """

    cube: Cube
    base: int
    published: Whole

    @property
    def off(self) -> Whole:
        """By how much each published figure differs."""
        return self.published - self.cube.values

    def ranges(self) -> tuple[Whole, Whole]:
        """The least and the most that each figure can be, for who holds all that is published, and
        the proof of it: published numbers add up, so that margins say nothing besides, and each
        base cell by itself can be anything less than a base away.

        Raises ValueError where they do not add up, or a base cell is told by too little.
        """
        sums = self.cube.sums
        if len(sums):
            parts = np.add.reduceat(self.published[sums.parts], sums.start[:-1])
            if (parts != self.published[sums.whole]).any():
                raise ValueError("What was rounded does not add up.")
        if not self.near[self.cube.base].all():
            raise ValueError("A number was rounded by a base or more.")
        told = self.published[self.cube.base]
        least = np.zeros(self.cube.figures, dtype=np.int64)
        most = np.zeros(self.cube.figures, dtype=np.int64)
        stands, start = _stands(self.cube)
        often = np.diff(start)
        # what is rounded to nought is left out, as empty cells are
        np.add.at(least, stands, np.repeat(np.maximum(told - self.base + 1, 0), often))
        np.add.at(most, stands, np.repeat(told + self.base - 1, often))
        return least, most

    @property
    def near(self) -> Yes:
        """Which figures lie less than a base away."""
        close: Yes = np.abs(self.off) < self.base
        return close


def rounded(cube: Cube, base: int) -> Rounded:
    """A table rounded to multiples of `base` (2 or more)."""
    lower = cube.counts // base * base
    can = cube.counts > lower
    up = np.zeros(len(lower), dtype=bool)
    off = np.zeros(cube.figures, dtype=np.int64)
    stands, start = _stands(cube)
    np.add.at(off, stands, np.repeat(lower - cube.counts, np.diff(start)))
    # totals matter most: what is off there is read most
    weight = 1.0 + np.log2(np.maximum(cube.members, 1))
    order = np.argsort(-(cube.counts - lower), kind="stable")
    engine.nearer(stands, start, order[can[order]], up, off, weight, base, SWEEPS)
    published = cube.values + off
    return Rounded(cube, base, published)


def _stands(cube: Cube) -> tuple[Whole, Whole]:
    """For each base cell the figures it counts to, once each."""
    rows = np.sort(cube.base_figures.T, axis=1)
    once = np.ones(rows.shape, dtype=bool)
    once[:, 1:] = rows[:, 1:] != rows[:, :-1]
    return rows[once], np.concatenate([[0], np.cumsum(once.sum(axis=1))])
