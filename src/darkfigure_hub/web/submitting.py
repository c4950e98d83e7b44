"""Pages on which agencies report: what is asked of them, drafts with their checks, release."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.grading import grading
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.appoint import marking_named
from darkfigure_hub.flows.compartments import own_compartments
from darkfigure_hub.flows.follow_up import show_outcome, take_back_submission
from darkfigure_hub.flows.give_time import give_time
from darkfigure_hub.flows.show_asks import WaitingAsk, show_asks
from darkfigure_hub.flows.submit import (
    KINDS,
    discard_submission,
    draft_reply,
    draft_submission,
    history_of,
    open_submission,
    release_submission,
    send_back,
    show_submission,
    show_submissions,
)
from darkfigure_hub.flows.type_in import typed_of
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.enquiry_forms import day_field
from darkfigure_hub.web.people import MARKINGS, Nothing
from darkfigure_hub.web.signed_in import scope_of
from darkfigure_hub.web.taking_in import takes_file

PURPOSE = "reporting"
#: What an agency replies without items of a report, in words; the effort of a search by its name.
REPLIES = (
    ("nil_searched", "Nothing, after a search"),
    ("nil_unsearched", "Nothing, without a search"),
    ("not_held", "Not held by us"),
    ("not_recorded_in_unit", "Recorded, but not so that it can be told apart"),
    ("refused", "Refused"),
)


class Drafting(forms.Form):
    """A file to send."""

    kind = forms.ChoiceField(label="What it is", choices=list(KINDS.items()))
    file = forms.FileField(
        label="File",
        help_text="A return: CSV, spreadsheet, JSON or any table with a reading. "
        "A report or replies: JSON, YAML or a spreadsheet of the form.",
    )
    marking = forms.ChoiceField(
        label="Marked", choices=[(each, each) for each in MARKINGS], initial="OFFICIAL-SENSITIVE"
    )
    compartment = forms.TypedChoiceField(
        label="Compartment", required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = own_compartments(scope) if scope.may(Permission.ENTER_COMPARTMENT) else []
        if own:
            self.fields["compartment"].choices = [("", "None"), *own]  # type: ignore[attr-defined]
        else:
            del self.fields["compartment"]


class Replying(forms.Form):
    """A reply to one ask, without items."""

    kind = forms.ChoiceField(label="Reply", choices=REPLIES)
    effort = forms.ChoiceField(
        label="What was searched",
        choices=[("", "nothing was"), *((each, f"{each} search") for each in grading()["effort"])],
        required=False,
        help_text="For nothing after a search",
    )
    ground = forms.CharField(
        label="Ground of a refusal", max_length=20, required=False, help_text="A word or two"
    )
    signed_off_by = forms.CharField(
        label="Signed off by", max_length=60, help_text="A post, not a name"
    )


class MoreTime(forms.Form):
    """More time for a reply."""

    until = day_field("Until", "The last day on which a reply is in time", required=True)
    why = forms.CharField(label="Why", max_length=300)


@desk
def asks(request: HttpRequest) -> HttpResponse:
    """What is asked and waits for a reply, first due first."""
    today = timezone.localdate()
    scope = scope_of(request, PURPOSE)
    found = show_asks(scope, today)
    names = names_of([each.more.given_by for each in found if each.more])
    context = {
        "title": "Asks that wait for a reply",
        "asks": [
            (each, each.is_late(today), names[each.more.given_by] if each.more else "")
            for each in found
        ],
        "replies": scope.may(Permission.DRAFT_SUBMISSION),
        "gives_time": scope.may(Permission.RAISE_ASK),
    }
    return render(request, "desk/asks.html", context)


@deed
def late(request: HttpRequest, reference: str) -> HttpResponse:
    """Give an agency more time for a reply to an ask."""
    scope, today = scope_of(request, PURPOSE), timezone.localdate()
    only_with(scope, Permission.RAISE_ASK)
    ask = _ask(scope, reference)
    form = MoreTime(request.POST or None)
    lead = (
        f"{ask.agency}: {ask.words} ({ask.area}, {ask.period}; due {ask.due:%-d %B %Y}). It stays "
        "due when it was; that more time was given, by whom and why, is told beside it."
    )
    return deed_page(
        request,
        form,
        lambda: give_time(
            scope, reference, form.cleaned_data["until"], form.cleaned_data["why"], today
        ),
        title=f"More time for {reference}",
        button="Give it",
        back="desk_asks",
        lead=lead,
    )


@deed
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft a reply to an ask."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    ask = _ask(scope, reference)
    form = Replying(request.POST or None)
    if request.method == "POST":
        number = tried(form, lambda: draft_reply(scope, reference, form.cleaned_data))
        if number:
            return redirect("desk_submission", number)
    lead = f"{ask.question}: {ask.words} ({ask.area}, {ask.period}; due {ask.due:%-d %B %Y})"
    return form_page(
        request, f"Reply to {reference}", form, "Save as draft", lead=lead, back="desk_asks"
    )


def _ask(scope: Scope, reference: str) -> WaitingAsk:
    for each in show_asks(scope, timezone.localdate()):
        if each.reference == reference:
            return each
    raise Http404


@desk
def submissions(request: HttpRequest) -> HttpResponse:
    """Drafts, and what was sent."""
    scope = scope_of(request, PURPOSE)
    found = show_submissions(scope)
    names = names_of([each.drafted_by for each in found])
    context = {
        "title": "Drafts, and what was sent",
        "submissions": [(each, KINDS[each.kind], names[each.drafted_by]) for each in found],
        "drafts": scope.may(Permission.DRAFT_SUBMISSION),
    }
    return render(request, "desk/submissions.html", context)


@deed
@takes_file
def draft(request: HttpRequest) -> HttpResponse:
    """Send in a file: it is kept as a draft, whatever the checks say."""
    return _drafted(request, "Send a return, a report or replies", None)


@deed
@takes_file
def mend(request: HttpRequest, number: int) -> HttpResponse:
    """Put a mended file in the place of a draft."""
    held, _ = show_submission(scope_of(request, PURPOSE), number)
    return _drafted(request, f"A mended file for {held.receipt}", number)


def _drafted(request: HttpRequest, title: str, replaces: int | None) -> HttpResponse:
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_SUBMISSION)
    form = Drafting(request.POST or None, request.FILES or None, scope=scope)
    if request.method == "POST":
        number = tried(form, lambda: _keep(scope, form.cleaned_data, replaces))
        if number:
            return redirect("desk_submission", number)
    return form_page(request, title, form, "Save as draft and check", back="desk_submissions")


def _keep(scope: Scope, given: dict[str, Any], replaces: int | None) -> int:
    file = given["file"]
    return draft_submission(
        scope,
        given["kind"],
        PurePath(file.name).name,
        file.read(),
        marking=marking_named(given["marking"]),
        replaces=replaces,
        compartment=given.get("compartment"),
    )


@desk
def submission(request: HttpRequest, number: int) -> HttpResponse:
    """A draft with the receipt of its checks, or what became of it."""
    scope = scope_of(request, PURPOSE)
    held, checked, content = open_submission(scope, number)
    names = names_of([held.drafted_by, held.released_by, held.discarded_by, held.sent_back_by])
    context = {
        "title": held.receipt,
        "held": held,
        "kind": KINDS[held.kind],
        "marking": Marking(held.marking).name.replace("_", "-"),
        "checked": checked,
        "drafted_by": names[held.drafted_by],
        "released_by": names[held.released_by],
        "discarded_by": names[held.discarded_by],
        "sent_back_by": names[held.sent_back_by],
        "disposed_of": held.disposed_on
        and ENGLISH.text("pages.disposal.gone", day=held.disposed_on),
        "history": [each for each in history_of(scope, number) if each.sent_back_at],
        "became": show_outcome(scope, number) if held.released_at else [],
        "takes_back": scope.may(Permission.TAKE_BACK),
        "own": held.drafted_by == scope.who,
        "releases": scope.may(Permission.RELEASE_SUBMISSION),
        "drafts": scope.may(Permission.DRAFT_SUBMISSION),
        "typed": typed_of(held, content) if content is not None else None,
    }
    return render(request, "desk/submission.html", context)


@deed
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Release what another drafted; checked once more at the deed."""
    scope = scope_of(request, PURPOSE)
    held, _ = show_submission(scope, number)
    only_with(scope, Permission.RELEASE_SUBMISSION)
    prove(request)
    form = Nothing(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        if tried(form, lambda: release_submission(scope, number, digest)):
            return redirect("desk_submission", number)
    return form_page(
        request,
        f"Release {held.receipt}",
        form,
        "Release it",
        lead="It is checked once more and taken in, whole or not at all.",
        digest=held.sha256,
        back="desk_submissions",
    )


class SendingBack(forms.Form):
    """Why a draft is sent back."""

    why = forms.CharField(
        label="What is to be mended",
        min_length=10,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Who drafted it reads it. Without a name: it is kept",
    )


@deed
def sending_back(request: HttpRequest, number: int) -> HttpResponse:
    """Send a draft back to who drafted it."""
    scope = scope_of(request, PURPOSE)
    held, _ = show_submission(scope, number)
    only_with(scope, Permission.RELEASE_SUBMISSION)
    form = SendingBack(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: send_back(scope, number, form.cleaned_data["why"]),
        title=f"Send {held.receipt} back",
        button="Send it back",
        back="desk_submissions",
    )


class TakingBackForm(forms.Form):
    """Why what was sent is taken back."""

    reason = forms.CharField(label="Why", max_length=500, help_text="Without a name: it is kept")


@deed
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what a submission became."""
    scope = scope_of(request, PURPOSE)
    held, _ = show_submission(scope, number)
    only_with(scope, Permission.TAKE_BACK)
    prove(request)
    form = TakingBackForm(request.POST or None)
    lead = "From today on no figure and no cell rests on it. What was known before stays as it was."
    return deed_page(
        request,
        form,
        lambda: take_back_submission(scope, number, form.cleaned_data["reason"]),
        title=f"Take {held.receipt} back",
        button="Take it back",
        back="desk_submissions",
        then=reverse("desk_submission", args=[number]),
        lead=lead,
        grave=True,
    )


@deed
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Discard a draft."""
    scope = scope_of(request, PURPOSE)
    held, _ = show_submission(scope, number)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: discard_submission(scope, number),
        title=f"Discard {held.receipt}",
        button="Discard it",
        back="desk_submissions",
        grave=True,
    )
