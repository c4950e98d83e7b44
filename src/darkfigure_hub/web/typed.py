"""What somebody typed is not lost where it cannot be taken: the page that says so holds it, and
nobody keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest

#: What a form holds beside what was typed; what is asked for anew, and never shown.
_OURS, _SECRET = ("csrfmiddlewaretoken", "digest"), ("password", "code")
Typed = Sequence[tuple[str, str]]


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent the request, as the browser says of it."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    found = urlsplit(said)
    return (found.scheme, found.netloc) == (request.scheme, request.get_host())


def typed_in(request: HttpRequest) -> Typed:
    """The fields of a form of the desk's as they were sent, as far as they were read: nothing of
    what another's page sent.
    """
    if request.method != "POST" or not hasattr(request, "_post"):
        return ()
    if not request.path.startswith("/desk/") or not comes_from_here(request):
        return ()
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in map(str, values)
        if name != _OURS[0] and not any(each in name for each in _SECRET)
    ]


def shown(typed: Typed) -> Typed:
    """What of it is shown, under what it is called."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in typed
        if value and name not in _OURS
    ]
