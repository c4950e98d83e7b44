"""Pages of the tokens by which programs of an agency report: made, told once, revoked."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.appoint import agencies_there, marking_named
from darkfigure_hub.flows.programs import (
    LONGEST,
    NewToken,
    Wanted,
    make_token,
    revoke_token,
    show_token,
    show_tokens,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.people import MARKINGS, Reason
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "programs"
#: What a token may be granted, in words.
GRANTED = {
    "returns": "Send returns: figures and case records",
    "reports": "Send intelligence reports",
    "replies": "See asks and reply to them",
    "figures": "Read figures, as published and your agency's own",
    "release": "Release what somebody else drafted",
}


class Making(forms.Form):
    """What a token is to be."""

    agency = forms.ChoiceField(label="Agency")
    called = forms.CharField(
        label="What it is for", max_length=60, help_text="A system, as case system; not a name"
    )
    marking = forms.ChoiceField(
        label="Sees and sends up to",
        choices=[(each, each) for each in MARKINGS],
        initial="OFFICIAL",
    )
    until = forms.DateField(
        label="Last day",
        help_text="Within a year, as 2027-03-31",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, bound_to: str | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        agencies = codes_for("agency")
        codes = [bound_to] if bound_to else agencies_there(timezone.localdate())
        self.fields["agency"].choices = [(code, agencies.label(code)) for code in codes]  # type: ignore[attr-defined]
        self.fields["until"].initial = _in_a_while(timezone.localdate())
        for grant, words in GRANTED.items():
            self.fields[grant] = forms.BooleanField(label=words, required=False)

    def wanted(self) -> Wanted:
        """What was filled in."""
        given = self.cleaned_data
        return Wanted(
            given["agency"],
            given["called"],
            [grant for grant in GRANTED if given[grant]],
            marking_named(given["marking"]),
            given["until"],
        )


def _in_a_while(today: date) -> date:
    return today + LONGEST - timedelta(days=1)


@desk
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token, with what it may do and when it was used."""
    scope = scope_of(request, PURPOSE)
    found = show_tokens(scope)
    names = names_of([name for each in found for name in (each.made_by, each.revoked_by)])
    agencies = codes_for("agency")
    context = {
        "title": "Programs that report, and their tokens",
        "tokens": [
            {
                "held": each,
                "agency": agencies.label(each.agency),
                "grants": [GRANTED[grant] for grant in each.grants],
                "marking": Marking(each.marking).name.replace("_", "-"),
                "made_by": names[each.made_by],
                "revoked_by": names[each.revoked_by],
            }
            for each in found
        ],
        "makes": scope.may(Permission.MAKE_TOKEN),
        "revokes": scope.may(Permission.REVOKE_TOKEN),
    }
    return render(request, "desk/tokens.html", context)


@deed
def make(request: HttpRequest) -> HttpResponse:
    """Make a token: it is shown once, in the answer to the form that makes it."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.MAKE_TOKEN)
    prove(request)
    form = Making(request.POST or None, bound_to=scope.agency if scope.bound else None)
    if request.method == "POST":
        made = tried(form, lambda: make_token(scope, form.wanted()))
        if isinstance(made, NewToken):
            return render(request, "desk/token.html", {"title": "The token", "token": made})
    return form_page(request, "A token for a program", form, "Make it", back="desk_tokens")


@deed
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a token."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.REVOKE_TOKEN)
    held = show_token(scope, number)
    prove(request)
    form = Reason(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: revoke_token(scope, number, form.cleaned_data["why"]),
        title=f"Revoke {held.name}, {held.called}",
        button="Revoke it",
        back="desk_tokens",
        grave=True,
    )
