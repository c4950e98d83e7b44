"""How much there is of what waits, by state: numbers, told to whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection


def counts() -> Mapping[str, Mapping[str, int]]:
    """Numbers of jobs, messages and entries of the log, by state."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute("SELECT thing, state, number FROM gate.work_counted()")
        for thing, state, number in cursor.fetchall():
            found[thing][state] = int(number)
    return found
