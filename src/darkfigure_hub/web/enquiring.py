"""Pages of the answers desk: requests with their deadlines, their parts, what would go out beside
what was said before, and its release.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.permission import Permission
from darkfigure.publication.deadline import Deadline, due_under_the_act
from darkfigure.publication.response import Earlier, LetterForm
from darkfigure.writing import registry
from darkfigure.writing.answers.as_html import bridge_part
from darkfigure.writing.responses import as_html, register
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.enquire import (
    Departure,
    HeldEnquiry,
    Opening,
    PartFields,
    ShownEnquiry,
    change_enquiry,
    close_enquiry,
    open_enquiry,
    release_enquiry,
    show_enquiries,
    show_enquiry,
)
from darkfigure_hub.flows.respond import LETTERS, Drafted
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove, tried
from darkfigure_hub.web.enquiry_forms import (
    REASONS,
    REFUSAL,
    ClosingForm,
    CorrectingForm,
    OpeningForm,
    PartForm,
    ReleasingForm,
    capital,
    fields_of,
    filled_in,
)
from darkfigure_hub.web.pages import written
from darkfigure_hub.web.signed_in import scope_of

#: So few working days are few.
SOON = 5
PURPOSE = "answers desk"


@desk
def enquiries(request: HttpRequest) -> HttpResponse:
    """Requests: those that wait, first due first, and those that ended."""
    scope, today = scope_of(request, PURPOSE), timezone.localdate()
    found = show_enquiries(scope)
    context = {
        "title": "Requests",
        "open": [
            (each, _called(each), _left(each, today)) for each in found if each.state == "open"
        ],
        "ended": [(each, _called(each)) for each in found if each.state != "open"],
        "drafts": scope.may(Permission.DRAFT_RESPONSE),
    }
    return render(request, "desk/enquiries.html", context)


def _called(held: HeldEnquiry) -> str:
    if held.title:
        return held.title
    if held.corrects_id:
        return f"Correction of RESPONSE-{held.corrects_id}"
    return held.reference or capital(ENGLISH.text(f"responses.asked_by.{held.asked_by}"))


def _left(held: HeldEnquiry, today: date) -> tuple[str, str]:
    """How long there is, in words, and the colour of its tag."""
    if held.due_on is None:
        return "", ""
    left = Deadline(held.received_on, held.due_on, ()).days_left(today)
    if today > held.due_on:
        return f"overdue by {_working_days(-left)}" if left else "overdue", "red"
    words = f"{_working_days(left)} left" if today < held.due_on else "due today"
    return words, "yellow" if left <= SOON else "grey"


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


@deed
def opening(request: HttpRequest) -> HttpResponse:
    """Enter a request."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_RESPONSE)
    usual = {"received_on": timezone.localdate(), "asked_by": "public", "form": "foi"}
    form = OpeningForm(request.POST or None, initial=usual)
    return deed_page(
        request,
        form,
        lambda: open_enquiry(scope, Opening(**form.cleaned_data)),
        title="Enter a request",
        button="Enter it",
        back="desk_enquiries",
        then=_to_enquiry,
    )


def _to_enquiry(number: int) -> HttpResponse:
    return redirect("desk_enquiry", number)


@deed
def correcting(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin the correction of a response."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.DRAFT_RESPONSE)
    form = CorrectingForm(request.POST or None)
    today = timezone.localdate()
    return deed_page(
        request,
        form,
        lambda: open_enquiry(scope, Opening(today, corrects=reference, **form.cleaned_data)),
        title=f"Correct {reference}",
        button="Begin",
        lead="Its parts are asked again. You may put others in their place before it goes out.",
        back="desk_responses",
        then=_to_enquiry,
    )


@desk
def enquiry(request: HttpRequest, number: int) -> HttpResponse:
    """A request with its deadline, its words and parts, and what would go out today."""
    scope = scope_of(request, PURPOSE)
    shown = show_enquiry(scope, number)
    held = shown.held
    names = names_of([*held.writers, held.released_by, held.closed_by])
    context = {
        "title": f"{held.name}: {_called(held)}",
        "held": held,
        "asked_by": ENGLISH.text(f"responses.asked_by.{held.asked_by}"),
        "form": ENGLISH.text(f"responses.form.{held.form}"),
        "left": _left(held, timezone.localdate()),
        "holidays": _holidays(held),
        "writers": [names[each] for each in held.writers],
        "released_by": names[held.released_by],
        "closed_by": names[held.closed_by],
        "shown": shown,
        "parts": [
            (letter, part, REASONS.get(part.get("refuse", ""), ""))
            for letter, part in zip(LETTERS, shown.parts, strict=False)
        ],
        "drafts": scope.may(Permission.DRAFT_RESPONSE),
        "releases": scope.may(Permission.REGISTER_RESPONSE) and scope.who not in held.writers,
        **_going_out(shown),
    }
    return render(request, "desk/enquiry.html", context)


def _holidays(held: HeldEnquiry) -> list[tuple[date, str]] | None:
    """The bank holidays that do not count; nothing where the day is not the Act's."""
    worked_out = due_under_the_act(held.received_on)
    is_of_the_act = held.form == LetterForm.FOI and worked_out.due == held.due_on
    return [*worked_out.holidays] if is_of_the_act else None


def _going_out(shown: ShownEnquiry) -> dict[str, Any]:
    """What would go out, and all that belongs to the decision to let it."""
    if shown.drafted is None:
        return {}
    response = shown.drafted.response
    words = registry.words_of("response", response.language)
    return {
        "letter": written(as_html.response_part(response, words)),
        "subject": response.title,
        "before": [
            (part.letter, [*map(_said, shown.drafted.before[part.letter])])
            for part in response.parts
            if shown.drafted.before[part.letter]
        ],
        "departures": [*map(_departing, shown.departures)],
        "warned": [*_warnings(shown.drafted)],
        "marked": shown.drafted.marked,
    }


def _said(each: Earlier) -> dict[str, str]:
    lines = register.before_lines([each]).splitlines()[1:]
    return {"reference": each.reference, "said": " ".join(line.strip(" -") for line in lines)}


def _departing(each: Departure) -> dict[str, Any]:
    return {
        "letter": each.letter,
        "reference": each.earlier.reference,
        "moves": [*register.move_lines(each.moves)],
        "bridge": written(bridge_part(each.bridge)) if each.bridge else "",
    }


def _warnings(drafted: Drafted) -> Iterable[str]:
    for part in drafted.response.parts:
        for letters, line in (
            (drafted.held, register.held_line),
            (drafted.open_here, register.open_line),
            (drafted.not_here, register.not_here_line),
        ):
            if part.letter in letters:
                yield line(part)


@deed
def part(request: HttpRequest, number: int, letter: str) -> HttpResponse:
    """Write a part of a request anew, or another one."""
    scope = scope_of(request, PURPOSE)
    shown = _still_open(request, number)
    only_with(scope, Permission.DRAFT_RESPONSE)
    place = _place(shown, letter)
    held = filled_in(shown.parts[place]) if place < len(shown.parts) else {}
    form = PartForm(request.POST or None, initial=held)
    if request.method == "POST" and tried(
        form, lambda: _put(request, number, shown, place, [fields_of(form.cleaned_data)])
    ):
        return redirect("desk_enquiry", number)
    title = f"Part ({letter}) of {shown.held.name}" if letter != "new" else "Another part"
    context = {
        "title": title,
        "form": form,
        "asked": [field for field in form if field.name not in REFUSAL],
        "refusal": [field for field in form if field.name in REFUSAL],
        "refusing": form["refuse"].value() or any(name in REFUSAL for name in form.errors),
        "digest": shown.held.sha256,
        "back_to": reverse("desk_enquiry", args=[number]),
        "stands": [*_as_it_stands(request, form, shown, letter)],
    }
    return render(request, "desk/part.html", context, status=400 if form.errors else 200)


def _as_it_stands(
    request: HttpRequest, form: PartForm, shown: ShownEnquiry, letter: str
) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """What somebody else saved since a part was opened, to be read beside what was typed: the part,
    or all of them where another is written.
    """
    if request.method != "POST" or request.POST.get("digest") == shown.held.sha256:
        return
    for own, held in zip(LETTERS, shown.parts, strict=False):
        if letter in ("new", own):
            said = filled_in(held)
            yield own, [(str(form.fields[name].label), str(said[name])) for name in said]


@deed
def without(request: HttpRequest, number: int, letter: str) -> HttpResponse:
    """Take a part out of a request."""
    scope = scope_of(request, PURPOSE)
    shown = _still_open(request, number)
    only_with(scope, Permission.DRAFT_RESPONSE)
    place = _place(shown, letter)
    if place == len(shown.parts):
        raise Http404
    return deed_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda: _put(request, number, shown, place, []),
        title=f"Take part ({letter}) out of {shown.held.name}",
        button="Take it out",
        lead=str(shown.parts[place].get("ask", "")),
        digest=shown.held.sha256,
        back_to=reverse("desk_enquiry", args=[number]),
        grave=True,
    )


def _still_open(request: HttpRequest, number: int) -> ShownEnquiry:
    """A request that is open: what has ended has no such page."""
    shown = show_enquiry(scope_of(request, PURPOSE), number, draft=False)
    if shown.held.state != "open":
        raise Http404
    return shown


def _place(shown: ShownEnquiry, letter: str) -> int:
    """Which part a letter names; the one after the last for another. Raises Http404."""
    place = len(shown.parts) if letter == "new" else LETTERS.find(letter)
    if not 0 <= place <= len(shown.parts) or (letter != "new" and place == len(shown.parts)):
        raise Http404
    return place


def _put(
    request: HttpRequest, number: int, shown: ShownEnquiry, place: int, put: list[PartFields]
) -> bool:
    """Put a part, or none, in the place of one; as the request was read."""
    parts = [*shown.parts[:place], *put, *shown.parts[place + 1 :]]
    digest = request.POST.get("digest", "")
    change_enquiry(scope_of(request, PURPOSE), number, digest, parts)
    return True


@deed
def close(request: HttpRequest, number: int) -> HttpResponse:
    """End a request without a response."""
    scope = scope_of(request, PURPOSE)
    shown = _still_open(request, number)
    only_with(scope, Permission.DRAFT_RESPONSE)
    form = ClosingForm(request.POST or None)
    digest = request.POST.get("digest", "")
    return deed_page(
        request,
        form,
        lambda: close_enquiry(scope, number, digest, form.cleaned_data["because"]),
        title=f"Close {shown.held.name}",
        button="Close it",
        then="desk_enquiries",
        lead="Its words are gone then, and it stays in the list with the reason.",
        digest=shown.held.sha256,
        back_to=reverse("desk_enquiry", args=[number]),
        grave=True,
    )


@deed
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Release a response that others wrote."""
    scope = scope_of(request, PURPOSE)
    shown = _still_open(request, number)
    only_with(scope, Permission.REGISTER_RESPONSE)
    prove(request)
    form = ReleasingForm(request.POST or None)
    seal = request.POST.get("digest", "")
    return deed_page(
        request,
        form,
        lambda: release_enquiry(
            scope,
            number,
            seal,
            public=form.cleaned_data["public"] == "yes",
            release_marked=form.cleaned_data["release_marked"],
        ),
        title=f"Release the response to {shown.held.name}",
        button="Release it",
        then=lambda response: redirect("desk_response", response.reference),
        lead="It is entered in the register as you read it, for good.",
        digest=request.GET.get("seal", "") if request.method != "POST" else seal,
        back_to=reverse("desk_enquiry", args=[number]),
    )
