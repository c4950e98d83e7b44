"""The grid of competing hypotheses: how each item stands to each, what tells them apart, and what
one false item would change.

A hypothesis is judged by what speaks *against* it: the least inconsistent one leads. Method: R. J.
Heuer, *Psychology of Intelligence Analysis* (1999), chapter 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Consistency(StrEnum):
    """How an item stands to a hypothesis."""

    VERY_CONSISTENT = "CC"
    CONSISTENT = "C"
    NEUTRAL = "N"
    INCONSISTENT = "I"
    VERY_INCONSISTENT = "II"
    NOT_APPLICABLE = "NA"


#: How strongly each speaks against a hypothesis; what speaks for one speaks for others too.
_AGAINST = {Consistency.INCONSISTENT: 1, Consistency.VERY_INCONSISTENT: 2}
#: Where each stands from for to against; what does not apply is as good as neutral.
_STEPS = {
    Consistency.VERY_CONSISTENT: 0,
    Consistency.CONSISTENT: 1,
    Consistency.NEUTRAL: 2,
    Consistency.NOT_APPLICABLE: 2,
    Consistency.INCONSISTENT: 3,
    Consistency.VERY_INCONSISTENT: 4,
}
#: Sums of weights that differ by less are the same.
_SAME = 1e-9


@dataclass(frozen=True)
class Hypothesis:
    """One of the explanations that compete, by a short code; `claimed` is the one judged true."""

    code: str
    says: str
    claimed: bool = False


@dataclass(frozen=True)
class Row:
    """An item and how it stands to each hypothesis, by code."""

    item: str
    marks: tuple[tuple[str, Consistency], ...]

    def mark(self, hypothesis: str) -> Consistency:
        """How it stands to a hypothesis; NOT_APPLICABLE where nothing is said."""
        return dict(self.marks).get(hypothesis, Consistency.NOT_APPLICABLE)

    @property
    def diagnosticity(self) -> int:
        """The steps between the hypotheses that it tells furthest apart: 0 (of no use, whatever it
        says) to 4.
        """
        steps = [_STEPS[mark] for _, mark in self.marks]
        return max(steps) - min(steps) if steps else 0


@dataclass(frozen=True)
class Turn:
    """What would lead if an item were false: the item, and the hypotheses that would lead then."""

    item: str
    leading: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Hypotheses by rows of items; `weights` says what an item weighs, 1 where it says nothing."""

    hypotheses: tuple[Hypothesis, ...]
    rows: tuple[Row, ...]
    weights: Mapping[str, float]

    def inconsistency(self, hypothesis: str, but: str = "") -> float:
        """What speaks against a hypothesis, weighed; `but` leaves out one item."""
        return sum(
            self.weights.get(row.item, 1.0) * _AGAINST.get(row.mark(hypothesis), 0)
            for row in self.rows
            if row.item != but
        )

    def leading(self, but: str = "") -> tuple[str, ...]:
        """The hypotheses that least speaks against, in their order; `but` leaves out one item."""
        sums = {
            hypothesis.code: self.inconsistency(hypothesis.code, but)
            for hypothesis in self.hypotheses
        }
        least = min(sums.values(), default=0.0)
        return tuple(code for code, total in sums.items() if total - least < _SAME)

    @property
    def undiagnostic(self) -> tuple[str, ...]:
        """Items that tell no two hypotheses apart."""
        return tuple(row.item for row in self.rows if not row.diagnosticity)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Items that change what leads if they are false; where none does, no one item carries the
        conclusion.
        """
        now = self.leading()
        found = (Turn(row.item, self.leading(row.item)) for row in self.rows)
        return tuple(turn for turn in found if turn.leading != now)

    @property
    def ranked(self) -> tuple[tuple[Hypothesis, float], ...]:
        """Hypotheses with what speaks against each, the least first."""
        sums = [(hypothesis, self.inconsistency(hypothesis.code)) for hypothesis in self.hypotheses]
        return tuple(sorted(sums, key=lambda pair: pair[1]))
