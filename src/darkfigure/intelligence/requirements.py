"""The requirement that an unanswered question of the data names: the one of the sets loaded that
would close the gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkfigure.basis.status import CellReason

if TYPE_CHECKING:
    from darkfigure.intelligence.requirement_sets import RequirementSet

_ANY = "*"


@dataclass(frozen=True)
class Requirement:
    """Something we want to learn, in one question of an edition, with what would have to happen for
    it to be known. It closes gaps of its `measures` and `reasons`.
    """

    id: str
    edition: str
    text: str
    closes_when: str
    measures: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def general(self) -> bool:
        """Whether it asks for no measure in particular."""
        return _ANY in self.measures

    def serves(self, measure: str, reason: CellReason) -> bool:
        """Whether meeting this requirement would close the gap."""
        return _fits(self.measures, measure) and _fits(self.reasons, reason)


def _fits(accepted: tuple[str, ...], value: str) -> bool:
    return _ANY in accepted or value in accepted


@dataclass(frozen=True)
class Needs:
    """The requirements that close gaps in the data, the particular before the general."""

    requirements: tuple[Requirement, ...] = ()

    def closing(self, measure: str, reason: CellReason) -> Requirement | None:
        """The first requirement that would close a gap of this reason in this measure; None where
        no set that is loaded asks for it.
        """
        return next((each for each in self.requirements if each.serves(measure, reason)), None)


#: Nothing is asked for: no set is loaded.
NOTHING_ASKED = Needs()


def needs_of(sets: Iterable[RequirementSet]) -> Needs:
    """The questions of the sets that close gaps in the data."""
    found = [
        Requirement(
            each.code,
            held.edition,
            each.text,
            each.closes_when,
            each.gap_measures,
            each.gap_reasons,
        )
        for held in sets
        for each in held.questions.values()
        if each.gap_measures
    ]
    return Needs(tuple(sorted(found, key=lambda each: each.general)))
