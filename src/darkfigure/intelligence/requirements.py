"""The requirement that an unanswered question of the data names: the one of the national set that
would close the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from darkfigure.basis.status import CellReason
from darkfigure.intelligence.requirement_sets import example_set


@dataclass(frozen=True)
class Requirement:
    """Something we want to learn, in one question, with what would have to happen for it to be
    known.
    """

    id: str
    text: str
    closes_when: str
    measures: tuple[str, ...]
    reasons: tuple[str, ...]

    def serves(self, measure: str, reason: CellReason) -> bool:
        """Whether meeting this requirement would close the gap."""
        return _fits(self.measures, measure) and _fits(self.reasons, reason)


def _fits(accepted: tuple[str, ...], value: str) -> bool:
    return "*" in accepted or value in accepted


@lru_cache
def requirements() -> tuple[Requirement, ...]:
    """The questions of the set that close gaps in the data, the particular before the general."""
    found = [
        Requirement(each.code, each.text, each.closes_when, each.gap_measures, each.gap_reasons)
        for each in example_set().questions.values()
        if each.gap_measures
    ]
    return tuple(sorted(found, key=lambda each: "*" in each.measures))


def requirement_for(measure: str, reason: CellReason) -> Requirement:
    """The first requirement that would close a gap of this reason in this measure; the last fits
    every gap.
    """
    return next(found for found in requirements() if found.serves(measure, reason))
