"""The collection plan: which asks next, by priority-weighted gain in evidence for each unit of
cost; and gains of other kinds.

Noisy-or coverage gains less from each further ask (it is submodular), so that for asks of equal
cost the greedy choice reaches at least 1 - 1/e of the best possible (Nemhauser, Wolsey and Fisher
1978). For unequal costs it is compared with the best single ask.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable

GUARANTEE = 1 - 1 / math.e


@dataclass(frozen=True)
class Candidate:
    """An ask that could be made: a cell with its weight and evidence, the agency, what it costs,
    what a report of theirs weighs.
    """

    cell: int
    agency: str
    weight: float
    evidence: float
    cost: float
    strength: float


@dataclass(frozen=True)
class Planned:
    """An ask of the plan, with what it gains and what the plan has cost up to it."""

    candidate: Candidate
    gain: float
    spent: float


def plan(candidates: Sequence[Candidate], budget: float) -> list[Planned]:
    """The next asks within a budget, best first. Raises Unreadable for costs or strengths that
    cannot be.
    """
    for each in candidates:
        if each.cost <= 0 or not 0 <= each.strength < 1 or not 0 <= each.evidence <= 1:
            raise Unreadable(
                f"Ask of {each.agency} for cell {each.cell}: cost is above nought, strength "
                "and "
                "evidence from 0 to 1."
            )
    evidence = {each.cell: each.evidence for each in candidates}
    # Gains only fall as the plan grows: a candidate is reckoned anew only when it comes to the top
    # (Minoux 1978).
    queue = [
        (-_gain(each, each.evidence) / each.cost, place) for place, each in enumerate(candidates)
    ]
    heapq.heapify(queue)
    chosen: list[Planned] = []
    spent = 0.0
    while queue:
        held, place = heapq.heappop(queue)
        each = candidates[place]
        if spent + each.cost > budget:
            continue
        gain = _gain(each, evidence[each.cell])
        if queue and -gain / each.cost > queue[0][0] + 1e-15 and -gain / each.cost > held:
            heapq.heappush(queue, (-gain / each.cost, place))
            continue
        if gain <= 0:
            break
        spent += each.cost
        evidence[each.cell] += (1 - evidence[each.cell]) * each.strength
        chosen.append(Planned(each, gain, spent))
    alone = max(
        (each for each in candidates if each.cost <= budget),
        key=lambda each: _gain(each, each.evidence),
        default=None,
    )
    if alone is not None and _gain(alone, alone.evidence) > sum(each.gain for each in chosen):
        return [Planned(alone, _gain(alone, alone.evidence), alone.cost)]
    return chosen


def _gain(each: Candidate, evidence: float) -> float:
    return each.weight * (1 - evidence) * each.strength


def bits_gained(before: tuple[float, float], after: tuple[float, float]) -> float:
    """How much narrower an interval of a quantity became, in bits of its logarithm. Raises
    Unreadable for bounds that are none.
    """
    for low, high in (before, after):
        if not 0 < low < high:
            raise Unreadable(
                f"{low:,} to {high:,} is no interval of a quantity: both above nought, the "
                "lower "
                "first."
            )
    return math.log2(math.log(before[1] / before[0]) / math.log(after[1] / after[0]))


def bits_missing(now: tuple[float, float], wanted: float) -> float:
    """How many bits an interval is still too wide, where `wanted` is the ratio of upper to lower
    that was asked for.
    """
    if wanted <= 1:
        raise Unreadable(
            f"A ratio of upper to lower of {wanted} cannot be asked for: it is above one."
        )
    return max(bits_gained(now, (1.0, wanted)), 0.0)


def good_turing(records: int, singletons: int) -> float:
    """The share of what there is that has been met (Good 1953): 1 - f1 / n. Never used to close a
    gap.
    """
    if not 0 <= singletons <= records or not records:
        raise Unreadable(f"{singletons:,} seen once among {records:,} cannot be.")
    return 1 - singletons / records


def entropy(shares: Sequence[float]) -> float:
    """How open the answer to a question of categories is, in bits."""
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise Unreadable("Shares of categories are nought or more, and not all nought.")
    return -sum(share / whole * math.log2(share / whole) for share in shares if share)
