"""What the interface for programs answers with: documents that a program may hold on to, and
refusals in their one shape (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    ReturnRefused,
    StoreUnavailable,
)
from darkfigure.writing import registry
from darkfigure.writing.problem_details import KEY_USED, MEDIA, problem_details
from darkfigure_hub.api.programs import TooOften, Unauthorised
from darkfigure_hub.flows.submissions_told import faults_data
from darkfigure_hub.flows.submit import NotThere
from darkfigure_hub.flows.tell_submission import KeyUsed

JSON = registry.KINDS[registry.JSON].media


class Refused(Schema):
    """Why a request was refused (RFC 9457): `detail` is the sentence."""

    schema_: str = Field(alias="schema")
    version: str
    licence: str
    synthetic: bool | None
    type: str
    title: str
    status: int
    detail: str


class Refusal(Exception):
    """A request that is refused with a status of its own and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(status, detail)


def told(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    faults: Sequence[Mapping[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A refusal."""
    text = problem_details(status, detail, kind, faults)
    return HttpResponse(text, status=status, content_type=MEDIA, headers=headers)


def refused(error: DarkfigureError) -> HttpResponse:
    """What Darkfigure says no to, as one sentence."""
    if isinstance(error, StoreUnavailable):
        again = {"Retry-After": "10"}
        return told(503, "The repository cannot be reached just now.", headers=again)
    if isinstance(error, NotPermitted):
        return told(403, str(error))
    if isinstance(error, NotThere):
        return told(404, str(error))
    if isinstance(error, KeyUsed):
        return told(422, str(error), kind=KEY_USED)
    if isinstance(error, ReturnRefused):
        return told(422, str(error), faults=faults_data(error.problems))
    return told(400, str(error))


def unauthorised(_: Unauthorised) -> HttpResponse:
    """Nobody is let in so."""
    sentence = "Give a token that holds: Authorization: Bearer TOKEN. Your administrator makes one."
    return told(401, sentence, headers={"WWW-Authenticate": 'Bearer realm="darkfigure"'})


def too_often(error: TooOften) -> HttpResponse:
    """Too many requests by one token."""
    sentence = f"Too many requests by this token. Ask again in {error.seconds} seconds."
    return told(429, sentence, headers={"Retry-After": str(error.seconds)})


def held_on_to(request: HttpRequest, text: str) -> HttpResponse:
    """A document in JSON with its tag; nothing of it for who has it already."""
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known or f"W/{tag}" in known or "*" in known:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(text, content_type=JSON, headers=headers)
