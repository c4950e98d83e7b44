"""Submit: an officer drafts what their agency sends, another releases it. Checked when drafted and
again at the deed, bound to its content.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem
from darkfigure.reading.file_names import kept_name
from darkfigure.reading.kinds import kind_named
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.gate import own
from darkfigure_hub.access.sealing import NotAsKept, laid_out, opened_as, shut
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.compartments import marked_within
from darkfigure_hub.flows.file_report import (
    check_replies,
    check_report,
    submit_replies,
    submit_report,
)
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.show_asks import show_asks
from darkfigure_hub.store.queries import outbox
from darkfigure_hub.store.queries import submissions as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold
from darkfigure_hub.store.queries.submissions import HeldSubmission
from darkfigure_hub.store.queries.tokens import maker_of

__all__ = [
    "KINDS",
    "LARGEST",
    "Checked",
    "HeldSubmission",
    "NotThere",
    "content_of",
    "discard_submission",
    "draft_reply",
    "draft_submission",
    "received_submission",
    "release_submission",
    "show_submission",
    "show_submissions",
]

#: What an agency submits: figures and case records, an intelligence report, replies to asks.
KINDS = {"return": "Return", "report": "Intelligence report", "replies": "Replies to asks"}
#: Signs that the reason of a draft that is sent back has at least.
SHORTEST = 10
#: What a draft may be long.
LARGEST = 200_000_000


class NotThere(UnknownName):
    """A submission or an ask that is not there for who asks."""


@dataclass(frozen=True)
class Checked:
    """What the checks say of a draft: its faults, or what was noticed and how much it holds."""

    problems: Sequence[Problem] = ()
    total: int = 0
    refused: str = ""
    said: tuple[str, ...] = ()
    rows: int | None = None

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
    reading: str = "",
    compartment: int | None = None,
) -> int:
    """Keep a draft, faulty or not. Gives its number. `reading` is the kind of file that a return is
    read as, where it is not recognised by its content; `compartment` the number of one that one is
    in, and that it goes into.

    Raises NotPermitted, UnknownName; DarkfigureError for a file that is empty or too large, and
    where it replaces what is no draft any more.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    if kind not in KINDS:
        raise UnknownName(f"What is submitted is one of: {', '.join(KINDS.values())}.")
    if not scope.handles(kind):
        raise NotPermitted(Permission.DRAFT_SUBMISSION.refusal(scope.who))
    if reading:
        kind_named(reading)
    if not content or len(content) > LARGEST:
        raise DarkfigureError(f"A file holds something, and at most {LARGEST // 10**6} MB.")
    if marking > scope.sees:
        raise DarkfigureError("Nobody marks a draft higher than they see themselves.")
    marked_within(compartment, marking)
    kept = shut(content)
    with logging(scope, late=replaces is None):
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
                "reading": reading,
                "drafted_by": scope.who,
                "replaces_id": replaces,
                "compartment_id": compartment,
            },
            kept,
        )
        waits = outbox.holders(
            Permission.RELEASE_SUBMISSION, scope.agency or "", marking, but=[scope.who]
        )
        outbox.tell("draft waits", f"submission {number}", waits)
        outbox.announce("submission.checked", scope.agency or "", submission=number)
        record(scope, "submission drafted", {"submission": number, "agency": scope.agency})
    return number


def show_submissions(
    scope: Scope, *, before: int | None = None, most: int | None = None
) -> list[HeldSubmission]:
    """What was drafted and submitted, the latest first; of an agency, its own. `before` a number,
    at `most` so many, where that is asked.
    """
    scope.require(Permission.READ_SUBMISSIONS)
    found = store.submissions(scope, before=before, most=most)
    record(scope, "submissions listed", {"submissions": len(found)})
    return found


def show_submission(scope: Scope, number: int) -> tuple[HeldSubmission, Checked | None]:
    """One of them and, of a draft, what the checks say of it now. Raises UnknownName."""
    scope.require(Permission.READ_SUBMISSIONS)
    held, checked, _ = _opened(scope, number)
    record(scope, "submission shown", {"submission": number})
    return held, checked


def received_submission(scope: Scope, number: int) -> HeldSubmission:
    """What a receipt says of one before it is looked at: its number, hash, when it came, by whom.
    Raises UnknownName.
    """
    scope.require(Permission.READ_SUBMISSIONS)
    return _found(scope, number)


def open_submission(
    scope: Scope, number: int
) -> tuple[HeldSubmission, Checked | None, bytes | None]:
    """The same, with the bytes of a draft for who may draft: unlocked once. Raises UnknownName."""
    scope.require(Permission.READ_SUBMISSIONS)
    held, checked, content = _opened(scope, number)
    record(scope, "submission shown", {"submission": number})
    return held, checked, content if scope.may(Permission.DRAFT_SUBMISSION) else None


def _opened(scope: Scope, number: int) -> tuple[HeldSubmission, Checked | None, bytes | None]:
    held = _found(scope, number)
    if held.state != "drafted":
        return held, None, None
    content = _unlocked(scope, held)
    return held, _checked(scope, held, content), content


def content_of(scope: Scope, number: int) -> tuple[HeldSubmission, bytes]:
    """A draft of one's agency with its bytes, to be gone on with. Raises NotPermitted, UnknownName;
    DarkfigureError where it is no draft any more.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    held = _found(scope, number)
    if held.state != "drafted":
        raise DarkfigureError(_meanwhile(held))
    return held, _unlocked(scope, held)


def release_submission(scope: Scope, number: int, digest: str) -> Mapping[str, Any]:
    """Send a draft that another drafted: it is checked once more and taken in, whole or not at all.

    Raises NotPermitted; UnknownName; DarkfigureError where one drafted it oneself, it is no draft
    any more, or it is another than was read (`digest`); ReturnRefused with its faults.
    """
    scope.require(Permission.RELEASE_SUBMISSION)
    with hold(RECEIVING):
        held = _drafted(scope, number)
        if _behind(held.drafted_by) == _behind(scope.who):
            raise DarkfigureError("You drafted it: somebody else of your agency releases it.")
        if held.sent_back_at:
            raise DarkfigureError("It was sent back: it is mended first, and drafted anew.")
        if held.sha256 != digest:
            raise DarkfigureError("It is another than you read: look at it once more.")
        with laid_out(_unlocked(scope, held), held.name) as path:
            made = _TAKEN[held.kind](scope, held, path)
        store.released(number, scope.who, made)
        _tell_drafter(scope, held, "draft released")
        record(scope, "submission released", {"submission": number, "file": digest, **made})
    return made


def send_back(scope: Scope, number: int, why: str) -> None:
    """Send a draft back to who drafted it, and say why: it is mended, and the mended one takes its
    place. Raises as `release_submission`; DarkfigureError without a reason.
    """
    scope.require(Permission.RELEASE_SUBMISSION)
    given = " ".join(why.split())
    if len(given) < SHORTEST:
        raise DarkfigureError(f"Say why, in {SHORTEST} signs at least: who drafted it reads it.")
    with logging(scope):
        held = _drafted(scope, number)
        if _behind(held.drafted_by) == _behind(scope.who):
            raise DarkfigureError("You drafted it: put a mended one in its place, or discard it.")
        if held.sent_back_at:
            raise DarkfigureError("It was sent back already.")
        store.sent_back(number, scope.who, given[:1000])
        _tell_drafter(scope, held, "draft sent back")
        record(scope, "submission sent back", {"submission": number})


def history_of(scope: Scope, number: int) -> list[HeldSubmission]:
    """What a submission took the place of, and that before it, the latest first, with why each was
    sent back. Raises NotPermitted.
    """
    scope.require(Permission.READ_SUBMISSIONS)
    return store.before(scope, number)


def discard_submission(scope: Scope, number: int) -> None:
    """Discard a draft: nothing of it stays but that it was there. Raises as above."""
    scope.require(Permission.DRAFT_SUBMISSION)
    with logging(scope):
        held = _drafted(scope, number)
        if scope.kinds is not None and held.drafted_by != scope.who:
            raise DarkfigureError("A program withdraws what it drafted itself.")
        store.discarded(number, scope.who)
        _tell_drafter(scope, held, "draft sent back")
        record(scope, "submission discarded", {"submission": number})


def draft_reply(scope: Scope, ask: str, given: Mapping[str, str]) -> int:
    """Draft a reply to an ask that waits, without items, as the file that says it: its kind, and
    where they apply the effort of a search, the ground of a refusal; the post that signs it off.
    Gives the number of the draft.

    Raises NotPermitted; UnknownName where no such ask waits.
    """
    scope.require(Permission.DRAFT_SUBMISSION)
    today = timezone.localdate()
    if ask not in {each.reference for each in show_asks(scope, today)}:
        raise NotThere("There is no such ask, or it has its reply.")
    said = {name: given[name] for name in ("effort", "ground") if given.get(name)}
    document = {
        "agency": scope.agency,
        "signed_off_by": given["signed_off_by"],
        "on": today.isoformat(),
        "replies": [{"ask": ask, "kind": given["kind"], **said}],
    }
    content = json.dumps(document, indent=1).encode()
    name, marking = f"reply-{ask}.json", Marking.OFFICIAL
    return draft_submission(scope, "replies", name, content, marking=marking)


def _tell_drafter(scope: Scope, held: HeldSubmission, what: str) -> None:
    """Tell who drafted a submission what another did with it."""
    if held.drafted_by != scope.who:
        outbox.tell(what, f"submission {held.number}", outbox.account_in(held.drafted_by))
        event = f"submission.{what.removeprefix('draft ').replace(' ', '_')}"
        outbox.announce(event, held.agency, submission=held.number)


def _behind(who: str) -> str:
    """The person who is answerable for what somebody did: of a program, who made its token."""
    number = who.removeprefix("token:")
    return maker_of(int(number)) if number != who else who


def _found(scope: Scope, number: int, *, lock: bool = False) -> HeldSubmission:
    held = store.submission(scope, number, lock=lock)
    if held is None:
        raise NotThere("There is no such submission.")
    return held


def _drafted(scope: Scope, number: int) -> HeldSubmission:
    held = _found(scope, number, lock=True)
    if held.state != "drafted":
        raise DarkfigureError(_meanwhile(held))
    return held


def _meanwhile(held: HeldSubmission) -> str:
    return f"{held.receipt} was {held.state} meanwhile: nothing was changed."


def _unlocked(scope: Scope, held: HeldSubmission) -> bytes:
    try:
        return opened_as(store.locked_bytes(scope, held.number), held.sha256)
    except NotAsKept:
        raise DarkfigureError(
            f"What {held.receipt} holds is not what was drafted: draft it anew."
        ) from None


def _checked(scope: Scope, held: HeldSubmission, content: bytes) -> Checked:
    try:
        with laid_out(content, held.name) as path:
            return _CHECKS[held.kind](scope, held, path)
    except ReturnRefused as refused:
        return Checked(refused.problems, refused.total)
    except DarkfigureError as refused:
        return Checked(refused=str(refused))


def _check_return(scope: Scope, held: HeldSubmission, path: Path) -> Checked:
    found = check_file(path, timezone.localdate(), kind=held.reading or None)
    if found.bodies:
        own(scope, found.bodies)
    said = (f"{found.rows:,} rows of kind {found.kind}", *map(str, found.remarks))
    return Checked(said=tuple(dict.fromkeys(said)), rows=found.rows)


def _check_report(scope: Scope, _: HeldSubmission, path: Path) -> Checked:
    report = check_report(scope, path)
    said = f"{report.reference}: {len(report.items)} items"
    return Checked(said=(said,), rows=len(report.items))


def _check_replies(scope: Scope, _: HeldSubmission, path: Path) -> Checked:
    found = check_replies(scope, path)
    said = (f"{reply.ask}: {reply.kind.replace('_', ' ')}" for reply in found)
    return Checked(said=tuple(said), rows=len(found))


def _take_return(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    marking, kind, compartment = Marking(held.marking), held.reading or None, held.compartment
    received = receive_return(scope, path, marking=marking, kind=kind, compartment=compartment)
    return {
        "returns": [each.id for each in received.returns],
        "rows": sum(each.rows for each in received.returns),
        "already": received.already,
    }


def _take_report(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    filed = submit_report(scope, path, compartment=held.compartment)
    return {"report": filed.name, "items": filed.rows, "already": filed.already}


def _take_replies(scope: Scope, held: HeldSubmission, path: Path) -> dict[str, Any]:
    del held
    filed = submit_replies(scope, path)
    return {"replies": filed.rows, "already": filed.already}


_CHECKS = {"return": _check_return, "report": _check_report, "replies": _check_replies}
_TAKEN = {"return": _take_return, "report": _take_report, "replies": _take_replies}
