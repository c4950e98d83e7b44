"""Who asks the interface for programs: a program by its token, so often and no more; or anybody."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from darkfigure.basis.marking import Scope
from darkfigure_hub.access import for_public
from darkfigure_hub.access.programs import let_in, seconds_to_wait
from darkfigure_hub.flows.open_repository import open_repository

PURPOSE = "api"


class Unauthorised(Exception):
    """No token, or one that lets nobody in."""


class TooOften(Exception):
    """More requests than a token may make; the seconds until the next."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


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
        if scope is not None and (seconds := seconds_to_wait(scope.who)):
            raise TooOften(seconds)
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
