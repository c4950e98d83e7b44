"""What every process of the service remembers for a while, on whichever machine: how often a thing
was tried, which codes were used. In the database, where all of them look; by hashes, and never as
anything that is run when it is read.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

#: Of so many writes one clears away what is over, at most so much at once.
_CLEARS, _AT_ONCE = 64, 1000
_UNTIL = "clock_timestamp() + make_interval(secs => %s)"
_SET = f"""INSERT INTO store_fleeting AS f (key, value, until) VALUES (%s, %s, {_UNTIL})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until"""
#: As a bucket that fills by the second: until when what was taken of it has come back.
_TAKE = f"""INSERT INTO store_fleeting AS f (key, value, until) VALUES (%s, 'null', {_UNTIL})
    ON CONFLICT (key) DO UPDATE
        SET until = greatest(f.until, clock_timestamp()) + make_interval(secs => %s)
        WHERE f.until <= {_UNTIL} RETURNING key"""
_LEFT = "SELECT extract(epoch FROM until - clock_timestamp()) FROM store_fleeting WHERE key = %s"
#: Rows that somebody writes are left to them: nobody waits for who clears away.
_CLEAR = f"""DELETE FROM store_fleeting WHERE key IN (SELECT key FROM store_fleeting
    WHERE until < clock_timestamp() LIMIT {_AT_ONCE} FOR UPDATE SKIP LOCKED)"""
#: A year: nothing is remembered for longer.
_LONGEST = 366 * 86400.0


class Fleeting(BaseCache):
    """Django's cache, kept in the database as JSON."""

    def __init__(self, _location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)

    def _named(self, key: str, version: int | None) -> str:
        return _hash(self.make_key(key, version=version))

    def _lasts(self, timeout: float | None) -> float:
        given = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _LONGEST if given is None else min(float(given), _LONGEST)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is remembered under a key."""
        said = "SELECT value FROM store_fleeting WHERE key = %s AND until > clock_timestamp()"
        found = _asked(said, [self._named(key, version)])
        return json.loads(found[0]) if found else default

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Remember something for so many seconds."""
        _done(_SET, [self._named(key, version), json.dumps(value), self._lasts(timeout)])

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Remember something where nothing is: whether it was this one."""
        given: list[str | float] = [self._named(key, version), json.dumps(value)]
        given.append(self._lasts(timeout))
        return _done(f"{_SET} WHERE f.until <= clock_timestamp()", given)

    def touch(
        self,
        key: str,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Remember for so many seconds more. Gives whether there was anything."""
        said = f"UPDATE store_fleeting SET until = {_UNTIL} WHERE key = %s AND until > now()"
        return _done(said, [self._lasts(timeout), self._named(key, version)])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget. Gives whether there was anything."""
        said = "DELETE FROM store_fleeting WHERE key = %s AND until > clock_timestamp()"
        return _done(said, [self._named(key, version)])

    def clear(self) -> None:
        """Forget everything."""
        _done("DELETE FROM store_fleeting", [])


def take(name: str, burst: int, each_second: float) -> int:
    """Take one of what may be done `burst` times at once, and `each_second` again. Gives nought, or
    the seconds after which there is one again: asked by any number of processes at once, so many
    are given and no more.
    """
    key, step = _hash(f"rate:{name}"), 1 / each_second
    if _done(_TAKE, [key, step, step, (burst - 1) * step]):
        return 0
    found = _asked(_LEFT, [key])
    left = float(found[0]) if found else 0.0
    return max(1, int(left - (burst - 1) * step) + 1)


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _asked(statement: str, given: Sequence[str | float]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def _done(statement: str, given: Sequence[str | float]) -> bool:
    """Whether a statement changed anything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        changed = bool(cursor.rowcount > 0)
        if not secrets.randbelow(_CLEARS):
            cursor.execute(_CLEAR)
        return changed
