"""The register of responses: what went out, part by part, as it was said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.store.models import KeptAnswer, Response, ResponsePart
from darkfigure_hub.store.queries import taken_back
from darkfigure_hub.store.queries.kept_answers import Given, given_of
from darkfigure_hub.store.roles import identity_reader

#: What is withdrawn, among everything that is taken back.
KIND = "response"
_ASKED = "SELECT part, question, as_at, first_given FROM gate.asked_in(%s)"


@dataclass(frozen=True)
class HeldPart:
    """A part of a response: its letter, the answer as given, and the refusal where it has one."""

    letter: str
    measure: str
    given: Given
    refused: Mapping[str, Any] | None


@dataclass(frozen=True)
class HeldResponse:
    """A response as it stands in the register; `corrected_by` names the one in its place, as far as
    the reader may see it; `withdrawn` is from when it is withdrawn, and why.
    """

    number: int
    title: str
    request: str
    asked_by: str
    form: str
    language: str
    sent_on: date
    released_by: str
    public: bool
    corrects: int | None
    corrected_by: int | None
    reason: str
    authority: Mapping[str, Any]
    release_reason: str
    registered_at: datetime
    withdrawn: tuple[date, str] | None
    parts: tuple[HeldPart, ...]


def add(
    sees: int,
    entry: Mapping[str, Any],
    parts: Sequence[tuple[str, str, str, Mapping[str, Any] | None]],
    request_text: str,
) -> int:
    """Enter a response with its parts (letter, measure, answer's id, refusal), by somebody who sees
    so much; the words of the request go to the identity schema. Gives its number.
    """
    # What is not in the disclosure log is marked, and no more than who enters it sees.
    marking = Marking.PUBLIC if entry["public"] else min(Marking.OFFICIAL, sees)
    made = Response.objects.create(**entry, marking=marking)
    ResponsePart.objects.bulk_create(
        ResponsePart(of=made, letter=letter, measure=measure, answer_id=answer, refused=refused)
        for letter, measure, answer, refused in parts
    )
    if request_text:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO identity.request_text (response_id, text) VALUES (%s, %s)",
                [made.pk, request_text],
            )
    return int(made.pk)


def responses(scope: Scope, *, ids: Iterable[int] | None = None) -> list[HeldResponse]:
    """Responses that the reader may see, oldest first: of the register, or to hold what is released
    against; else those that are public.
    """
    found = Response.objects.filter(marking__lte=scope.sees).order_by("id")
    if not (scope.may(Permission.READ_RESPONSES) or scope.may(Permission.READ_RELEASES)):
        found = found.filter(public=True)
    if ids is not None:
        found = found.filter(id__in=list(ids))
    parts = _parts(scope, found)
    seen = Response.objects.filter(marking__lte=scope.sees, corrects__isnull=False)
    corrected = dict(seen.order_by("id").values_list("corrects_id", "id"))
    withdrawn = taken_back.reasons(KIND)
    return [
        HeldResponse(
            int(each.pk),
            each.title,
            each.request,
            each.asked_by,
            each.form,
            each.language,
            each.sent_on,
            each.released_by,
            each.public,
            each.corrects_id,
            corrected.get(each.pk),
            each.reason,
            each.authority,
            each.release_reason,
            each.registered_at,
            withdrawn.get(str(each.pk)),
            tuple(parts.get(each.pk, ())),
        )
        for each in found
    ]


def _parts(scope: Scope, found: QuerySet[Response]) -> dict[int, list[HeldPart]]:
    """Every part of responses, by their numbers; where the row of its answer is not seen, what it
    asked alone.
    """
    rows = ResponsePart.objects.filter(of__in=found).order_by("letter")
    answers = KeptAnswer.objects.in_bulk([row.answer_id for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [[row.of_id for row in rows]])
        asked = {part: (json.loads(question), *more) for part, question, *more in cursor.fetchall()}
    parts: dict[int, list[HeldPart]] = {}
    for row in rows:
        if kept := answers.get(row.answer_id):
            given = given_of(scope.sees, kept)
        else:
            question, as_at, first_given = asked[row.pk]
            given = Given(row.answer_id, question, as_at, "", first_given, None)
        parts.setdefault(row.of_id, []).append(
            HeldPart(row.letter, row.measure, given, row.refused)
        )
    return parts


def withdraw(by: str, number: int, reason: str, on: date) -> str:
    """Enter that a response is withdrawn from a day on; what it alone opened to the public is open
    to those who see what is marked. Gives the event's reference.
    """
    made = taken_back.take_back(KIND, number, named(number), reason, by, on)
    away = {int(each) for each in taken_back.reasons(KIND)}
    public = ResponsePart.objects.filter(of__public=True).exclude(of_id__in=away)
    mine = ResponsePart.objects.filter(of_id=number).values("answer_id")
    KeptAnswer.objects.filter(pk__in=mine, marking=Marking.PUBLIC).exclude(
        pk__in=public.filter(refused__isnull=True).values("answer_id")
    ).update(marking=Marking.OFFICIAL)
    return made


def request_texts(scope: Scope, ids: Sequence[int]) -> dict[int, str]:
    """The words of requests, by the number of their response. Raises NotPermitted for who may not
    read names: a request may hold one.
    """
    scope.require(Permission.READ_NAMES)
    seen = Response.objects.filter(marking__lte=scope.sees, id__in=list(ids))
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT response_id, text FROM identity.request_text WHERE response_id = ANY(%s)",
            [list[object](seen.values_list("id", flat=True))],
        )
        return dict(cursor.fetchall())


_NAMED = "RESPONSE-"


def named(number: int) -> str:
    """How a response is referred to."""
    return f"{_NAMED}{number}"


def number_of(reference: str) -> int:
    """The number of a reference, 0 where it is none."""
    text = reference.strip().upper().removeprefix(_NAMED)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
