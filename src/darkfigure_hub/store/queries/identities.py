"""Which account is who at a department's provider: the subject is kept as a hash."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from darkfigure_hub.store.models import Account, Appointment, BoundIdentity, Session


def _hash(issuer: str, subject: str) -> str:
    return sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def bound_to(issuer: str, subject: str) -> Account | None:
    """The account that is bound to a subject of an issuer."""
    held = BoundIdentity.objects.filter(issuer=issuer, subject=_hash(issuer, subject))
    found = held.select_related("account").first()
    return found.account if found else None


def is_bound(account: int, issuer: str) -> bool:
    """Whether an account is bound to somebody at an issuer."""
    return BoundIdentity.objects.filter(account_id=account, issuer=issuer).exists()


def unbound_of(email: str, now: datetime) -> Account | None:
    """The account of an address that is bound to nobody: of who has joined, or whose invitation
    holds.
    """
    held = Account.objects.filter(email=email.strip().lower(), identity__isnull=True)
    found = held.first()
    if found is None or found.has_usable_password():
        return found
    invited = found.joining_until is not None and found.joining_until > now
    return found if invited else None


def bind(account: Account, issuer: str, subject: str) -> bool:
    """An account is bound for good, and the code of its invitation used up. Gives whether it was:
    of two at once one is.
    """
    try:
        with transaction.atomic():
            BoundIdentity.objects.create(
                account=account, issuer=issuer, subject=_hash(issuer, subject)
            )
    except IntegrityError:
        return False
    account.joining, account.joining_until = "", None
    account.save(update_fields=["joining", "joining_until"])
    EmailAddress.objects.update_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )
    return True


def unbind(account: int) -> bool:
    """An account is bound to nobody any more, and its sessions end. Gives whether it was bound."""
    gone, _ = BoundIdentity.objects.filter(account_id=account).delete()
    Session.objects.filter(account_id=account).delete()
    return gone > 0


def has_role_of(account: int, agency: str) -> bool:
    """Whether an account has a role of an agency that holds now."""
    return Appointment.objects.filter(
        account_id=account, agency=agency, approved_at__isnull=False, ended_at__isnull=True
    ).exists()
