"""Pages of the register of responses: what went out, and whether it would be said today."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.permission import Permission
from darkfigure.publication.response import AskedBy, PartNow, Response
from darkfigure.writing import registry
from darkfigure.writing.answers.as_html import bridge_part
from darkfigure.writing.responses import as_html, register
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.respond import withdraw_response
from darkfigure_hub.flows.send_word import Owed, send_word, show_owed, words_sent
from darkfigure_hub.flows.show_responses import (
    changed_responses,
    search_responses,
    show_response,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with, prove
from darkfigure_hub.web.enquiry_forms import capital
from darkfigure_hub.web.pages import written
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "answers desk"


class WithdrawingForm(forms.Form):
    """Why a response is withdrawn."""

    reason = forms.CharField(
        label="Why", max_length=1000, help_text="It stands in the disclosure log where that does"
    )


@desk
def responses(request: HttpRequest) -> HttpResponse:
    """The register, latest first: those that hold some words, asked by a class of person."""
    scope = scope_of(request, PURPOSE)
    wanted = {name: request.GET.get(name, "").strip()[:200] for name in ("words", "asked_by")}
    found = search_responses(scope, wanted["words"], asked_by=wanted["asked_by"])
    classes = [(str(each), capital(ENGLISH.text(f"responses.asked_by.{each}"))) for each in AskedBy]
    context = {
        "title": "The register of responses",
        "responses": [*map(_line, found)],
        "wanted": wanted,
        "classes": classes,
    }
    return render(request, "desk/responses.html", context)


def _line(response: Response) -> dict[str, Any]:
    outcomes = [ENGLISH.text(f"responses.outcome.{part.outcome}") for part in response.parts]
    return {
        "response": response,
        "asked_by": ENGLISH.text(f"responses.asked_by.{response.asked_by}"),
        "outcomes": [*dict.fromkeys(outcomes)],
    }


@desk
def changed(request: HttpRequest) -> HttpResponse:
    """Every response that would say something else today, with what and why."""
    found = changed_responses(scope_of(request, PURPOSE))
    context = {
        "title": "Responses that would say something else today",
        "found": [(each.response, [*map(_moved, each.parts)]) for each in found],
    }
    return render(request, "desk/changed.html", context)


@desk
def response(request: HttpRequest, reference: str) -> HttpResponse:
    """A response as it went out, beside what would be said today."""
    scope = scope_of(request, PURPOSE)
    found = show_response(scope, reference)
    held = found.response
    words = registry.words_of("response", held.language)
    context = {
        "title": f"{held.reference}: {held.title}",
        "held": held,
        "asked_by": ENGLISH.text(f"responses.asked_by.{held.asked_by}"),
        "released_by": names_of([held.released_by])[held.released_by],
        "letter": written(as_html.response_part(held, words)),
        "parts": [*map(_moved, found.parts)],
        "words": words_sent(scope, reference),
        "stands": not (held.corrected_by or held.withdrawn),
        "corrects": scope.may(Permission.DRAFT_RESPONSE),
        "withdraws": scope.may(Permission.REGISTER_RESPONSE),
    }
    return render(request, "desk/response.html", context)


def _moved(part: PartNow) -> dict[str, Any]:
    """What of a part would be said otherwise: for the day asked about, and as known later."""
    return {
        "letter": part.part.letter,
        "refused": bool(part.part.refused),
        "late": [*register.move_lines(part.late)],
        "since": [*register.move_lines(part.since)],
        "bridge": written(bridge_part(part.bridge)) if part.bridge and part.bridge.lines else "",
    }


@desk
def owed(request: HttpRequest) -> HttpResponse:
    """Of which responses word is owed to whoever was given them, and what was sent."""
    scope = scope_of(request, PURPOSE)
    context = {
        "title": "Word to whoever was given a response",
        "owed": show_owed(scope),
        "sends": scope.may(Permission.SEND_WORD),
    }
    return render(request, "desk/owed.html", context)


@deed
def word(request: HttpRequest, reference: str) -> HttpResponse:
    """Send word of a change to whoever was given a response."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.SEND_WORD)
    about = request.GET.get("about", "")[:100]
    found = next(
        (each for each in show_owed(scope) if _names(each) == (reference, about)),
        None,
    )
    if found is None:
        raise UnknownName("No word of that is owed.")
    form = Nothing(request.POST if request.method == "POST" else None)
    lead = (
        f"{reference} went out on {found.response.sent_on:%-d %B %Y}: {found.words}. "
        "The mail says that something of it changed and where to ask, and nothing else."
    )
    return deed_page(
        request,
        form,
        lambda: send_word(scope, reference, about),
        title=f"Send word of {reference}",
        button="Send it",
        lead=lead,
        back="desk_owed",
    )


def _names(each: Owed) -> tuple[str, str]:
    return each.response.reference, each.about


@deed
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a response from today on."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.REGISTER_RESPONSE)
    prove(request)
    form = WithdrawingForm(request.POST or None)
    today = timezone.localdate()
    return deed_page(
        request,
        form,
        lambda: withdraw_response(scope, reference, form.cleaned_data["reason"], today),
        title=f"Withdraw {reference}",
        button="Withdraw it",
        lead="It stays in the register as it was said. Anybody is told that it is withdrawn, and "
        "why.",
        back="desk_responses",
        then=reverse("desk_response", args=[reference]),
        grave=True,
    )
