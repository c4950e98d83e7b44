"""How far two graders agree who graded the same items, neither knowing of the other: Cohen's kappa,
weighted by how far apart their grades lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt

import numpy as np

from darkfigure.intelligence.grading import SCHEME, grading

#: The share of items that are graded twice.
SHARE = 0.2
#: Standard errors on each side of a 95% interval.
_NORMAL = 1.959964


@dataclass(frozen=True)
class Agreement:
    """Over so many items graded twice: the share in which both gave the same, and the weighted
    kappa with its 95% interval; none where all grades are one, and chance cannot be told apart.
    """

    number: int
    same: float | None
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


def is_graded_twice(name: str) -> bool:
    """Whether an item is of the sample that is graded twice: nobody chooses it."""
    drawn = int.from_bytes(sha256(f"graded twice\n{name}".encode()).digest()[:8], "big")
    return drawn < SHARE * 2**64


def places() -> dict[str, str]:
    """The places of a grade that are compared, each with its scale in order."""
    scheme = grading()["schemes"][SCHEME]
    return {place: "".join(scheme[place]) for place in ("source", "information", "handling")}


def agreements(pairs: Sequence[tuple[str, str]]) -> dict[str, Agreement]:
    """For each place of a grade how far first and second grades agree. `pairs` are letters."""
    return {
        place: agreement([(one[at], two[at]) for one, two in pairs], scale)
        for at, (place, scale) in enumerate(places().items())
    }


def agreement(pairs: Iterable[tuple[str, str]], scale: str) -> Agreement:
    """How far two agree on a scale: disagreement counts by how many steps lie between.

    The interval is that of Fleiss, Cohen and Everitt (1969) for large samples, within -1 and 1.
    """
    counts = np.zeros((len(scale), len(scale)))
    for one, two in pairs:
        counts[scale.index(one), scale.index(two)] += 1
    number = int(counts.sum())
    if not number:
        return Agreement(0, None)
    shares = counts / number
    same = float(np.trace(shares))
    steps = np.abs(np.subtract.outer(np.arange(len(scale)), np.arange(len(scale))))
    weights = 1 - steps / max(len(scale) - 1, 1)
    by_one, by_two = shares.sum(axis=1), shares.sum(axis=0)
    seen = float((weights * shares).sum())
    expected = float((weights * np.outer(by_one, by_two)).sum())
    if expected >= 1:
        return Agreement(number, same)
    kappa = (seen - expected) / (1 - expected)
    rows, columns = weights @ by_two, weights.T @ by_one
    each = weights - np.add.outer(rows, columns) * (1 - kappa)
    spread = float((shares * (each - (shares * each).sum()) ** 2).sum())
    error = sqrt(spread / number) / (1 - expected)
    low, high = max(kappa - _NORMAL * error, -1.0), min(kappa + _NORMAL * error, 1.0)
    return Agreement(number, same, kappa, low, high)
