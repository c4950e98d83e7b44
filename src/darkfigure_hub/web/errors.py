"""Error pages. They say what to do, and nothing of what the request held."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Seconds after which to try again what could not be answered now.
AGAIN = "10"
#: What is said where there is no database to ask.
CLOSED = "The repository cannot be reached just now. Try again in a minute."


def not_found(
    request: HttpRequest,
    exception: Exception,  # noqa: ARG001 - Django names it
) -> HttpResponse:
    """No page at this address."""
    return refused(request, "There is no page at this address.", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    return refused(
        request,
        "Something went wrong here. Your question has not been changed; try again in a minute.",
        status=500,
    )


def refused(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """A page with one sentence; with the status 503, when to try again."""
    page = render(
        request,
        "web/refused.html",
        {"title": "There is a problem", "sentence": sentence},
        status=status,
    )
    if status == 503:
        page.headers["Retry-After"] = AGAIN
    return page
