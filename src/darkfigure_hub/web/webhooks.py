"""Pages of the addresses by which an agency's own systems are told: registered and ended."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.permission import Permission
from darkfigure_hub.access.acting import names_of
from darkfigure_hub.flows.webhooks import (
    EVENTS,
    NewWebhook,
    end_webhook,
    register_webhook,
    show_webhooks,
)
from darkfigure_hub.web.desk_pages import deed, deed_page, desk, form_page, only_with, prove, tried
from darkfigure_hub.web.people import Reason
from darkfigure_hub.web.signed_in import scope_of

PURPOSE = "webhooks"


class Registering(forms.Form):
    """An address, and of what it is told."""

    address = forms.CharField(
        label="Address",
        max_length=300,
        help_text="Such as https://example.org/darkfigure. Messages hold numbers alone, signed",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, words in EVENTS.items():
            self.fields[name] = forms.BooleanField(label=words, required=False)

    def events(self) -> list[str]:
        """The events that were chosen."""
        return [name for name in EVENTS if self.cleaned_data[name]]


@desk
def webhooks(request: HttpRequest) -> HttpResponse:
    """The addresses there are."""
    found = show_webhooks(scope_of(request, PURPOSE))
    names = names_of(name for each in found for name in (each.made_by, each.ended_by))
    rows = [(each, [EVENTS[event] for event in each.events], names[each.made_by]) for each in found]
    context = {"title": "Addresses that your systems are told by", "webhooks": rows}
    return render(request, "desk/webhooks.html", context)


@deed
def register(request: HttpRequest) -> HttpResponse:
    """Register an address: its secret is shown in the answer to the form."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.TEND_WEBHOOKS)
    prove(request)
    form = Registering(request.POST or None)
    if request.method == "POST":
        made = tried(
            form, lambda: register_webhook(scope, form.cleaned_data["address"], form.events())
        )
        if isinstance(made, NewWebhook):
            return render(request, "desk/secret.html", {"title": "The secret", "webhook": made})
    return form_page(request, "Tell a system of ours", form, "Register it", back="desk_webhooks")


@deed
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End an address."""
    scope = scope_of(request, PURPOSE)
    only_with(scope, Permission.TEND_WEBHOOKS)
    if all(each.number != number for each in show_webhooks(scope)):
        raise UnknownName("There is no such webhook.")
    form = Reason(request.POST or None)
    return deed_page(
        request,
        form,
        lambda: end_webhook(scope, number, form.cleaned_data["why"]),
        title=f"End WEBHOOK-{number}",
        button="End it",
        back="desk_webhooks",
        grave=True,
    )
