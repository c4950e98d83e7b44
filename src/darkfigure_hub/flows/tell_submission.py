"""Tell a program of a submission once: what it sent under a key is done once, whatever breaks on
the way, and told in the same words each time it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store import heads
from darkfigure_hub.store.heads import Head
from darkfigure_hub.store.queries import sent_once as store

#: No key is longer.
LONGEST = 200


@dataclass(frozen=True)
class Told:
    """What a program was told: the status and the text; whether it was told so before."""

    status: int
    text: str
    before: bool = False


class KeyUsed(DarkfigureError):
    """A key under which something else was sent before."""


def told_once(
    scope: Scope,
    key: str,
    digest: str,
    do: Callable[[], int],
    tell: Callable[[int], tuple[int, str]],
) -> Told:
    """Do what was sent under a key and tell of it; where the same was sent before, tell what was
    told then. Two at once: the second waits for the first. `do` gives the submission it is about;
    where the first broke off after it, the second tells of that. What is refused changes nothing,
    and may be sent again under its key.

    Raises NotPermitted; KeyUsed where something else was sent under the key; what `do` raises.
    """
    scope.require(Permission.READ_SUBMISSIONS)
    agency = scope.agency or ""
    if not key.strip() or len(key) > LONGEST:
        raise DarkfigureError(f"A key is a text of at most {LONGEST} signs, another for each deed.")
    with store.alone(agency, key):
        held = store.sent(agency, key)
        if held is not None and held.digest != digest:
            raise KeyUsed(
                "Something else was sent under this Idempotency-Key. Give each deed a key of its "
                "own; nothing was done."
            )
        if held is not None and held.status is not None:
            return Told(held.status, held.told, before=True)
        number = _done(agency, key, digest, do) if held is None else held.submission
        status, text = tell(number)
        store.told(agency, key, status, text)
    return Told(status, text)


def _done(agency: str, key: str, digest: str, do: Callable[[], int]) -> int:
    """Do it, and in the same transaction remember that it was done."""
    with transaction.atomic():
        number = do()
        store.begin(agency, key, digest, number)
    return number


def log_head(scope: Scope) -> Head | None:
    """How far the log has come: who keeps it can hold the log to it later."""
    scope.require(Permission.READ_SUBMISSIONS)
    return heads.latest()
