"""Pages of need to know: the purpose that one states, compartments and who is in them, what was
opened though it was hidden.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import url_has_allowed_host_and_scheme

from darkfigure.basis.errors import NotPermitted
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.break_glass import (
    KINDS,
    SHORTEST,
    HeldGlass,
    break_glass,
    close_glass,
    show_broken,
    show_opened,
    show_own_compartments_broken,
)
from darkfigure_hub.flows.compartments import (
    Place,
    approve_place,
    close_compartment,
    end_place,
    name_compartment,
    propose_place,
    show_compartments,
)
from darkfigure_hub.flows.own_sessions import purposes_there, state_purpose
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.people import Nothing, Reason
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "need to know"


class Stating(forms.Form):
    """What records and names are read for."""

    purpose = forms.ChoiceField(
        label="What for",
        required=False,
        help_text="It stands with everything you do until you state another or sign out",
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [(each.code, each.words) for each in purposes_there(scope)]
        self.fields["purpose"].choices = [("", "Nothing: I read none"), *there]  # type: ignore[attr-defined]


@deed
def purpose(request: HttpRequest) -> HttpResponse:
    """State what one reads records and names for, and go on where one was."""
    scope = scope_of(request, PURPOSE)
    form = Stating(request.POST or None, scope=scope, initial={"purpose": scope.stated})
    if request.method == "POST" and form.is_valid():
        request.session["purpose"] = state_purpose(scope, form.cleaned_data["purpose"])
        back = request.GET.get("next", "")
        local = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if local else "desk")
    title = "What do you read records and names for?"
    return form_page(request, title, form, "State it", back="desk")


class Naming(forms.Form):
    """A compartment to be named."""

    called = forms.CharField(
        label="What it is called",
        max_length=80,
        help_text="Who is not in it is not told. No name of a person",
    )
    owner = forms.EmailField(
        label="Owner",
        required=False,
        help_text="The address of who is told where its wall is broken",
    )


class Letting(forms.Form):
    """Whom to let into a compartment, and for how long."""

    email = forms.EmailField(label="E-mail address")
    valid_from = day_field("From")
    valid_to = day_field("Up to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in ("valid_from", "valid_to"):
            self.fields[each].required = True


@desk
def compartments(request: HttpRequest) -> HttpResponse:
    """Every compartment, who is in it and who waits for approval."""
    scope = scope_of(request, PURPOSE)
    found, names = show_compartments(scope)
    context = {
        "title": "Compartments",
        "compartments": [
            (
                held,
                names.get(held.owner or 0, ""),
                [(each, names[each.account]) for each in held.grants],
            )
            for held in found
        ],
        "own": scope.who,
        "own_number": int(scope.who.partition(":")[2]),
    }
    return render(request, "desk/compartments.html", context)


@deed
def naming(request: HttpRequest) -> HttpResponse:
    """Name a compartment."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.NAME_COMPARTMENT)
    form = Naming(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: name_compartment(scope, **form.cleaned_data),
        title="Name a compartment",
        button="Name it",
        back="desk_compartments",
    )


@deed
def letting(request: HttpRequest, number: int) -> HttpResponse:
    """Propose that somebody be in a compartment."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.GRANT_COMPARTMENT)
    form = Letting(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: propose_place(scope, Place(number, **form.cleaned_data)),
        title=f"Let somebody into COMPARTMENT-{number}",
        button="Propose",
        back="desk_compartments",
    )


@deed
def approving(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a place in a compartment that another proposed."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.GRANT_COMPARTMENT)
    prove(request)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: approve_place(scope, number),
        title="Approve this place?",
        button="Approve",
        back="desk_compartments",
    )


@deed
def ending(request: HttpRequest, number: int) -> HttpResponse:
    """End somebody's place in a compartment."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.GRANT_COMPARTMENT)
    form = Reason(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: end_place(scope, number, form.cleaned_data["why"]),
        title="End this place",
        button="End this place",
        back="desk_compartments",
        grave=True,
    )


@deed
def closing(request: HttpRequest, number: int) -> HttpResponse:
    """Close a compartment: nobody is in it any more."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.NAME_COMPARTMENT)
    prove(request)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: close_compartment(scope, number),
        title=f"Close COMPARTMENT-{number}: what is in it stays hidden",
        button="Close it",
        back="desk_compartments",
        grave=True,
    )


class Breaking(forms.Form):
    """What is to be opened, and why."""

    kind = forms.ChoiceField(label="What", choices=list(KINDS.items()))
    named = forms.CharField(label="Which", max_length=120)
    why = forms.CharField(
        label="Why",
        max_length=1000,
        min_length=SHORTEST,
        widget=forms.Textarea({"rows": 4}),
        help_text="Without a name. The auditor, and who owns the compartment, read it at once",
    )


@deed
def breaking(request: HttpRequest) -> HttpResponse:
    """Open one thing that is hidden, for an hour."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.BREAK_GLASS)
    prove(request)
    form = Breaking(request.POST or None)
    if request.method == "POST":
        number = tried(form, lambda: break_glass(scope, **form.cleaned_data))
        if number:
            return redirect("desk_opened", number)
    title = "Open what is hidden from you, for an hour"
    return form_page(request, title, form, "Open it", back="desk_glass", grave=True)


@deed
def opened(request: HttpRequest, number: int) -> HttpResponse:
    """What one opened; close it again."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.BREAK_GLASS)
    if request.method == "POST":
        close_glass(scope, number)
        return redirect("desk_glass")
    held, rows = show_opened(scope, number)
    context = {"title": f"{held.name}: a {held.kind} that was hidden", "held": held, "rows": rows}
    return render(request, "desk/opened.html", context)


def _seen(scope: Scope) -> list[HeldGlass]:
    """What one is told was opened: the auditor of all, others of their own and of what they own."""
    if scope.may(Permission.READ_LOG):
        return show_broken(scope)
    found = show_own_compartments_broken(scope)
    if not found and not scope.may(Permission.BREAK_GLASS):
        raise NotPermitted(Permission.BREAK_GLASS.refusal(scope.who))
    return found


@desk
def glass(request: HttpRequest) -> HttpResponse:
    """What was opened though it was hidden."""
    scope = scope_of(request, PURPOSE)
    found = _seen(scope)
    names = names_of(f"account:{each.account}" for each in found)
    context = {
        "title": "Opened though it was hidden",
        "glasses": [(each, names[f"account:{each.account}"]) for each in found],
        "own": scope.who,
        "breaks": scope.may(Permission.BREAK_GLASS),
    }
    return render(request, "desk/glass.html", context)


@desk
def glass_feed(request: HttpRequest) -> HttpResponse:
    """The same as an Atom feed, for a reader that looks every minute: what and why are read on the
    page.
    """
    found = _seen(scope_of(request, PURPOSE))
    address = request.build_absolute_uri(reverse("desk_glass"))
    feed = Atom1Feed(
        title="Opened though it was hidden",
        link=address,
        description="",
        feed_url=request.build_absolute_uri(),
    )
    for each in found:
        feed.add_item(
            title=f"{each.name}: a {each.kind}, by account {each.account}",
            link=address,
            description=f"Until {each.until:%-d %B %Y, %H:%M}.",
            unique_id=f"{address}#{each.name}",
            updateddate=each.broken_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
