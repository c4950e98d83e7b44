"""How many are answered at once: so many in work, so many that wait, and the rest are told to come
again.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from darkfigure.codes.pack import PackRefused
from darkfigure.writing.problem_details import MEDIA, problem_details
from darkfigure_hub.access.programs import token_in
from darkfigure_hub.access.sealing import asked_by, asked_in
from darkfigure_hub.flows.own_packs import follow_packs
from darkfigure_hub.settings import PATIENCE, WAITING, WORKING
from darkfigure_hub.web.errors import AGAIN, refused

#: A cookie longer than a key is nobody's.
_LONGEST = 100
#: What is taken in one after the other, by the lock of whoever takes in: it waits for its turn, so
#: that those who only send, or ask, find a place beside it; for so long, in patiences.
IN_TURN = re.compile(r"/(?:api|desk)/submissions/\d+/release/?")
LONGER = 3
FULL = "Too many questions are being answered just now. Try again in a few seconds."


def _follow() -> None:
    """Go by the packs of now: one may have been added since the page before. One that cannot be
    read changes nothing here; who added it by hand is told by each command.
    """
    try:
        follow_packs()
    except PackRefused as refused:
        logging.getLogger(__name__).warning("%s", refused)


def _answered(request: HttpRequest) -> AbstractContextManager[None]:
    """A stretch in which the database is asked by the program of the token in the header, of the
    interface for programs; else in the session of the cookie.
    """
    header = request.headers.get("Authorization", "")
    if header and request.path.startswith("/api/"):
        return asked_by(token_in(header))
    return asked_in(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:_LONGEST])


class Full(Exception):
    """Nobody more can wait, or one has waited long enough."""


class Places:
    """So many in work, so many waiting; of what is done in turn one in work."""

    def __init__(self, working: int, waiting: int, patience: float) -> None:
        self._working = threading.BoundedSemaphore(working)
        self._waiting = threading.BoundedSemaphore(waiting)
        self._turn = threading.BoundedSemaphore(1)
        self._patience = patience

    @contextmanager
    def taken_in_turn(self) -> Iterator[None]:
        """A place in work for what is done one after the other, once it is its turn. Raises
        Full.
        """
        if not self._waiting.acquire(blocking=False):
            raise Full
        try:
            if not self._turn.acquire(timeout=LONGER * self._patience):
                raise Full
        finally:
            self._waiting.release()
        try:
            with self.taken():
                yield
        finally:
            self._turn.release()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place in work, once there is one. Raises Full."""
        if not self._working.acquire(blocking=False):
            if not self._waiting.acquire(blocking=False):
                raise Full
            try:
                if not self._working.acquire(timeout=self._patience):
                    raise Full
            finally:
                self._waiting.release()
        try:
            yield
        finally:
            self._working.release()


class Queue:
    """Answers a request when there is a place for it; else a page, or JSON, that says when to try
    again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = Places(WORKING, WAITING, PATIENCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or refuse it."""
        try:
            with self._place(request), _answered(request):
                _follow()
                return self.get_response(request)
        except Full:
            if request.path.startswith("/api/"):
                told = HttpResponse(problem_details(503, FULL), status=503, content_type=MEDIA)
                told.headers["Retry-After"] = AGAIN
                return told
            return refused(request, FULL, status=503)

    def _place(self, request: HttpRequest) -> AbstractContextManager[None]:
        if request.method == "POST" and IN_TURN.fullmatch(request.path):
            return self.places.taken_in_turn()
        return self.places.taken()
