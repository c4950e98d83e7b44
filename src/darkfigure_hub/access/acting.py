"""What somebody who signed in acts as: one appointment at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from darkfigure.basis.marking import NOTHING, Marking, Scope
from darkfigure.codes import codes_for
from darkfigure_hub.access.roles import Role
from darkfigure_hub.access.scopes import for_account
from darkfigure_hub.access.sealing import let_in_anew, seal_of
from darkfigure_hub.store.queries import accounts
from darkfigure_hub.store.queries.accounts import HeldAppointment, standing_appointments
from darkfigure_hub.store.sessions import ACTING, BROWSER, PURPOSE, SEAL

#: A session that goes on being used says so in the table this often.
SEEN = timedelta(minutes=1)
_SEEN = "seen"


@dataclass(frozen=True)
class Acting:
    """An account, the appointment that it acts as (without one it may do nothing), and the purpose
    that was stated.
    """

    account: int
    appointment: HeldAppointment | None
    others: tuple[HeldAppointment, ...]
    stated: str = ""

    @property
    def number(self) -> int | None:
        """The number of the appointment."""
        return self.appointment.number if self.appointment else None

    @property
    def title(self) -> str:
        """The role and the agency in words."""
        return title_of(self.appointment) if self.appointment else "No role yet"

    def scope(self, purpose: str) -> Scope:
        """What they may see and do."""
        who, held = f"account:{self.account}", self.appointment
        if held is None:
            return for_account(who, Role.NEWCOMER, "", NOTHING, purpose)
        role, sees = Role(held.role), Marking(held.marking)
        return for_account(who, role, held.agency, sees, purpose, self.stated)


def title_of(held: HeldAppointment) -> str:
    """A role and its agency in words."""
    return f"{Role(held.role).called}, {codes_for('agency').label(held.agency)}"


def acting_as(account: int, chosen: int | None, stated: str = "") -> Acting:
    """What an account acts as: the appointment chosen while it stands, else the only one; and for
    the purpose stated.
    """
    held = standing_appointments(account)
    found = [each for each in held if each.number == chosen] or (held if len(held) == 1 else [])
    return Acting(account, found[0] if found else None, tuple(held), stated)


def let_in(session: SessionBase, account: int, browser: str) -> Acting:
    """What an account acts as that gave its second factor in a session: the session is sealed. The
    first page after signing in is asked as what it says by then, not as what it was asked before.
    """
    seal = seal_of(session.session_key or "", account)
    before = session.get(SEAL), session.get(ACTING)
    if session.get(SEAL) != seal:
        session[SEAL], session[BROWSER] = seal, browser[:200]
    now = timezone.now().timestamp()
    if now - session.get(_SEEN, 0) > SEEN.total_seconds():
        session[_SEEN] = now
    found = acting_as(account, session.get(ACTING), session.get(PURPOSE, ""))
    if found.number != session.get(ACTING):
        session[ACTING] = found.number
    if (session[SEAL], session.get(ACTING)) != before:
        session.save()
        let_in_anew()
    return found


def names_of(whom: Iterable[str]) -> dict[str, str]:
    """What those are called who did something, by how the log names them."""
    asked = {each for each in whom if each}
    called = accounts.names([int(each[8:]) for each in asked if each.startswith("account:")])
    return {"": "", **{each: called.get(each, _of_program(each)) for each in asked}}


def _of_program(who: str) -> str:
    """What a program is called, by how the log names it."""
    number = who.removeprefix("token:")
    return f"a program (TOKEN-{number})" if number != who else who
