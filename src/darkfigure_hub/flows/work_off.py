"""Long work in a queue: asked for by somebody, done later by a worker as them, seen, cancelled,
begun once more where a worker is lost, and never done twice.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    PurposeNeeded,
    StoreUnavailable,
    UnknownName,
)
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import say
from darkfigure.basis.unforeseen import place_of
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.acting import Acting, acting_as
from darkfigure_hub.access.sealing import done_as_asked, job_seal, log_in_as_web
from darkfigure_hub.flows.kinds_of_work import KINDS, Progress
from darkfigure_hub.store.queries import jobs as store
from darkfigure_hub.store.queries import saved
from darkfigure_hub.store.queries.jobs import HeldJob
from darkfigure_hub.store.sessions import key_hash

#: So many are listed.
LISTED = 50
#: Why a job ended though its work went well.
_LEFT = "Who asked for it may not have it done any more."


@dataclass(frozen=True)
class Taken:
    """A job that a worker has, and the token by which it is let in."""

    job: HeldJob
    token: str


def ask_job(scope: Scope, acting: Acting, kind: str, arguments: Mapping[str, Any]) -> int:
    """Have something done later, as what one acts as now. Gives its number.

    Raises NotPermitted for who may not have it done or may not do it; UnknownName for a kind there
    is not; what is wrong with the arguments.
    """
    scope.require(Permission.RUN_JOB)
    if kind not in KINDS:
        raise UnknownName(f"Work is of one of the kinds {', '.join(KINDS)}.")
    work, number = KINDS[kind], acting.number
    if number is None or kind == store.OF_THE_WORKER or not scope.may(work.permission):
        raise UnknownName("There is no such work.")
    if work.reads_names and Permission.READ_NAMES in scope.waits:
        raise PurposeNeeded(say("permission.state_a_purpose"))
    entry = _entry(kind, arguments, acting.account, number, scope.stated)
    with logging(scope):
        made = store.ask(entry)
        record(scope, "job asked for", {"job": made, "kind": kind})
    return made


def _entry(
    kind: str, arguments: Mapping[str, Any], account: int, acting: int, stated: str = ""
) -> dict[str, Any]:
    """A job that is to be done as an appointment of somebody, for a purpose, sealed."""
    checked = KINDS[kind].check(arguments)
    text, ticket = json.dumps(checked, sort_keys=True), secrets.token_hex(16)
    digest = sha256(f"{kind}\n{text}".encode()).hexdigest()
    return {
        "kind": kind,
        "title": KINDS[kind].title(checked),
        "arguments": checked,
        "sha256": digest,
        "ticket": ticket,
        "seal": job_seal(ticket, account, acting, digest, stated),
        "account_id": account,
        "acting_id": acting,
        "purpose": stated,
    }


def ask_questions_anew(scope: Scope) -> int:
    """Have the saved questions that a return may touch that came since asked anew, as whose they
    are. Gives how many people's there were.
    """
    scope.require(Permission.SEND_POST)
    found = saved.touched()
    for account, acting, numbers in found:
        arguments = {"account": account, "acting": acting, "questions": numbers}
        with logging(scope):
            saved.asked(numbers)
            made = store.ask(_entry(store.OF_THE_WORKER, arguments, account, acting))
            record(scope, "questions asked anew", {"job": made, "questions": numbers})
    return len(found)


def _account(scope: Scope) -> int:
    """The account of somebody who signed in; none at the machine."""
    kind, _, number = scope.who.partition(":")
    return int(number) if kind == "account" else 0


def show_jobs(scope: Scope) -> list[HeldJob]:
    """The latest that one asked for."""
    scope.require(Permission.RUN_JOB)
    return store.jobs(_account(scope), LISTED)


def show_job(scope: Scope, number: int) -> HeldJob:
    """One that one asked for. Raises UnknownName."""
    scope.require(Permission.RUN_JOB)
    held = store.job(_account(scope), number)
    if held is None:
        raise UnknownName("There is no such job.")
    return held


def cancel_job(scope: Scope, number: int) -> HeldJob:
    """Ask that one's job be ended: at once where it waits, within a moment where it is in work.

    Raises UnknownName, DarkfigureError where it has ended.
    """
    scope.require(Permission.RUN_JOB)
    held = show_job(scope, number)
    if held.ended_at:
        raise DarkfigureError(f"{held.name} has ended already.")
    with logging(scope):
        store.wish_cancelled(number)
        record(scope, "job cancelled", {"job": number})
    return show_job(scope, number)


def take_job(scope: Scope) -> Taken | None:
    """The next job for a worker at the machine; nothing where none waits."""
    scope.require(Permission.RUN_JOB)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        held = store.take(key_hash(token))
    return Taken(held, token) if held else None


def watch_job(scope: Scope, taken: Taken, progress: Mapping[str, Any]) -> bool:
    """Say that a job is in work and how far; false where it is not to go on, which ends it."""
    scope.require(Permission.RUN_JOB)
    number, attempt = taken.job.number, taken.job.attempt
    why = store.heard(number, attempt, progress)
    if why == "left":
        store.end(number, attempt, "failed", _LEFT, {})
    elif why == "cancelled":
        store.end(number, attempt, "cancelled", "", {})
    return not why


def give_job_back(scope: Scope, taken: Taken) -> None:
    """Let another worker take a job whose work broke off."""
    scope.require(Permission.RUN_JOB)
    store.give_back(taken.job.number, taken.job.attempt)


def hand_job_back(scope: Scope, taken: Taken) -> None:
    """Let another worker take a job at once, as this one was told to stop."""
    scope.require(Permission.RUN_JOB)
    store.hand_back(taken.job.number, taken.job.attempt)


def do_job(scope: Scope, number: int, token: str, tell: Progress) -> str:
    """Do a job that this process was handed, as who asked for it. Gives how it ended.

    What is made of it is entered together with its end, or not at all.
    """
    scope.require(Permission.RUN_JOB)
    log_in_as_web()
    connection.close()
    with done_as_asked(number, token):
        try:
            return _done(number, tell)
        finally:
            connection.close()


def _done(number: int, tell: Progress) -> str:
    held = _handed(number)
    work = KINDS[held.kind]
    try:
        scope = _as_asked(held)
        scope.require(work.permission)
        made = work.prepare(scope, held.arguments, tell)
        connection.close()  # who asked is let in once more: they may have left meanwhile
        _as_asked(held)
        with transaction.atomic():
            entered = work.enter(scope, held.arguments, made, tell)
            if not store.end(number, held.attempt, "done", "", entered):
                raise Lost
            record(scope, "job done", {"job": number, "attempt": held.attempt})
    except Lost:
        return "lost"
    except StoreUnavailable:
        raise
    except DarkfigureError as error:
        return _failed(held, str(error))
    except Exception as error:  # noqa: BLE001 - what it says may hold a name: its place is told
        return _failed(held, f"This was not foreseen: {place_of(error)}.")
    return "done"


def _as_asked(held: HeldJob) -> Scope:
    """What who asked sees, as the appointment they asked as. Raises NotPermitted where it ended."""
    acting = acting_as(held.account, held.acting, held.purpose)
    if acting.number != held.acting:
        raise NotPermitted(_LEFT)
    return acting.scope(f"job {held.number}")


class Lost(Exception):
    """The job is somebody else's by now, or has ended: nothing of it is entered."""


def _handed(number: int) -> HeldJob:
    held = store.job_in_work(number)
    if held is None:
        raise UnknownName("There is no such job, or it is not this worker's.")
    text = json.dumps(held.arguments, sort_keys=True)
    if sha256(f"{held.kind}\n{text}".encode()).hexdigest() != held.sha256:
        raise DarkfigureError(f"{held.name} is not as it was asked for.")
    return held


def _failed(held: HeldJob, said: str) -> str:
    store.end(held.number, held.attempt, "failed", said, {})
    return "failed"


__all__ = [
    "KINDS",
    "HeldJob",
    "Taken",
    "ask_job",
    "ask_questions_anew",
    "cancel_job",
    "do_job",
    "give_job_back",
    "hand_job_back",
    "show_job",
    "show_jobs",
    "take_job",
    "watch_job",
]
