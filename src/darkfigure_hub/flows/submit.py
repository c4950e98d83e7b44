"""Submit: an officer drafts what their agency sends, another releases it. Checked when drafted and
again at the deed, bound to its content.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem
from darkfigure.reading.file_names import kept_name
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.gate import own
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.file_report import (
    check_replies,
    check_report,
    submit_replies,
    submit_report,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.store.queries import submissions as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold
from darkfigure_hub.store.queries.submissions import HeldSubmission

#: What an agency submits: figures and case records, an intelligence report, replies to asks.
KINDS = {"return": "Return", "report": "Intelligence report", "replies": "Replies to asks"}
#: What a draft may be long.
LARGEST = 200_000_000


@dataclass(frozen=True)
class Checked:
    """What the checks say of a draft: its faults, or what was noticed and how much it holds."""

    problems: Sequence[Problem] = ()
    total: int = 0
    refused: str = ""
    said: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it may be released."""
        return not self.problems and not self.refused


def draft_submission(
    scope: Scope,
    kind: str,
    name: str,
    content: bytes,
    *,
    marking: Marking = Marking.OFFICIAL_SENSITIVE,
    replaces: int | None = None,
) -> int:
    """Keep a draft, faulty or not. Gives its number.

    Raises NotPermitted, UnknownName; DarkfigureError for a file that is empty or too large, and
    where it replaces what is no draft any more.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    if kind not in KINDS:
        raise UnknownName(f"What is submitted is one of: {', '.join(KINDS.values())}.")
    if not content or len(content) > LARGEST:
        raise DarkfigureError(f"A file holds something, and at most {LARGEST // 10**6} MB.")
    if marking > scope.sees:
        raise DarkfigureError("Nobody marks a draft higher than they see themselves.")
    with logging(scope):
        if replaces is not None:
            _drafted(scope, replaces)
            store.discarded(replaces, scope.who)
        number = store.keep(
            {
                "agency": scope.agency or "",
                "kind": kind,
                "name": kept_name(name)[:200],
                "sha256": sha256(content).hexdigest(),
                "size": len(content),
                "marking": marking,
                "drafted_by": scope.who,
                "replaces_id": replaces,
            },
            locked().encrypt(content),
        )
        record(scope, "submission drafted", {"submission": number, "agency": scope.agency})
    return number


def show_submissions(scope: Scope) -> list[HeldSubmission]:
    """What was drafted and submitted, the latest first; of an agency, its own."""
    scope.require(Permission.READ_SUBMISSIONS)
    found = store.submissions(scope)
    record(scope, "submissions listed", {"submissions": len(found)})
    return found


def show_submission(scope: Scope, number: int) -> tuple[HeldSubmission, Checked | None]:
    """One of them and, of a draft, what the checks say of it now. Raises UnknownName."""
    scope.require(Permission.READ_SUBMISSIONS)
    held = _found(scope, number)
    record(scope, "submission shown", {"submission": number})
    return held, _checked(scope, held) if held.state == "drafted" else None


def release_submission(scope: Scope, number: int, digest: str) -> Mapping[str, Any]:
    """Send a draft that another drafted: it is checked once more and taken in, whole or not at all.

    Raises NotPermitted; UnknownName; DarkfigureError where one drafted it oneself, it is no draft
    any more, or it is another than was read (`digest`); ReturnRefused with its faults.
    """
    scope.require(Permission.RELEASE_SUBMISSION)
    with hold(RECEIVING):
        held = _drafted(scope, number)
        if held.drafted_by == scope.who:
            raise DarkfigureError("You drafted it: somebody else of your agency releases it.")
        if held.sha256 != digest:
            raise DarkfigureError("It is another than you read: look at it once more.")
        with _as_file(scope, held) as path:
            made = _TAKEN[held.kind](scope, held, path)
        store.released(number, scope.who, made)
        record(scope, "submission released", {"submission": number, "file": digest, **made})
    return made


def discard_submission(scope: Scope, number: int) -> None:
    """Discard a draft: nothing of it stays but that it was there. Raises as above."""
    scope.require(Permission.DRAFT_SUBMISSION)
    with logging(scope):
        _drafted(scope, number)
        store.discarded(number, scope.who)
        record(scope, "submission discarded", {"submission": number})


def _found(scope: Scope, number: int, *, lock: bool = False) -> HeldSubmission:
    held = store.submission(scope, number, lock=lock)
    if held is None:
        raise UnknownName("There is no such submission.")
    return held


def _drafted(scope: Scope, number: int) -> HeldSubmission:
    held = _found(scope, number, lock=True)
    if held.state != "drafted":
        raise DarkfigureError(f"{held.receipt} was {held.state} meanwhile: nothing was changed.")
    return held


@contextmanager
def _as_file(scope: Scope, held: HeldSubmission) -> Iterator[Path]:
    """A draft as a file that nobody else can read, for as long as it is looked at."""
    content = locked().decrypt(store.locked_bytes(scope, held.number))
    with tempfile.TemporaryDirectory(prefix="df-") as folder:
        path = Path(folder) / held.name
        path.write_bytes(content)
        yield path


def _checked(scope: Scope, held: HeldSubmission) -> Checked:
    try:
        with _as_file(scope, held) as path:
            return Checked(said=tuple(_CHECKS[held.kind](scope, path)))
    except ReturnRefused as refused:
        return Checked(refused.problems, refused.total)
    except DarkfigureError as refused:
        return Checked(refused=str(refused))


def _check_return(scope: Scope, path: Path) -> Iterator[str]:
    found = check_file(path, timezone.localdate())
    if found.bodies:
        own(scope, found.bodies)
    yield f"{found.rows:,} rows of kind {found.kind}"
    yield from dict.fromkeys(map(str, found.remarks))


def _check_report(scope: Scope, path: Path) -> Iterator[str]:
    report = check_report(scope, path)
    yield f"{report.reference}: {len(report.items)} items"


def _check_replies(scope: Scope, path: Path) -> Iterator[str]:
    for reply in check_replies(scope, path):
        yield f"{reply.ask}: {reply.kind.replace('_', ' ')}"


def _take_return(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    received = receive_return(scope, path, marking=Marking(held.marking))
    return {
        "returns": [each.id for each in received.returns],
        "rows": sum(each.rows for each in received.returns),
        "already": received.already,
    }


def _take_report(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    del held
    filed = submit_report(scope, path)
    return {"report": filed.name, "items": filed.rows, "already": filed.already}


def _take_replies(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    del held
    filed = submit_replies(scope, path)
    return {"replies": filed.rows, "already": filed.already}


_CHECKS = {"return": _check_return, "report": _check_report, "replies": _check_replies}
_TAKEN = {"return": _take_return, "report": _take_report, "replies": _take_replies}
