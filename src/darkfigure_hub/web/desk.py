"""The desk: what waits for who signed in, as what they act, their sessions, the policy; and how
they join.
"""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from darkfigure_hub.access import for_public
from darkfigure_hub.access.acting import title_of
from darkfigure_hub.access.roles import Role, rules
from darkfigure_hub.flows.join import join as joined
from darkfigure_hub.flows.own_sessions import choose_acting, end_own_session, own_sessions
from darkfigure_hub.web.desk_pages import answered, deed, desk, form_page, tried
from darkfigure_hub.web.work import waiting_for


class Joining(forms.Form):
    """What who was invited fills in."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput({"autocomplete": "username"})
    )
    code = forms.CharField(
        label="Code", max_length=40, help_text="As you were handed it, such as ABCD-EFGH-JKMN-PQRS"
    )
    password = forms.CharField(
        label="A password of your own",
        help_text="12 signs or more. Three words that have nothing to do with one another will do.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Set a password by the code of an invitation, then a second factor."""
    return answered(_join, request)


def _join(request: HttpRequest) -> HttpResponse:
    form = Joining(request.POST or None)
    if request.method == "POST":
        told = form.data.get("email", "").strip().lower()[:254]
        if not ratelimit.consume(request, action="login_failed", key=told):
            return cast("HttpResponse", ratelimit.respond_429(request))
        account = tried(
            form,
            lambda: joined(
                for_public("joining"),
                form.cleaned_data["email"],
                form.cleaned_data["code"],
                form.cleaned_data["password"],
            ),
        )
        if account is not None:
            login(request, account, "allauth.account.auth_backends.AuthenticationBackend")
            record_authentication(request, account, method="password", reauthenticated=True)
            return redirect("mfa_index")
    return form_page(request, "Join by invitation", form, "Join")


@desk
def home(request: HttpRequest) -> HttpResponse:
    """What waits for who acts as this."""
    acting = request.acting  # type: ignore[attr-defined]
    if acting.appointment is None and acting.others:
        return redirect("desk_acting")
    return render(
        request,
        "desk/home.html",
        {"title": "Your desk", "waiting": waiting_for(acting)},
    )


@deed
def acting(request: HttpRequest) -> HttpResponse:
    """Choose what to act as: one role for one agency at a time."""
    held = request.acting  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = choose_acting(held.scope("sign in"), held.account, request.POST.get("number", ""))
        request.session["acting"] = chosen
        request.session.pop("purpose", None)  # another role reads for another purpose
        return redirect("desk")
    roles = [(each.number, title_of(each)) for each in held.others]
    return render(
        request,
        "desk/acting.html",
        {"title": "What you act as", "roles": roles, "now": held.number},
    )


@deed
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions that one has open; end those that are not one's own."""
    held = request.acting  # type: ignore[attr-defined]
    if request.method == "POST":
        end_own_session(held.scope("sign in"), held.account, request.POST.get("key", ""))
        return redirect("desk_sessions")
    found, this = own_sessions(held.scope("sign in"), held.account, request.session.session_key)
    return render(
        request,
        "desk/sessions.html",
        {"title": "Where you are signed in", "sessions": found, "this": this},
    )


@desk
def policy(request: HttpRequest) -> HttpResponse:
    """The policy: which role may do what."""
    of = {role: [each for each in rules() if each.role == role] for role in Role}
    tables = [(role.called, held) for role, held in of.items() if held]
    return render(request, "desk/policy.html", {"title": "Who may do what", "tables": tables})
