"""Connections of the web's login that wait for the next request, as bare as new ones.

A new connection costs more than most pages: the server starts a process, which learns every table
and plans every function of the gate. So one whose request is over is stripped of all that a session
can hold (settings, and with them what it was let in as; tables of its own, cursors, statements,
locks) and kept for the next, which lets it in anew before it asks anything (`base.py`). One that is
in a transaction, or cannot be stripped, is closed; none is used for longer than `LONGEST`.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Hashable
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

#: All that DISCARD ALL takes away, but for plans: what they plan is asked as whoever is let in.
STRIPPED = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *; "
    "SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)
#: Seconds after which a connection is not used again: what it planned and learnt goes with it. What
#: it was let in as before is nothing any more from the next letting in on (`gate.turn`).
LONGEST = 300.0
Connection = psycopg.Connection[Any]


class Kept:
    """Connections that wait, the one used last at the top; none until it is said how many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Hashable, float, Connection]] = []
        self._room = 0

    def keep(self, number: int) -> None:
        """Keep so many from now on: done once, where pages are served."""
        self._room = number

    def taken(self, to: Hashable) -> tuple[Connection, float] | None:
        """A connection to the same place that still stands, and when it was made."""
        while found := self._pop():
            at, made, connection = found
            if at == to and time.monotonic() - made < LONGEST and _stands(connection):
                return connection, made
            connection.close()
        return None

    def given_back(self, to: Hashable, made: float, connection: Connection) -> bool:
        """Whether a connection was stripped and is kept: else it is to be closed."""
        full = len(self._waiting) >= self._room or time.monotonic() - made >= LONGEST
        if full or connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        try:
            connection.execute(STRIPPED)
        except psycopg.Error:
            return False
        return self._push(to, made, connection)

    def _pop(self) -> tuple[Hashable, float, Connection] | None:
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def _push(self, to: Hashable, made: float, connection: Connection) -> bool:
        with self._lock:
            if len(self._waiting) >= self._room:
                return False
            self._waiting.append((to, made, connection))
            return True


def _stands(connection: Connection) -> bool:
    """Whether nothing came while it waited: a server that ended says so, or hangs up."""
    return not connection.closed and not select.select([connection.fileno()], [], [], 0)[0]


KEPT = Kept()
