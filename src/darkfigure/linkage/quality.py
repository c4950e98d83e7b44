"""How good a linkage is: against the truth where it is known, else by the model and by a sample
that somebody looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from darkfigure.basis.saying import Saying, say
from darkfigure.linkage.clusters import Numbers

#: Bands of probability from which a sample for review is drawn, and the least of each.
BANDS = (0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99)


@dataclass(frozen=True)
class Quality:
    """Pairs of records put together: of those found how many are right, of those right how many are
    found.
    """

    precision: float
    recall: float
    found: float
    true: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        whole = self.precision + self.recall
        return 2 * self.precision * self.recall / whole if whole else 0.0


def against_truth(persons: Numbers, truth: Sequence[str | None] | pl.Series) -> Quality:
    """Precision and recall over pairs; records whose truth is not known are left out."""
    frame = pl.DataFrame(
        {"person": persons, "truth": pl.Series(truth, dtype=pl.String)}
    ).drop_nulls()
    right, found, true = (_pairs(frame, by) for by in (["person", "truth"], ["person"], ["truth"]))
    return Quality(right / found if found else 1.0, right / true if true else 1.0, found, true)


def _pairs(frame: pl.DataFrame, by: list[str]) -> int:
    sizes = frame.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True)
class Expected:
    """What is expected without knowing the truth: means over plausible ways of putting records
    together, with their 95% ranges.

    Both are among all pairs of records, those that no rule found included.
    """

    precision: float
    precision_range: tuple[float, float]
    recall: float
    recall_range: tuple[float, float]
    found: float


def expected(persons: Numbers, drawn: Iterable[Numbers]) -> Expected:
    """How right `persons` are, taking each plausible partition for the truth in turn. Raises
    ValueError where none is given.
    """
    found = [against_truth(persons, pl.Series(each).cast(pl.String)) for each in drawn]
    precision, recall = (
        np.array([getattr(each, name) for each in found]) for name in ("precision", "recall")
    )
    return Expected(
        float(precision.mean()),
        _range(precision),
        float(recall.mean()),
        _range(recall),
        found[0].found,
    )


def _range(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


@dataclass(frozen=True)
class Band:
    """Pairs of one band of probability: how many, how many of them were expected to be one
    person's, and how many are.
    """

    words: Saying
    pairs: int
    expected: float
    true: int


def calibration(pairs: pl.DataFrame, truth: pl.Series, missed: float = 0.0) -> list[Band]:
    """Whether pairs are one person's as often as their probability says, and of those not found as
    many as expected.

    `truth` says who is who, by place; `missed` how many matches are expected that are not among
    `pairs`.
    """
    said = truth.to_numpy()
    right = said[pairs["left"].to_numpy()] == said[pairs["right"].to_numpy()]
    probability = pairs["probability"].to_numpy()
    at = np.searchsorted(BANDS, probability, side="right")
    ends = (0.0, *BANDS, 1.0)
    bands = [
        Band(
            say("linkage.band.between", low=ends[band], high=ends[band + 1]),
            int((at == band).sum()),
            float(probability[at == band].sum()),
            int(right[at == band].sum()),
        )
        for band in range(len(BANDS) + 1)
    ]
    counts = truth.drop_nulls().value_counts()["count"].cast(pl.Int64)
    every = int((counts * (counts - 1) // 2).sum())
    whole = len(said) * (len(said) - 1) // 2
    return [
        *bands,
        Band(say("linkage.band.not_found"), whole - pairs.height, missed, every - int(right.sum())),
    ]


@dataclass(frozen=True)
class Links:
    """Links between two lists of `first` and `second` records: how many of the first are `linked`,
    what share of those on both lists is (`recall`), and what share of those on the first alone is
    linked to somebody else (`false`).
    """

    linked: float
    first: int
    second: int
    recall: float
    false: float


def links_between(
    persons: Numbers, drawn: Iterable[Numbers], first: Numbers, second: Numbers
) -> Links:
    """Errors of the links between two lists, expected over plausible partitions; `first` and
    `second` are places of records.
    """
    mine = np.isin(persons[first], persons[second])
    shares = []
    for each in drawn:
        both = np.isin(each[first], each[second])
        shares.append(
            (mine[both].mean() if both.any() else 1.0, mine[~both].mean() if (~both).any() else 0.0)
        )
    recall, false = np.mean(shares, axis=0)
    return Links(float(mine.sum()), len(first), len(second), float(recall), float(false))


def review_sample(pairs: pl.DataFrame, each: int = 30, seed: int = 1) -> pl.DataFrame:
    """Pairs to be looked at by somebody: up to `each` from every band of probability, with `band`
    and how many stand for one.
    """
    banded = pairs.with_columns(
        band=pl.Series(
            np.searchsorted(BANDS, pairs["probability"].to_numpy(), side="right"), dtype=pl.Int64
        )
    )
    parts = [
        part.sample(min(each, part.height), seed=seed).with_columns(
            stands_for=pl.lit(part.height / min(each, part.height))
        )
        for _, part in sorted(banded.partition_by("band", as_dict=True).items())
    ]
    return (
        pl.concat(parts).sort("left", "right")
        if parts
        else banded.with_columns(stands_for=pl.lit(1.0))
    )


@dataclass(frozen=True)
class Reviewed:
    """Precision and recall from a sample looked at, with the interval the sample leaves open.

    Recall is among pairs that some rule found: of those that none did, a sample of pairs cannot
    tell.
    """

    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    looked_at: int


def reviewed(sample: pl.DataFrame, *, seed: int = 1, level: float = 0.95) -> Reviewed:
    """Quality from `review_sample` with columns `joined` (by the linkage) and `one_person` (as
    whoever looked says).

    Intervals by drawing each band's share of right pairs from its posterior (Jeffreys prior) 4,000
    times.
    """
    random = np.random.default_rng(seed)
    draws = 4000
    right, found, true = (np.zeros(draws) for _ in range(3))
    plain = [0.0, 0.0, 0.0]
    for part in sample.partition_by("band", "joined"):
        looked, yes = part.height, int(part["one_person"].sum())
        total = float(part["stands_for"].sum())
        share = random.beta(yes + 0.5, looked - yes + 0.5, draws)
        joined = bool(part["joined"][0])
        true += total * share
        plain[2] += total * yes / looked
        if joined:
            right, found = right + total * share, found + total
            plain[0], plain[1] = plain[0] + total * yes / looked, plain[1] + total
    with np.errstate(invalid="ignore"):
        low, high = (1 - level) / 2, (1 + level) / 2
        precision, recall = right / np.maximum(found, 1e-9), right / np.maximum(true, 1e-9)
    return Reviewed(
        plain[0] / plain[1] if plain[1] else 1.0,
        (float(np.quantile(precision, low)), float(np.quantile(precision, high))),
        plain[0] / plain[2] if plain[2] else 1.0,
        (float(np.quantile(recall, low)), float(np.quantile(recall, high))),
        sample.height,
    )
