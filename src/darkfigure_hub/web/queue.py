"""How many are answered at once: so many in work, so many that wait, and the rest are told to come
again.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from darkfigure.codes.pack import PackRefused
from darkfigure.tables.question import CASES
from darkfigure.writing.problem_details import MEDIA, problem_details
from darkfigure_hub.access.programs import token_in
from darkfigure_hub.access.sealing import asked_by, asked_in
from darkfigure_hub.flows.own_packs import follow_packs
from darkfigure_hub.settings import PATIENCE, WAITING, WORKING
from darkfigure_hub.web.errors import AGAIN, refused

#: A cookie longer than a key is nobody's.
_LONGEST = 100
#: What is taken in one after the other, by the lock of whoever takes in, and what programs have
#: looked at: they wait for their turn, each kind for its own, so that those who only send, or ask,
#: find a place beside them; for so long, in patiences.
RELEASES = re.compile(r"/(?:api|desk)/submissions/\d+/release/?")
CHECKS = re.compile(r"/api/submissions/\d+/?")
SENT, AT_ONCE = re.compile(r"/api/submissions/?"), "respond-async"
#: What counts records takes as long as there are many: such questions have as many places of their
#: own, in work and to wait, as all the rest, and what is quick waits behind none of them.
COUNTS, FLOWS = re.compile(r"/(?:api/)?(?:ask|bridge)/?"), re.compile(r"/(?:api/)?flow/?")
TURNS = {"release": 1, "check": max(1, (os.cpu_count() or 2) // 2)}
LONGER = 3
#: So many seconds what is done in turn lets those go first who are told no more than that theirs
#: came: many send at once, and each wants to know that.
YIELDING = 2.0
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
    """So many in work, so many waiting; of each kind that is done in turn so many in work. Counts
    have places of their own, in work and to wait, beside those of all the rest.
    """

    def __init__(self, working: int, waiting: int, patience: float) -> None:
        self._working = threading.BoundedSemaphore(working)
        self._waiting = threading.BoundedSemaphore(waiting)
        self._counting = threading.BoundedSemaphore(working)
        self._waiting_to_count = threading.BoundedSemaphore(waiting)
        self._turns = {kind: threading.BoundedSemaphore(each) for kind, each in TURNS.items()}
        self._patience = patience
        self._first, self._going_first = threading.Condition(), 0

    @contextmanager
    def taken_first(self) -> Iterator[None]:
        """A place in work for what is done at once: what is done in turn begins after it."""
        with self._first:
            self._going_first += 1
        try:
            with self.taken():
                yield
        finally:
            with self._first:
                self._going_first -= 1
                self._first.notify_all()

    @contextmanager
    def taken_in_turn(self, kind: str) -> Iterator[None]:
        """A place in work for what is done in turn, once it is its turn. Raises Full."""
        with _waited_for(self._turns[kind], self._waiting, LONGER * self._patience):
            with self._first:
                self._first.wait_for(lambda: not self._going_first, timeout=YIELDING)
            with self.taken():
                yield

    def taken_to_count(self) -> AbstractContextManager[None]:
        """A place among those who count records, once there is one. Raises Full."""
        return _waited_for(self._counting, self._waiting_to_count, LONGER * self._patience)

    def taken(self) -> AbstractContextManager[None]:
        """A place in work, once there is one. Raises Full."""
        return _waited_for(self._working, self._waiting, self._patience)


@contextmanager
def _waited_for(
    place: threading.Semaphore, waiting: threading.Semaphore, patience: float
) -> Iterator[None]:
    """A place, for which so many wait, each so long. Raises Full."""
    if not place.acquire(blocking=False):
        if not waiting.acquire(blocking=False):
            raise Full
        try:
            if not place.acquire(timeout=patience):
                raise Full
        finally:
            waiting.release()
    try:
        yield
    finally:
        place.release()


def kind_of(request: HttpRequest) -> str:
    """What waits for its turn, by its kind; what goes first; nothing of what is answered as it
    comes.
    """
    if request.method != "POST":
        if FLOWS.fullmatch(request.path):
            return "count"
        if COUNTS.fullmatch(request.path) and request.GET.get("evidence", "").strip() == CASES:
            return "count"
        return "check" if CHECKS.fullmatch(request.path) else ""
    if RELEASES.fullmatch(request.path):
        return "release"
    if not SENT.fullmatch(request.path):
        return ""
    return "receipt" if AT_ONCE in request.headers.get("Prefer", "") else "check"


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
        kind = kind_of(request)
        if kind == "receipt":
            return self.places.taken_first()
        if kind == "count":
            return self.places.taken_to_count()
        return self.places.taken_in_turn(kind) if kind else self.places.taken()
