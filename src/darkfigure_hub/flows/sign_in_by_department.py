"""Sign in by a department's own: who was invited, or has joined, is let in as who the department
says they are; nobody else is, and nobody is told why.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.acting import Acting
from darkfigure_hub.access.department import Department
from darkfigure_hub.store.models import Account
from darkfigure_hub.store.queries import identities

NOT_LET_IN = (
    "You were not signed in. Accounts are given by invitation, to the address that your department "
    "has verified: whoever invited you can say whether one stands for you."
)


@dataclass(frozen=True)
class Said:
    """What a department says of who signed in there: checked, and no token."""

    issuer: str
    subject: str
    email: str
    verified: bool


@dataclass(frozen=True)
class LetIn:
    """Whose account it is, and whether it was bound to who they are there just now."""

    account: Account
    bound_now: bool


def sign_in_by_department(scope: Scope, by: Department, said: Said) -> LetIn:
    """The account that is bound to an issuer and a subject; at first use the one that stands for
    the verified address, which is bound. It takes a role that holds, for the department's agency.

    Raises NotPermitted; DarkfigureError, with the same words whatever the reason is.
    """
    scope.require(Permission.USE_INVITATION)
    found = _let_in(by, said)
    if found is None:
        record(scope, "not let in by a department", {"agency": by.agency})
        raise DarkfigureError(NOT_LET_IN)
    return found


def may_prove_there(scope: Scope, by: Department, account: int) -> bool:
    """Whether somebody is bound to a department, and can prove there who they are. Raises
    NotPermitted.
    """
    scope.require(Permission.OWN_SESSIONS)
    return identities.is_bound(account, by.issuer)


def _let_in(by: Department, said: Said) -> LetIn | None:
    if said.issuer != by.issuer or not said.subject:
        return None
    account = identities.bound_to(said.issuer, said.subject)
    if account is not None:
        return LetIn(account, False) if _holds(by, account) else None
    if not said.verified:
        return None
    account = identities.unbound_of(said.email, timezone.now())
    if account is None or not _holds(by, account):
        return None
    theirs = Acting(account.pk, None, ()).scope("sign in")
    with logging(theirs):
        if not identities.bind(account, said.issuer, said.subject):
            return None
        record(theirs, "bound to a department", {"account": account.pk, "issuer": said.issuer})
    return LetIn(account, True)


def _holds(by: Department, account: Account) -> bool:
    return account.is_active and identities.has_role_of(account.pk, by.agency)
