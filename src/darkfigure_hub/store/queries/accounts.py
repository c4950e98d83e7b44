"""Accounts, appointments and sessions: rows about who works here, none about anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import Account, Appointment, BoundIdentity, Session


@dataclass(frozen=True)
class HeldAppointment:
    """A role of somebody, and how far it has come."""

    number: int
    account: int
    agency: str
    role: str
    marking: int
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    ended_why: str

    @property
    def state(self) -> str:
        """What follows from its events: proposed, held or ended."""
        if self.ended_at:
            return "ended"
        return "held" if self.approved_at else "proposed"


@dataclass(frozen=True)
class HeldAccount:
    """Somebody who has an account, with every role they had."""

    number: int
    email: str
    name: str
    made_at: datetime
    joined: bool
    invited_until: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    appointments: tuple[HeldAppointment, ...]
    bound: bool = False

    @property
    def state(self) -> str:
        """What follows from its events: disabled, joined or invited."""
        if self.disabled_at:
            return "disabled"
        return "joined" if self.joined else "invited"


@dataclass(frozen=True)
class HeldSession:
    """A session that is open."""

    key: str
    begun_at: datetime
    seen_at: datetime
    browser: str


def _appointment(row: Appointment) -> HeldAppointment:
    return HeldAppointment(
        row.pk,
        row.account_id,
        row.agency,
        row.role,
        row.marking,
        row.proposed_by,
        row.proposed_at,
        row.approved_by,
        row.approved_at,
        row.ended_at,
        row.ended_why,
    )


def _account(row: Account, appointments: Sequence[Appointment]) -> HeldAccount:
    bound = _is_bound(row.pk)
    return HeldAccount(
        row.pk,
        row.email,
        row.name,
        row.made_at,
        _has_joined(row, bound),
        row.joining_until if row.joining else None,
        row.disabled_at,
        row.disabled_why,
        tuple(map(_appointment, appointments)),
        bound,
    )


def _has_joined(row: Account, bound: bool) -> bool:
    return row.has_usable_password() or bound


def people(scope: Scope) -> list[HeldAccount]:
    """Who has an account, by name; of an agency, those it appointed and their roles there."""
    roles = Appointment.objects.order_by("id")
    if scope.bound:
        roles = roles.filter(agency=scope.agency)
    if scope.sees < 0:
        roles = roles.none()
    of: dict[int, list[Appointment]] = {}
    for each in roles:
        of.setdefault(each.account_id, []).append(each)
    held = Account.objects.filter(id__in=of).order_by("name", "id")
    return [_account(each, of[each.pk]) for each in held]


def account_of(email: str) -> int | None:
    """The number of the account of an address."""
    held = Account.objects.filter(email=email.strip().lower()).values_list("id", flat=True)
    return held.first()


def make_account(email: str, name: str, made_by: str) -> int:
    """An account that cannot sign in yet."""
    made = Account(email=email.strip().lower(), name=name, made_by=made_by)
    made.set_unusable_password()
    made.save()
    return int(made.pk)


def propose(entry: Mapping[str, Any]) -> int:
    """Enter an appointment that waits for its approval. Gives its number."""
    return int(Appointment.objects.create(**entry).pk)


def appointment(number: int, *, lock: bool = False) -> HeldAppointment | None:
    """An appointment by its number; locked, nobody else changes it until what goes on is done."""
    found = Appointment.objects.filter(pk=number)
    row = (found.select_for_update() if lock else found).first()
    return _appointment(row) if row else None


def standing_appointments(account: int) -> list[HeldAppointment]:
    """The roles that an account has now."""
    held = Appointment.objects.filter(
        account_id=account, approved_at__isnull=False, ended_at__isnull=True
    )
    return [_appointment(each) for each in held.order_by("id")]


def open_appointments(account: int) -> list[HeldAppointment]:
    """The roles that an account has or is proposed for."""
    held = Appointment.objects.filter(account_id=account, ended_at__isnull=True)
    return [_appointment(each) for each in held.order_by("id")]


def approve(number: int, by: str) -> None:
    """An appointment holds from now on."""
    Appointment.objects.filter(pk=number).update(approved_by=by, approved_at=timezone.now())


def end(number: int, by: str, why: str) -> None:
    """An appointment is ended, and with it every session that acts as it."""
    Appointment.objects.filter(pk=number).update(
        ended_by=by, ended_at=timezone.now(), ended_why=why
    )
    Session.objects.filter(acting_id=number).delete()


def disable(account: int, by: str, why: str) -> None:
    """An account signs in no more; its sessions end now, its roles with it."""
    now = timezone.now()
    Account.objects.filter(pk=account).update(
        disabled_at=now, disabled_by=by, disabled_why=why, joining="", joining_until=None
    )
    Appointment.objects.filter(account_id=account, ended_at__isnull=True).update(
        ended_by=by, ended_at=now, ended_why=why
    )
    Session.objects.filter(account_id=account).delete()


def let_join(account: int, code_hash: str, until: datetime) -> None:
    """Who was invited may set a password by a code, until then."""
    Account.objects.filter(pk=account).update(joining=code_hash, joining_until=until)


def has_joined(account: int) -> bool:
    """Whether somebody has set a password, or is bound to who they are at a department."""
    return _has_joined(Account.objects.get(pk=account), _is_bound(account))


def _is_bound(account: int) -> bool:
    return BoundIdentity.objects.filter(account_id=account).exists()


def joins(email: str, code_hash: str, now: datetime) -> Account | None:
    """The account that an address and a code are of, while the code holds; locked."""
    return (
        Account.objects.select_for_update()
        .filter(~Q(joining=""), email=email.strip().lower(), joining=code_hash)
        .filter(joining_until__gt=now, disabled_at__isnull=True)
        .first()
    )


def sessions_of(account: int) -> list[HeldSession]:
    """The sessions that an account has open, the latest first."""
    held = Session.objects.filter(account_id=account, expire_date__gt=timezone.now())
    return [
        HeldSession(each.session_key, each.begun_at, each.seen_at, each.browser)
        for each in held.order_by("-seen_at")
    ]


def end_session(account: int, key: str) -> bool:
    """End a session of an account's. Gives whether there was one."""
    return bool(Session.objects.filter(account_id=account, session_key=key).delete()[0])


def joined(account: Account, password: str) -> None:
    """Somebody sets their password; the code they had is used up, and their address is taken to be
    theirs.
    """
    account.set_password(password)
    account.joining, account.joining_until = "", None
    account.save(update_fields=["password", "joining", "joining_until"])
    EmailAddress.objects.update_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )


def names(numbers: Iterable[int]) -> dict[str, str]:
    """What accounts are called, by how the log names them."""
    held = Account.objects.filter(pk__in=list(numbers)).values_list("id", "name")
    return {f"account:{number}": name for number, name in held}
