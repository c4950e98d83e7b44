"""What somebody does about their own signing in: the role they act in, the sessions they have
open.
"""

from __future__ import annotations

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.roles import Purpose, purposes
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.queries.accounts import HeldSession
from darkfigure_hub.store.sessions import key_hash


def choose_acting(scope: Scope, account: int, number: str) -> int:
    """Act in another role that one has. Raises NotPermitted, UnknownName."""
    scope.require(Permission.OWN_SESSIONS)
    for held in accounts.standing_appointments(account):
        if str(held.number) == number:
            with logging(scope):
                record(scope, "role chosen", {"appointment": held.number})
            return held.number
    raise UnknownName("You have no such role.")


def purposes_there(scope: Scope) -> list[Purpose]:
    """The purposes that one may state in one's role. Raises NotPermitted."""
    scope.require(Permission.OWN_SESSIONS)
    return [each for each in purposes().values() if scope.role in each.roles]


def state_purpose(scope: Scope, code: str) -> str:
    """State what one reads records and names for from now on in this session; nothing, to read none
    any more. Gives the code. Raises NotPermitted; UnknownName for a purpose that one may not have.
    """
    scope.require(Permission.OWN_SESSIONS)
    if code and scope.role not in getattr(purposes().get(code), "roles", ()):
        raise UnknownName("There is no such purpose for your role.")
    with logging(scope):
        record(scope, "purpose stated", {"purpose": code or "none"})
    return code


def own_sessions(scope: Scope, account: int, key: str | None) -> tuple[list[HeldSession], str]:
    """The sessions of an account that are open, and which of them is of that key. Raises
    NotPermitted.
    """
    scope.require(Permission.OWN_SESSIONS)
    return accounts.sessions_of(account), key_hash(key or "")


def end_own_session(scope: Scope, account: int, key: str) -> None:
    """End a session of one's own. Raises NotPermitted, UnknownName."""
    scope.require(Permission.OWN_SESSIONS)
    with logging(scope):
        if not accounts.end_session(account, key):
            raise UnknownName("There is no such session of yours.")
        record(scope, "session ended", {"account": account})


def note_sign_in(scope: Scope) -> None:
    """Enter in the log that somebody signed in, with all that is asked of them. Raises
    NotPermitted.
    """
    scope.require(Permission.OWN_SESSIONS)
    with logging(scope):
        record(scope, "signed in", {})
