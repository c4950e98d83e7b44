"""The log of reading and changing: each entry seals the one before, with a key that the database
does not hold.

Who reads what is public is counted in a process that serves pages, and logged by batches
(`access/tallies.py`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.basis.marking import Scope
from darkfigure_hub.access import tallies
from darkfigure_hub.access.roles import Role
from darkfigure_hub.store import heads
from darkfigure_hub.store.heads import Head, Key
from darkfigure_hub.store.models import LogEntry, RecordSet
from darkfigure_hub.store.queries.locks import LOG, hold

FIRST = "0" * 64


def record(
    scope: Scope,
    action: str,
    detail: Mapping[str, object],
    *,
    touched: Iterable[str] | None = None,
) -> None:
    """Append an entry. `detail` holds ids, codes, hashes and counts: never names or free text.

    The purpose that was stated stands with it. `touched` are the records it was done with, by
    pseudonym or row: the entry names their set.
    """
    if _counted(scope):
        tallies.count(scope.purpose, action)
        return
    with hold(LOG):
        held = {**detail, "stated": scope.stated} if scope.stated else dict(detail)
        if touched is not None:
            held["touched"] = _keep_set(touched)
        _append(scope.who, scope.purpose, action, held)


def logging(scope: Scope, *, late: bool = False) -> AbstractContextManager[None]:
    """A transaction that ends with an entry: the log's lock is taken first where one is made, so
    that nobody waits crosswise. `late`, where it changes nothing that is there and so nobody waits
    for it: the lock is taken at the entry, and many stand in line for that alone.
    """
    return transaction.atomic() if late or _counted(scope) else hold(LOG)


def _counted(scope: Scope) -> bool:
    return tallies.begun() and scope.role == Role.PUBLIC


def append(who: str, purpose: str, action: str, detail: Mapping[str, object]) -> None:
    """Append an entry, numbered without a gap, never earlier than the one before.

    Raises StoreUnavailable where the table does not take it.
    """
    with hold(LOG):
        _append(who, purpose, action, detail)


def _append(who: str, purpose: str, action: str, detail: Mapping[str, object]) -> None:
    key = heads.key()
    last = LogEntry.objects.order_by("-id").first()
    now = timezone.now()
    entry = LogEntry(
        id=1 if last is None else last.pk + 1,
        at=now if last is None else max(now, last.at),
        who=who,
        purpose=purpose,
        action=action,
        detail=dict(detail),
        previous=FIRST if last is None else last.hash,
        sealed_by=key.sign,
    )
    entry.hash = seal(entry, key)
    try:
        entry.save(force_insert=True)
    except IntegrityError:
        raise StoreUnavailable(
            "The log takes no entry, and nothing is done that is not logged: its table was "
            "changed. `darkfigure log` says what of it still holds."
        ) from None
    transaction.on_commit(lambda: _keep_head_if_possible(entry))


def _keep_head_if_possible(entry: LogEntry) -> None:
    """What is committed is done: on a full disk the head is that of a later entry."""
    with suppress(OSError):
        keep_head(entry)


def keep_head(entry: LogEntry, *, for_good: bool = False) -> Head:
    """Keep outside the database how far the log has come with an entry."""
    before = heads.latest()
    follows = before is not None and before.hash == entry.previous
    count = before.count + 1 if before and follows else entries_to(int(entry.pk))
    day = entry.at.astimezone(UTC).date().isoformat()
    head = Head(int(entry.pk), count, entry.hash, entry.sealed_by, day)
    heads.keep(head, follows=entry.previous, for_good=for_good)
    return head


def entries_to(number: int) -> int:
    """How many entries there are up to one, also for who does not read them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.entries_to(%s)", [number])
        return int(cursor.fetchone()[0])


def _keep_set(touched: Iterable[str]) -> dict[str, object]:
    members = sorted(set(touched))
    digest = set_hash(members)
    RecordSet.objects.bulk_create([RecordSet(hash=digest, members=members)], ignore_conflicts=True)
    return {"number": len(members), "set": digest}


def set_hash(members: Iterable[str]) -> str:
    """The hash that a set of records is named by."""
    return sha256("\n".join(members).encode()).hexdigest()


def seal(entry: LogEntry, key: Key) -> str:
    """The seal over an entry, its number and the entry before it."""
    text = _text([entry.pk, *_said(entry)])
    return hmac.new(key.secret, text, sha256).hexdigest()


def plain_seal(entry: LogEntry) -> str:
    """The hash over an entry and the one before it, as it was made before there were keys."""
    return sha256(_text(_said(entry))).hexdigest()


def _said(entry: LogEntry) -> list[object]:
    at: datetime = entry.at.astimezone(UTC)
    moment = at.isoformat(timespec="microseconds")
    return [entry.previous, moment, entry.who, entry.purpose, entry.action, dict(entry.detail)]


def _text(parts: list[object]) -> bytes:
    return json.dumps(parts, sort_keys=True).encode()
