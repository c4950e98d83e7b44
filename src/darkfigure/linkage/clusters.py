"""From pairs to persons: records put together as the weight of all that is known of them says,
within what was decided.

Pairs of one person's records repeat one another's evidence: what joins k records is k - 1 links,
the heaviest that hang together (a spanning tree), not all k (k - 1) / 2 pairs. Pairs that speak
against count too, by a share. `worth` says so for any records.

Three partitions are made, each a refinement of the next: `surely` joins only what is certain,
`decided` what the thresholds and decisions say, `possibly` all that could be one person. Counting
persons in them bounds the figure from above and below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from darkfigure.linkage.thresholds import USUAL, Thresholds

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Weights = np.ndarray[Any, np.dtype[np.float64]]

#: Natural log odds of a pair nothing was found for: no rule looked at it, or it scored below the
#: floor.
UNSEEN = -4.6
#: What a pair that speaks against counts once others join the records: it repeats in part what is
#: known. Set by how well drawn persons agree with the truth on made-up lists
#: (benchmarks/persons.py).
AGAINST = 0.05
#: The same where records are put together for good: two persons taken for one do more harm than one
#: taken for two.
CAUTION = 0.25
#: No single pair outweighs all others: odds are held to about 3,000 to one.
HEAVIEST = 8.0
FORCED = 1e6
#: Components with more records are taken apart by their strongest pairs alone before all are
#: weighed.
LARGEST = 1500


@dataclass(frozen=True)
class Partition:
    """Who is whom: for each record, by its place, the number of the person in each of three
    readings.

    The number of a person is the place of its first record.
    """

    surely: Numbers
    decided: Numbers
    possibly: Numbers

    @property
    def persons(self) -> tuple[int, int, int]:
        """Least, decided and most persons."""
        return tuple(len(np.unique(each)) for each in (self.possibly, self.decided, self.surely))  # type: ignore[return-value]

    def within(self, chosen: Numbers) -> tuple[int, int, int]:
        """The same, of persons with at least one of the records chosen."""
        return tuple(
            len(np.unique(each[chosen])) for each in (self.possibly, self.decided, self.surely)
        )  # type: ignore[return-value]


@dataclass(frozen=True)
class Evidence:
    """Pairs with natural log odds, decisions among them as weights nothing outweighs; heaviest
    first, ties by place.
    """

    left: Numbers
    right: Numbers
    odds: Weights
    records: int


def evidence_of(
    pairs: pl.DataFrame,
    records: int,
    *,
    joined: Iterable[tuple[int, int]] = (),
    parted: Iterable[tuple[int, int]] = (),
) -> Evidence:
    """Pairs as `model.PAIRS` has them, with decisions that records are or are not one person's."""
    probability = np.clip(pairs["probability"].to_numpy(), 1e-9, 1 - 1e-9)
    odds = np.minimum(np.log(probability / (1 - probability)), HEAVIEST)
    made = [
        (min(pair), max(pair), weight)
        for weight, some in ((FORCED, joined), (-FORCED, parted))
        for pair in some
    ]
    forced = np.array(made, dtype=np.float64).reshape(-1, 3)
    left = np.concatenate([forced[:, 0].astype(np.int64), pairs["left"].to_numpy()])
    right = np.concatenate([forced[:, 1].astype(np.int64), pairs["right"].to_numpy()])
    weight = np.concatenate([forced[:, 2], odds])
    # What was decided stands before what was computed of the same pair.
    _, first = np.unique(left * records + right, return_index=True)
    left, right, weight = left[first], right[first], weight[first]
    order = np.lexsort((right, left, -weight))
    return Evidence(left[order], right[order], weight[order], records)


def partition(evidence: Evidence, thresholds: Thresholds = USUAL) -> Partition:
    """Put records together. A pure function of evidence and thresholds: what arrived first is of no
    account.
    """
    possible = log_odds(thresholds.possible)
    groups = components(evidence, possible)
    surely, decided, possibly = (np.arange(evidence.records) for _ in range(3))
    bounds = (log_odds(thresholds.certain), log_odds(thresholds.automatic), possible)
    _put_together(
        *groups, evidence.left, evidence.right, evidence.odds, *bounds, surely, decided, possibly
    )
    return Partition(surely, decided, possibly)


def log_odds(probability: float) -> float:
    """Natural log odds, held to what a pair may weigh."""
    return min(float(np.log(probability / (1 - probability))), HEAVIEST)


def components(
    evidence: Evidence, least: float
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Records that hang together by pairs of at least `least`: members in order of component, where
    each component starts, the place of each record in its own, the pairs within components, where
    those of each start.
    """
    labels = _labels(evidence, evidence.odds >= least)
    floor = np.full(evidence.records, least)
    # A component too large is split by asking more of its pairs, twice as strict each time.
    ask = 0.0
    while (sizes := np.bincount(labels)).max(initial=0) > LARGEST and ask < HEAVIEST:
        ask += 1.0
        large = sizes[labels] > LARGEST
        floor[large] = np.maximum(floor[large], ask)
        labels = _labels(evidence, evidence.odds >= floor[evidence.left])
    members = np.argsort(labels, kind="stable")
    number = labels[members]
    place = np.empty(evidence.records, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1], True])
    place[members] = np.arange(evidence.records) - np.repeat(starts[:-1], np.diff(starts))
    inside = np.flatnonzero(labels[evidence.left] == labels[evidence.right])
    pair_order = inside[np.argsort(labels[evidence.left[inside]], kind="stable")]
    pair_starts = np.searchsorted(labels[evidence.left[pair_order]], np.arange(len(starts)))
    return members, starts, place, pair_order, pair_starts


def _labels(evidence: Evidence, used: np.ndarray[Any, Any]) -> Numbers:
    size = evidence.records
    left, right = evidence.left[used], evidence.right[used]
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


@numba.njit(cache=True)
def worth(odds, against, members, size, best, reached):  # type: ignore[no-untyped-def]
    """What speaks for the first `size` of `members` being one person, in natural log odds: nought
    for one alone.

    `odds` is the heaviest link between every two, `against` the sum of what speaks against it;
    `best` and `reached` are room to work in, as long as `members`.
    """
    total = 0.0
    for a in range(size):
        reached[a] = a == 0
        best[a] = odds[members[0], members[a]]
        for b in range(a):
            total += AGAINST * against[members[a], members[b]]
    for _ in range(size - 1):
        nearest = -1
        for a in range(size):
            if not reached[a] and (nearest < 0 or best[a] > best[nearest]):
                nearest = a
        reached[nearest] = True
        # A link of the tree counts in full, and so not by a share as well.
        total += best[nearest] - AGAINST * min(best[nearest], 0.0)
        for a in range(size):
            if not reached[a]:
                best[a] = max(best[a], odds[members[nearest], members[a]])
    return total


@numba.njit(cache=True)
def _merge(against, label, a, b):  # type: ignore[no-untyped-def]
    """Put cluster b into a (a < b): what speaks against them adds up."""
    for other in range(len(label)):
        against[a, other] += against[b, other]
        against[other, a] = against[a, other]
        if label[other] == b:
            label[other] = a


@numba.njit(cache=True)
def _put_together(  # type: ignore[no-untyped-def]
    members,
    starts,
    place,
    pair_order,
    pair_starts,
    left,
    right,
    odds,
    certain,
    automatic,
    possible,
    surely,
    decided,
    possibly,
):
    for component in range(len(starts) - 1):
        first, size = starts[component], starts[component + 1] - starts[component]
        if size == 1:
            continue
        pairs = pair_order[pair_starts[component] : pair_starts[component + 1]]
        against = np.full((size, size), UNSEEN)
        for pair in pairs:
            a, b = place[left[pair]], place[right[pair]]
            against[a, b] = against[b, a] = min(odds[pair], 0.0)
        label = np.arange(size)
        sure = label.copy()
        marked = False
        for pair in pairs:
            weight = odds[pair]
            if weight < certain and not marked:
                sure[:] = label
                marked = True
            if weight < automatic:
                break
            a, b = label[place[left[pair]]], label[place[right[pair]]]
            if a != b and (
                weight + CAUTION * (against[a, b] - min(weight, 0.0)) > 0 or weight >= FORCED
            ):
                _merge(against, label, min(a, b), max(a, b))
        if not marked:
            sure[:] = label
        for at in range(size):
            record = members[first + at]
            surely[record], decided[record] = members[first + sure[at]], members[first + label[at]]
        for pair in pairs:
            if odds[pair] < possible:
                break
            a, b = label[place[left[pair]]], label[place[right[pair]]]
            if a != b and against[a, b] > -FORCED / 2:
                _merge(against, label, min(a, b), max(a, b))
        for at in range(size):
            possibly[members[first + at]] = members[first + label[at]]
