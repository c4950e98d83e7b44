"""Compartments: what each is called, to who may know, and who is in it from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import Compartment, CompartmentGrant


@dataclass(frozen=True)
class HeldGrant:
    """Somebody's place in a compartment, and how far it has come."""

    number: int
    compartment: int
    account: int
    valid_from: date
    valid_to: date
    proposed_by: str
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    ended_why: str

    @property
    def state(self) -> str:
        """What follows from its events and the day: proposed, held, to come, over or ended."""
        if self.ended_at:
            return "ended"
        if not self.approved_at:
            return "proposed"
        today = timezone.localdate()
        if today < self.valid_from:
            return "to come"
        return "held" if today <= self.valid_to else "over"


@dataclass(frozen=True)
class HeldCompartment:
    """A compartment as who may know it is told of it, with the places in it."""

    number: int
    name: str
    owner: int | None
    named_by: str
    closed_at: datetime | None
    grants: tuple[HeldGrant, ...]


def _grant(row: CompartmentGrant) -> HeldGrant:
    return HeldGrant(
        row.pk,
        row.compartment_id,
        row.account_id,
        row.valid_from,
        row.valid_to,
        row.proposed_by,
        row.approved_by,
        row.approved_at,
        row.ended_at,
        row.ended_why,
    )


def compartments(scope: Scope) -> list[HeldCompartment]:
    """Those that there are, by name, with everybody's place."""
    if scope.sees < 0:
        return []
    held: dict[int, list[HeldGrant]] = {}
    for each in CompartmentGrant.objects.order_by("id"):
        held.setdefault(each.compartment_id, []).append(_grant(each))
    return [
        HeldCompartment(
            each.pk,
            each.name,
            each.owner_id,
            each.named_by,
            each.closed_at,
            tuple(held.get(each.pk, ())),
        )
        for each in Compartment.objects.order_by("name")
    ]


def own_compartments() -> list[tuple[int, str]]:
    """Those that this connection is in today: number and name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM store_compartment "
            "WHERE id = ANY((SELECT gate.compartments())::integer[]) ORDER BY name"
        )
        return list(cursor.fetchall())


def places_of(account: int) -> list[HeldGrant]:
    """The places that an account has or had in compartments."""
    return [_grant(row) for row in CompartmentGrant.objects.filter(account=account).order_by("id")]


def name(called: str, owner: int | None, by: str) -> int:
    """Enter a compartment. Gives its number."""
    return int(Compartment.objects.create(name=called, owner_id=owner, named_by=by).pk)


def close(number: int, by: str) -> bool:
    """Nobody is in a compartment any more. Gives whether somebody could be until now."""
    standing = Compartment.objects.filter(pk=number, closed_at__isnull=True)
    return bool(standing.update(closed_by=by, closed_at=timezone.now()))


def propose(entry: Mapping[str, Any]) -> int:
    """Enter a place that waits for its approval. Gives its number."""
    return int(CompartmentGrant.objects.create(**entry).pk)


def grant(number: int) -> HeldGrant | None:
    """A place by its number; nobody else changes it until what goes on is done."""
    row = CompartmentGrant.objects.select_for_update().filter(pk=number).first()
    return _grant(row) if row else None


def approve(number: int, by: str) -> None:
    """A place holds from its day on."""
    CompartmentGrant.objects.filter(pk=number).update(approved_by=by, approved_at=timezone.now())


def end(number: int, by: str, why: str) -> None:
    """A place is ended now."""
    CompartmentGrant.objects.filter(pk=number).update(
        ended_by=by, ended_at=timezone.now(), ended_why=why
    )
