"""As what this process logs in, and in which session, or by which program, a connection of the
pages is asked.

A connection is one request's alone: it is taken when the request first reaches the database, is let
in as the session of its cookie or by the token of a program, and is closed with its answer, or
stripped of all that it holds before another gets it (`kept.py`). So nothing that is asked in it, in
a transaction or not, streamed or not, is asked as anybody else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from darkfigure_hub.store.logins import SERVICE, WEB


class LetInNoMore(Exception):
    """The reader is let in no more: what follows is not given."""


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
    public), by the token of a program, or as who asked for the job it does. A token opens no
    session, and the key of a session is no token.
    """
    job = getattr(_Process.asked, "job", None)
    if job:
        return "SELECT gate.enter_job(%s, %s)", job
    given = (str(getattr(_Process.asked, "token", "")),)
    if getattr(_Process.asked, "program", False):
        return "SELECT gate.enter_program(%s)", given
    return "SELECT gate.enter(%s)", given


def enter_anew() -> None:
    """Let the connection of this thread in once more: what it is let in as changed meanwhile."""
    if login() == WEB:
        with connection.cursor() as cursor:
            statement, given = entry()
            cursor.execute(statement, given)


def is_of_a_job() -> bool:
    """Whether this thread asks as who asked for a job: its connection lasts as long as it does."""
    return bool(getattr(_Process.asked, "job", None))


@contextmanager
def doing(job: int, token: str) -> Iterator[None]:
    """A stretch in which what this thread asks is asked as who asked for a job."""
    _Process.asked.job = (job, token)
    try:
        yield
    finally:
        _Process.asked.job = None


@contextmanager
def answering(key: str, *, program: bool = False) -> Iterator[None]:
    """A stretch in which what this thread asks is asked in the session of a key, or by the program
    of a token.
    """
    _Process.asked.token, _Process.asked.program = key, program
    try:
        yield
    finally:
        _Process.asked.token, _Process.asked.program = "", False
