"""As what this process logs in, and in which session a connection of the pages is asked.

A connection lasts for one request: it is made when the request first reaches the database, is let
in as the session of its cookie, and is closed with its answer. So nothing that is asked in it, in
a transaction or not, streamed or not, is asked as anybody else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from darkfigure_hub.store.logins import SERVICE


class _Process:
    """What holds for the process, and for each of its threads."""

    login = SERVICE
    asked = threading.local()


def login() -> str:
    """The login that connections of this process are made with."""
    return _Process.login


def log_in_as(name: str) -> None:
    """From now on connections are made with another login: done once, where pages are served."""
    _Process.login = name


def entry() -> tuple[str, tuple[str | int, ...]]:
    """How a connection of this thread is let in: as the session it answers (of no key: the
    public), or as who asked for the job it does.
    """
    job = getattr(_Process.asked, "job", None)
    if job:
        return "SELECT gate.enter_job(%s, %s)", job
    return "SELECT gate.enter(%s)", (str(getattr(_Process.asked, "token", "")),)


@contextmanager
def doing(job: int, token: str) -> Iterator[None]:
    """A stretch in which what this thread asks is asked as who asked for a job."""
    _Process.asked.job = (job, token)
    try:
        yield
    finally:
        _Process.asked.job = None


@contextmanager
def answering(key: str) -> Iterator[None]:
    """A stretch in which what this thread asks is asked in the session of a key."""
    _Process.asked.token = key
    try:
        yield
    finally:
        _Process.asked.token = ""
