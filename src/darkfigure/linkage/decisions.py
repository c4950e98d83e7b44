"""Decisions on links: dated, reasoned, never changed. To undo one is a decision too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from darkfigure.basis.errors import DarkfigureError


class DecisionKind(StrEnum):
    """What was decided of two records."""

    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


@dataclass(frozen=True)
class Decision:
    """Somebody decided on a day, for a reason, that two records are or are not one person's, or
    that a decision no longer stands.

    `left` and `right` are the repository's names of records, in alphabetical order; `undoes` the
    number of a decision.
    """

    id: int
    kind: DecisionKind
    decided_on: date
    decided_by: str
    reason: str
    left: str = ""
    right: str = ""
    undoes: int | None = None


def standing(decisions: Iterable[Decision], as_at: date) -> list[Decision]:
    """The decisions that stood on a day: made by then and not undone by then."""
    by_then = [decision for decision in decisions if decision.decided_on <= as_at]
    undone: set[int | None] = set()
    # An undoing may itself have been undone: the latest word counts.
    for latest in sorted(by_then, key=lambda decision: -decision.id):
        if latest.kind is DecisionKind.UNDO and latest.id not in undone:
            undone.add(latest.undoes)
    return [
        decision
        for decision in by_then
        if decision.kind is not DecisionKind.UNDO and decision.id not in undone
    ]


def check_decision(made: Sequence[Decision], new: Decision) -> None:
    """Refuse a decision without a reason, on nobody, or against one that stands. Raises
    DarkfigureError.
    """
    if not new.reason.strip():
        raise DarkfigureError("A decision on a link needs a reason: say why with --reason.")
    stands = {decision.id: decision for decision in standing(made, new.decided_on)}
    if new.kind is DecisionKind.UNDO:
        by_then = {before.id: before for before in made if before.decided_on <= new.decided_on}
        if new.undoes not in by_then:
            raise DarkfigureError(
                f"There is no decision D{new.undoes} to undo by {new.decided_on}."
            )
        if new.undoes not in stands and by_then[new.undoes].kind is not DecisionKind.UNDO:
            raise DarkfigureError(f"D{new.undoes} no longer stands: it was undone before.")
        return
    if new.left == new.right:
        raise DarkfigureError(f"{new.left} is one record: a decision is on two.")
    for before in stands.values():
        if (before.left, before.right) == (new.left, new.right):
            persons = "one person" if before.kind is DecisionKind.MERGE else "two persons"
            raise DarkfigureError(
                f"D{before.id} of {before.decided_on} says that these records are {persons}. Undo "
                "it first if it was wrong."
            )
