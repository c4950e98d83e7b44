"""What is long is taken in from who signed in, where a file is asked for; from anybody else, or
anywhere else, not a byte of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest, HttpResponse

from darkfigure_hub.flows.submit import LARGEST
from darkfigure_hub.settings import DATA_UPLOAD_MAX_MEMORY_SIZE as SHORT
from darkfigure_hub.web.bodies import length_of
from darkfigure_hub.web.desk_pages import View
from darkfigure_hub.web.errors import refused

#: For how many seconds a large file waits for another.
PATIENCE = 10.0
#: What a form adds to the file in it, at most.
_AROUND = 100_000
_TOO_LONG = "What was sent is too long for this page. A file is at most {most} MB."
_NO_ROOM = "Another large file is being taken in just now. Send it again in a minute."


def takes_file(view: View) -> View:
    """A page with a form in which a large file may be sent."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


class LargeFiles:
    """Lets what is longer than a form be sent to a page that asks for a file, by who signed in, one
    at a time; refuses it elsewhere before any of it is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._place = threading.BoundedSemaphore(1)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the place for what is large is free again once it is answered."""
        with ExitStack() as held:
            request.large_file = held  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _given: Any, _named: Any
    ) -> HttpResponse | None:
        """A refusal, where so much is not taken in."""
        length = length_of(request.META)
        if length <= SHORT or request.path.startswith("/api/"):
            return None
        signed_in = getattr(request, "acting", None) is not None
        takes = signed_in and getattr(view, "takes_file", False)
        most = LARGEST if takes else SHORT
        if length > most + (_AROUND if takes else 0):
            return refused(request, _TOO_LONG.format(most=most // 10**6), status=413)
        if not self._place.acquire(timeout=PATIENCE):
            return refused(request, _NO_ROOM, status=503)
        request.large_file.callback(self._place.release)  # type: ignore[attr-defined]
        return None
