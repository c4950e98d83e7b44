"""The requirement that an unanswered question of the data names: the one of the sets loaded that
would close the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from darkfigure.basis.status import CellReason

if TYPE_CHECKING:
    from darkfigure.intelligence.requirement_sets import RequirementSet

_ANY = "*"


@dataclass(frozen=True)
class Requirement:
    """Something we want to learn, in one question of an edition, with what would have to happen for
    it to be known. It closes gaps of its `measures` and `reasons`; where it names `breakdowns`,
    only those of a breakdown by one of them.
    """

    id: str
    edition: str
    text: str
    closes_when: str
    measures: tuple[str, ...]
    reasons: tuple[str, ...]
    breakdowns: tuple[str, ...] = ()

    @property
    def general(self) -> bool:
        """Whether it asks for no measure in particular."""
        return _ANY in self.measures

    def serves(self, measure: str, reason: CellReason, by: Iterable[str] = ()) -> bool:
        """Whether meeting this requirement would close the gap; `by` are the dimensions of the
        breakdown that fails, where it is one.
        """
        asked_for = not self.breakdowns or not set(self.breakdowns).isdisjoint(by)
        return asked_for and _fits(self.measures, measure) and _fits(self.reasons, reason)


def _fits(accepted: tuple[str, ...], value: str) -> bool:
    return _ANY in accepted or value in accepted


class Needs:
    """The requirements that close gaps in the data. `sets` gives the sets loaded: it is asked once,
    when the first gap is met.
    """

    def __init__(self, sets: Callable[[], Iterable[RequirementSet]]) -> None:
        self._sets = sets

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """The questions of the sets that close gaps: those of a breakdown first, and the particular
        before the general.
        """
        closing = [
            Requirement(
                question.code,
                edition.edition,
                question.text,
                question.closes_when,
                question.gap_measures,
                question.gap_reasons,
                question.gap_breakdowns,
            )
            for edition in self._sets()
            for question in edition.questions.values()
            if question.gap_measures
        ]
        return tuple(sorted(closing, key=lambda asked: (not asked.breakdowns, asked.general)))

    def closing(
        self, measure: str, reason: CellReason, by: Iterable[str] = ()
    ) -> Requirement | None:
        """The first requirement that would close a gap of this reason in this measure, and of a
        breakdown `by` dimensions where that is what fails; None where no set that is loaded asks
        for it.
        """
        by = tuple(by)
        serving = (asked for asked in self.requirements if asked.serves(measure, reason, by))
        return next(serving, None)


#: Nothing is asked for: no set is loaded.
NOTHING_ASKED = Needs(list)
