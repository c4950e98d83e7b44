"""Pages of judgements: those that stand, every version, one with what it rests on, the deeds."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.judgements import Criterion, Direction, Judgement, Standing
from darkfigure.intelligence.scoring import Outcome
from darkfigure.reading.judgement_files import MOST, read_judgement
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows import judge
from darkfigure_hub.flows.judge import HeldJudgement
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "judgements"


class FileForm(forms.Form):
    """The file of a judgement."""

    file = forms.FileField(label="Judgement", help_text="YAML or JSON: claim, term, what it cites")


class ReadForm(forms.Form):
    """That what was read is approved: by its hash."""

    content = forms.CharField(widget=forms.HiddenInput)


class WhyForm(forms.Form):
    """Why a judgement is sent back or withdrawn."""

    why = forms.CharField(label="Why", min_length=10, max_length=4000)


class OutcomeForm(forms.Form):
    """What became of a claim, by its own criteria, and what shows it."""

    outcome = forms.ChoiceField(
        label="What became of it",
        choices=[(each.value, each.value.replace("_", " ")) for each in Outcome],
    )
    direction = forms.ChoiceField(
        label="Where it went",
        required=False,
        choices=[("", "cannot be told"), *((each.value, each.value) for each in Direction)],
    )
    evidence = forms.CharField(label="What shows it", min_length=10, max_length=4000)


def _held(scope: Scope, number: int) -> HeldJudgement:
    """The version of a number. Raises Http404."""
    try:
        return judge.judgement_numbered(scope, number)
    except UnknownName as error:
        raise Http404(str(error)) from error


@desk
def judgements(request: HttpRequest) -> HttpResponse:
    """Every version, the latest of each code first; what is withheld is counted."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_JUDGEMENT)
    found, withheld = judge.all_judgements(scope, timezone.localdate())
    context = {
        "title": "Judgements",
        "rows": [(held, held.judged()) for held in found],
        "withheld": withheld,
        "may_draft": scope.may(Permission.DRAFT_JUDGEMENT),
    }
    return render(request, "desk/judgements.html", context)


@desk
def judgement(request: HttpRequest, number: int) -> HttpResponse:
    """A version: what it says, what it rests on, its grid, what was done with it."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.READ_JUDGEMENT)
    held = _held(scope, number)
    judged = held.judged()
    people = names_of(event.by for event in held.events)
    context = {
        "title": f"{held.name}: {judged.claim}",
        "held": held,
        "judged": judged,
        "criteria": [
            (each.value.replace("_", " ").capitalize(), judged.confidence.line(each))
            for each in Criterion
        ],
        "sides": [("for", judged.items_for), ("against", judged.items_against)],
        "grid": _grid(judged),
        "change": judged.change.kind.value.replace("_", " "),
        "marking": judged.marking.name.replace("_", "-"),
        "versions": judge.judgement_history(scope, held.code),
        "events": [(each, people.get(each.by, each.by)) for each in held.events],
        **_may(scope, held, judged),
    }
    return render(request, "desk/judgement.html", context)


def _grid(judged: Judgement) -> list[tuple[str, list[str], int]]:
    """Rows of the grid: an item, its mark for each hypothesis, how far it tells them apart."""
    codes = [each.code for each in judged.hypotheses]
    return [
        (row.item, [row.mark(code).value for code in codes], row.diagnosticity)
        for row in judged.rows
    ]


def _may(scope: Scope, held: HeldJudgement, judged: Judgement) -> dict[str, bool]:
    """What somebody may do with a version as it is now."""
    standing, drafted = held.standing(), held.by("drafted") == scope.who
    reviews = scope.may(Permission.REVIEW_JUDGEMENT) and not drafted
    approves = scope.may(Permission.APPROVE_JUDGEMENT)
    untouched = scope.who not in (held.by("drafted"), held.by("reviewed"))
    passed = judged.horizon is not None and judged.horizon < timezone.localdate()
    resolves = scope.may(Permission.RESOLVE_JUDGEMENT) and not drafted
    return {
        "may_review": reviews and standing == Standing.DRAFTED,
        "may_send_back": reviews and standing in (Standing.DRAFTED, Standing.REVIEWED),
        "may_approve": approves and untouched and standing == Standing.REVIEWED,
        "may_withdraw": approves and standing == Standing.APPROVED,
        "may_resolve": resolves and passed and held.event("approved") is not None,
    }


@deed
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a judgement from its file."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_JUDGEMENT)
    form = FileForm(request.POST or None, request.FILES or None)

    def do() -> object:
        content = form.cleaned_data["file"].read(MOST + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unreadable("The judgement is not text in UTF-8.") from None
        made = read_judgement(text, "The judgement")
        return judge.draft_judgement(scope, made, timezone.localdate())

    return deed_page(
        request, form, do, title="Draft a judgement", button="Draft it", back="desk_judgements"
    )


@deed
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Review a judgement that another drafted."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.REVIEW_JUDGEMENT)
    held, today = _held(scope, number), timezone.localdate()
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: judge.review_judgement(scope, held.name, today, today),
        title=f"Review {held.name}",
        button="It is fit to be approved",
        back="desk_judgements",
    )


@deed
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    """Send a judgement back with a reason."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.REVIEW_JUDGEMENT)
    held, today = _held(scope, number), timezone.localdate()
    form = WhyForm(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: judge.send_back_judgement(scope, held.name, form.cleaned_data["why"], today, today),
        title=f"Send {held.name} back",
        button="Send it back",
        back="desk_judgements",
    )


@deed
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a judgement that two others drafted and reviewed, as it was read."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPROVE_JUDGEMENT)
    prove(request)
    held, today = _held(scope, number), timezone.localdate()
    form = ReadForm(request.POST or None, initial={"content": held.content})
    return deed_page(
        request,
        form,
        lambda: judge.approve_judgement(
            scope, held.name, form.cleaned_data["content"], today, today
        ),
        title=f"Approve {held.name}",
        button="Approve it as it was read",
        back="desk_judgements",
        grave=True,
    )


@deed
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a judgement that was approved."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.APPROVE_JUDGEMENT)
    prove(request)
    held, today = _held(scope, number), timezone.localdate()
    form = WhyForm(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: judge.withdraw_judgement(scope, held.name, form.cleaned_data["why"], today, today),
        title=f"Withdraw {held.name}",
        button="Withdraw it",
        back="desk_judgements",
        grave=True,
    )


@deed
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    """Say what became of a judgement whose horizon passed."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.RESOLVE_JUDGEMENT)
    held, today = _held(scope, number), timezone.localdate()
    form = OutcomeForm(request.POST or None)

    def do() -> object:
        told = form.cleaned_data
        direction = Direction(told["direction"]) if told["direction"] else None
        outcome, evidence = Outcome(told["outcome"]), told["evidence"]
        return judge.resolve_judgement(
            scope, held.name, outcome, evidence, today, today, direction=direction
        )

    return deed_page(
        request,
        form,
        do,
        title=f"What became of {held.name}",
        button="Enter it",
        back="desk_judgements",
    )
