"""Break the glass: open one thing that a compartment, a condition or another agency's wall hides,
for an hour, with a reason; whoever must know sees it at once.
"""

from __future__ import annotations

from django.db import DatabaseError, transaction

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import glass as store
from darkfigure_hub.store.queries.glass import HeldGlass

__all__ = [
    "KINDS",
    "SHORTEST",
    "HeldGlass",
    "break_glass",
    "close_glass",
    "show_broken",
    "show_opened",
    "show_own_compartments_broken",
]

#: What is opened, and how it is named.
KINDS = {
    "return": "A return, by its number",
    "report": "A report, as AGENCY REFERENCE",
    "person": "A person, by pseudonym",
}
#: Signs that a reason has at least; how many are listed.
SHORTEST, LISTED = 40, 200


def break_glass(scope: Scope, kind: str, named: str, why: str) -> int:
    """Open one thing for an hour. Gives the number of the opening.

    Raises NotPermitted; UnknownName where there is no such thing, or it is marked higher than one
    sees; DarkfigureError for a reason too short, and where it is open already.
    """
    scope.require(Permission.BREAK_GLASS)
    given = " ".join(why.split())
    if len(given) < SHORTEST:
        raise DarkfigureError(f"Say why, in {SHORTEST} signs at least, without a name.")
    if kind not in KINDS:
        raise UnknownName("A return, a report or a person is opened.")
    target = store.report_numbered(named.strip()) if kind == "report" else named.strip()
    if not target or not store.may_break(kind, target):
        raise UnknownName("There is no such thing that may be opened.")
    with logging(scope):
        try:
            with transaction.atomic():
                number = store.break_through(_account(scope), kind, target, given[:1000])
        except DatabaseError:
            raise DarkfigureError(
                "It is open already: it closes by itself, and is not extended."
            ) from None
        record(scope, "glass broken", {"glass": number, kind: _number(target)})
    return number


def close_glass(scope: Scope, number: int) -> None:
    """Close what one opened, before its hour is over. Raises NotPermitted, UnknownName."""
    scope.require(Permission.BREAK_GLASS)
    with logging(scope):
        _own(scope, number)
        store.close(number)
        record(scope, "glass closed", {"glass": number})


def show_opened(scope: Scope, number: int) -> tuple[HeldGlass, list[tuple[str, str]]]:
    """What one opened, and what is seen of it now: nothing once its hour is over. Raises
    NotPermitted, UnknownName.
    """
    scope.require(Permission.BREAK_GLASS)
    held = _own(scope, number)
    if held.kind == "person":
        found = store.of_person(scope, held.target)
    else:
        show = store.of_return if held.kind == "return" else store.of_report
        found = show(scope, int(held.target))
    told = {"glass": number, held.kind: _number(held.target), "rows": len(found)}
    record(scope, "opened thing shown", told)
    return held, found if held.is_open else []


def show_broken(scope: Scope) -> list[HeldGlass]:
    """Every glass that was broken, the latest first. Raises NotPermitted."""
    scope.require(Permission.READ_LOG)
    found = store.broken(scope, LISTED)
    record(scope, "broken glass shown", {"glasses": len(found)})
    return found


def show_own_compartments_broken(scope: Scope) -> list[HeldGlass]:
    """What one opened, and what others did of compartments that one owns. Raises NotPermitted."""
    scope.require(Permission.OWN_SESSIONS)
    return store.broken(scope, LISTED)


def _own(scope: Scope, number: int) -> HeldGlass:
    for held in store.broken(scope, LISTED):
        if held.number == number and held.account == _account(scope):
            return held
    raise UnknownName("There is no such thing that you opened.")


def _account(scope: Scope) -> int:
    kind, _, number = scope.who.partition(":")
    if kind != "account":
        raise UnknownName("Somebody who signed in opens what is hidden from them.")
    return int(number)


def _number(target: str) -> int | str:
    return int(target) if target.isdecimal() else target
