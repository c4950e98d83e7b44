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
