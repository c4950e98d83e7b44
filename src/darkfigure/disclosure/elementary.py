"""What anybody can work out with a pencil: sums with one number left, and remainders at their
least.

Two ways to reason over sums that hold (`cube.Sums`). `read_back` does what a patient reader does: a
sum in which one number is missing tells it, and where what remains is the least that the missing
ones can be, each is at its least. `bounded` tightens the least and the most of every number until
nothing moves. Both are sound: what they tell is so. Neither is complete; see `witness`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.disclosure import engine
from darkfigure.disclosure.cube import Sums, Whole, Yes

#: Higher than any count, and a million of it still fit a whole number.
ENDLESS = 2**41
NO_SUM = -1


@dataclass(frozen=True)
class Incidence:
    """For each figure the sums it stands in, as whole or as part."""

    start: Whole
    sums: Whole


def incidence(sums: Sums, figures: int) -> Incidence:
    """Where each of so many figures stands."""
    length = np.diff(sums.start)
    figure = np.concatenate([sums.parts, sums.whole])
    places = np.arange(len(sums), dtype=np.int64)
    stands = np.concatenate([np.repeat(places, length), places])
    order = np.argsort(figure, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(figure, minlength=figures))])
    return Incidence(start.astype(np.int64), stands[order])


@dataclass(frozen=True)
class ReadBack:
    """What was worked out: which figures, the number of each, and the sum that told it (or
    none).
    """

    told: Yes
    value: Whole
    by: Whole


def read_back(
    sums: Sums, shown: Yes, value: Whole, least: Whole, stands: Incidence | None = None
) -> ReadBack:
    """What can be worked out one sum after another.

    `shown` says which figures are published, `value` what they are (read of those alone), `least`
    the least that each other can be.
    """
    stands = stands or incidence(sums, len(shown))
    known = shown.copy()
    number = np.where(shown, value, 0)
    by = np.full(len(shown), NO_SUM, dtype=np.int64)
    engine.read_back(
        sums.whole, sums.start, sums.parts, stands.start, stands.sums, known, number, least, by
    )
    return ReadBack(known & ~shown, number, by)


@dataclass(frozen=True)
class Ranges:
    """The least and the most that each figure can be as far as was worked out, and the sums that
    last moved either (or none).
    """

    low: Whole
    high: Whole
    low_by: Whole
    high_by: Whole


def bounded(
    sums: Sums, low: Whole, high: Whole, stands: Incidence | None = None, most_steps: int = 50
) -> Ranges:
    """The bounds that follow from bounds, by sums; `high` may be ENDLESS.

    A sum is looked at again at most `most_steps` times on average: bounds that still move then stay
    as they are, which is wider than need be and never wrong.
    """
    stands = stands or incidence(sums, len(low))
    low, high = low.astype(np.int64).copy(), high.astype(np.int64).copy()
    low_by = np.full(len(low), NO_SUM, dtype=np.int64)
    high_by = low_by.copy()
    engine.bounded(
        sums.whole,
        sums.start,
        sums.parts,
        stands.start,
        stands.sums,
        low,
        high,
        low_by,
        high_by,
        most_steps * max(len(sums), 1),
    )
    return Ranges(low, high, low_by, high_by)
