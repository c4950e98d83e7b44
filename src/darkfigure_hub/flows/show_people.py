"""Show who works here: accounts, and the roles that each has or had."""

from __future__ import annotations

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.queries.accounts import HeldAccount, HeldAppointment


def show_people(scope: Scope) -> list[HeldAccount]:
    """Everybody with an account; of an agency, those it appointed. Raises NotPermitted."""
    scope.require(Permission.READ_PEOPLE)
    found = accounts.people(scope)
    record(scope, "people shown", {"accounts": len(found)})
    return found


def show_person_of_staff(scope: Scope, number: int) -> HeldAccount:
    """One of them. Raises NotPermitted, UnknownName."""
    scope.require(Permission.READ_PEOPLE)
    for each in accounts.people(scope):
        if each.number == number:
            record(scope, "person of staff shown", {"account": number})
            return each
    raise UnknownName("There is nobody with that account.")


__all__ = [
    "HeldAccount",
    "HeldAppointment",
    "show_people",
    "show_person_of_staff",
]
