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
    made = [each for each in decisions if each.decided_on <= as_at]
    undone: set[int] = set()
    # An undoing may itself have been undone: the latest word counts.
    for each in sorted(made, key=lambda one: -one.id):
        if each.kind is DecisionKind.UNDO and each.id not in undone and each.undoes is not None:
            undone.add(each.undoes)
    return [each for each in made if each.kind is not DecisionKind.UNDO and each.id not in undone]


def check_decision(made: Sequence[Decision], new: Decision) -> None:
    """Refuse a decision without a reason, on nobody, or against one that stands. Raises
    DarkfigureError.
    """
    if not new.reason.strip():
        raise DarkfigureError("A decision on a link needs a reason: say why with --reason.")
    held = {each.id: each for each in standing(made, new.decided_on)}
    if new.kind is DecisionKind.UNDO:
        if new.undoes not in {each.id for each in made if each.decided_on <= new.decided_on}:
            raise DarkfigureError(
                f"There is no decision D{new.undoes} to undo by {new.decided_on}."
            )
        if (
            new.undoes not in held
            and next(each for each in made if each.id == new.undoes).kind is not DecisionKind.UNDO
        ):
            raise DarkfigureError(f"D{new.undoes} no longer stands: it was undone before.")
        return
    if new.left == new.right:
        raise DarkfigureError(f"{new.left} is one record: a decision is on two.")
    for each in held.values():
        if (each.left, each.right) == (new.left, new.right):
            said = "one person" if each.kind is DecisionKind.MERGE else "two persons"
            raise DarkfigureError(
                f"D{each.id} of {each.decided_on} says that these records are {said}. Undo it "
                "first if it was wrong."
            )
