"""Pages on which agencies type what they send: a record at a time, or a report item by item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from darkfigure.basis.permission import Permission
from darkfigure.cases.records import FieldType
from darkfigure.intelligence.grading import grading
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.flows.type_in import (
    KINDS,
    TypedField,
    begin_report,
    fields_of,
    leave_out_item,
    questions_in_force,
    show_typed,
    type_item,
    type_record,
)
from darkfigure_hub.web.desk_pages import deed, desk, form_page, only_with, tried
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.people import MARKINGS, Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "reporting"
#: So many cells an item speaks of at once; further ones are another item.
LINKS = 3
SCHEME = "3x5x2"
RELATIONS = (("", ""), ("supports", "Supports"), ("refutes", "Refutes"), ("context", "Context"))


class RecordForm(forms.Form):
    """One case record."""

    def __init__(self, *args: Any, typed: list[TypedField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in typed:
            self.fields[each.name] = _field(each)
        self.fields["synthetic"] = forms.BooleanField(
            label="Synthetic: made up, of nobody", required=False
        )

    @property
    def values(self) -> dict[str, str]:
        """What was typed, as a return writes it."""
        return {name: _written(value) for name, value in self.cleaned_data.items()}


def _field(typed: TypedField) -> forms.Field:
    told = {"label": typed.label, "help_text": typed.help, "required": typed.required}
    if typed.type is FieldType.DATE:
        return day_field(typed.label, typed.help, required=typed.required)
    if typed.type is FieldType.WHOLE:
        return forms.IntegerField(min_value=0, **told)  # type: ignore[arg-type]
    if typed.type is FieldType.FLAG:
        return forms.BooleanField(**{**told, "required": False})  # type: ignore[arg-type]
    if typed.choices:
        return forms.ChoiceField(choices=[("", ""), *typed.choices], **told)  # type: ignore[arg-type]
    return forms.CharField(max_length=200, **told)  # type: ignore[arg-type]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


class ReportForm(forms.Form):
    """What stands over all items of a report."""

    reference = forms.CharField(label="Your reference", max_length=80, help_text="Used once")
    source = forms.CharField(
        label="Kind of source", max_length=80, help_text="As officer, service, technical; no name"
    )
    graded_by = forms.CharField(
        label="Graded by", max_length=80, help_text="A post other than yours, not a name"
    )
    submitted_on = day_field("Submitted on", "", required=True)
    marking = forms.ChoiceField(
        label="Marked",
        choices=[(each, each) for each in MARKINGS],
        initial="OFFICIAL-SENSITIVE",
        help_text="At least as its highest item",
    )


class ItemForm(forms.Form):
    """An item: its words, its grade, when and from whom, and the questions it speaks of."""

    text = forms.CharField(
        label="What was learnt", widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000
    )
    source = forms.ChoiceField(label="Source")
    information = forms.ChoiceField(label="Information")
    handling = forms.ChoiceField(label="Handling")
    on = day_field("Learnt on", "", required=True)
    event_on = day_field("Happened on", "", required=False)
    origin = forms.CharField(
        label="Origin",
        max_length=80,
        required=False,
        help_text="Whom it comes from in the first place: a reference, never a name",
    )
    caveat = forms.CharField(label="Caveat", max_length=200, required=False)

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in ("source", "information", "handling"):
            codes = grading()["schemes"][SCHEME][part]
            self.fields[part].choices = [  # type: ignore[attr-defined]
                (code, f"{code}: {said}") for code, said in codes.items()
            ]
        for place in range(1, LINKS + 1):
            self.fields[f"question{place}"] = forms.ChoiceField(
                label=f"Question {place}", choices=[("", ""), *questions], required=False
            )
            for name, label in (("area", "Area"), ("period", "Period")):
                self.fields[f"{name}{place}"] = forms.CharField(
                    label=f"{label} of question {place}", max_length=80, required=False
                )
            self.fields[f"relation{place}"] = forms.ChoiceField(
                label=f"What it does to question {place}", choices=RELATIONS, required=False
            )

    @property
    def item(self) -> dict[str, str]:
        """The item as a report writes it."""
        given = self.cleaned_data
        grade = "".join(given[part] for part in ("source", "information", "handling"))
        kept = {name: _written(given[name]) for name in ("text", "on", "event_on", "origin")}
        return {**kept, "grade": grade, "caveat": given["caveat"]}

    @property
    def links(self) -> list[dict[str, str]]:
        """What it says of which cells."""
        names = ("question", "area", "period", "relation")
        rows = [
            {name: self.cleaned_data[f"{name}{place}"] for name in names}
            for place in range(1, LINKS + 1)
        ]
        return [row for row in rows if row["question"]]


@desk
def choosing(request: HttpRequest) -> HttpResponse:
    """What can be typed: a report, or records of a kind."""
    only_with(scope_of(request, PURPOSE), Permission.DRAFT_SUBMISSION)
    kinds = [(name, ENGLISH.say(kind.title)) for name, kind in KINDS.items()]
    context = {"title": "Type a report or records", "kinds": kinds}
    return render(request, "desk/typing.html", context)


@deed
def record(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    """Type a record: a draft of its own, or one more of a draft."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    if kind not in KINDS or (number is not None and show_typed(scope, number).kind != kind):
        raise Http404
    form = RecordForm(request.POST or None, typed=fields_of(KINDS[kind]))
    return _drafted(
        request,
        form,
        lambda: type_record(scope, kind, form.values, number),
        title=ENGLISH.say(KINDS[kind].title),
        lead="Each is kept in a draft; another of your agency releases it.",
    )


@deed
def another(request: HttpRequest, number: int) -> HttpResponse:
    """One more record of the kind that a draft holds."""
    kind = show_typed(scope_of(request, PURPOSE), number).kind
    if not kind:
        raise Http404
    return record(request, kind, number)


@deed
def report(request: HttpRequest) -> HttpResponse:
    """Begin a report."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    form = ReportForm(request.POST or None)
    return _drafted(
        request,
        form,
        lambda: begin_report(scope, {n: _written(v) for n, v in form.cleaned_data.items()}),
        title="A report",
        lead="One source; its items are typed next.",
    )


@deed
def item(request: HttpRequest, number: int, place: int | None = None) -> HttpResponse:
    """Type an item of a report, or change one."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    typed = show_typed(scope, number)
    if typed.report is None:
        raise Http404
    before = typed.item(place) if place else {}
    questions = [
        (each.code, f"{each.code}: {each.text[:90]}") for each in questions_in_force(scope)
    ]
    form = ItemForm(request.POST or None, questions=questions, initial=_initial(before))
    return _drafted(
        request,
        form,
        lambda: type_item(scope, number, form.item, form.links, place),
        title=f"Item {place} of {typed.held.receipt}" if place else "One more item",
        lead="Without names of persons: they belong into case records.",
    )


def _initial(before: Any) -> dict[str, Any]:
    grade = str(before.get("grade", ""))
    told = {name: before.get(name, "") for name in ("text", "on", "event_on", "origin", "caveat")}
    told |= dict(zip(("source", "information", "handling"), grade, strict=False))
    for at, link in enumerate(before.get("links", ())[:LINKS], 1):
        told |= {f"{name}{at}": value for name, value in link.items()}
    return told


@deed
def leave_out(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Leave an item out of a report that is typed."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    typed = show_typed(scope, number)
    typed.item(place)
    form = Nothing(request.POST if request.method == "POST" else None)
    return _drafted(
        request,
        form,
        lambda: leave_out_item(scope, number, place),
        title=f"Leave out item {place} of {typed.held.receipt}",
        button="Leave it out",
    )


def _drafted(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[], int],
    *,
    title: str,
    lead: str = "",
    button: str = "Save as draft and check",
) -> HttpResponse:
    if request.method == "POST":
        number = tried(form, do)
        if number:
            return redirect("desk_submission", number)
    return form_page(request, title, form, button, lead=lead, back="desk_submissions")
