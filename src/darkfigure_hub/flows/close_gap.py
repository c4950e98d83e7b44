"""Close the loop: a question that cannot be answered raises a gap against a requirement; once it
can, its owner is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Answer
from darkfigure.tables.question import Question, asked_again
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.store.queries import intelligence as store


@dataclass(frozen=True)
class Gap:
    """A gap raised: its reference, the requirement that would close it, whether that had to be
    drafted, the cells it would fill.
    """

    reference: str
    requirement: str
    text: str
    drafted: bool
    cells: tuple[str, ...]
    new: bool


@dataclass(frozen=True)
class Waiting:
    """A gap with its state: waiting, or filled on a day; and the question as it can be asked
    again.
    """

    reference: str
    requirement: str
    measure: str
    reason: str
    owner: str
    raised_on: date
    filled_on: date | None
    question: Question


def raise_gaps(scope: Scope, found: Answer) -> list[Gap]:
    """Enter each thing an answer could not say. The requirement is one that asks it already, or a
    draft of one where only a general one is held.

    Raises NotPermitted, and UnknownName where no set is loaded that asks for it at all.
    """
    scope.require(Permission.RAISE_GAP)
    asked = [(each.reason, each.requirement) for each in found.cannot if each.requirement]
    if len(asked) < len(found.cannot):
        raise UnknownName(
            "A gap is raised against a requirement, and no set that is loaded asks for this: "
            "load one with `darkfigure requirements load human_trafficking`."
        )
    made = []
    with logging(scope):
        for reason, needed in asked:
            cells = [cell.id for cell in found.cells if cell.value is None] or [found.question.id]
            text = (
                f"{found.question.measure.title}: what is it, by the breakdown asked?"
                if needed.general
                else needed.text
            )
            reference, new = store.raise_gap(
                question={**found.question.canonical(), "reason": str(reason)},
                as_at=found.question.as_at,
                measure=found.question.measure.code,
                reason=reason,
                requirement=needed.id,
                drafted=needed.general,
                cells=cells,
                owner=scope.who,
                raised_on=timezone.localdate(),
            )
            made.append(Gap(reference, needed.id, text, needed.general, tuple(cells), new))
        record(scope, "gaps raised", {"gaps": [each.reference for each in made]})
    return made


def waiting_gaps(scope: Scope) -> list[Waiting]:
    """Every gap raised, those that wait first."""
    scope.require(Permission.READ_GAPS)
    return [
        Waiting(
            str(each),
            each.requirement,
            each.measure,
            each.reason,
            each.owner,
            each.raised_on,
            each.filled_on,
            asked_again(each.question, timezone.localdate()),
        )
        for each in store.gaps()
    ]


def check_gaps(scope: Scope, told: Callable[[Waiting], None] = lambda _gap: None) -> int:
    """Ask every waiting question again; where it can be answered now its owner is told. Gives how
    many were filled.
    """
    scope.require(Permission.FILL_GAP)
    filled = 0
    for gap in waiting_gaps(scope):
        if gap.filled_on is None and not _still_open(scope, gap):
            with logging(scope):
                store.fill_gap(int(gap.reference.removeprefix("GAP-")), timezone.localdate())
                record(scope, "gap filled", {"gap": gap.reference, "told": gap.owner})
            told(gap)
            filled += 1
    return filled


def _still_open(scope: Scope, gap: Waiting) -> bool:
    """Whether the question still cannot be answered for this reason."""
    found = answer_question(scope, gap.question)
    return any(str(refusal.reason) == gap.reason for refusal in found.cannot)
