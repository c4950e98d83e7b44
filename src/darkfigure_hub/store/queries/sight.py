"""Of whose agency a thing is, and how it is marked: nothing of what it holds."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection


class About(NamedTuple):
    """The agency ("" where it is nobody's in particular), the marking, and whether anybody sees
    it.
    """

    agency: str
    marking: int
    open: bool


def about(kind: str, number: int) -> About | None:
    """What stands at a thing for deciding who sees it; on pages, for who reads the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, marking, open FROM gate.about(%s, %s)", [kind, number])
        found = cursor.fetchone()
    return About(*found) if found else None
