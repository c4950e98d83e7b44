"""Who signs in: accounts, what each is appointed to, and the sessions they have open.

Accounts are never deleted: what somebody did keeps their name. What an account may do follows from
its appointments alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase


class Accounts(BaseUserManager["Account"]):
    """Accounts by e-mail address, in any case of letters."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of an address. Raises Account.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person who may sign in. `joining` is the hash of the code by which who was invited sets a
    password; without it nobody joins.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=120)
    joining = models.CharField(max_length=64, blank=True)
    joining_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_by = models.CharField(max_length=120, blank=True)
    disabled_why = models.TextField(blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        """An address is kept in small letters."""

        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_small_letters")
        ]

    def __str__(self) -> str:
        return f"account:{self.pk}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether they may sign in."""
        return self.disabled_at is None

    def get_full_name(self) -> str:
        """What they are called."""
        return self.name


class BoundIdentity(models.Model):
    """Who an account is at a department's own sign-in, since its first use: one subject of one
    issuer. The subject is kept as a hash.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="identity")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=64)
    bound_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Nobody there is two people here."""

        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="bound_to_one_account")
        ]

    def __str__(self) -> str:
        return f"account:{self.account_id}"


class Appointment(models.Model):
    """A role that somebody has for an agency, up to a marking, from the day a second person
    approved it until it was ended.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    agency = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    marking = models.SmallIntegerField()
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        """Nobody approves what they proposed; a role is held once."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=models.F("proposed_by")), name="approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by="")
                | Q(approved_at__isnull=False) & ~Q(approved_by=""),
                name="approved_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["account", "agency", "role"],
                condition=Q(ended_at__isnull=True),
                name="appointed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"APPOINTMENT-{self.pk}"


class Session(AbstractBaseSession):
    """Somebody's session on the pages. Its key is a hash: the cookie alone holds what it is of.

    `seal` is made by the program with a key that no reader of this table has, once a second factor
    was given: without it a session is nobody's.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="sessions"
    )
    acting = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True)
    seal = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    begun_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    seen_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)
    browser = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The store that keeps sessions here."""
        return cast(
            "type[SessionBase]", import_string("darkfigure_hub.store.sessions.SessionStore")
        )

    def __str__(self) -> str:
        return self.session_key[:8]
