"""Tell an agency's own systems of what happens to its own: by addresses that its administrator
registers, in signed messages that hold numbers alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.store.hooks import check, numbers_of
from darkfigure_hub.store.queries import webhooks as store
from darkfigure_hub.store.queries.outbox import EVENTS
from darkfigure_hub.store.queries.webhooks import HeldWebhook

__all__ = [
    "EVENTS",
    "HeldWebhook",
    "NewWebhook",
    "end_webhook",
    "register_webhook",
    "show_webhooks",
]
#: An agency has no more at a time.
MOST = 5


@dataclass(frozen=True)
class NewWebhook:
    """A webhook with its secret, told once."""

    number: int
    secret: str = field(repr=False)


def show_webhooks(scope: Scope) -> list[HeldWebhook]:
    """The webhooks there are; of an agency, its own. Raises NotPermitted."""
    scope.require(Permission.TEND_WEBHOOKS)
    found = store.webhooks(scope)
    record(scope, "webhooks listed", {"webhooks": len(found)})
    return found


def register_webhook(scope: Scope, address: str, events: Collection[str]) -> NewWebhook:
    """Register an address that one's agency is told by.

    Raises NotPermitted; UnknownName for an event there is not; DarkfigureError for an address that
    is not https or leads into a private network, for no event, and where there are too many.
    """
    scope.require(Permission.TEND_WEBHOOKS)
    if unknown := sorted(set(events) - set(EVENTS)):
        raise UnknownName(f"There is no event {', '.join(unknown)}: there are {', '.join(EVENTS)}.")
    if not events or not scope.agency:
        raise DarkfigureError("Choose of what your agency is told.")
    found = check(address.strip())
    numbers_of(str(found.hostname), found.port or 443)
    if sum(not each.ended_at for each in store.webhooks(scope)) >= MOST:
        raise DarkfigureError(f"An agency has {MOST} addresses at most: end one first.")
    secret = f"darkfigure_signs_{secrets.token_urlsafe(32)}"
    entry = {
        "agency": scope.agency,
        "address": address.strip(),
        "events": [each for each in EVENTS if each in events],
        "locked": locked().encrypt(secret.encode()).decode(),
        "made_by": scope.who,
    }
    with logging(scope):
        number = store.enter(entry)
        record(scope, "webhook registered", {"webhook": number, "agency": scope.agency})
    return NewWebhook(number, secret)


def end_webhook(scope: Scope, number: int, why: str) -> HeldWebhook:
    """End a webhook: nothing is sent to it any more. Raises NotPermitted, UnknownName;
    DarkfigureError without a reason or where it has ended.
    """
    scope.require(Permission.TEND_WEBHOOKS)
    if not (given := " ".join(why.split())):
        raise DarkfigureError("Say why.")
    with logging(scope):
        held = next((each for each in store.webhooks(scope) if each.number == number), None)
        if held is None:
            raise UnknownName("There is no such webhook.")
        if not store.end(number, scope.who, given[:300]):
            raise DarkfigureError(f"{held.name} has ended already.")
        record(scope, "webhook ended", {"webhook": number, "agency": held.agency})
    return held
