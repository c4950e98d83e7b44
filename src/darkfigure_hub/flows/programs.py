"""Tokens by which the programs of an agency report and read: made by its administrator, told once,
revoked for good.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.programs import GRANTS, draw
from darkfigure_hub.flows.appoint import agencies_there
from darkfigure_hub.store.queries import tokens as store
from darkfigure_hub.store.queries.agency_changes import is_over
from darkfigure_hub.store.queries.tokens import HeldToken

#: How long a token lets its program in at most.
LONGEST = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """What a token is to be: of which agency, what for, what it may do, up to which marking, and
    the last day on which it lets its program in.
    """

    agency: str
    called: str
    grants: Collection[str]
    marking: Marking
    until: date


@dataclass(frozen=True)
class NewToken:
    """A token, told once."""

    number: int
    written: str = field(repr=False)
    until: datetime


def show_tokens(scope: Scope) -> list[HeldToken]:
    """The tokens there are, the latest first; of an agency, its own. Raises NotPermitted."""
    scope.require(Permission.READ_TOKENS)
    found = store.tokens(scope)
    record(scope, "tokens listed", {"tokens": len(found)})
    return found


def make_token(scope: Scope, wanted: Wanted) -> NewToken:
    """Make a token for a program of an agency.

    Raises NotPermitted; UnknownName for an agency or grant; DarkfigureError for another's agency,
    for one that would both send and release, or for a day that is over or too far off.
    """
    scope.require(Permission.MAKE_TOKEN)
    agency = codes_for("agency").resolve(wanted.agency)
    if not scope.acts_for(agency):
        raise DarkfigureError("You make tokens for programs of your own agency alone.")
    today = timezone.localdate()
    if agency not in agencies_there(today) or is_over(agency, today):
        raise DarkfigureError(f"{codes_for('agency').label(agency)} is no more, or not there yet.")
    called = " ".join(wanted.called.split())
    if not called or len(called) > 60:
        raise DarkfigureError("Say what the token is for, in at most 60 signs.")
    grants, until = _grants(wanted.grants), _end(wanted.until)
    made = draw(agency, wanted.marking, grants, until, scope.who)
    with logging(scope):
        number = store.enter(
            {
                "agency": agency,
                "called": called,
                "grants": grants,
                "marking": wanted.marking,
                "made_by": scope.who,
                "until": until,
                "key_hash": made.key_hash,
                "seal": made.seal,
            }
        )
        record(scope, "token made", {"token": number, "agency": agency, "grants": grants})
    return NewToken(number, made.written, until)


def revoke_token(scope: Scope, number: int, why: str) -> None:
    """Revoke a token: from now on it lets nobody in. Raises NotPermitted, UnknownName;
    DarkfigureError where it was revoked before or no reason is given.
    """
    scope.require(Permission.REVOKE_TOKEN)
    if not (given := " ".join(why.split())):
        raise DarkfigureError("Say why.")
    with logging(scope):
        held = store.token_numbered(scope, number)
        if held is None:
            raise UnknownName("There is no such token.")
        if not store.revoke(number, scope.who, given[:500]):
            raise DarkfigureError(f"{held.name} was revoked before.")
        record(scope, "token revoked", {"token": number, "agency": held.agency})


def show_token(scope: Scope, number: int) -> HeldToken:
    """One of the tokens. Raises NotPermitted, UnknownName."""
    scope.require(Permission.READ_TOKENS)
    held = store.token_numbered(scope, number)
    if held is None:
        raise UnknownName("There is no such token.")
    return held


def _grants(given: Collection[str]) -> list[str]:
    """What a token is granted, in one order. Who sends does not release what was sent."""
    if unknown := sorted(set(given) - set(GRANTS)):
        raise UnknownName(
            f"A token may be granted {', '.join(GRANTS)}; there is no {', '.join(unknown)}."
        )
    if not given:
        raise DarkfigureError(f"A token is granted something: {', '.join(GRANTS)}.")
    sends = set(given) - {"figures", "release"}
    if "release" in given and sends:
        raise DarkfigureError(
            f"One token does not both send ({', '.join(sorted(sends))}) and release: make two, "
            "each by another administrator."
        )
    return [grant for grant in GRANTS if grant in given]


def _end(until: date) -> datetime:
    """The end of a day, as the moment from which a token lets nobody in."""
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise DarkfigureError(
            f"A token lets its program in for a year at most: until {today + LONGEST} or before, "
            "and not for a day that is over."
        )
    following = datetime.combine(until + timedelta(days=1), time())
    return timezone.make_aware(following)
