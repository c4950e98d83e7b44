"""What waits at the desk of each role: a line, where it leads, and how much of it there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import Acting
from darkfigure_hub.flows.show_people import HeldAccount, HeldAppointment, show_people


@dataclass(frozen=True)
class Work:
    """A piece of work: what it is, where it is done, how much waits (nothing where it is not
    counted).
    """

    words: str
    address: str
    number: int | None = None


def waiting(people: Iterable[HeldAccount]) -> list[tuple[HeldAccount, HeldAppointment]]:
    """The appointments that wait for somebody to approve them, with whose they would be."""
    return [
        (person, each)
        for person in people
        for each in person.appointments
        if each.state == "proposed"
    ]


def waiting_for(acting: Acting) -> list[Work]:
    """What waits for who acts so."""
    scope = acting.scope("desk")
    return [work for permission, found in _WORK if scope.may(permission) for work in found(scope)]


def _people(scope: Scope) -> Iterable[Work]:
    there = [each for _, each in waiting(show_people(scope)) if each.proposed_by != scope.who]
    yield Work("Roles that wait for your approval", reverse("desk_people"), len(there))
    yield Work("Invite somebody, or give a role", reverse("desk_invite"))


def _questions(_: Scope) -> Iterable[Work]:
    yield Work("Ask a question of the repository", reverse("front"))
    yield Work("What is held", reverse("held"))


_WORK: tuple[tuple[Permission, Callable[[Scope], Iterable[Work]]], ...] = (
    (Permission.APPROVE_APPOINTMENT, _people),
    (Permission.READ_FIGURES, _questions),
)
