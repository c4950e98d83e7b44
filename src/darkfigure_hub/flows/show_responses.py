"""Show the register of responses: one, those that fit, those that would say something else today,
those that a return touches; and to anybody what is in the disclosure log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils import timezone

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer
from darkfigure.publication.appropriate_limit import Cost
from darkfigure.publication.response import (
    AskedBy,
    LetterForm,
    Part,
    PartNow,
    Refused,
    Response,
    ResponseNow,
    moves,
    rests_on,
)
from darkfigure.publication.small_counts import guarded
from darkfigure.tables.question import STATEMENTS, asked_again
from darkfigure.writing.answers.as_json import read_answer
from darkfigure.writing.responses.letter import question_line
from darkfigure_hub.access import record
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries import responses as store


def all_responses(scope: Scope) -> list[Response]:
    """The register, oldest first."""
    scope.require(Permission.READ_RESPONSES)
    return [_response(each) for each in store.responses(scope)]


def disclosures(scope: Scope) -> list[Response]:
    """The disclosure log, latest first: what was released to the public, as it was said."""
    scope.require(Permission.READ_DISCLOSURES)
    found = [_response(each) for each in store.responses(scope) if each.public]
    return sorted(found, key=lambda each: each.sent_on)[::-1]


def disclosed(scope: Scope, reference: str) -> Response:
    """A response of the disclosure log. Raises UnknownName for what is not in it."""
    scope.require(Permission.READ_DISCLOSURES)
    found = _numbered(scope, store.number_of(reference))
    if not (found and found.public and store.named(found.number) == reference):
        raise UnknownName(f"{told(reference)} is not in the disclosure log.")
    return _response(found)


def response_named(scope: Scope, reference: str) -> Response:
    """A response by its reference. Raises UnknownName for what is none."""
    scope.require(Permission.READ_RESPONSES)
    found = _numbered(scope, store.number_of(reference))
    if found is None:
        raise UnknownName(f"{told(reference)} is no response. They are named RESPONSE-1 and so on.")
    return _response(found)


def _numbered(scope: Scope, number: int) -> store.HeldResponse | None:
    return next(iter(store.responses(scope, ids=[number])), None) if number else None


def search_responses(
    scope: Scope, words: str = "", *, asked_by: str = "", since: date | None = None
) -> list[Response]:
    """Responses whose subject, reference or questions hold every word, of a class of person, sent
    since a day: latest first.
    """
    scope.require(Permission.READ_RESPONSES)
    sought = words.casefold().split()
    found = [
        each
        for each in all_responses(scope)
        if (not asked_by or each.asked_by == asked_by)
        and (since is None or each.sent_on >= since)
        and all(word in _told_of(each) for word in sought)
    ]
    return found[::-1]


def _told_of(response: Response) -> str:
    lines = [question_line(part.answer.question) for part in response.parts]
    return " ".join([response.reference, response.title, response.request, *lines]).casefold()


def show_response(scope: Scope, reference: str, *, words_too: bool = False) -> ResponseNow:
    """A response as it went out beside what would be said today; its request's words where asked
    for, which is on record.
    """
    scope.require(Permission.READ_RESPONSES)
    found = beside_today(scope, response_named(scope, reference))
    if not words_too:
        return found
    number = store.number_of(reference)
    text = store.request_texts(scope, [number]).get(number, "")
    record(scope, "request read", {"response": number})
    return replace(found, text=text)


def changed_responses(scope: Scope, since: date | None = None) -> list[ResponseNow]:
    """Every response sent since a day, and not corrected, that would say something else today."""
    scope.require(Permission.READ_RESPONSES)
    found = (
        beside_today(scope, each)
        for each in all_responses(scope)
        if not each.corrected_by and (since is None or each.sent_on >= since)
    )
    return [each for each in found if each.moved]


def affected_responses(scope: Scope, return_number: str) -> list[ResponseNow]:
    """Every response, not corrected, of which a figure rests on a return, or is another now that
    rests on it. Raises UnknownName for what is no return.
    """
    scope.require(Permission.READ_RESPONSES)
    number = return_number.strip().removeprefix("#")
    held = holdings.returns(scope, ids=[int(number)]) if number.isdecimal() else []
    if not held:
        raise UnknownName(f"{told(return_number)} is no return; `darkfigure returns` lists them.")
    files = [each.sha256 for each in held]
    found = []
    for each in all_responses(scope):
        now = None if each.corrected_by else beside_today(scope, each)
        if now is not None and _touched(now, files):
            found.append(now)
    return found


def _touched(found: ResponseNow, files: list[str]) -> bool:
    answered_now = [(part.part.answer, part.now) for part in found.parts if part.now]
    if any(rests_on(said, files) for said, _ in answered_now):
        return True
    return found.moved and any(rests_on(now, files) for _, now in answered_now)


def beside_today(scope: Scope, response: Response) -> ResponseNow:
    """A response beside what would be said today."""
    scope.require(Permission.READ_RESPONSES)
    return ResponseNow(response, tuple(_parts_now(scope, response)))


def _parts_now(scope: Scope, response: Response) -> Iterator[PartNow]:
    today = timezone.localdate()
    for part in response.parts:
        if part.refused:
            yield PartNow(part, (), ())
            continue
        question = part.answer.question
        late = moves(part.answer, guarded(answered(scope, question)))
        asked = replace(question, as_at=today)
        now = guarded(answered(scope, asked))
        since = moves(part.answer, now)
        bridge = None
        if since and question.evidence == STATEMENTS and question.as_at < today:
            bridge = explain_change(scope, asked, question.as_at, today)
        yield PartNow(part, late, since, bridge, now)


def _response(held: store.HeldResponse) -> Response:
    return Response(
        title=held.title,
        asked_by=AskedBy(held.asked_by),
        form=LetterForm(held.form),
        sent_on=held.sent_on,
        parts=tuple(map(_part, held.parts)),
        reference=store.named(held.number),
        request=held.request,
        released_by=held.released_by,
        language=held.language,
        corrects=store.named(held.corrects) if held.corrects else "",
        reason=held.reason,
        corrected_by=store.named(held.corrected_by) if held.corrected_by else "",
    )


def _part(held: store.HeldPart) -> Part:
    """A part as it was said; where its figures may not be seen, without any."""
    given = held.given
    if given.content is None:
        question = asked_again(given.question, given.as_at)
        said = Answer(question, question.unit, given.basis, (), (), ())
    else:
        said = read_answer(given.content)
    return Part(held.letter, said, _refused(held))


def _refused(held: store.HeldPart) -> Refused | None:
    if held.refused is None:
        return None
    cost = held.refused["cost"]
    return Refused(
        **{
            **held.refused,
            "reason": CellReason(held.refused["reason"]),
            "cost": Cost(**cost) if cost else None,
        }
    )
