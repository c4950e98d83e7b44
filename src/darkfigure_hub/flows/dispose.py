"""Review what is held, keep it for a reason, or dispose of it: one proposes, another does so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.reason import reason_given
from darkfigure.publication.retention import Class, classes, review_day
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import disposal as store
from darkfigure_hub.store.queries.disposal import HeldDisposal, HeldHold
from darkfigure_hub.store.queries.pseudonyms import current

__all__ = [
    "GROUNDS",
    "KINDS",
    "Class",
    "Due",
    "HeldDisposal",
    "HeldHold",
    "Reviewed",
    "carry_out_disposal",
    "end_hold",
    "hold_thing",
    "number_of",
    "propose_disposal",
    "show_disposal",
    "show_review",
    "withdraw_disposal",
]

#: What is disposed of, and on which grounds it is kept.
KINDS = {
    "return": "A return of case records, with its names and its file",
    "report": "A report: its words, and how origins are called",
    "response": "The words of a request, and the address of who asked",
    "person": "All that is held of one person, by their pseudonym",
}
#: What is not reviewed when it falls due: all of a person's goes when somebody has a reason.
PERSON = "person"
GROUNDS = {
    "retained": "It is still needed: reviewed, and retained until a day",
    "inquiry": "An inquiry may ask for it",
    "court": "A court may ask for it",
    "restricted": "A person asked that it be kept and not used",
}


@dataclass(frozen=True)
class Due:
    """A thing, the rule by which it is reviewed, when that is due, and what keeps it meanwhile."""

    kind: str
    number: int
    rule: Class
    due: date
    kept: HeldHold | None
    proposed: int | None

    @property
    def name(self) -> str:
        """How it is spoken of."""
        return f"{self.kind} {self.number}"


@dataclass(frozen=True)
class Reviewed:
    """What is overdue for review on a day, how many are due later, holds that stand, proposals and
    what was carried out.
    """

    overdue: tuple[Due, ...]
    later: int
    holds: tuple[HeldHold, ...]
    disposals: tuple[HeldDisposal, ...]
    rules: tuple[Class, ...]


def show_review(scope: Scope, day: date) -> Reviewed:
    """What is overdue for review on a day, and what became of what was. Raises NotPermitted."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    found = _due()
    overdue = tuple(each for each in found if each.due <= day)
    return Reviewed(
        overdue,
        len(found) - len(overdue),
        tuple(store.holds(day)),
        tuple(store.disposals()),
        classes(),
    )


def number_of(scope: Scope, kind: str, said: str) -> int:
    """The number of a thing as somebody says it: a person by a pseudonym, or by the number that
    a hold or a proposal tells. Raises NotPermitted, UnknownName.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    text = said.strip()
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    if kind != PERSON:
        raise UnknownName(f"A {kind} has a number: {text[:40]!r} is none.")
    found = store.number_of_person(current(text))
    if found is None:
        raise UnknownName("Nobody is held under that pseudonym, as far as you may see.")
    return found


def hold_thing(
    scope: Scope, kind: str, number: int, ground: str, why: str, until: date | None
) -> int:
    """Keep a thing, for a reason, until a day or until the hold is ended. Gives the hold's number.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    given = reason_given(why)
    _there(kind, number)
    if ground not in GROUNDS:
        raise UnknownName(f"A thing is kept on one of the grounds {', '.join(GROUNDS)}.")
    if ground == "retained" and until is None:
        raise DarkfigureError("Say until when it is retained: it is reviewed again then.")
    if until and until <= timezone.localdate():
        raise DarkfigureError("It is kept until a day to come.")
    with logging(scope):
        made = store.keep(kind, number, ground, given, until, scope.who)
        told = {"hold": made, kind: number, "ground": ground, "until": until and until.isoformat()}
        record(scope, "thing held", told)
    return made


def end_hold(scope: Scope, number: int, why: str) -> None:
    """End a hold that stands. Raises NotPermitted, UnknownName, DarkfigureError."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held, given = store.hold(number), reason_given(why)
    if held is None or held.ended_at:
        raise UnknownName("There is no such hold that stands.")
    with logging(scope):
        if not store.end(number, given, scope.who):
            raise DarkfigureError(f"HOLD-{number} was ended by somebody else meanwhile.")
        record(scope, "hold ended", {"hold": number, held.kind: held.target})


def propose_disposal(scope: Scope, kind: str, number: int, why: str) -> int:
    """Propose that a thing be disposed of that is due for review and not held; of a person all that
    is held, at any time. Gives the number of the proposal.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    given, today = reason_given(why), timezone.localdate()
    held = _there(kind, number)
    if held and held.due > today:
        raise DarkfigureError(
            f"The {held.name} is reviewed on {held.due}, and not disposed of before: "
            f"{held.rule.years} years after {held.rule.clock}."
        )
    name = f"{kind} {number}"
    if held and held.kept:
        raise DarkfigureError(f"The {name} is kept by HOLD-{held.kept.number}: end it first.")
    if store.is_held(kind, number):
        raise DarkfigureError(
            f"The {name} is kept, or what would go with it: end the hold on the return or on the "
            "person first."
        )
    under, due = (held.rule.name, held.due) if held else (PERSON, today)
    with logging(scope):
        try:
            with transaction.atomic():
                made = store.propose(kind, number, under, due, given, scope.who)
        except IntegrityError:
            raise DarkfigureError(f"The {name} has been proposed already.") from None
        record(scope, "disposal proposed", {"disposal": made, kind: number})
    return made


def withdraw_disposal(scope: Scope, number: int) -> None:
    """Withdraw a proposal that was not carried out. Raises NotPermitted, UnknownName."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held = store.disposal(number)
    if held is None or held.state != "proposed":
        raise UnknownName("There is no such proposal that stands.")
    with logging(scope):
        if not store.withdraw(number, scope.who):
            raise DarkfigureError(
                f"DISPOSAL-{number} was carried out, or withdrawn, meanwhile: nothing was changed."
            )
        record(scope, "disposal withdrawn", {"disposal": number})


def show_disposal(scope: Scope, number: int) -> HeldDisposal:
    """A proposal, or what was carried out. Raises NotPermitted, UnknownName."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held = store.disposal(number)
    if held is None:
        raise UnknownName("There is no such disposal.")
    return held


def carry_out_disposal(scope: Scope, number: int) -> HeldDisposal:
    """Dispose of what another proposed: it is gone from the tables at once, and what is left is the
    proof. Raises NotPermitted, UnknownName; DarkfigureError where one proposed it oneself, or it is
    held by now.
    """
    scope.require(Permission.CARRY_OUT_DISPOSAL)
    held = store.disposal(number)
    if held is None or held.state != "proposed":
        raise UnknownName("There is no such proposal that stands.")
    if held.proposed_by == scope.who:
        raise DarkfigureError("Another than who proposed it carries it out.")
    with logging(scope):
        try:
            with transaction.atomic():
                gone = store.carry_out(number, scope.who)
        except DatabaseError:
            raise DarkfigureError(
                f"The {held.kind} {held.target} is kept, or is not there: look at it once more."
            ) from None
        found = store.disposal(number) or held
        told = {"disposal": number, held.kind: held.target, "sha256": found.sha256, **gone}
        record(scope, "disposal carried out", told)
    return found


def _due() -> list[Due]:
    """Every thing with its review, the longest overdue first."""
    today = timezone.localdate()
    kept = {(each.kind, each.target): each for each in store.holds(today)}
    open_ones = {
        (each.kind, each.target): each.number
        for each in store.disposals()
        if each.state == "proposed"
    }
    found = []
    for kind, number, last in store.clocks():
        if (ruled := review_day(kind, last)) is None:
            continue
        rule, due = ruled
        hold = kept.get((kind, number))
        if hold and hold.ground == "retained" and hold.until:
            due = max(due, hold.until)
        found.append(Due(kind, number, rule, due, hold, open_ones.get((kind, number))))
    return sorted(found, key=lambda each: (each.due, each.kind, each.number))


def _there(kind: str, number: int) -> Due | None:
    """A thing that is reviewed; nothing of a person of that number, who is there."""
    if kind == PERSON:
        if store.is_there(kind, number):
            return None
        raise UnknownName(f"There is no person {number} of whom anything is held.")
    for each in _due():
        if (each.kind, each.number) == (kind, number):
            return each
    raise UnknownName(f"There is no {kind} {number} that is reviewed.")
