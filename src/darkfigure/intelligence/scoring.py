"""Scores of judgements that are closed: by Brier and logarithm over the whole band of a term, by
band and direction, and beside a forecast that nothing changes.

Sources: G. W. Brier (1950); I. J. Good (1952), in natural logarithms; A. H. Murphy (1973) for
reliability, resolution and uncertainty; E. B. Wilson (1927) for intervals of 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from darkfigure.basis.truth import Truth
from darkfigure.intelligence.judgements import Direction
from darkfigure.intelligence.yardstick import Term

#: The quantile of the normal distribution of intervals of 95 %.
_Z = 1.959963984540054


class Outcome(StrEnum):
    """What became of a claim at its horizon, by its own criteria."""

    CAME_TRUE = "came_true"
    DID_NOT = "did_not"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True)
class Closed:
    """A judgement whose horizon passed and which somebody resolved.

    `direction_seen` is where it went, None where that cannot be told; `if_unchanged` whether the
    claim would have come true had nothing changed, as was said when it was approved.
    """

    name: str
    term: Term
    outcome: Outcome
    direction: Direction
    direction_seen: Direction | None = None
    if_unchanged: Truth = Truth.NOT_KNOWN


@dataclass(frozen=True)
class Spread:
    """A mean score over the bands of terms: at best, at their midpoints and at worst; less is
    better. None is without bound: a band that reaches certainty was wrong.
    """

    best: float
    midpoint: float
    worst: float | None


@dataclass(frozen=True)
class Rate:
    """So many of a number, with the limits of the share (Wilson, 95 %)."""

    hits: int
    number: int

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.number if self.number else None

    @property
    def limits(self) -> tuple[float, float]:
        """The limits of the share; all that is possible where there is nothing."""
        return wilson(self.hits, self.number)


@dataclass(frozen=True)
class Band:
    """The closed judgements of a term: how many came true, and what they add to the resolution."""

    term: Term
    came_true: Rate
    resolution: float

    @property
    def holds(self) -> bool:
        """Whether the limits of the share and the band of the term have a value in common."""
        low, high = self.came_true.limits
        return low <= self.term.high / 100 and self.term.low / 100 <= high


@dataclass(frozen=True)
class Unchanged:
    """Beside the forecast that nothing changes, for those that say what would be so then: the Brier
    scores of both; and how often *stable* would have hit the direction.
    """

    number: int
    brier: float | None
    brier_unchanged: float | None
    directions: Rate


@dataclass(frozen=True)
class Scores:
    """What closed judgements are worth. Their Brier score at midpoints is reliability - resolution
    + uncertainty; `by_chance` is the resolution expected where terms tell nothing.
    """

    number: int
    brier: Spread
    log: Spread
    bands: tuple[Band, ...]
    reliability: float
    resolution: float
    uncertainty: float
    by_chance: float
    directions: Rate
    unchanged: Unchanged


def wilson(hits: int, number: int) -> tuple[float, float]:
    """The limits of a share, `hits` of `number`: 0 to 1 of nothing."""
    if not number:
        return 0.0, 1.0
    share, room = hits / number, _Z * _Z / number
    middle = (share + room / 2) / (1 + room)
    half = _Z / (1 + room) * math.sqrt(share * (1 - share) / number + room / (4 * number))
    return (0.0 if not hits else middle - half), (1.0 if hits == number else middle + half)


def scored(closed: Sequence[Closed]) -> Scores | None:
    """The scores of those that can be told; None where there are none."""
    told = [question for question in closed if question.outcome != Outcome.CANNOT_BE_TOLD]
    if not told:
        return None
    number, true = len(told), sum(map(_true, told))
    bands = _bands(told, true / number)
    uncertainty = true / number * (1 - true / number)
    chance = uncertainty * (len(bands) - 1) / (number - 1) if number > 1 else 0.0
    return Scores(
        number,
        _spread(told, _brier),
        _spread(told, _log),
        bands,
        sum(_reliability(band) for band in bands) / number,
        math.fsum(band.resolution for band in bands),
        uncertainty,
        chance,
        _directions(told),
        _beside_unchanged(told),
    )


def _true(each: Closed) -> bool:
    return each.outcome == Outcome.CAME_TRUE


def _brier(probability: float) -> float:
    """The score of the probability that was given to what came about."""
    return (1 - probability) ** 2


def _log(probability: float) -> float:
    return -math.log(probability) if probability > 0 else math.inf


def _spread(told: Sequence[Closed], rule: Callable[[float], float]) -> Spread:
    """The mean of a rule over the band: both rules fall as the probability of what came about
    rises, so that the ends of a band are its best and its worst.
    """
    ends = [_given_to_it(each) for each in told]
    worst, middle, best = (math.fsum(rule(end[at]) for end in ends) / len(told) for at in range(3))
    return Spread(best, middle, worst if math.isfinite(worst) else None)


def _given_to_it(each: Closed) -> tuple[float, float, float]:
    """The least, middle and greatest probability that a term gives to what came about."""
    ends = (each.term.low / 100, each.term.middle / 100, each.term.high / 100)
    return ends if _true(each) else (1 - ends[2], 1 - ends[1], 1 - ends[0])


def _bands(told: Sequence[Closed], share: float) -> tuple[Band, ...]:
    found = []
    for term in Term:
        own = [each for each in told if each.term == term]
        if own:
            rate = Rate(sum(map(_true, own)), len(own))
            apart = (rate.hits / rate.number - share) ** 2
            found.append(Band(term, rate, rate.number / len(told) * apart))
    return tuple(found)


def _reliability(band: Band) -> float:
    rate = band.came_true
    return rate.number * (band.term.middle / 100 - rate.hits / rate.number) ** 2


def _directions(told: Sequence[Closed]) -> Rate:
    """How often the direction was hit, of those that say one and whose is known."""
    own = [each for each in told if each.direction_seen and each.direction != Direction.UNCLEAR]
    return Rate(sum(each.direction == each.direction_seen for each in own), len(own))


def _beside_unchanged(told: Sequence[Closed]) -> Unchanged:
    own = [each for each in told if each.if_unchanged != Truth.NOT_KNOWN]
    seen = [each for each in told if each.direction_seen and each.direction != Direction.UNCLEAR]
    stable = Rate(sum(each.direction_seen == Direction.STABLE for each in seen), len(seen))
    if not own:
        return Unchanged(0, None, None, stable)
    missed = sum(_true(each) != (each.if_unchanged == Truth.YES) for each in own)
    return Unchanged(len(own), _spread(own, _brier).midpoint, missed / len(own), stable)
