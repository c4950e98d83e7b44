"""What programs sent under keys of their own, and were told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from darkfigure_hub.store.models import SentOnce

#: How long a key is remembered at least.
KEPT = timedelta(days=8)


@dataclass(frozen=True)
class Sent:
    """What was sent under a key: its digest, the submission it is about, and what was told of it;
    nothing was told yet where the one who was at it broke off.
    """

    digest: str
    submission: int
    status: int | None
    told: str


@contextmanager
def alone(agency: str, key: str) -> Iterator[None]:
    """Whoever sends the same key of an agency waits until this one is done: also where the
    connection breaks, as the lock goes with it.
    """
    digest = sha256(f"{agency}\n{key}".encode()).digest()
    lock = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def sent(agency: str, key: str) -> Sent | None:
    """What an agency sent under a key; nothing that is longer ago than keys are remembered."""
    row = SentOnce.objects.filter(agency=agency, key=key, sent_at__gt=_since()).first()
    return Sent(row.digest, row.submission_id, row.status, row.told) if row else None


def begin(agency: str, key: str, digest: str, submission: int) -> None:
    """Remember that something was sent; what the agency sent long ago is forgotten."""
    SentOnce.objects.filter(agency=agency, sent_at__lte=_since()).delete()
    SentOnce.objects.create(agency=agency, key=key, digest=digest, submission_id=submission)


def told(agency: str, key: str, status: int, text: str) -> None:
    """Remember what was told."""
    SentOnce.objects.filter(agency=agency, key=key).update(status=status, told=text)


def _since() -> datetime:
    return timezone.now() - KEPT
