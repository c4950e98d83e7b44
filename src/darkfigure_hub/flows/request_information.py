"""Ask an agency one thing once; what is asked again and again becomes a question of the
requirement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure.intelligence.markings import turn_away
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.gate import on_record
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.store.queries import intelligence as store

URGENCIES = ("routine", "priority", "immediate")


@dataclass(frozen=True)
class Request:
    """A request for information: to whom, about what, by when; closed on a day, promoted to a
    question, or waiting.
    """

    reference: str
    agency: str
    subject: str
    urgency: str
    reply_by: date
    closed_on: date | None
    promoted_to: str


def request_information(
    scope: Scope, agency: str, subject: str, urgency: str, reply_by: date, on: date
) -> str:
    """Put a request; gives its reference. Raises NotPermitted, UnknownName, DarkfigureError for
    what cannot be asked so.
    """
    scope.require(Permission.REQUEST_INFORMATION)
    if urgency not in URGENCIES:
        raise UnknownName(f"{urgency!r} is not an urgency: {', '.join(URGENCIES)}.")
    if not subject.strip().endswith("?") or len(subject) > 200:
        raise DarkfigureError(
            "A request is one question, of at most 200 characters, that ends with a question "
            "mark. Without a name."
        )
    if reply_by < on:
        raise DarkfigureError(f"A reply cannot be due on {reply_by}, before the request is put.")
    with on_record(scope, "request", sha256(subject.encode()).hexdigest()):
        turn_away(subject, "The request")
    code = codes_for("agency").resolve(agency)
    with logging(scope):
        made = store.enter_request(code, subject.strip(), urgency, reply_by, scope.who, on)
        record(
            scope, "information requested", {"request": made, "agency": code, "urgency": urgency}
        )
    return made


def requests(scope: Scope) -> list[Request]:
    """Every request, those that wait first. Raises NotPermitted."""
    scope.require(Permission.REQUEST_INFORMATION)
    return [Request(*row) for row in store.request_rows()]


def close_request(
    scope: Scope, reference: str, on: date, *, promoted_to: str = "", edition: str = ""
) -> None:
    """Close a request, replied to or promoted to a question of an edition. Raises UnknownName for
    either.
    """
    scope.require(Permission.REQUEST_INFORMATION)
    code = requirement_set(scope, edition).question(promoted_to).code if promoted_to else ""
    with logging(scope):
        if not store.close_request(reference, on, code):
            raise UnknownName(f"{reference!r} is no request that waits.")
        record(scope, "request closed", {"request": reference, "promoted_to": code})
