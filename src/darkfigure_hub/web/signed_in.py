"""Who reads a page: their account, what they act as, and the scope that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import for_public
from darkfigure_hub.access.acting import Acting, let_in
from darkfigure_hub.access.department import department
from darkfigure_hub.web.signing_in import PROVED


def is_proved(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session, or a passkey; or at the department, where
    that is believed.
    """
    records = get_authentication_records(request, request.user)
    return PROVED in request.session or any(
        each["method"] == "mfa" or each.get("second_factor") for each in records
    )


class ActingMiddleware:
    """Puts on each request of somebody who signed in what they act as: `request.acting`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        request.acting = _acting(request) if request.session.session_key else None  # type: ignore[attr-defined]
        return self.get_response(request)


def _acting(request: HttpRequest) -> Acting | None:
    """What they act as: what they chose, else the one thing they are appointed to."""
    if not (request.user.is_authenticated and is_proved(request)):
        return None
    return let_in(request.session, request.user.pk, request.headers.get("User-Agent", ""))


def scope_of(request: HttpRequest, purpose: str) -> Scope:
    """The scope of who reads: what they act as, else the public's."""
    acting: Acting | None = getattr(request, "acting", None)
    return acting.scope(purpose) if acting else for_public(purpose)


def reader_of(request: HttpRequest, purpose: str) -> Scope:
    """The scope of who reads a page that is there for anybody: of who may not ask for figures in
    what they act as, the public's. Nobody is shown less for having signed in.
    """
    scope = scope_of(request, purpose)
    return scope if scope.may(Permission.READ_FIGURES) else for_public(purpose)


def who(request: HttpRequest) -> dict[str, Any]:
    """What every page says of who reads it."""
    return {"acting": getattr(request, "acting", None), "department": department}
