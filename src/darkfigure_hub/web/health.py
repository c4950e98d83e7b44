"""Whether the process lives and whether it can answer, without a word of what is held."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.flows.open_repository import connect, open_repository

TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def lives(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django names it
    """The process answers."""
    return HttpResponse("lives\n", content_type=TEXT)


@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django names it
    """The database answers too, and its tables are those of this program."""
    try:
        open_repository()
        connect()
    except DarkfigureError:
        return HttpResponse("not ready\n", status=503, content_type=TEXT)
    return HttpResponse("ready\n", content_type=TEXT)
