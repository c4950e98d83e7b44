"""How people sign in, where it differs from the library's way: by invitation alone, secrets kept
locked.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from darkfigure_hub.access.acting import Acting
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.flows.own_sessions import note_sign_in

#: Says in a session that a second factor was set up in it, and so given.
PROVED = "second_factor_set_up"


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library names it
        """Never."""
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are not readable in the database."""

    def encrypt(self, text: str) -> str:
        """Under the key of sessions."""
        return locked().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was locked."""
        return locked().decrypt(encrypted_text.encode()).decode()


def _set_up(request: HttpRequest, **_: Any) -> None:
    request.session[PROVED] = True


def _signed_in(user: AbstractBaseUser, **_: Any) -> None:
    note_sign_in(Acting(user.pk, None, ()).scope("sign in"))


authenticator_added.connect(_set_up, dispatch_uid="darkfigure second factor")
user_logged_in.connect(_signed_in, dispatch_uid="darkfigure log")
