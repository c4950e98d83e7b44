"""Make up accounts for trying the pages: one for each role, with a password and a second factor."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.roles import APPOINTED, BOUND, Role
from darkfigure_hub.store.models import Account
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.roles import server

#: The agency of those who work at the centre.
CENTRE = "NCA"


@dataclass(frozen=True)
class MadeUp:
    """A made-up account, and how it signs in: told once."""

    email: str
    password: str
    secret: str
    role: str
    agency: str


def make_up_accounts(scope: Scope, agencies: Sequence[str]) -> list[MadeUp]:
    """An account for each role of the centre's, and for each role of every agency.

    Raises NotPermitted, UnknownName; DarkfigureError where the repository is no place for trying,
    or there are some already.
    """
    scope.require(Permission.CREATE_ADMINISTRATOR)
    if os.environ.get("DARKFIGURE_TLS") == "1" or not server().embedded:
        raise DarkfigureError(
            "Made-up accounts are for trying on a machine of one's own: not where the pages are "
            "served by https, or the database is elsewhere."
        )
    codes = [codes_for("agency").resolve(each) for each in agencies]
    wanted = [(role, CENTRE) for role in APPOINTED if role not in BOUND]
    wanted += [(role, agency) for agency in codes for role in APPOINTED if role in BOUND]
    with logging(scope):
        made = [_made_up(scope, role, agency) for role, agency in wanted]
        record(scope, "accounts made up", {"accounts": len(made)})
    return made


def _made_up(scope: Scope, role: Role, agency: str) -> MadeUp:
    place = "" if role not in BOUND else f".{agency}"
    email = f"{role}{place}@demo.invalid".replace("_", "-").lower()
    if accounts.account_of(email):
        raise DarkfigureError("There are made-up accounts already.")
    number = accounts.make_account(email, f"SYNTHETIC {role.called.lower()}", scope.who)
    entry = {"account_id": number, "agency": agency, "role": str(role)}
    marking = Marking.PUBLIC if "administrator" in role else Marking.OFFICIAL_SENSITIVE
    appointment = accounts.propose({**entry, "marking": marking, "proposed_by": scope.who})
    accounts.approve(appointment, "demo-accounts")
    account, password = Account.objects.get(pk=number), secrets.token_urlsafe(12)
    accounts.joined(account, password)
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return MadeUp(email, password, secret, role.called, codes_for("agency").label(agency))
