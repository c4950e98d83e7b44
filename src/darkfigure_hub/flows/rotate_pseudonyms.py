"""Give every pseudonym anew under another key; what was given out before still finds its person."""

from __future__ import annotations

from dataclasses import dataclass

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import pseudonyms
from darkfigure_hub.store.queries.locks import LINKING, RECEIVING, hold
from darkfigure_hub.store.roles import as_owner


@dataclass(frozen=True)
class Rotated:
    """The number of the key that pseudonyms are now made with, and how many were given anew."""

    key: int
    pseudonyms: int


def rotate_pseudonyms(scope: Scope, reason: str) -> Rotated:
    """Draw another key and give every pseudonym anew, altogether or not at all.

    Raises NotPermitted; DarkfigureError without a reason.
    """
    scope.require(Permission.ROTATE_PSEUDONYMS)
    if not reason.strip():
        raise DarkfigureError("Giving pseudonyms anew needs a reason (--reason).")
    with as_owner(), hold(RECEIVING), hold(LINKING):
        number, renamed = pseudonyms.rotate()
        detail = {"key": number, "pseudonyms": renamed, "reason": reason.strip()}
        record(scope, "pseudonyms rotated", detail)
    return Rotated(number, renamed)
