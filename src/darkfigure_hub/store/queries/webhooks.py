"""Webhooks: which there are of an agency, and what is on its way to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import Outgoing, Webhook


@dataclass(frozen=True)
class HeldWebhook:
    """An address that an agency is told by, of which events."""

    number: int
    agency: str
    address: str
    events: tuple[str, ...]
    locked: str = field(repr=False)
    made_by: str
    made_at: datetime
    sent_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    ended_why: str

    @property
    def name(self) -> str:
        """What it is called."""
        return f"WEBHOOK-{self.number}"


def _held(row: Webhook) -> HeldWebhook:
    return HeldWebhook(
        row.pk,
        row.agency,
        row.address,
        tuple(row.events),
        row.locked,
        row.made_by,
        row.made_at,
        row.sent_at,
        row.ended_by,
        row.ended_at,
        row.ended_why,
    )


def webhooks(scope: Scope) -> list[HeldWebhook]:
    """Those there are, the latest first; of an agency, its own."""
    found = Webhook.objects.order_by("-id")
    if scope.bound:
        found = found.filter(agency=scope.agency)
    return [_held(row) for row in (found if scope.sees >= 0 else found.none())]


def enter(entry: Mapping[str, Any]) -> int:
    """Enter one. Gives its number."""
    return int(Webhook.objects.create(**entry).pk)


def end(number: int, by: str, why: str) -> bool:
    """End one: what is on its way to it is given up. Gives whether it had not ended."""
    now = timezone.now()
    standing = Webhook.objects.filter(pk=number, ended_at__isnull=True)
    return bool(standing.update(ended_by=by, ended_at=now, ended_why=why))


def hand_on(events: Sequence[str]) -> None:
    """Hand every event that waits to each webhook that is told of it: for who alone sends."""
    now = timezone.now()
    waiting = Outgoing.objects.filter(
        kind__in=events, webhook__isnull=True, account__isnull=True, ended_at__isnull=True
    )
    there = Webhook.objects.filter(ended_at__isnull=True).values("agency")
    waiting.exclude(agency__in=there).update(ended_at=now, outcome="unwanted")
    for row in waiting.order_by("id"):
        told = Webhook.objects.filter(
            agency=row.agency, events__contains=[row.kind], ended_at__isnull=True
        )
        made = [
            Outgoing(
                kind=row.kind,
                key=f"{row.key}:{each.pk}",
                ticket=secrets.token_hex(16),
                agency=row.agency,
                event={**(row.event or {}), "at": row.made_at.isoformat()},
                webhook=each,
                due_at=now,
            )
            for each in told
        ]
        Outgoing.objects.bulk_create(made, ignore_conflicts=True)
        Outgoing.objects.filter(pk=row.pk).update(
            ended_at=now, outcome="sent" if made else "unwanted"
        )


def of_message(number: int) -> tuple[HeldWebhook, dict[str, Any]]:
    """The webhook that a message goes to, and what it says."""
    row = Outgoing.objects.get(pk=number)
    return _held(Webhook.objects.get(outgoing=row)), dict(row.event or {})


def delivered(number: int) -> None:
    """A message arrived."""
    Webhook.objects.filter(pk=number).update(sent_at=timezone.now())
