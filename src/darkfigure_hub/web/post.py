"""Pages of what is sent: what one is told of and when; the outbox, for who tends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.post import (
    KINDS,
    WHENS,
    choose_told,
    send_again,
    show_outbox,
    show_told,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, only_with
from darkfigure_hub.web.people import Nothing
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "what is sent"
#: The tags of states.
COLOURS = {"given up": "red", "sent": "green", "tried again": "yellow"}


class Telling(forms.Form):
    """When one is told of each kind of thing."""

    def __init__(self, *args: Any, held: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, when in held.items():
            self.fields[name.replace(" ", "_")] = forms.ChoiceField(
                label=KINDS[name].words, choices=list(WHENS.items()), initial=when
            )

    def wanted(self) -> dict[str, str]:
        """What was chosen, by kind."""
        return {name.replace("_", " "): when for name, when in self.cleaned_data.items()}


@deed
def told(request: HttpRequest) -> HttpResponse:
    """Choose what one is told of, and when."""
    scope = scope_of(request, PURPOSE)
    form = Telling(request.POST or None, held=show_told(scope))
    lead = (
        "Mail says only that something waits for you, and where. What is told once a day is sent "
        "at seven in the morning."
    )
    return deed_page(
        request,
        form,
        lambda: choose_told(scope, form.wanted()),
        title="What you are told of by mail",
        button="Keep it",
        lead=lead,
        back="desk",
    )


@desk
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits to be sent, and what was given up and why."""
    found = show_outbox(scope_of(request, PURPOSE))
    whom = names_of(f"account:{each.account}" for each in found.messages if each.account)
    context = {
        "title": "What is sent",
        "counts": found.counts,
        "given_up": found.counts["given up"],
        "messages": [
            (
                each,
                COLOURS.get(each.state, "grey"),
                KINDS[each.kind].words if each.kind in KINDS else each.kind,
                whom.get(f"account:{each.account}", ""),
            )
            for each in found.messages
        ],
    }
    return render(request, "desk/outbox.html", context)


@deed
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Have a message that was given up tried once more."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.TEND_OUTBOX)
    form = Nothing(request.POST if request.method == "POST" else None)
    return deed_page(
        request,
        form,
        lambda: send_again(scope, number),
        title=f"Try MESSAGE-{number} again",
        button="Try again",
        back="desk_outbox",
    )
