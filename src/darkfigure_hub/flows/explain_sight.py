"""Say why somebody sees a thing or not: rule by rule, for who reads the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.access.roles import BOUND, PERMISSIONS, Role
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.queries import sight as store
from darkfigure_hub.store.queries.accounts import HeldAccount, HeldAppointment
from darkfigure_hub.store.queries.compartments import HeldGrant, places_of
from darkfigure_hub.store.queries.sight import About, about

#: What is asked about by its number, and the permissions of which it takes one to see it.
SEEN_BY = {
    "return": (Permission.READ_FIGURES,),
    "report": (Permission.READ_FIGURES,),
    "item": (Permission.READ_FIGURES,),
    "submission": (Permission.READ_SUBMISSIONS,),
    "response": (Permission.READ_RESPONSES, Permission.READ_RELEASES),
    "enquiry": (Permission.READ_RESPONSES,),
}


@dataclass(frozen=True)
class Reason:
    """What it takes to see a thing, in words, and whether it is so."""

    words: str
    met: bool


@dataclass(frozen=True)
class Sight:
    """Whether somebody sees a thing as one of their roles, and every rule that decides it; none
    where anybody sees it.
    """

    appointment: HeldAppointment
    open: bool
    reasons: tuple[Reason, ...]

    @property
    def sees(self) -> bool:
        """Whether it is seen: it is open to anybody, or every rule is met."""
        return self.open or all(each.met for each in self.reasons)


def explain_sight(
    scope: Scope, account: int, kind: str, number: int
) -> tuple[HeldAccount, list[Sight]]:
    """For each role that somebody has or had, whether they see a thing as that, and why.

    Raises NotPermitted; UnknownName for nobody, for a kind there is not, and for no such thing.
    """
    scope.require(Permission.READ_LOG)
    if kind not in SEEN_BY:
        raise UnknownName(f"What is asked about is one of: {', '.join(SEEN_BY)}.")
    person = next((each for each in accounts.people(scope) if each.number == account), None)
    if person is None:
        raise UnknownName("There is nobody with that account.")
    thing = about(kind, number)
    if thing is None:
        raise UnknownName(f"There is no {kind} {number}.")
    record(scope, "sight explained", {"account": account, kind: number})
    places = places_of(account)
    return person, [_sight(person, each, kind, thing, places) for each in person.appointments]


def _sight(
    person: HeldAccount,
    held: HeldAppointment,
    kind: str,
    thing: About,
    places: Sequence[HeldGrant],
) -> Sight:
    role = Role(held.role)
    taken = SEEN_BY[kind]
    reasons = [
        Reason("the account is not disabled", person.disabled_at is None),
        Reason("the role was approved, and has not ended", held.state == "held"),
        Reason(
            f"the role may do what it takes: {' or '.join(taken)}",
            any(each in PERMISSIONS[role] for each in taken),
        ),
        Reason(
            f"it is marked {_marking(thing.marking)}, and they see up to {_marking(held.marking)}",
            thing.marking <= held.marking,
        ),
    ]
    if role in BOUND:
        of = thing.agency or "no agency"
        reasons.append(
            Reason(
                f"it is of {of}, and the role sees {held.agency} alone", thing.agency == held.agency
            )
        )
    if thing.compartment:
        there = any(
            each.compartment == thing.compartment and each.state == "held" for each in places
        )
        enters = Permission.ENTER_COMPARTMENT in PERMISSIONS[role]
        reasons.append(
            Reason(
                f"it is in COMPARTMENT-{thing.compartment}, and they are in that", there and enters
            )
        )
    if thing.condition:
        own = role in BOUND and thing.agency == held.agency
        met = own or store.meets(thing.condition, held.role, held.agency)
        reasons.append(Reason("it is shared under a condition (handling C), which they meet", met))
    return Sight(held, thing.open, tuple(reasons))


def _marking(value: int) -> str:
    return Marking(value).name.replace("_", "-")


__all__ = ["SEEN_BY", "HeldAccount", "Reason", "Sight", "explain_sight"]
