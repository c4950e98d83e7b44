"""What an address may hold, and what a page may load: its own style and script and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import add_never_cache_headers

from darkfigure.writing.problem_details import MEDIA, problem_details
from darkfigure_hub.web.errors import refused

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src "
    "'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


#: Characters that no text has, and text longer than any question.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST = 4000
_REFUSED = {
    404: "There is no such address. /api/openapi.json says what there is.",
    405: "This address is not asked so: the header Allow says how.",
}
_SENTENCE = "The address holds characters that no question has, or is too long."


def _not_plain(request: HttpRequest) -> HttpResponse | None:
    """A refusal, where the address or what is asked with it is no plain text."""
    texts = [request.path, *(text for pair in request.GET.lists() for text in (pair[0], *pair[1]))]
    if sum(map(len, texts)) <= _LONGEST and not any(map(_NO_TEXT.search, texts)):
        return None
    if request.path.startswith("/api/"):
        return HttpResponse(problem_details(400, _SENTENCE), status=400, content_type=MEDIA)
    return refused(request, _SENTENCE, status=400)


def _in_its_shape(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the interface for programs refuses before any route is reached, as it refuses all else:
    there is no such address, or it is asked otherwise.
    """
    told = _REFUSED.get(response.status_code)
    media = response.headers.get("Content-Type", "").partition(";")[0]
    if told is None or not request.path.startswith("/api/") or media == MEDIA:
        return response
    made = HttpResponse(
        problem_details(response.status_code, told), status=response.status_code, content_type=MEDIA
    )
    if allowed := response.headers.get("Allow"):
        made.headers["Allow"] = allowed
    return made


class ContentPolicy:
    """Adds the content security policy to every reply that has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on where its address is plain text, and set the header."""
        response = _not_plain(request) or _in_its_shape(request, self.get_response(request))
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


def by_name(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether it is answered to who signed in, or came with a token."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
    return signed_in or "Authorization" in request.headers


class Kept:
    """What is answered to who signed in, or came with a token, is kept by no browser and by nobody
    on the way, where it does not say itself how it may be: who comes after them at the same machine
    goes back to nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and set the header."""
        response = self.get_response(request)
        if by_name(request, response) and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


class Compressed(GZipMiddleware):
    """Compresses what goes to who has not signed in and comes with no token: such a page holds no
    secret beside what its address asks, so that its size gives nothing away.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """As Django's own, but for those who signed in or came with a token."""
        if by_name(request, response):
            return response
        return super().process_response(request, response)
