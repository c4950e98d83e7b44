"""Of whose agency a thing is, and how it is marked: nothing of what it holds."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission


class About(NamedTuple):
    """The agency ("" where it is nobody's in particular), the marking, and whether anybody sees
    it.
    """

    agency: str
    marking: int
    open: bool


def about(scope: Scope, kind: str, number: int) -> About | None:
    """What stands at a thing for deciding who sees it, for who reads the log."""
    if not scope.may(Permission.READ_LOG):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, marking, open FROM gate.about(%s, %s)", [kind, number])
        found = cursor.fetchone()
    return About(*found) if found else None
