"""Word to whoever was given a response: their address, locked, and what was sent to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store.models import Outgoing, Response


@dataclass(frozen=True)
class HeldWord:
    """Word that was sent, or waits to be: why, about which change, and what became of it."""

    response: int
    why: str
    about: str
    entered_at: datetime
    ended_at: datetime | None
    outcome: str
    said: str


def keep_address(response: int, locked: bytes) -> None:
    """Keep the address of whoever was given a response, locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity.addressee (response_id, locked) VALUES (%s, %s)",
            [response, locked],
        )


def address_locked(response: int) -> bytes:
    """The address of whoever was given a response, locked; none where none is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT locked FROM identity.addressee WHERE response_id = %s", [response])
        row = cursor.fetchone()
    return bytes(row[0]) if row else b""


def addressees(scope: Scope) -> set[int]:
    """The numbers of the responses that the reader may see and of which an address is kept."""
    if not scope.may(Permission.READ_RESPONSES):
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT response_id FROM identity.addressee")
        kept = [number for (number,) in cursor.fetchall()]
    seen = Response.objects.filter(marking__lte=scope.sees, id__in=kept)
    return set(seen.values_list("id", flat=True))


def words(scope: Scope) -> dict[tuple[int, str], HeldWord]:
    """Word of responses that the reader may see, by the response and the change it is about."""
    if not scope.may(Permission.READ_RESPONSES):
        return {}
    found = Outgoing.objects.filter(response__marking__lte=scope.sees).order_by("id")
    return {
        (row.response_id or 0, about): HeldWord(
            row.response_id or 0,
            row.kind.removeprefix(KIND),
            about,
            row.made_at,
            row.ended_at,
            row.outcome,
            row.said,
        )
        for row in found
        for about in [row.key.split(":", 2)[2]]
    }


#: What stands before why word is sent, in the kind of a message.
KIND = "response "


def send(response: int, why: str, about: str) -> bool:
    """Enter word in the outbox. Gives whether it had not been."""
    key = f"word:{response}:{about}"
    if Outgoing.objects.filter(key=key).exists():
        return False
    made = Outgoing(
        kind=f"{KIND}{why}",
        key=key,
        ticket=secrets.token_hex(16),
        response_id=response,
        due_at=timezone.now(),
    )
    Outgoing.objects.bulk_create([made], ignore_conflicts=True)
    return True
