"""Pages of agencies that end: merged, split, closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.appoint import agencies_there
from darkfigure_hub.flows.change_agencies import (
    close_agency,
    merge_agencies,
    show_changes,
    split_agency,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "agencies"


class Ending(forms.Form):
    """How an agency ends."""

    kind = forms.ChoiceField(
        label="How it ends",
        choices=[
            ("merge", "It goes over into another"),
            ("split", "It is divided"),
            ("close", "It closes"),
        ],
        widget=forms.RadioSelect,
    )
    agency = forms.ChoiceField(label="Agency")
    keeper = forms.ChoiceField(
        label="Who keeps its people, tokens, asks and drafts",
        required=False,
        help_text="The one that it goes over into, or one of those that it is divided into",
    )
    others = forms.MultipleChoiceField(
        label="Where it is divided: the others", required=False, widget=forms.SelectMultiple
    )
    on = day_field("From")
    why = forms.CharField(label="Why", max_length=400, help_text="The law, or the decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = codes_for("agency")
        there = [(each, agencies.label(each)) for each in agencies_there(timezone.localdate())]
        for name, first in (("agency", []), ("keeper", [("", "Nobody")]), ("others", [])):
            self.fields[name].choices = [*first, *there]  # type: ignore[attr-defined]


@desk
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies that ended here, and into which others."""
    scope = scope_of(request, PURPOSE)
    found, label = show_changes(scope), codes_for("agency").label
    names = names_of(each.changed_by for each in found)
    context = {
        "title": "Agencies that ended",
        "changes": [
            (each, label(each.agency), [*map(label, each.into)], names[each.changed_by])
            for each in found
        ],
    }
    return render(request, "desk/agencies.html", context)


@deed
def ending(request: HttpRequest) -> HttpResponse:
    """End an agency."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.CHANGE_AGENCY)
    prove(request)
    form = Ending(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: _end(scope, form.cleaned_data),
        title="End an agency",
        button="End an agency",
        back="desk_agencies",
        grave=True,
    )


def _end(scope: Scope, given: dict[str, Any]) -> dict[str, Any]:
    agency, keeper, why = given["agency"], given["keeper"], given["why"]
    on: date = given["on"] or timezone.localdate()
    if given["kind"] == "merge":
        return merge_agencies(scope, [agency], keeper, on, why)
    if given["kind"] == "split":
        return split_agency(scope, agency, [keeper, *given["others"]], keeper, on, why)
    return close_agency(scope, agency, on, why)
