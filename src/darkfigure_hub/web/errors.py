"""Error pages. They say what to do, and nothing of what the request held."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from darkfigure_hub.web.typed import comes_from_here, shown, typed_in

#: Seconds after which to try again what could not be answered now.
AGAIN = "10"
#: What is said of a form that was open while its sign-in changed, and of one that is not ours.
_STALE = (
    "This page was open while you signed in or out elsewhere, and nothing of it was taken. Load it "
    "once more, or send again what stands below."
)
_NOT_OURS = "That was sent from a page that is not ours, or from one without its cookie."
#: What is said where there is no database to ask.
CLOSED = "The repository cannot be reached just now. Try again in a minute."


def not_found(
    request: HttpRequest,
    exception: Exception,  # noqa: ARG001 - Django names it
) -> HttpResponse:
    """No page at this address."""
    return refused(request, "There is no page at this address.", status=404)


def out_of_step(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - named so
    """A form whose mark is not the browser's of now: of a page that was open while somebody signed
    in or out, or of somebody else's page. What our own page sent is offered to be sent again.
    """
    sentence = _STALE if comes_from_here(request) else _NOT_OURS
    page = refused(request, sentence, status=403, again=True)
    add_never_cache_headers(page)
    return page


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    return refused(
        request,
        "Something went wrong here. Your question has not been changed; try again in a minute.",
        status=500,
    )


def refused(
    request: HttpRequest, sentence: str, *, status: int, again: bool = False, enter: bool = False
) -> HttpResponse:
    """A page with one sentence, and what was typed, where something was: to be sent `again` where
    it may be taken by then, and first to `enter` where nobody is signed in. With the status 503,
    when to try again.
    """
    typed = typed_in(request)
    page = render(
        request,
        "web/refused.html",
        {
            "title": "There is a problem",
            "sentence": sentence,
            "typed": shown(typed),
            "files": bool(typed and request.FILES),
            "again": typed if again else (),
            "enter": enter,
        },
        status=status,
    )
    if typed:
        add_never_cache_headers(page)
    if status == 503:
        page.headers["Retry-After"] = AGAIN
    return page
