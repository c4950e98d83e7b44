"""Of whose agency a thing is, and how it is marked: nothing of what it holds."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection


class About(NamedTuple):
    """The agency ("" where it is nobody's in particular), the marking, and whether anybody sees it;
    the compartment and the condition that it is in and under, 0 where in none.
    """

    agency: str
    marking: int
    open: bool
    compartment: int = 0
    condition: int = 0


def about(kind: str, number: int) -> About | None:
    """What stands at a thing for deciding who sees it; on pages, for who reads the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT agency, marking, open, compartment, condition FROM gate.about(%s, %s)",
            [kind, number],
        )
        found = cursor.fetchone()
    return About(*found) if found else None


def meets(condition: int, role: str, agency: str) -> bool:
    """Whether a role of an agency meets a condition today, for some purpose."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.would_meet(%s, %s, %s)", [condition, role, agency])
        return bool(cursor.fetchone()[0])
