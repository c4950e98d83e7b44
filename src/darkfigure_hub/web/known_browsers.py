"""How often a password may be tried: by whom it is tried, and from where.

A browser in which somebody signed in is known for it by a cookie that we signed, which holds no
name (OWASP calls these device cookies). What others try counts against them: of an account from one
address, of an account from everywhere, from one address altogether. So whoever guesses is slowed
down, and neither a colleague behind the same address nor somebody far away keeps people out who
sign in where they did before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.signals import password_reset
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE, PLACE = "darkfigure_browser", "/account/"
#: How long a browser is known after somebody signed in, and for how many people at most.
KNOWN, MOST = timedelta(days=180), 30
_SALT = "darkfigure known browser"
#: What is tried wrongly, by what it is counted by.
RATES = {
    "known": "10/5m/key",
    "account_and_address": "5/5m/key",
    "account": "30/h/key",
    "address": "60/5m/key",
}


@dataclass(frozen=True)
class Browser:
    """A browser by the number we gave it, and whom it is known for, by hashes."""

    number: str
    known_for: tuple[str, ...] = ()


def browser_of(request: HttpRequest) -> Browser:
    """The browser that asks; one that is known for nobody where no cookie of ours comes with it."""
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KNOWN)
        return Browser(str(held["number"]), tuple(map(str, held["known_for"])))
    except (signing.BadSignature, KeyError, TypeError):
        return Browser(secrets.token_hex(16))


def _hash(email: str) -> str:
    return salted_hmac(_SALT, email.strip().casefold(), algorithm="sha256").hexdigest()[:32]


def tried(request: HttpRequest, email: str) -> ratelimit.RateLimitUsage | None:
    """Count a password that is tried for an account, before it is looked at; nothing where it may
    not be. What was right is taken back.
    """
    browser, whose = browser_of(request), _hash(email)
    address = ratelimit.get_ip(request)
    if whose in browser.known_for:
        counted = {"known": f"{browser.number} {whose}"}
    else:
        counted = {
            "account_and_address": f"{whose} {address}",
            "account": whose,
            "address": address,
        }
    used: list[ratelimit.SingleRateLimitUsage] = []
    for rate, key in counted.items():
        usage = ratelimit.consume(
            request, app="darkfigure", action=rate, config=RATES, key=key, limit_get=True
        )
        if usage is None:
            return None
        used += usage.usage
    return ratelimit.RateLimitUsage(used)


class KnownBrowsers:
    """Hands a browser in which somebody signed in the cookie that it is known by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        response = self.get_response(request)
        email = getattr(request, "signed_in_as", "")
        if email:
            browser, whose = browser_of(request), _hash(email)
            others = [each for each in browser.known_for if each != whose]
            held = {"number": browser.number, "known_for": [whose, *others][:MOST]}
            response.set_cookie(
                COOKIE,
                signing.dumps(held, salt=_SALT),
                max_age=KNOWN,
                path=PLACE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        return response


def _signed_in(request: HttpRequest | None, user: AbstractBaseUser, **_: Any) -> None:
    if request is not None:
        request.signed_in_as = str(getattr(user, "email", ""))  # type: ignore[attr-defined]


def _set_anew(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """Whoever set a password anew, by a code that was mailed, begins anew where they are."""
    whose = _hash(str(getattr(user, "email", "")))
    for rate, key in (
        ("account_and_address", f"{whose} {ratelimit.get_ip(request)}"),
        ("account", whose),
    ):
        ratelimit.clear(request, app="darkfigure", action=rate, config=RATES, key=key)


user_logged_in.connect(_signed_in, dispatch_uid="darkfigure known browser")
password_reset.connect(_set_anew, dispatch_uid="darkfigure known browser")
