"""Pages of who works here: whom to invite, whose role waits for approval, who leaves."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access.acting import title_of
from darkfigure_hub.access.roles import APPOINTED, BOUND
from darkfigure_hub.flows.appoint import (
    Code,
    Proposal,
    agencies_there,
    approve_appointment,
    code_anew,
    disable_account,
    end_appointment,
    propose_appointment,
    unbind_account,
)
from darkfigure_hub.flows.show_people import (
    HeldAccount,
    HeldAppointment,
    show_people,
    show_person_of_staff,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.signed_in import scope_of
from darkfigure_hub.web.work import waiting

PURPOSE = "who works here"
MARKINGS = ("PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE")


class Inviting(forms.Form):
    """Whom to invite, and to what."""

    email = forms.EmailField(label="E-mail address")
    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="Of somebody who works here; not needed for who has an account",
        required=False,
    )
    agency = forms.ChoiceField(label="Agency")
    role = forms.ChoiceField(label="Role")
    marking = forms.ChoiceField(
        label="Sees up to", choices=[(each, each) for each in MARKINGS], initial="OFFICIAL"
    )

    def __init__(self, *args: object, bound_to: str | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        agencies = codes_for("agency")
        codes = [bound_to] if bound_to else agencies_there(timezone.localdate())
        self.fields["agency"].choices = [(code, agencies.label(code)) for code in codes]  # type: ignore[attr-defined]
        roles = [role for role in APPOINTED if not bound_to or role in BOUND]
        self.fields["role"].choices = [(str(role), role.called) for role in roles]  # type: ignore[attr-defined]


class Reason(forms.Form):
    """Why something is ended."""

    why = forms.CharField(label="Why", max_length=500, help_text="It stands with the account")


class Nothing(forms.Form):
    """A deed that needs no more said."""


@desk
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and what waits for approval."""
    scope = scope_of(request, PURPOSE)
    found = show_people(scope)
    context = {
        "title": "Who works here",
        "people": [(each, [title_of(role) for role in _standing(each)]) for each in found],
        "waiting": [(each, held, title_of(held)) for each, held in waiting(found)],
        "own": scope.who,
    }
    return render(request, "desk/people.html", context)


def _standing(person: HeldAccount) -> list[HeldAppointment]:
    return [each for each in person.appointments if each.state == "held"]


@desk
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One of them, with every role they had."""
    scope = scope_of(request, PURPOSE)
    found = show_person_of_staff(scope, number)
    roles = [(each, title_of(each)) for each in found.appointments]
    context = {"title": found.name, "person": found, "roles": roles, "own": scope.who}
    return render(request, "desk/person.html", context)


@deed
def invite(request: HttpRequest) -> HttpResponse:
    """Propose a role for somebody."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPOINT)
    form = Inviting(request.POST or None, bound_to=scope.agency if scope.bound else None)
    return deed_page(
        request,
        form,
        lambda: propose_appointment(scope, Proposal(**form.cleaned_data)),
        title="Invite somebody, or give a role",
        button="Propose",
        back="desk_people",
    )


@deed
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a role that another proposed; the code is told once."""
    return _with_code(request, "Approve this role?", "Approve", number, approve_appointment)


@deed
def code(request: HttpRequest, number: int) -> HttpResponse:
    """Another code for who has not joined yet."""
    return _with_code(request, "Give another code?", "Give another code", number, code_anew)


def _with_code(
    request: HttpRequest, title: str, button: str, number: int, do: object
) -> HttpResponse:
    only_with(scope_of(request, PURPOSE), Permission.APPROVE_APPOINTMENT)
    prove(request)
    form = Nothing(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = tried(form, lambda: (do(scope_of(request, PURPOSE), number),))  # type: ignore[operator]
        if done and isinstance(done[0], Code):
            return render(request, "desk/code.html", {"title": "The code", "code": done[0]})
        if done:
            return redirect("desk_people")
    return form_page(request, title, form, button, back="desk_people")


@deed
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a role."""
    return _for_a_reason(request, "End this role", number, end_appointment)


@deed
def disable(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody leaves."""
    return _for_a_reason(request, "Disable this account", number, disable_account)


@deed
def unbind(request: HttpRequest, number: int) -> HttpResponse:
    """Undo that somebody signs in by a department."""
    only_with(scope_of(request, PURPOSE), Permission.END_APPOINTMENT)
    prove(request)
    return deed_page(
        request,
        Nothing(request.POST if request.method == "POST" else None),
        lambda: unbind_account(scope_of(request, PURPOSE), number),
        title="Undo signing in by the department?",
        button="Undo it",
        back="desk_people",
        grave=True,
    )


def _for_a_reason(
    request: HttpRequest, title: str, number: int, do: Callable[[Scope, int, str], None]
) -> HttpResponse:
    only_with(scope_of(request, PURPOSE), Permission.END_APPOINTMENT)
    prove(request)
    form = Reason(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: do(scope_of(request, PURPOSE), number, form.cleaned_data["why"]),
        title=title,
        button=title,
        back="desk_people",
        grave=True,
    )
