"""Work on an enquiry: a request as it came, with its deadline; its parts asked or refused; what
would go out beside what was said before; released as a response by somebody who wrote none of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, StoreUnavailable, UnknownName, Unreadable
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.bridge import Bridge
from darkfigure.publication.deadline import due_under_the_act
from darkfigure.publication.going_out import fit_to_go_out, reference_of
from darkfigure.publication.response import (
    AskedBy,
    Earlier,
    LetterForm,
    Move,
    Response,
    moves,
)
from darkfigure.reading.request_files import MOST, PARTS
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.sealing import locked
from darkfigure_hub.flows.request_asked import Wanted, wanted_in
from darkfigure_hub.flows.respond import (
    REASON,
    REQUEST,
    TITLE,
    Drafted,
    Request,
    correct_response,
    draft_response,
    register_response,
)
from darkfigure_hub.flows.show_responses import bridge_between, response_named
from darkfigure_hub.store.queries import enquiries as store
from darkfigure_hub.store.queries import outbox, words
from darkfigure_hub.store.queries.enquiries import HeldEnquiry
from darkfigure_hub.store.queries.responses import number_of

#: How a fault in the parts of an enquiry is told of.
_NAMED = "The enquiry"
PartFields = Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """A request as it came: on which day, of which class of person, to be answered in which form,
    by when (worked out where the Act says so); its words; the e-mail address, where one is kept, to
    which word is sent if what is said changes; or the response that it corrects, why,
    and the day as known on which its parts are asked again.
    """

    received_on: date
    asked_by: str = AskedBy.PUBLIC
    form: str = LetterForm.FOI
    due_on: date | None = None
    reference: str = ""
    title: str = ""
    text: str = ""
    address: str = ""
    language: str = "en"
    corrects: str = ""
    reason: str = ""
    as_at: date | None = None


@dataclass(frozen=True)
class Departure:
    """Where a part says otherwise than an earlier response did to the very same question, and what
    lies between the two days on which they were asked.
    """

    letter: str
    earlier: Earlier
    moves: tuple[Move, ...]
    bridge: Bridge | None


@dataclass(frozen=True)
class ShownEnquiry:
    """An enquiry with its words and parts while it is open, and what would go out today: or why
    nothing can. A release is bound to `seal`: to every word and figure of it.
    """

    held: HeldEnquiry
    text: str = ""
    address: str = ""
    parts: tuple[PartFields, ...] = ()
    drafted: Drafted | None = None
    departures: tuple[Departure, ...] = ()
    understood: tuple[str, ...] = ()
    refused: str = ""
    seal: str = ""


def open_enquiry(scope: Scope, opening: Opening) -> int:
    """Enter a request. Gives its number.

    Raises Unreadable for what a response could not say at its head, a day to come, and one due
    before it came; UnknownName for a response to correct that is none.
    """
    scope.require(Permission.DRAFT_RESPONSE)
    entry = _head(scope, opening)
    document = _document(opening.text, _address(opening.address), ())
    entry |= {"sha256": _hash(entry, document), "writers": [scope.who]}
    with logging(scope):
        number = store.add(entry, locked().encrypt(document))
        corrects = {"response": entry["corrects_id"]} if opening.corrects else {}
        if corrects:
            _tell_officers(number, entry["marking"], [scope.who])
        record(scope, "enquiry opened", {"enquiry": number, **corrects})
    return number


def _head(scope: Scope, opening: Opening) -> dict[str, Any]:
    today = timezone.localdate()
    if opening.received_on > today:
        raise Unreadable("The day on which it came lies ahead.")
    due = opening.due_on
    if due is None and opening.form == LetterForm.FOI and not opening.corrects:
        due = due_under_the_act(opening.received_on).due
    if due and due < opening.received_on:
        raise Unreadable("It is due before it came.")
    before = response_named(scope, opening.corrects) if opening.corrects else None
    if before and before.corrected_by:
        raise Unreadable(f"{before.reference} is corrected already, by {before.corrected_by}.")
    reason = fit_to_go_out(opening.reason, REASON, "The reason of a correction")
    if before and not reason:
        raise Unreadable("A correction says why: it stands in the letter.")
    return {
        "received_on": opening.received_on,
        "due_on": due,
        "reference": reference_of(opening.reference, REQUEST),
        "title": fit_to_go_out(opening.title, TITLE, "A title"),
        "asked_by": str(before.asked_by if before else AskedBy(opening.asked_by)),
        "form": str(before.form if before else LetterForm(opening.form)),
        "language": before.language if before else opening.language,
        "corrects_id": number_of(before.reference) if before else None,
        "reason": reason if before else "",
        "as_at": opening.as_at,
        "marking": min(Marking.OFFICIAL, scope.sees),
    }


def _address(given: str) -> str:
    """An e-mail address. Raises Unreadable for what is none; nothing may be given."""
    try:
        validate_email(given.strip() or "nobody@example.org")
    except ValidationError:
        raise Unreadable("That is no e-mail address, as name@example.org is one.") from None
    return given.strip()


def _document(text: str, address: str, parts: Sequence[PartFields]) -> bytes:
    if len(parts) > PARTS:
        raise Unreadable(f"A request has at most {PARTS} parts.")
    held = json.dumps(
        {"text": text, "address": address, "parts": [dict(part) for part in parts]}
    ).encode()
    if len(held) > MOST:
        raise Unreadable(f"A request has at most {MOST:,} characters, its parts included.")
    return held


def _hash(entry: Mapping[str, Any], document: bytes) -> str:
    head = {name: str(value) for name, value in sorted(entry.items())}
    return sha256(json.dumps(head).encode() + b"\n" + document).hexdigest()


def show_enquiries(scope: Scope) -> list[HeldEnquiry]:
    """Every enquiry: those that are open, first due first, then the others, the latest first."""
    scope.require(Permission.READ_RESPONSES)
    return store.enquiries(scope)


def show_enquiry(scope: Scope, number: int, *, draft: bool = True) -> ShownEnquiry:
    """One of them, with its words while it is open and, unless those are all that is wanted, what
    would go out today. Raises UnknownName for none.
    """
    scope.require(Permission.READ_RESPONSES)
    held = _found(scope, number)
    record(scope, "enquiry shown", {"enquiry": number})
    if held.state != "open":
        return ShownEnquiry(held)
    shown = _with_words(scope, held)
    if not draft:
        return shown
    shown = _with_draft(scope, shown)
    if shown.drafted is None:
        return shown
    return replace(shown, departures=_departures(scope, shown.drafted))


def _found(scope: Scope, number: int, *, lock: bool = False) -> HeldEnquiry:
    held = store.enquiry(scope, number, lock=lock)
    if held is None:
        raise UnknownName("There is no such enquiry.")
    return held


def _with_words(scope: Scope, held: HeldEnquiry) -> ShownEnquiry:
    words = store.locked_bytes(scope, held.number)
    if not words:  # it ended between when it was found and now
        raise DarkfigureError(f"{held.name} has ended meanwhile.")
    kept = json.loads(locked().decrypt(words))
    return ShownEnquiry(held, kept["text"], kept.get("address", ""), tuple(kept["parts"]))


def _with_draft(scope: Scope, shown: ShownEnquiry) -> ShownEnquiry:
    if not (shown.parts or shown.held.corrects_id):
        return shown
    try:
        drafted, understood = _drafted(scope, shown)
    except StoreUnavailable:
        raise
    except DarkfigureError as error:
        return replace(shown, refused=str(error))
    return replace(
        shown,
        drafted=drafted,
        understood=tuple(understood),
        seal=_seal(shown.held, drafted),
    )


def _drafted(scope: Scope, shown: ShownEnquiry) -> tuple[Drafted, list[str]]:
    held, today = shown.held, timezone.localdate()
    wanted: list[Wanted] = []
    said: list[str] = []
    if shown.parts:
        wanted, _, _, said = wanted_in(
            json.dumps({"parts": [dict(part) for part in shown.parts]}), _NAMED, today
        )
    if held.corrects_id:
        days = {"": held.as_at} if held.as_at else {}
        head = {"title": held.title} if held.title else {}
        before = held.corrects_name
        corrected = correct_response(
            scope, before, held.reason, today, days, wanted=wanted, head=head, sent_on=today
        )
        return corrected, said
    request = Request(
        held.asked_by,
        held.form,
        today,
        held.title,
        held.reference,
        shown.text,
        held.language,
    )
    return draft_response(scope, wanted, request, today), said


def _departures(scope: Scope, drafted: Drafted) -> tuple[Departure, ...]:
    return tuple(
        Departure(
            part.letter, earlier, moved, bridge_between(scope, earlier.part.answer, part.answer)
        )
        for part in drafted.response.parts
        for earlier in drafted.before[part.letter]
        if earlier.same and not part.refused and not earlier.part.refused
        if (moved := moves(earlier.part.answer, part.answer))
    )


def _seal(held: HeldEnquiry, drafted: Drafted) -> str:
    """What a release is bound to: what was written, and the figures as they are told now."""
    told = [held.sha256, *(part.answer.id for part in drafted.response.parts)]
    told += [f"{each.number} {each.marking}" for each in drafted.marked]
    return sha256("\n".join(told).encode()).hexdigest()


def change_enquiry(scope: Scope, number: int, digest: str, parts: Sequence[PartFields]) -> None:
    """Put other parts in the place of those of an enquiry as it was read (`digest`).

    Raises UnknownName; DarkfigureError where it has ended, or is another than was read.
    """
    scope.require(Permission.DRAFT_RESPONSE)
    with logging(scope):
        held = _open(scope, number, digest)
        before = _with_words(scope, held)
        document = _document(before.text, before.address, parts)
        store.change(
            held, scope.who, _hash({"before": held.sha256}, document), locked().encrypt(document)
        )
        if parts or held.corrects_id:
            _tell_officers(held.number, held.marking, [*held.writers, scope.who])
        record(scope, "enquiry changed", {"enquiry": number, "parts": len(parts)})


def _tell_officers(number: int, marking: int, writers: Sequence[str]) -> None:
    """Tell who may release it that a response waits, once a day."""
    officers = outbox.holders(Permission.REGISTER_RESPONSE, marking=marking, but=writers)
    outbox.tell("response waits", f"enquiry {number} {timezone.localdate()}", officers)


def _open(scope: Scope, number: int, digest: str) -> HeldEnquiry:
    """One that is open and as it was read, locked until what goes on is done."""
    held = _still_open(_found(scope, number, lock=True))
    if held.sha256 != digest:
        raise DarkfigureError(
            f"{held.name} was changed by somebody else since you opened it, and nothing of yours "
            "is saved yet: look at what it says now."
        )
    return held


def _still_open(held: HeldEnquiry) -> HeldEnquiry:
    if held.state != "open":
        raise DarkfigureError(f"{held.name} was {held.state} meanwhile: nothing was changed.")
    return held


def close_enquiry(scope: Scope, number: int, digest: str, because: str) -> None:
    """End an enquiry without a response, with the reason; its words are gone. Raises as above."""
    scope.require(Permission.DRAFT_RESPONSE)
    why = fit_to_go_out(because, REASON, "The reason")
    if not why:
        raise Unreadable("Say why no response goes out.")
    with logging(scope):
        _open(scope, number, digest)
        store.closed(number, scope.who, why)
        record(scope, "enquiry closed", {"enquiry": number})


def release_enquiry(
    scope: Scope, number: int, seal: str, *, public: bool, release_marked: str = ""
) -> Response:
    """Enter what goes out in the register, as it was read (`seal`), by somebody who wrote none of
    it.

    Raises UnknownName; DarkfigureError where one wrote some of it oneself, it has ended, or a word
    or a figure of it is another than was read; NotPermitted as `register_response`.
    """
    scope.require(Permission.REGISTER_RESPONSE)
    found = _still_open(_found(scope, number))
    shown = _with_draft(scope, _with_words(scope, found))
    if shown.drafted is None:
        raise DarkfigureError(shown.refused or f"{shown.held.name} has no part yet.")
    if shown.seal != seal:
        raise DarkfigureError("A word or a figure of it is another than you read: look once more.")
    with logging(scope):
        held = _open(scope, number, shown.held.sha256)
        if scope.who in held.writers:
            raise DarkfigureError("You wrote some of it: somebody who did not releases it.")
        response = register_response(
            scope,
            shown.drafted,
            public=public,
            text=shown.text,
            release_marked=release_marked,
        )
        made = number_of(response.reference)
        store.released(number, scope.who, made)
        _keep_address(shown, made)
        record(scope, "enquiry released", {"enquiry": number, "response": made})
    return response


def _keep_address(shown: ShownEnquiry, made: int) -> None:
    """Keep the address of whoever is given a response, locked: of a correction, that of before."""
    if shown.address:
        words.keep_address(made, locked().encrypt(shown.address.encode()))
    elif shown.held.corrects_id and (before := words.address_locked(shown.held.corrects_id)):
        words.keep_address(made, before)


__all__ = [
    "Departure",
    "HeldEnquiry",
    "Opening",
    "PartFields",
    "ShownEnquiry",
    "change_enquiry",
    "close_enquiry",
    "open_enquiry",
    "release_enquiry",
    "show_enquiries",
    "show_enquiry",
]
