"""Agencies that merge, are divided or close, from a day on: their people, tokens, asks and drafts
follow, and what they said stays theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import agency_changes as store
from darkfigure_hub.store.queries.agency_changes import HeldChange

__all__ = ["HeldChange", "close_agency", "merge_agencies", "show_changes", "split_agency"]


def merge_agencies(
    scope: Scope, agencies: Sequence[str], into: str, on: date, why: str
) -> dict[str, dict[str, int]]:
    """Agencies go over into one, that is among them or another. Gives of each that ended how much
    went with it. Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.CHANGE_AGENCY)
    target = codes_for("agency").resolve(into)
    ended = [each for each in map(codes_for("agency").resolve, agencies) if each != target]
    if not ended:
        raise DarkfigureError("Name the agencies that go over into another.")
    with logging(scope):
        return {each: _change(scope, "merge", each, [target], target, on, why) for each in ended}


def split_agency(
    scope: Scope, agency: str, into: Sequence[str], keeper: str, on: date, why: str
) -> dict[str, int]:
    """An agency is divided into several; one of them keeps what is open and sees what there was.
    Gives how much went with it. Raises as `merge_agencies`.
    """
    scope.require(Permission.CHANGE_AGENCY)
    resolve = codes_for("agency").resolve
    ended, parts, kept = resolve(agency), sorted({resolve(each) for each in into}), resolve(keeper)
    if len(parts) < 2 or kept not in parts or ended in parts:
        raise DarkfigureError("Name two others at least into which it is divided, and which keeps.")
    with logging(scope):
        return _change(scope, "split", ended, parts, kept, on, why)


def close_agency(scope: Scope, agency: str, on: date, why: str) -> dict[str, int]:
    """An agency closes: its roles end, its tokens are revoked, its asks taken back, its drafts
    discarded. Gives how much that was. Raises as `merge_agencies`.
    """
    scope.require(Permission.CHANGE_AGENCY)
    ended = codes_for("agency").resolve(agency)
    with logging(scope):
        return _change(scope, "close", ended, [], "", on, why)


def show_changes(scope: Scope) -> list[HeldChange]:
    """The agencies that ended here. Raises NotPermitted."""
    scope.require(Permission.CHANGE_AGENCY)
    return store.changes()


def _change(
    scope: Scope, kind: str, agency: str, into: list[str], keeper: str, on: date, why: str
) -> dict[str, int]:
    if on > timezone.localdate():
        raise DarkfigureError("Enter it on the day from which it holds, or after.")
    if not (given := " ".join(why.split())):
        raise DarkfigureError("Say why.")
    label = codes_for("agency").label
    for each in into:
        if store.is_over(each, on):
            raise DarkfigureError(f"{label(each)} has ended itself.")
    try:
        with logging(scope):
            moved = store.change(kind, agency, into, keeper, on, given[:400], scope.who)
            told = {"agency": agency, "kind": kind, "into": into, "on": on.isoformat(), **moved}
            record(scope, "agency ended", told)
    except IntegrityError:
        raise DarkfigureError(f"{label(agency)} has ended before.") from None
    except DatabaseError:
        raise DarkfigureError(
            f"You have a role for {label(agency)}: nobody changes their own, another does it."
        ) from None
    return moved
