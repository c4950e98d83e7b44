"""Signing in by a department's own, by OpenID Connect: who leaves for it comes back with a code, by
which the department is asked who they are. What it hands over is checked, read and let go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from time import time
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from authlib.integrations.django_client import DjangoOAuth2App, OAuth, OAuthError
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError
from requests import RequestException

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.access import for_public
from darkfigure_hub.access.department import Department, department
from darkfigure_hub.flows.sign_in_by_department import NOT_LET_IN, Said, sign_in_by_department
from darkfigure_hub.web.desk_pages import answered
from darkfigure_hub.web.errors import refused
from darkfigure_hub.web.signing_in import DEPARTMENT

AWAY = "Your department's sign-in cannot be reached just now. Try again in a minute."
#: How statements about a person may be signed: by a key whose other half the provider publishes.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
#: Seconds within which a proof that was asked for is given, clocks that differ included.
JUST_NOW, PATIENCE = 300, 5.0
_ASKED, _NEXT = "department_asked", "department_next"


@cache
def _client(by: Department) -> DjangoOAuth2App:
    """What speaks to the provider: with PKCE, state and nonce, and its configuration kept."""
    sealed = {"scope": "openid email", "code_challenge_method": "S256", "default_timeout": PATIENCE}
    return OAuth().register(
        DEPARTMENT,
        server_metadata_url=f"{by.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=by.client,
        client_secret=by.secret,
        client_kwargs=sealed,
    )


def _known(by: Department) -> DjangoOAuth2App:
    """The same, once the provider has said where it is asked and how it signs. Raises OAuthError
    where it says that it is another.
    """
    client = _client(by)
    told = client.load_server_metadata()
    if told.get("issuer") != by.issuer:
        raise OAuthError(description="the configuration is of another issuer")
    signs = told.get("id_token_signing_alg_values_supported", ["RS256"])
    told["id_token_signing_alg_values_supported"] = [each for each in signs if each in SIGNED_BY]
    return client


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Go to the department; who has signed in, to prove once more who they are."""
    return answered(_asked(_leave), request)


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the department: signed in, or refused with the one page there is for it."""
    return answered(_asked(_come_back), request)


def _asked(
    view: Callable[[HttpRequest, Department], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that asks the department, and says where that cannot be reached."""

    def asking(request: HttpRequest) -> HttpResponse:
        by = department()
        if by is None:
            raise Http404
        if not ratelimit.consume(request, action="login"):
            return cast("HttpResponse", ratelimit.respond_429(request))
        try:
            return view(request, by)
        except RequestException:
            return refused(request, AWAY, status=503)
        except (OAuthError, JoseError, DarkfigureError, ValueError, KeyError):
            return refused(request, NOT_LET_IN, status=403)

    return asking


def _leave(request: HttpRequest, by: Department) -> HttpResponse:
    back = request.GET.get("next", "")
    local = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    request.session[_NEXT] = back if local else ""
    more: dict[str, object] = {}
    request.session.pop(_ASKED, None)
    if request.user.is_authenticated:
        request.session[_ASKED] = time()
        more = {"prompt": "login", "max_age": 0}
    to = request.build_absolute_uri(reverse("department_back"))
    return cast("HttpResponse", _known(by).authorize_redirect(request, to, **more))


def _come_back(request: HttpRequest, by: Department) -> HttpResponse:
    back, asked = request.session.pop(_NEXT, ""), request.session.pop(_ASKED, None)
    told = _told(_known(by), request, by)
    if asked is not None and not _proved(told, asked):
        raise OAuthError(description="it was not proved anew")
    found = sign_in_by_department(
        for_public("signing in"),
        by,
        Said(
            str(told["iss"]),
            str(told["sub"]),
            str(told.get("email", "")),
            told.get("email_verified") is True,
        ),
    )
    account = found.account
    if request.user.is_authenticated and request.user.pk != account.pk:
        logout(request)
    proved = found.bound_now or (asked is not None and request.user.is_authenticated)
    factor = bool(by.second_factor & _factors(told))
    record_authentication(
        request, account, DEPARTMENT, reauthenticated=proved or None, second_factor=factor or None
    )
    if request.user.is_authenticated:
        return redirect(back or "desk")
    if factor:
        login(request, account, "allauth.account.auth_backends.AuthenticationBackend")
        return redirect(back or "desk")
    going = Login(user=account, redirect_url=back or reverse("desk"))
    return cast("HttpResponse", perform_login(request, going))


def _told(client: DjangoOAuth2App, request: HttpRequest, by: Department) -> dict[str, Any]:
    """What the provider says of who came back, its seal, issuer, audience, time and nonce checked;
    the address from where else it tells it.
    """
    token = client.authorize_access_token(
        request, claims_options={"iss": {"essential": True, "values": [by.issuer]}}
    )
    told = dict(token["userinfo"])
    if "email" not in told and client.server_metadata.get("userinfo_endpoint"):
        more = client.userinfo(token=token)
        if more.get("sub") == told["sub"]:
            told = {**more, **told}
    return told


def _proved(told: dict[str, Any], asked: float) -> bool:
    """Whether it was proved since it was asked for."""
    return asked - JUST_NOW < float(told.get("auth_time", 0)) and time() - asked < JUST_NOW


def _factors(told: dict[str, Any]) -> set[str]:
    """What the provider says of how it was proved."""
    given = told.get("amr") or []
    return {str(each) for each in ([given] if isinstance(given, str) else given)} | {
        str(told.get("acr", ""))
    }
