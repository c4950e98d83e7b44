"""Enquiries: requests as they came and what became of them; their words and parts apart, locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import Enquiry
from darkfigure_hub.store.queries.responses import named


@dataclass(frozen=True)
class HeldEnquiry:
    """An enquiry and how far it has come; of `response` and `corrects` the numbers."""

    number: int
    received_on: date
    due_on: date | None
    reference: str
    title: str
    asked_by: str
    form: str
    language: str
    corrects_id: int | None
    reason: str
    as_at: date | None
    marking: int
    sha256: str
    writers: Sequence[str]
    opened_at: datetime
    changed_at: datetime
    released_by: str
    released_at: datetime | None
    response_id: int | None
    closed_by: str
    closed_at: datetime | None
    closed_because: str

    @property
    def state(self) -> str:
        """What follows from its events: open, released or closed."""
        if self.released_at:
            return "released"
        return "closed" if self.closed_at else "open"

    @property
    def response_name(self) -> str:
        """What the response to it is called."""
        return named(self.response_id) if self.response_id else ""

    @property
    def corrects_name(self) -> str:
        """What the response is called that it corrects."""
        return named(self.corrects_id) if self.corrects_id else ""

    @property
    def name(self) -> str:
        """What it is called."""
        return f"ENQUIRY-{self.number}"


_FIELDS = [each.name for each in fields(HeldEnquiry) if each.name != "number"]


def _held(row: Enquiry) -> HeldEnquiry:
    return HeldEnquiry(row.pk, **{name: getattr(row, name) for name in _FIELDS})


def enquiries(scope: Scope) -> list[HeldEnquiry]:
    """All that the reader may see: those that are open, first due first, then the others."""
    found = Enquiry.objects.filter(marking__lte=scope.sees)
    held = sorted(map(_held, found), key=lambda each: (each.due_on or date.max, each.number))
    ended = [each for each in held if each.state != "open"]
    return [each for each in held if each.state == "open"] + sorted(
        ended, key=lambda each: -each.number
    )


def enquiry(scope: Scope, number: int, *, lock: bool = False) -> HeldEnquiry | None:
    """One of them; locked, nobody else changes it until what goes on is done."""
    found = Enquiry.objects.filter(pk=number, marking__lte=scope.sees)
    row = (found.select_for_update() if lock else found).first()
    return _held(row) if row else None


def add(entry: Mapping[str, Any], locked: bytes) -> int:
    """Enter one with its words and parts, locked. Gives its number."""
    made = Enquiry.objects.create(**entry)
    _keep(made.pk, locked)
    return int(made.pk)


def change(held: HeldEnquiry, by: str, sha256: str, locked: bytes) -> None:
    """Put other words and parts in the place of those of one."""
    writers = list(dict.fromkeys([*held.writers, by]))
    Enquiry.objects.filter(pk=held.number).update(
        sha256=sha256, writers=writers, changed_at=timezone.now()
    )
    _forget(held.number)
    _keep(held.number, locked)


def locked_bytes(scope: Scope, number: int) -> bytes:
    """The words and parts of one that the reader may see, locked; none once it has ended."""
    if enquiry(scope, number) is None:
        return b""
    with connection.cursor() as cursor:
        cursor.execute("SELECT locked FROM identity.enquiry WHERE enquiry_id = %s", [number])
        row = cursor.fetchone()
    return bytes(row[0]) if row else b""


def released(number: int, by: str, response: int) -> None:
    """A response to it went out."""
    Enquiry.objects.filter(pk=number).update(
        released_by=by, released_at=timezone.now(), response_id=response
    )
    _forget(number)


def closed(number: int, by: str, because: str) -> None:
    """It ends without a response."""
    Enquiry.objects.filter(pk=number).update(
        closed_by=by, closed_at=timezone.now(), closed_because=because
    )
    _forget(number)


def _keep(number: int, locked: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity.enquiry (enquiry_id, locked) VALUES (%s, %s)", [number, locked]
        )


def _forget(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity.enquiry WHERE enquiry_id = %s", [number])
