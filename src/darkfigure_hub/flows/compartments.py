"""Compartments: named by an administrator, entered by whom two others let in, for some time.

What one is called is told to who is in it and who decides about it, and stands in no log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.queries import compartments as store
from darkfigure_hub.store.queries.compartments import HeldCompartment, HeldGrant

__all__ = [
    "HeldCompartment",
    "HeldGrant",
    "Place",
    "approve_place",
    "close_compartment",
    "end_place",
    "marked_within",
    "name_compartment",
    "own_compartments",
    "propose_place",
    "show_compartments",
]

#: How long somebody is in a compartment at most before two persons decide anew.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Place:
    """Whom to let into which compartment, from when to when."""

    compartment: int
    email: str
    valid_from: date
    valid_to: date


def marked_within(compartment: int | None, marking: Marking | None) -> Marking | None:
    """How something is marked that goes into a compartment: official-sensitive where nothing is
    said. Raises DarkfigureError for what is public.
    """
    if compartment is None:
        return marking
    if marking is None:
        return Marking.OFFICIAL_SENSITIVE
    if marking <= Marking.PUBLIC:
        raise DarkfigureError("What goes into a compartment is marked, OFFICIAL at least.")
    return marking


def name_compartment(scope: Scope, called: str, owner: str = "") -> int:
    """Name a compartment; `owner` is the address of who is told where its wall is broken. Gives its
    number.

    Raises NotPermitted; UnknownName for an owner without an account; DarkfigureError for a name
    that is none or is taken.
    """
    scope.require(Permission.NAME_COMPARTMENT)
    if not (name := " ".join(called.split())) or len(name) > 80:
        raise DarkfigureError("Say what it is called, in at most 80 signs.")
    account = _account(owner) if owner.strip() else None
    with logging(scope):
        try:
            with transaction.atomic():
                number = store.name(name, account, scope.who)
        except IntegrityError:
            raise DarkfigureError("There is one of that name already.") from None
        record(scope, "compartment named", {"compartment": number})
    return number


def close_compartment(scope: Scope, number: int) -> int:
    """Close a compartment: nobody is in it any more, and what is in it stays hidden. Gives its
    number. Raises NotPermitted, UnknownName.
    """
    scope.require(Permission.NAME_COMPARTMENT)
    with logging(scope):
        if not store.close(number, scope.who):
            raise UnknownName("There is no such compartment, or it was closed before.")
        record(scope, "compartment closed", {"compartment": number})
    return number


def propose_place(scope: Scope, wanted: Place) -> int:
    """Propose that somebody be in a compartment for some time. Gives the number of their place.

    Raises NotPermitted; UnknownName; DarkfigureError for oneself, for days that do not run
    forward or for more than a year, and where they have a place already.
    """
    scope.require(Permission.GRANT_COMPARTMENT)
    account = _account(wanted.email)
    _not_oneself(scope, account)
    if not wanted.valid_from <= wanted.valid_to <= wanted.valid_from + LONGEST:
        raise DarkfigureError("A place is from a day up to a later one, for a year at most.")
    with logging(scope):
        if wanted.compartment not in {each.number for each in store.compartments(scope)}:
            raise UnknownName("There is no such compartment.")
        entry = {
            "compartment_id": wanted.compartment,
            "account_id": account,
            "valid_from": wanted.valid_from,
            "valid_to": wanted.valid_to,
            "proposed_by": scope.who,
        }
        try:
            with transaction.atomic():
                number = store.propose(entry)
        except IntegrityError:
            raise DarkfigureError("They have a place in it, or are proposed for one.") from None
        told = {"grant": number, "compartment": wanted.compartment, "account": account}
        record(scope, "compartment place proposed", told)
    return number


def approve_place(scope: Scope, number: int) -> int:
    """Let a place hold that somebody else proposed. Gives its number. Raises NotPermitted,
    UnknownName; DarkfigureError for what one proposed, for one's own, and where nothing waits.
    """
    scope.require(Permission.GRANT_COMPARTMENT)
    with logging(scope):
        held = _found(scope, number)
        if held.state != "proposed":
            raise DarkfigureError(f"It is {held.state}: nothing is to approve.")
        if held.proposed_by == scope.who:
            raise DarkfigureError("You proposed it: somebody else approves it.")
        store.approve(number, scope.who)
        record(scope, "compartment place approved", _told(held))
    return number


def end_place(scope: Scope, number: int, why: str) -> int:
    """Somebody is in a compartment no more, from now on. Raises as `approve_place`."""
    scope.require(Permission.GRANT_COMPARTMENT)
    if not (given := " ".join(why.split())):
        raise DarkfigureError("Say why.")
    with logging(scope):
        held = _found(scope, number)
        if held.state == "ended":
            raise DarkfigureError("It has ended already.")
        store.end(number, scope.who, given[:500])
        record(scope, "compartment place ended", _told(held))
    return number


def show_compartments(scope: Scope) -> tuple[list[HeldCompartment], dict[int, str]]:
    """Every compartment with the places in it, and what those are called who have them. Raises
    NotPermitted.
    """
    scope.require(Permission.GRANT_COMPARTMENT)
    found = store.compartments(scope)
    numbers = {each.account for held in found for each in held.grants}
    named = accounts.names(numbers | {held.owner for held in found if held.owner})
    record(scope, "compartments shown", {"compartments": len(found)})
    return found, {int(who.removeprefix("account:")): name for who, name in named.items()}


def own_compartments(scope: Scope) -> list[tuple[int, str]]:
    """The compartments that one is in today: number and name. Raises NotPermitted."""
    scope.require(Permission.ENTER_COMPARTMENT)
    return store.own_compartments()


def _found(scope: Scope, number: int) -> HeldGrant:
    held = store.grant(number)
    if held is None:
        raise UnknownName("There is no such place.")
    _not_oneself(scope, held.account)
    return held


def _account(email: str) -> int:
    account = accounts.account_of(email)
    if account is None:
        raise UnknownName("There is nobody with that address.")
    return account


def _not_oneself(scope: Scope, account: int) -> None:
    if scope.who == f"account:{account}":
        raise DarkfigureError("Nobody decides where they are in themselves: another does.")


def _told(held: HeldGrant) -> dict[str, object]:
    return {"grant": held.number, "compartment": held.compartment, "account": held.account}
