"""Locks held until the end of a transaction, so that what must follow one another does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

LOG = 20081217
RECEIVING = 20081218
PREPARING = 20081219
LINKING = 20081220
JUDGING = 20081221


@contextmanager
def hold(lock: int) -> Iterator[None]:
    """A transaction that holds `lock`; waits for whoever holds it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        yield


def is_held(lock: int) -> bool:
    """Whether somebody else holds the lock now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND "
            "granted "
            "AND pid <> pg_backend_pid())",
            [lock],
        )
        return bool(cursor.fetchone()[0])


def server_version() -> int:
    """The server's version as a number: 150018 is 15.18."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        return int(cursor.fetchone()[0])
