"""Pages of the auditor: who did what, whether the log holds, why somebody sees a thing or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import names_of, title_of
from darkfigure_hub.access.roles import purposes
from darkfigure_hub.flows.explain_sight import SEEN_BY, explain_sight
from darkfigure_hub.flows.read_log import THINGS, Sought, read_log
from darkfigure_hub.flows.show_people import show_people
from darkfigure_hub.web.desk_pages import desk, only_with, tried
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.signed_in import scope_of

#: Entries of the log on one page.
ENTRIES = 100
PURPOSE = "audit"


class Seeking(forms.Form):
    """Which entries of the log are wanted."""

    who = forms.CharField(
        label="By whom",
        max_length=100,
        required=False,
        help_text="Part of a name; or operator, public, account:3",
    )
    action = forms.CharField(
        label="What", max_length=40, required=False, help_text="Such as: released, or shown"
    )
    purpose = forms.CharField(label="What for", max_length=100, required=False)
    stated = forms.ChoiceField(
        label="Purpose stated",
        choices=[("", "any, or none"), *((each.code, each.words) for each in purposes().values())],
        required=False,
    )
    touching = forms.CharField(
        label="With what",
        max_length=100,
        required=False,
        help_text=f"A record, or one of {', '.join(THINGS)} and its number, such as: response 12",
    )
    since = day_field("From")
    until = day_field("Up to")
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    check = forms.BooleanField(label="Check whether the whole log holds", required=False)


@desk
def log(request: HttpRequest) -> HttpResponse:
    """Entries of the log, the latest first; and on request whether the whole of it holds."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_LOG)
    form = Seeking(request.GET)
    context: dict[str, Any] = {"title": "Who did what", "form": form, "entries": []}
    if form.is_valid():
        context |= _found(scope, dict(form.cleaned_data))
    return render(request, "desk/log.html", context, status=400 if form.errors else 200)


def _found(scope: Scope, given: dict[str, Any]) -> dict[str, Any]:
    check = given.pop("check")
    sought = Sought(**{**given, "who": _accounts(scope, given["who"])})
    found = read_log(scope, ENTRIES, sought, check=check)
    names = names_of([each.who for each in found.entries])
    older = {name: _plain(value) for name, value in given.items() if value}
    if found.more:
        older["before"] = str(found.entries[-1].id)
    return {
        "checked": found.checked,
        "entries": [(each, names[each.who], _detail(each.detail)) for each in found.entries],
        "older": urlencode(older) if found.more else "",
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _accounts(scope: Scope, text: str) -> tuple[str, ...]:
    """How the log names those of whose names a text is part; else as it stands there."""
    if not text:
        return ()
    found = [
        f"account:{each.number}"
        for each in show_people(scope)
        if text.casefold() in each.name.casefold()
    ]
    return tuple(found) or (text,)


def _detail(detail: Any) -> str:
    return "; ".join(f"{name}: {value}" for name, value in dict(detail).items())


class AskingSight(forms.Form):
    """Whose sight of what is asked about."""

    account = forms.ChoiceField(label="Who")
    kind = forms.ChoiceField(label="Sees which", choices=[(each, each) for each in SEEN_BY])
    number = forms.IntegerField(label="Number", min_value=1)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = list(people)  # type: ignore[attr-defined]


@desk
def sight(request: HttpRequest) -> HttpResponse:
    """Why somebody sees a thing or not, rule by rule."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_LOG)
    people = [(str(each.number), f"{each.name}, {each.email}") for each in show_people(scope)]
    form = AskingSight(request.GET or None, people=people)
    context: dict[str, Any] = {"title": "Why somebody sees something, or not", "form": form}
    given = form.cleaned_data if form.is_valid() else {}
    found = tried(
        form,
        lambda: explain_sight(scope, int(given["account"]), given["kind"], given["number"]),
    )
    if found:
        person, sights = found
        context |= {
            "about": f"{person.name} and {given['kind']} {given['number']}",
            "sights": [(each, title_of(each.appointment)) for each in sights],
        }
    return render(request, "desk/sight.html", context, status=400 if form.errors else 200)
