"""How people sign in, where it differs from the library's way: by invitation alone, secrets kept
locked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from logging import getLogger
from time import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from darkfigure.basis.unforeseen import place_of
from darkfigure_hub.access.acting import Acting
from darkfigure_hub.access.department import department
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.flows.own_sessions import note_sign_in
from darkfigure_hub.flows.sign_in_by_department import may_prove_there
from darkfigure_hub.web.known_browsers import tried

LOG = getLogger("darkfigure.web")
#: What a sign-in by the department is noted as in a session, and the page that leads there.
DEPARTMENT, LEAVE = "department", "department_leave"
#: Says in a session that a second factor was set up in it, and so given.
PROVED = "second_factor_set_up"


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; who is bound to a department proves there who they are."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library names it
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count what is tried by whose browser it is. Raises ValidationError where it was tried too
        often.
        """
        self._login_failed_rl_usage = tried(request, credentials.get("email", ""))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail beside the answer to the page: how long that takes, or that it fails, would
        say that there is an account.
        """
        within = copy_context()
        send = partial(super().send_mail, template_prefix, email, context)
        threading.Thread(target=within.run, args=(_sent, send), name="mail").start()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not where it was proved at the department just now."""
        if proved_at_department(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The library's, and the department's last."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        by = department()
        theirs = Acting(user.pk or 0, None, ()).scope("sign in")
        if by and user.is_authenticated and may_prove_there(theirs, by, user.pk):
            title = f"Prove it at {by.called}"
            found.append({"id": DEPARTMENT, "description": title, "url": reverse(LEAVE)})
        return found


def proved_at_department(request: HttpRequest) -> bool:
    """Whether who signed in proved at the department who they are, within the last minutes."""
    since = time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(
        each["method"] == DEPARTMENT and each.get("reauthenticated") and each["at"] > since
        for each in get_authentication_records(request, request.user)
    )


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are not readable in the database."""

    def encrypt(self, text: str) -> str:
        """Under the key of sessions."""
        return locked().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was locked."""
        return locked().decrypt(encrypted_text.encode()).decode()


def _sent(send: Callable[[], None]) -> None:
    try:
        send()
    except Exception as error:  # noqa: BLE001 - what it says may hold an address: it is not logged
        LOG.error("%s", place_of(error))
    finally:
        connection.close()


def _set_up(request: HttpRequest, **_: Any) -> None:
    request.session[PROVED] = True


def _signed_in(user: AbstractBaseUser, **_: Any) -> None:
    note_sign_in(Acting(user.pk, None, ()).scope("sign in"))


authenticator_added.connect(_set_up, dispatch_uid="darkfigure second factor")
user_logged_in.connect(_signed_in, dispatch_uid="darkfigure log")
