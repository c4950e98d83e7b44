"""Counts with a little noise that is always the same for the same people: cell keys.

Every person has a key, drawn from a secret; the key of a cell is the sum of the keys of those
counted in it, and says with the count which noise it gets. The same people in another table get the
same noise, so that asking twice tells nothing. Noise has mean nought, a given variance, never makes
a count negative or less than `least`, and is as uncertain as these allow (maximum entropy).

Source: the cell key method of the Australian Bureau of Statistics, as the Office for National
Statistics (its `cell-key-perturbation`) and Eurostat describe it. Where records have no keys of
their own, averages of differently built tables of the same people near the truth: how many are
published must be bounded.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import Cube, Whole

#: Keys are whole numbers below this.
KEYS = 2**20
FEWEST_BYTES = 16
RECORD = "record"


@dataclass(frozen=True)
class Noise:
    """How counts are perturbed: by no more than `most`, with this variance; none of 1 to `least -
    1` is left.
    """

    most: int = 5
    variance: float = 2.0
    least: int = 1

    def chances(self, count: int) -> tuple[Whole, np.ndarray]:
        """What may be added to a count of one or more, and how probable each is."""
        by = np.arange(-self.most, self.most + 1)
        left = count + by
        by = by[(left == 0) | (left >= self.least)]
        by = by[count + by >= 0]
        return by, _most_uncertain(by, self.variance)


def _most_uncertain(by: Whole, variance: float) -> np.ndarray:
    """The distribution of mean nought and a variance, as near as can be, of the greatest
    entropy.
    """
    values = by.astype(float)

    def distribution(weights: np.ndarray) -> np.ndarray:
        power = weights[0] * values + weights[1] * values**2
        made = np.exp(power - power.max())
        return np.asarray(made / made.sum())

    def amiss(weights: np.ndarray) -> float:
        chances = distribution(weights)
        mean = float(chances @ values)
        return (mean * 10) ** 2 + float(chances @ values**2 - variance) ** 2

    found = minimize(amiss, np.array([0.0, -0.2]), method="Nelder-Mead", tol=1e-12)
    return distribution(found.x)


def perturbed(cube: Cube, secret: bytes, noise: Noise = Noise()) -> Whole:
    """For each figure of a table its count with noise. The secret is bytes that nobody else knows.

    Where records stand behind the table each has a key of its own: the same records get the same
    noise in any table, however it is divided. Else people are told apart by the values they have
    and their number among those who have the same, so that tables of the same dimensions agree;
    what is split further is another table.
    """
    if len(secret) < FEWEST_BYTES:
        raise Unreadable(
            f"The secret of the noise must have {FEWEST_BYTES} bytes or more: whoever guesses it "
            "takes the noise away."
        )
    records = cube.behind.get(RECORD)
    if records is not None:
        codes, keys = records.codes, record_keys(records.names, secret)
    else:
        codes = cube.codes
        keys = np.array([_key(cube, place, secret) for place in range(len(cube.counts))])
    sums = np.zeros(cube.figures, dtype=np.int64)
    for figure_of, own in cube.figures_of(codes):
        np.add.at(sums, figure_of[own], keys[own])
    # the last key of a sum is mixed once more: keys of few people are not spread evenly
    at = np.array([_mixed(int(axis) % KEYS, secret) for axis in sums])
    return _noised(cube.values, at, noise)


def record_keys(names: Sequence[str], secret: bytes) -> Whole:
    """The key of each record, by what names it. Raises Unreadable for one that stands twice."""
    if len({*names}) != len(names):
        raise Unreadable(
            "A record stands in several rows. Give one row for each record: who counts twice gets "
            "other noise than they have elsewhere."
        )
    drawn = [_drawn(b"\x1d" + name.encode(), secret) % KEYS for name in names]
    return np.array(drawn, dtype=np.int64)


def _noised(values: Whole, at: np.ndarray, noise: Noise) -> Whole:
    made = values.copy()
    beyond = noise.most + noise.least
    for count in np.unique(np.minimum(values, beyond)):
        these = np.minimum(values, beyond) == count
        by, chances = noise.chances(int(count))
        place = np.searchsorted(np.cumsum(chances), at[these], side="right")
        made[these] += by[np.minimum(place, len(by) - 1)]
    return made


def _key(cube: Cube, place: int, secret: bytes) -> int:
    values = "\x1f".join(
        f"{axis.name}={axis.levels[0][code]}"
        for axis, code in sorted(
            zip(cube.dimensions, cube.codes[place], strict=True), key=lambda pair: pair[0].name
        )
    )
    return sum(_keys(values, int(cube.counts[place]), secret)) % KEYS


def _keys(values: str, people: int, secret: bytes) -> Sequence[int]:
    """A key for each of the people who have the same values."""
    return [_drawn(f"{values}\x1f{number}".encode(), secret) % KEYS for number in range(people)]


def _drawn(text: bytes, secret: bytes) -> int:
    return int.from_bytes(hmac.new(secret, text, hashlib.sha256).digest()[:8], "big")


def _mixed(key: int, secret: bytes) -> float:
    return (_drawn(b"\x1e" + key.to_bytes(4, "big"), secret) % 2**32) / 2.0**32
