"""Pages on which the centre looks: links in doubt, items and their grades, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from darkfigure.basis.permission import Permission
from darkfigure.linkage import DecisionKind
from darkfigure.linkage.grave import words_of
from darkfigure.writing import charts
from darkfigure.writing.coverage.coverage_views import SHOWN, coverage_data
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.access.roles import APPOINTED, purposes
from darkfigure_hub.flows.conditions import Condition, condition_said
from darkfigure_hub.flows.decide_link import (
    agree_link,
    decide_link,
    waiting_links,
    withdraw_link,
)
from darkfigure_hub.flows.file_report import regrade_item
from darkfigure_hub.flows.grade_twice import grade_second, show_agreement, waiting_for_second
from darkfigure_hub.flows.measure_coverage import measure_months
from darkfigure_hub.flows.review_links import review_links
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.flows.show_items import show_items, withheld_items
from darkfigure_hub.web.desk_pages import (
    deed,
    deed_page,
    desk,
    form_page,
    only_with,
    prove,
    tried,
)
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.pages import written
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of


class Deciding(forms.Form):
    """What was seen of two records."""

    kind = forms.ChoiceField(
        label="They are",
        choices=[(str(DecisionKind.MERGE), "one person"), (str(DecisionKind.SPLIT), "two persons")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why", max_length=300, help_text="Without a name: it stands with the decision"
    )
    left = forms.CharField(widget=forms.HiddenInput)
    right = forms.CharField(widget=forms.HiddenInput)


class Grading(forms.Form):
    """A grade of an item."""

    grade = forms.CharField(label="Grade", max_length=12, help_text="Such as 2BP, or 1AC/A1/S2")
    reason = forms.CharField(label="Why", max_length=300, help_text="Without a name")
    roles = forms.MultipleChoiceField(
        label="Under handling C: shared with",
        choices=[(str(role), role.called) for role in APPOINTED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="No role: whoever the policy lets read what is conditional",
    )
    purposes = forms.MultipleChoiceField(
        label="For",
        choices=[(each.code, each.words) for each in purposes().values()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None: for any",
    )
    sanitised = forms.BooleanField(label="Sanitised alone", required=False)
    until = day_field("Up to")

    @property
    def condition(self) -> Condition:
        """What the item is shared under."""
        given = self.cleaned_data
        named = (tuple(given["roles"]), (), tuple(given["purposes"]))
        return Condition(*named, given["sanitised"], given["until"])


def _shared(condition: Condition | None) -> str:
    """What an item is shared under, in words; nothing under handling P."""
    return condition_said(condition) if condition else ""


@deed
def links(request: HttpRequest) -> HttpResponse:
    """The pair in most doubt, both records side by side; decide, and the next one comes."""
    scope, today = scope_of(request, "review of links"), timezone.localdate()
    only_with(scope, Permission.DECIDE_LINK)
    form = Deciding(request.POST or None)
    if request.method == "POST":
        done = tried(
            form,
            lambda: decide_link(
                scope,
                DecisionKind(form.cleaned_data["kind"]),
                today,
                left=form.cleaned_data["left"],
                right=form.cleaned_data["right"],
                reason=form.cleaned_data["reason"],
            ),
        )
        if done:
            return redirect("desk_links" if done.waits is None else "desk_links_waiting")
    found = review_links(scope, today, 1)
    context: dict[str, Any] = {"title": "Two records: one person, or two?", "more": found.more}
    if found.pairs:
        (left, right, share), (one, other) = found.pairs[0], found.sides[0]
        if not form.is_bound:
            form = Deciding(initial={"left": left, "right": right})
        fields = [
            (name.replace("_", " "), one.get(name, ""), other.get(name, ""))
            for name in dict.fromkeys([*one, *other])
        ]
        context |= {
            "form": form,
            "left": left,
            "right": right,
            "share": f"{share:.0%}",
            "fields": [(name, a, b, a == b) for name, a, b in fields],
            "why": found.why[0],
        }
    return render(request, "desk/links.html", context, status=400 if form.errors else 200)


@desk
def waiting(request: HttpRequest) -> HttpResponse:
    """Grave decisions on links that wait for another person."""
    scope = scope_of(request, "linkage")
    only_with(scope, Permission.DECIDE_LINK)
    found = waiting_links(scope)
    names = names_of([each.proposed_by for each in found])
    context = {
        "title": "Decisions on links that wait for another person",
        "found": [
            (each, names[each.proposed_by], [words_of(rule) for rule in each.grave])
            for each in found
        ],
        "who": scope.who,
    }
    return render(request, "desk/links_waiting.html", context)


@deed
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Agree with a grave decision that another proposed."""
    scope = scope_of(request, "linkage")
    only_with(scope, Permission.DECIDE_LINK)
    prove(request)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: agree_link(scope, number, timezone.localdate()),
        title=f"Agree with PROPOSAL-{number}",
        button="Agree",
        back="desk_links_waiting",
        lead="It is made under the name of who proposed it, yours beside it, and can be undone.",
    )


@deed
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Do not go on with a grave decision that waits."""
    scope = scope_of(request, "linkage")
    only_with(scope, Permission.DECIDE_LINK)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: withdraw_link(scope, number),
        title=f"Do not go on with PROPOSAL-{number}",
        button="Withdraw it",
        back="desk_links_waiting",
        grave=True,
    )


@desk
def items(request: HttpRequest) -> HttpResponse:
    """The latest items with their grades; of those that wait for a second grade none is told."""
    scope = scope_of(request, "grading")
    found = show_items(scope, timezone.localdate())
    waiting = waiting_for_second(scope)
    context = {
        "title": "Items and their grades",
        "items": [
            (name, each, each.submitted_by != scope.who, name in waiting, _shared(each.condition))
            for name, each in found
        ],
        "waiting": len(waiting),
        "withheld": withheld_items(scope),
    }
    return render(request, "desk/items.html", context)


class SecondGrading(forms.Form):
    """A grade of an item by somebody who does not know the one it has."""

    grade = forms.CharField(label="Grade", max_length=12, help_text="Such as 2BP, or 1AC/A1/S2")
    item = forms.CharField(widget=forms.HiddenInput)


@deed
def second(request: HttpRequest) -> HttpResponse:
    """Give the item that waits longest its second grade, and the next one comes; how far graders
    agree.
    """
    scope = scope_of(request, "grading")
    only_with(scope, Permission.GRADE_ITEM)
    form = SecondGrading(request.POST or None)
    if request.method == "POST":
        given = form.data
        first = tried(form, lambda: grade_second(scope, given["item"], form.cleaned_data["grade"]))
        if first:
            return redirect("desk_second")
    waiting = waiting_for_second(scope)
    if waiting and not form.is_bound:
        form = SecondGrading(initial={"item": waiting[0]})
    agreed = show_agreement(scope)
    context = {
        "title": "Items to be graded a second time",
        "form": form,
        "waiting": waiting,
        "agreed": [(place.capitalize(), each) for place, each in agreed.places.items()],
        "apart": agreed.apart,
    }
    return render(request, "desk/second.html", context, status=400 if form.errors else 200)


@deed
def grade(request: HttpRequest) -> HttpResponse:
    """Grade an item anew."""
    scope, name = scope_of(request, "grading"), request.GET.get("item", "")
    only_with(scope, Permission.GRADE_ITEM)
    form = Grading(request.POST or None)
    if request.method == "POST" and tried(
        form,
        lambda: regrade_item(
            scope,
            name,
            form.cleaned_data["grade"],
            form.cleaned_data["reason"],
            timezone.localdate(),
            form.condition,
        ),
    ):
        return redirect("desk_items")
    return form_page(request, f"Grade {name}", form, "Grade it", back="desk_items")


@desk
def coverage(request: HttpRequest) -> HttpResponse:
    """How far the requirement in force is covered, by threat and by requirement."""
    scope = scope_of(request, "coverage")
    held = requirement_set(scope, "")
    series = measure_months(scope, held.edition, timezone.localdate())
    found = series[-1]
    rows = coverage_data(found, ("requirement",))["by"]
    context = {
        "title": f"Coverage of {held.title}",
        "whole": f"{found.headline or 0:.0%}",
        "rows": [
            (row["requirement"], held.requirements[row["requirement"]], *_shares(row))
            for row in sorted(rows, key=lambda row: _in_order(row["requirement"]))
        ],
        "statuses": [(each, ENGLISH.text(f"coverage.status.{each}")) for each in SHOWN],
        "synthetic": found.synthetic,
        "drawn": written(charts.figure_part(charts.ladder_over_time(series)))
        if len(series) > 1
        else "",
    }
    return render(request, "desk/coverage.html", context)


def _shares(row: Mapping[str, Any]) -> tuple[int, list[str]]:
    """How many cells there are, and the share of each status: nothing where it is none."""
    shares = [f"{share:.0%}" if share else "" for share in row["shares"].values()]
    return int(row["cells"]), shares


def _in_order(code: str) -> list[tuple[int, str]]:
    """A code as people count: HT.2 before HT.10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in code.split(".")]
