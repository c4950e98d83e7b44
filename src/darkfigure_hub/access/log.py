"""The log of reading and changing: each entry seals the one before, so that tampering shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries.locks import LOG, hold

FIRST = "0" * 64


def record(scope: Scope, action: str, detail: Mapping[str, object]) -> LogEntry:
    """Append an entry. `detail` holds ids, codes, hashes and counts: never names or free text."""
    with hold(LOG):
        last = LogEntry.objects.order_by("-id").values_list("hash", flat=True).first() or FIRST
        entry = LogEntry(
            at=timezone.now(),
            who=scope.who,
            purpose=scope.purpose,
            action=action,
            detail=dict(detail),
            previous=last,
        )
        entry.hash = seal(
            entry.previous, entry.at, entry.who, entry.purpose, entry.action, entry.detail
        )
        entry.save(force_insert=True)
    return entry


def seal(
    previous: str, at: datetime, who: str, purpose: str, action: str, detail: Mapping[str, object]
) -> str:
    """The hash over an entry and the one before it."""
    text = json.dumps(
        [
            previous,
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            who,
            purpose,
            action,
            dict(detail),
        ],
        sort_keys=True,
    )
    return sha256(text.encode()).hexdigest()


def verify() -> int | None:
    """The id of the first entry that does not fit the chain; None where all do."""
    last = FIRST
    for entry in LogEntry.objects.order_by("id").iterator():
        if entry.previous != last or entry.hash != seal(
            last, entry.at, entry.who, entry.purpose, entry.action, entry.detail
        ):
            return int(entry.pk)
        last = entry.hash
    return None
