"""Save a question under a name, see what would be said to it now and how that came to be, and be
told when it changes: asked anew as who saved it, when a return came that may touch it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Answer, Bridge, Question
from darkfigure.publication.response import moves
from darkfigure.tables.question import STATEMENTS, asked_again
from darkfigure.writing.answers.as_json import read_answer
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.acting import Acting
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.store.queries import kept_answers, outbox
from darkfigure_hub.store.queries import saved as store
from darkfigure_hub.store.queries.saved import HeldQuestion

__all__ = [
    "HeldQuestion",
    "SavedNow",
    "ask_saved",
    "forget_question",
    "note_saved",
    "save_question",
    "show_saved",
    "show_saved_now",
    "tell_of_question",
]

#: Nobody keeps more.
MOST = 50


@dataclass(frozen=True)
class SavedNow:
    """A saved question with what is said to it now, and how that came from what was said before it
    last changed; no bridge where it has not, or none can be made.
    """

    held: HeldQuestion
    answer: Answer
    bridge: Bridge | None


def save_question(
    scope: Scope, acting: Acting, question: Question, name: str, *, tells: bool
) -> int:
    """Save a question under a name, to be asked as what one acts as now. Gives its number.

    Raises NotPermitted; DarkfigureError for a name that is none or taken, and where too many are.
    """
    scope.require(Permission.SAVE_QUESTION)
    called = " ".join(name.split())
    if not called or len(called) > 100 or acting.number is None:
        raise DarkfigureError("Give it a name, in at most 100 signs.")
    if store.is_taken(acting.account, called):
        raise DarkfigureError("You have a question of that name: choose another.")
    if len(store.questions(acting.account, acting.number)) >= MOST:
        raise DarkfigureError(f"{MOST} questions are kept at most: forget one first.")
    found = answered(scope, replace(question, as_at=timezone.localdate()))
    with logging(scope):
        keep_answer(scope, found)
        number = store.save(
            {
                "account_id": acting.account,
                "acting_id": acting.number,
                "name": called,
                "measure": question.measure.code,
                "question": question.canonical(),
                "tells": tells,
                "said": found.id,
                "said_on": found.question.as_at,
            }
        )
        record(scope, "question saved", {"question": number, "answer": found.id})
    return number


def show_saved(scope: Scope, acting: Acting) -> list[HeldQuestion]:
    """What one saved as what one acts as, by name. Raises NotPermitted."""
    scope.require(Permission.SAVE_QUESTION)
    return store.questions(acting.account, acting.number)


def show_saved_now(scope: Scope, acting: Acting, number: int) -> SavedNow:
    """A question that one saved, with what is said to it now. Raises NotPermitted, UnknownName."""
    scope.require(Permission.SAVE_QUESTION)
    held = _found(acting, number)
    found = answered(scope, _question(held))
    bridge = None
    start = held.before_on or held.said_on
    if found.question.evidence == STATEMENTS and start < found.question.as_at:
        bridge = explain_change(scope, found.question, start, found.question.as_at)
    with logging(scope):
        keep_answer(scope, found)
        record(scope, "saved question shown", {"question": number, "answer": found.id})
    return SavedNow(held, found, bridge)


def tell_of_question(scope: Scope, acting: Acting, number: int, *, tells: bool) -> HeldQuestion:
    """Be told when what is said to a question changes, or not. Raises NotPermitted, UnknownName."""
    scope.require(Permission.SAVE_QUESTION)
    with logging(scope):
        held = _found(acting, number)
        store.tell(number, tells=tells)
        record(scope, "telling of a question chosen", {"question": number, "tells": tells})
    return held


def forget_question(scope: Scope, acting: Acting, number: int) -> HeldQuestion:
    """Ask a question no more. Raises NotPermitted, UnknownName."""
    scope.require(Permission.SAVE_QUESTION)
    with logging(scope):
        held = _found(acting, number)
        store.forget(number)
        record(scope, "question forgotten", {"question": number})
    return held


def _found(acting: Acting, number: int) -> HeldQuestion:
    for held in store.questions(acting.account, acting.number, [number]):
        return held
    raise UnknownName("You saved no such question.")


def _question(held: HeldQuestion) -> Question:
    return asked_again(held.question, timezone.localdate())


def ask_saved(
    scope: Scope, acting: tuple[int, int], numbers: Sequence[int]
) -> list[tuple[HeldQuestion, Answer]]:
    """Those of some saved questions to which something else is said now than was noted, with what
    is. `acting` are the account and the appointment they were saved as.
    """
    scope.require(Permission.SAVE_QUESTION)
    found = []
    for held in store.questions(*acting, numbers):
        now = answered(scope, _question(held))
        if now.id[kept_answers.QUESTION :] != held.said[kept_answers.QUESTION :] and _moved(
            scope, held, now
        ):
            found.append((held, now))
    return found


def _moved(scope: Scope, held: HeldQuestion, now: Answer) -> bool:
    """Whether an answer says something else, and does not rest on other returns alone."""
    before = kept_answers.given(scope, held.said)
    return not (before and before.content) or bool(moves(read_answer(before.content), now))


def note_saved(scope: Scope, changed: Sequence[tuple[HeldQuestion, Answer]]) -> Mapping[str, Any]:
    """Note what is said now, and have whose question it is told, once for each change."""
    scope.require(Permission.SAVE_QUESTION)
    with transaction.atomic():
        for held, now in changed:
            keep_answer(scope, now)
            store.note(held.number, now.id, now.question.as_at)
            moved = f"question {held.number} {now.id} {timezone.now().isoformat()}"
            outbox.tell("answer changed", moved, [held.account])
            record(scope, "answer changed", {"question": held.number, "answer": now.id})
    return {"changed": len(changed)}
