"""Pages of what is reviewed, kept for a reason, and disposed of by two persons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows import dispose
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "disposal"


class Thing(forms.Form):
    """A thing, and why something is done with it."""

    kind = forms.ChoiceField(label="What it is", choices=list(dispose.KINDS.items()))
    number = forms.CharField(
        label="Its number", max_length=80, help_text="Of a person, a pseudonym of theirs"
    )
    why = forms.CharField(
        label="Why", min_length=10, max_length=400, help_text="Without a name of anybody"
    )


class Holding(Thing):
    """A thing that is kept."""

    ground = forms.ChoiceField(label="On which ground", choices=list(dispose.GROUNDS.items()))
    until = day_field("Until", "Needed where it is retained; else it may stay open")


class Ending(forms.Form):
    """Why a hold ends."""

    why = forms.CharField(label="Why", min_length=10, max_length=400)


@desk
def review(request: HttpRequest) -> HttpResponse:
    """What is due for review, what is held, proposals and what was carried out."""
    scope = scope_of(request, PURPOSE)
    found = dispose.show_review(scope, timezone.localdate())
    people = names_of(
        who
        for who in (
            *(each.proposed_by for each in found.disposals),
            *(each.carried_out_by for each in found.disposals),
            *(each.held_by for each in found.holds),
        )
        if who
    )
    context = {
        "title": "Review and disposal",
        "found": found,
        "disposals": [
            (each, people.get(each.proposed_by, ""), people.get(each.carried_out_by, ""))
            for each in found.disposals
        ],
        "holds": [(each, people.get(each.held_by, "")) for each in found.holds],
        "may_carry_out": scope.may(Permission.CARRY_OUT_DISPOSAL),
        "who": scope.who,
    }
    return render(request, "desk/disposal.html", context)


def _first(request: HttpRequest) -> dict[str, Any]:
    """The thing that the page before named."""
    return {"kind": request.GET.get("kind", ""), "number": request.GET.get("number", "")}


def _thing_in(scope: Scope, form: forms.Form) -> tuple[str, int]:
    """The thing that a form speaks of."""
    kind = form.cleaned_data["kind"]
    return kind, dispose.number_of(scope, kind, form.cleaned_data["number"])


@deed
def hold(request: HttpRequest) -> HttpResponse:
    """Keep a thing."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.PROPOSE_DISPOSAL)
    form = Holding(request.POST or None, initial=_first(request))
    names = ("ground", "why", "until")
    return deed_page(
        request,
        form,
        lambda: dispose.hold_thing(
            scope, *_thing_in(scope, form), *(form.cleaned_data[each] for each in names)
        ),
        title="Keep a thing",
        button="Keep it",
        back="desk_disposal",
    )


@deed
def end_hold(request: HttpRequest, number: int) -> HttpResponse:
    """End a hold."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.PROPOSE_DISPOSAL)
    form = Ending(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: dispose.end_hold(scope, number, form.cleaned_data["why"]),
        title=f"End HOLD-{number}",
        button="End it",
        back="desk_disposal",
        grave=True,
    )


@deed
def propose(request: HttpRequest) -> HttpResponse:
    """Propose that a thing be disposed of."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.PROPOSE_DISPOSAL)
    form = Thing(request.POST or None, initial=_first(request))
    return deed_page(
        request,
        form,
        lambda: dispose.propose_disposal(scope, *_thing_in(scope, form), form.cleaned_data["why"]),
        title="Propose that it be disposed of",
        button="Propose it",
        back="desk_disposal",
        then=lambda made: (
            redirect("desk_disposal_drafts", made)
            if form.cleaned_data["kind"] == dispose.PERSON
            else redirect("desk_disposal")
        ),
    )


@desk
def drafts(request: HttpRequest, number: int) -> HttpResponse:
    """Which drafts go with all that is held of a person."""
    scope = scope_of(request, PURPOSE)
    context = {
        "title": f"Drafts that go with DISPOSAL-{number}",
        "said": str(dispose.show_drafts_of(scope, number)),
    }
    return render(request, "desk/disposal_drafts.html", context)


@deed
def carry_out(request: HttpRequest, number: int) -> HttpResponse:
    """Dispose of what another proposed; or withdraw what was proposed."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.CARRY_OUT_DISPOSAL)
    prove(request)
    held = dispose.show_disposal(scope, number)
    form = forms.Form(request.POST if request.method == "POST" else None)
    looked = held.kind == dispose.PERSON and request.method == "GET"
    found = f" {dispose.show_drafts_of(scope, number)}" if looked else ""
    return deed_page(
        request,
        form,
        lambda: dispose.carry_out_disposal(scope, number),
        title=f"Dispose of {held.kind} {held.target}",
        button="Dispose of it",
        back="desk_disposal",
        grave=True,
        lead=f"{held.why} It cannot be undone: what is left is a proof, without content.{found}",
    )


@deed
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a proposal."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.PROPOSE_DISPOSAL)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: dispose.withdraw_disposal(scope, number),
        title=f"Withdraw DISPOSAL-{number}",
        button="Withdraw it",
        back="desk_disposal",
    )
