"""Who asks the interface for programs: a program by its token, so often and no more; or anybody."""

from __future__ import annotations

import threading
import time
from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from darkfigure.basis.marking import Scope
from darkfigure_hub.access import for_public
from darkfigure_hub.access.programs import let_in
from darkfigure_hub.flows.open_repository import open_repository

PURPOSE = "api"
#: Requests that a token may make at once, and how many more each second.
BURST, EACH_SECOND = 120, 2.0


class Unauthorised(Exception):
    """No token, or one that lets nobody in."""


class TooOften(Exception):
    """More requests than a token may make; the seconds until the next."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


class Rates:
    """How many requests each token may still make: a bucket that fills by the second. Kept in
    memory, as one process serves; a process that starts anew begins with full ones.
    """

    def __init__(self, burst: int = BURST, each_second: float = EACH_SECOND) -> None:
        self._burst, self._each_second = burst, each_second
        self._held: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, who: str, now: float) -> None:
        """Take one. Raises TooOften where none is left."""
        with self._lock:
            left, at = self._held.get(who, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._each_second)
            if left < 1:
                self._held[who] = (left, now)
                raise TooOften(int((1 - left) / self._each_second) + 1)
            self._held[who] = (left - 1, now)


RATES = Rates()


class Bearer(HttpBearer):
    """A token in the header Authorization."""

    def __call__(self, request: HttpRequest) -> Scope:
        """The scope of the program. Raises Unauthorised, TooOften."""
        scope = super().__call__(request)
        if scope is None:
            raise Unauthorised
        return cast(Scope, scope)

    def authenticate(self, request: HttpRequest, token: str) -> Scope | None:  # noqa: ARG002
        """The scope of the program of a token, if it is one."""
        open_repository()
        scope = let_in(token.strip(), PURPOSE)
        if scope is not None:
            RATES.take(scope.who, time.monotonic())
        return scope


BEARER = Bearer()


def reader(request: HttpRequest) -> Scope:
    """Who reads: the program of a token where one is given, else anybody. Raises Unauthorised,
    TooOften.
    """
    if "Authorization" in request.headers:
        return BEARER(request)
    open_repository()
    return for_public(PURPOSE)


def scope_of(request: HttpRequest) -> Scope:
    """The scope of a program that was let in."""
    return cast(Scope, request.auth)  # type: ignore[attr-defined]
