"""Tokens of programs: who made which for what, when each was used; and a program let in by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import Token


@dataclass(frozen=True)
class HeldToken:
    """A token: what it is for and may do, and what became of it; never what it is."""

    number: int
    agency: str
    called: str
    grants: tuple[str, ...]
    marking: int
    made_by: str
    made_at: datetime
    until: datetime
    used_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    revoked_why: str

    @property
    def state(self) -> str:
        """What follows from its events: revoked, over or good."""
        if self.revoked_at:
            return "revoked"
        return "good" if self.until > timezone.now() else "over"

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return f"TOKEN-{self.number}"


def _held(row: Token) -> HeldToken:
    return HeldToken(
        row.pk,
        row.agency,
        row.called,
        tuple(row.grants),
        row.marking,
        row.made_by,
        row.made_at,
        row.until,
        row.used_at,
        row.revoked_by,
        row.revoked_at,
        row.revoked_why,
    )


def enter(entry: Mapping[str, Any]) -> int:
    """Enter a token. Gives its number."""
    return int(Token.objects.create(**entry).pk)


def tokens(scope: Scope) -> list[HeldToken]:
    """The tokens there are, the latest first; of an agency, its own."""
    found = Token.objects.order_by("-id")
    if scope.bound:
        found = found.filter(agency=scope.agency)
    return [_held(each) for each in found] if scope.sees >= 0 else []


def token_numbered(scope: Scope, number: int) -> HeldToken | None:
    """One of them."""
    return next((each for each in tokens(scope) if each.number == number), None)


def maker_of(number: int) -> str:
    """Who made a token of one's own agency."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.maker_of(%s)", [number])
        return str(cursor.fetchone()[0] or "")


def revoke(number: int, by: str, why: str) -> bool:
    """A token lets nobody in any more. Gives whether it did until now."""
    standing = Token.objects.filter(pk=number, revoked_at__isnull=True)
    return bool(standing.update(revoked_by=by, revoked_at=timezone.now(), revoked_why=why))


def entered(token: str) -> Mapping[str, Any] | None:
    """Let this connection in as the program of a token: what it is let in as; none where the token
    is nobody's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.enter_program(%s)", [token])
        held = cursor.fetchone()[0]
    found: Mapping[str, Any] | None = json.loads(held) if isinstance(held, str) else held
    return found
