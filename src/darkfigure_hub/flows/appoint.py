"""Appoint people: one proposes, another approves, and what somebody has is ended with a reason.

Nobody touches their own roles. An agency's administrator appoints to the agency's roles alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.roles import APPOINTED, BOUND, Role
from darkfigure_hub.store.queries import accounts, identities, outbox
from darkfigure_hub.store.queries.accounts import HeldAppointment
from darkfigure_hub.store.queries.agency_changes import is_over

#: Letters and digits of a code that nobody takes for one another, and how many it has: 80 bits.
_SIGNS, _LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16
HOLDS = timedelta(days=7)


@dataclass(frozen=True)
class Code:
    """A code to join by, told once: to whom, and until when it holds."""

    account: int
    written: str
    until: datetime


@dataclass(frozen=True)
class Proposal:
    """Whom to appoint: to which role, for which agency, up to which marking."""

    email: str
    name: str
    agency: str
    role: str
    marking: str = "OFFICIAL"


def propose_appointment(scope: Scope, wanted: Proposal) -> int:
    """Propose a role for somebody, who gets an account if they have none. Gives its number.

    Raises NotPermitted; UnknownName for an agency or role; DarkfigureError for an address that is
    none, for a role held already, and for one's own.
    """
    scope.require(Permission.APPOINT)
    email, agency, role = _address(wanted.email), _agency(scope, wanted.agency), _role(wanted.role)
    if scope.bound and role not in BOUND:
        raise DarkfigureError(
            f"{role.called} is a role of the centre's. For an agency there are: "
            f"{', '.join(each.called for each in Role if each in BOUND)}."
        )
    with logging(scope):
        account = accounts.account_of(email) or _new_account(scope, email, wanted.name)
        _not_oneself(scope, account)
        for held in accounts.open_appointments(account):
            if (held.agency, held.role) == (agency, role):
                raise DarkfigureError(
                    f"They are {role.called} of {codes_for('agency').label(agency)} already, or "
                    f"proposed for it (APPOINTMENT-{held.number})."
                )
        number = accounts.propose(
            {
                "account_id": account,
                "agency": agency,
                "role": str(role),
                "marking": marking_named(wanted.marking),
                "proposed_by": scope.who,
            }
        )
        outbox.tell("role waits", f"appointment {number}", _approvers(scope, agency, account))
        record(scope, "appointment proposed", _told(number, account, agency, role))
    return number


def _approvers(scope: Scope, agency: str, account: int) -> list[int]:
    """Who may approve a role for somebody: of the agency where there is anybody, else of the
    centre.
    """
    but = [scope.who, f"account:{account}"]
    return outbox.holders(Permission.APPROVE_APPOINTMENT, agency, but=but) or outbox.holders(
        Permission.APPROVE_APPOINTMENT, but=but
    )


def approve_appointment(scope: Scope, number: int) -> Code | None:
    """Let an appointment hold that somebody else proposed. Who has not joined yet gets a code, told
    here once: hand it over by another way than mail.

    Raises NotPermitted, UnknownName; DarkfigureError where it waits for nothing, was proposed by
    who approves, or is their own.
    """
    scope.require(Permission.APPROVE_APPOINTMENT)
    with logging(scope):
        held = _found(scope, number)
        if held.state != "proposed":
            raise DarkfigureError(f"APPOINTMENT-{number} is {held.state}: nothing is to approve.")
        if held.proposed_by == scope.who:
            raise DarkfigureError("You proposed it: somebody else approves it.")
        _not_oneself(scope, held.account)
        accounts.approve(number, scope.who)
        record(scope, "appointment approved", {"appointment": number, "account": held.account})
        return None if accounts.has_joined(held.account) else _let_join(held.account)


def code_anew(scope: Scope, number: int) -> Code:
    """Another code for who has an appointment and has not joined: the one before holds no more.
    Raises as `approve_appointment`.
    """
    scope.require(Permission.APPROVE_APPOINTMENT)
    with logging(scope):
        held = _found(scope, number)
        _not_oneself(scope, held.account)
        if held.state != "held" or accounts.has_joined(held.account):
            raise DarkfigureError("A code is for who was approved and has not joined yet.")
        record(scope, "code given anew", {"appointment": number, "account": held.account})
        return _let_join(held.account)


def end_appointment(scope: Scope, number: int, why: str) -> None:
    """End a role that somebody has, or is proposed for; what they have open as it ends at once.
    Raises as `approve_appointment`.
    """
    scope.require(Permission.END_APPOINTMENT)
    with logging(scope):
        held = _found(scope, number)
        _not_oneself(scope, held.account)
        if held.state == "ended":
            raise DarkfigureError(f"APPOINTMENT-{number} has ended already.")
        accounts.end(number, scope.who, _reason(why))
        record(scope, "appointment ended", {"appointment": number, "account": held.account})


def unbind_account(scope: Scope, account: int) -> None:
    """Undo that somebody signs in by a department: whoever they are there is let in no more, and
    their sessions end. Their roles stay; the address that the department verifies next is bound
    anew, where a password or an invitation of theirs holds.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.END_APPOINTMENT)
    with logging(scope):
        _of_ours(scope, account)
        if not identities.unbind(account):
            raise DarkfigureError("They are bound to nobody at a department.")
        record(scope, "unbound from a department", {"account": account})


def _of_ours(scope: Scope, account: int) -> None:
    """Refuse to decide on an account that has roles of others, or is one's own."""
    roles = accounts.open_appointments(account)
    if not any(scope.acts_for(each.agency) for each in roles):
        raise UnknownName("There is nobody with that account who has a role.")
    if not all(scope.acts_for(each.agency) for each in roles):
        raise DarkfigureError(
            "They have roles for other agencies as well: end those of yours, or ask the "
            "centre's administrator."
        )
    _not_oneself(scope, account)


def disable_account(scope: Scope, account: int, why: str) -> None:
    """Somebody leaves: they sign in no more, their sessions and roles end at once, and what they
    did keeps their name. An agency's administrator disables who works for that agency alone.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.END_APPOINTMENT)
    with logging(scope):
        _of_ours(scope, account)
        accounts.disable(account, scope.who, _reason(why))
        record(scope, "account disabled", {"account": account})


def create_administrator(scope: Scope, email: str, name: str, agency: str) -> Code:
    """Name an administrator from the machine that holds the repository, as the first must be.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.CREATE_ADMINISTRATOR)
    address, code = _address(email), _agency(scope, agency)
    with logging(scope):
        if accounts.account_of(address):
            raise DarkfigureError("There is an account of that address already.")
        account = _new_account(scope, address, name)
        entry = {"account_id": account, "agency": code, "role": str(Role.ADMINISTRATOR)}
        number = accounts.propose({**entry, "marking": Marking.PUBLIC, "proposed_by": scope.who})
        accounts.approve(number, "createadmin")
        record(scope, "administrator named", _told(number, account, code, Role.ADMINISTRATOR))
        return _let_join(account)


def agencies_there(day: date) -> list[str]:
    """The agencies that are there on a day, by name."""
    listed = codes_for("agency")
    there = [
        each.code
        for each in listed.codes.values()
        if (each.valid_from or day) <= day <= (each.valid_to or day)
    ]
    return sorted(there, key=listed.label)


def code_hash(code: str) -> str:
    """What a code is kept as, however it is typed."""
    plain = code.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return sha256("".join(sign for sign in plain if sign in _SIGNS).encode()).hexdigest()


def marking_named(text: str) -> Marking:
    """A marking by its name. Raises UnknownName."""
    try:
        found = Marking[text.strip().upper().replace("-", "_").replace(" ", "_")]
    except KeyError:
        found = Marking.SECRET
    if found > Marking.OFFICIAL_SENSITIVE:
        raise UnknownName("Nobody is cleared for that here: PUBLIC, OFFICIAL, OFFICIAL-SENSITIVE.")
    return found


def _let_join(account: int) -> Code:
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    written = "-".join(drawn[at : at + 4] for at in range(0, _LENGTH, 4))
    until = timezone.now() + HOLDS
    accounts.let_join(account, code_hash(written), until)
    return Code(account, written, until)


def _found(scope: Scope, number: int) -> HeldAppointment:
    held = accounts.appointment(number, lock=True)
    if held is None or not scope.acts_for(held.agency):
        raise UnknownName("There is no such appointment.")
    return held


def _not_oneself(scope: Scope, account: int) -> None:
    if scope.who == f"account:{account}":
        raise DarkfigureError("Nobody changes their own roles: another administrator does.")


def _address(email: str) -> str:
    try:
        validate_email(email.strip())
    except ValidationError:
        raise DarkfigureError("That is no e-mail address, as name@example.org is one.") from None
    return email.strip().lower()


def _agency(scope: Scope, agency: str) -> str:
    code = codes_for("agency").resolve(agency)
    if not scope.acts_for(code):
        raise DarkfigureError("You appoint people of your own agency alone.")
    today = timezone.localdate()
    if code not in agencies_there(today) or is_over(code, today):
        raise DarkfigureError(f"{codes_for('agency').label(code)} is no more, or not there yet.")
    return code


def _role(name: str) -> Role:
    for role in APPOINTED:
        if name.strip().lower() in (role.value, role.called.lower()):
            return role
    raise UnknownName(
        f"There is no such role. There are: {', '.join(each.called for each in APPOINTED)}."
    )


def _new_account(scope: Scope, email: str, name: str) -> int:
    if not (called := " ".join(name.split())) or len(called) > 100:
        raise DarkfigureError("Say what they are called, in at most 100 signs.")
    return accounts.make_account(email, called, scope.who)


def _reason(why: str) -> str:
    if not (given := " ".join(why.split())):
        raise DarkfigureError("Say why.")
    return given[:500]


def _told(number: int, account: int, agency: str, role: Role) -> dict[str, object]:
    return {"appointment": number, "account": account, "agency": agency, "role": str(role)}
