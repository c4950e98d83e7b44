"""Whether hidden numbers can be worked out from all that was published, with the sums that tell
them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import Whole
from darkfigure.disclosure.exact import any_table, extent
from darkfigure.disclosure.forced import forced
from darkfigure.disclosure.knowledge import Knowledge
from darkfigure.disclosure.published import SOUGHT, UNLISTED, Named
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.span import combination
from darkfigure.disclosure.together import Together
from darkfigure.disclosure.witness import Outcome, settle

#: Where there are no more unknowns and hidden numbers than these, each range is settled exactly.
FEW_UNKNOWNS, FEW_HIDDEN = 400, 400
#: A sum that tells a number is written out up to so many of its terms.
MOST_TERMS = 40
#: The range of what nobody is in.
NONE = 0, 0


class Meets(StrEnum):
    """How a hidden number stands to the rule."""

    PROTECTED = "protected"
    NARROW = "narrow"
    TOLD = "told"
    UNPROVED = "unproved"


@dataclass(frozen=True)
class Term:
    """A published number in a sum: the cell, what it says, and how often it is taken."""

    cell: Named
    number: int
    times: int


@dataclass(frozen=True)
class Found:
    """What can be known of a hidden number: the least and the most of it that are proved possible.

    `exact` says whether no others are. `by` is the sum that tells it, where one does.
    """

    cell: Named
    meets: Meets
    low: int
    high: int
    exact: bool
    by: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Checked:
    """Everything hidden in tables checked together; `small` are counts that are shown, and that the
    rule hides.
    """

    found: tuple[Found, ...]
    shown: int
    unknowns: int
    rule: Rule
    small: tuple[tuple[Named, int], ...] = ()
    #: Every number that is not shown and comes out, also of cells that are only sought.
    told: tuple[tuple[Named, int], ...] = ()

    def those(self, meets: Meets) -> list[Found]:
        """The hidden numbers that stand so to the rule."""
        return [each for each in self.found if each.meets is meets]

    @property
    def passes(self) -> bool:
        """Whether every hidden number is proved to be protected, and no small one shown."""
        return not self.small and all(each.meets is Meets.PROTECTED for each in self.found)


def check(
    told: Together,
    rule: Rule,
    seconds: float = 60.0,
    watch: Callable[[int, int], None] | None = None,
    exactly: bool | None = None,
) -> Checked:
    """Settle every hidden number of tables published together.

    Raises Unreadable where no people at all could be as the tables say.
    """
    knowledge = told.knowledge
    truth = any_table(knowledge)
    if truth is None:
        raise Unreadable(
            "No people at all could be counted so: some of these numbers contradict one another. "
            "Are they vintages of one another (--vintages), or rounded (--rounded TABLE=BASE)?"
            + (f" Was a cell revised by more than moves={rule.moves}?" if rule.moves else "")
        )
    settled = settle(knowledge, truth, rule.width, seconds, watch)
    few = knowledge.unknowns <= FEW_UNKNOWNS and len(told.wanted) <= FEW_HIDDEN
    exactly = few if exactly is None else exactly
    forcing = (
        forced(knowledge, truth).rows if _all_exact(knowledge) else np.zeros(0, dtype=np.int64)
    )
    found = [
        Found(hidden, Meets.TOLD, number, number, True, (Term(shown, number, 1),))
        for hidden, shown, number in told.given
    ]
    told_numbers = [(hidden, number) for hidden, _, number in told.given]
    for place, wanted in enumerate(told.wanted):
        outcome = settled.outcome[place]
        low, high = int(settled.least[place]), int(settled.most[place])
        exact = outcome is Outcome.TOLD and rule.width == 1
        if exactly or (outcome is Outcome.TOLD and not exact):
            least, most, exact = extent(knowledge, truth, place)
            low, high = min(low, least), max(high, most)
        if low == high and exact:
            told_numbers += [(cell, low) for cell in wanted.names]
        if all(cell.place == SOUGHT for cell in wanted.names):
            continue
        if wanted.near and outcome is not Outcome.PROTECTED and not _is_small(low, high, rule):
            # nobody keeps it out: it is rounded as all numbers of its table are
            continue
        by = _telling(told, place, forcing) if outcome is Outcome.TOLD else ()
        found += [
            Found(cell, _meets(outcome, low, high), low, high, exact, by) for cell in wanted.names
        ]
    # that a table leaves a cell out which holds nobody is no disclosure
    found = [each for each in found if each.cell.place != UNLISTED or (each.low, each.high) != NONE]
    return Checked(
        tuple(found), told.shown, knowledge.unknowns, rule, told.small, tuple(told_numbers)
    )


def _is_small(low: int, high: int, rule: Rule) -> bool:
    """Whether a number is known to be a small count."""
    return low > 0 and high < rule.threshold


def _meets(outcome: Outcome, low: int, high: int) -> Meets:
    if outcome is Outcome.TOLD:
        return Meets.TOLD if low == high else Meets.NARROW
    return Meets(str(outcome))


def _all_exact(knowledge: Knowledge) -> bool:
    return bool((knowledge.low == knowledge.high).all())


def _telling(told: Together, place: int, forcing: Whole) -> tuple[Term, ...]:
    """The published numbers that tell a hidden one, by adding and taking away, or that leave it
    nothing but its least.
    """
    knowledge = told.knowledge
    exact = np.flatnonzero(knowledge.low == knowledge.high)
    rows, times = combination(knowledge.rows[exact], knowledge.wanted[[place]])
    if len(rows):
        rows = exact[rows]
    else:
        rows, times = forcing, np.ones(len(forcing), dtype=np.int64)
    terms = [
        Term(told.rows[row], int(knowledge.low[row]), int(often))
        for row, often in list(zip(rows, times, strict=True))[:MOST_TERMS]
    ]
    # where several ranges leave it one number, no sum tells it
    own = len(terms) == 1 and terms[0].cell in told.wanted[place].names
    return () if own else tuple(terms)
