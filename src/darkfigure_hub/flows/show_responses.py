"""Show the register of responses: one, those that fit, those that would say something else today,
those that a return touches; and to anybody what is in the disclosure log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.basis.saying import quote
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Cannot
from darkfigure.publication.answer import is_hidden
from darkfigure.publication.appropriate_limit import Cost
from darkfigure.publication.bridge import Bridge
from darkfigure.publication.response import (
    AskedBy,
    Authority,
    LetterForm,
    Part,
    PartNow,
    Refused,
    Response,
    ResponseNow,
    Withdrawal,
    latest_first,
    moves,
    rests_on,
)
from darkfigure.tables.question import STATEMENTS, asked_again
from darkfigure.writing.answers.as_json import read_answer
from darkfigure.writing.responses.letter import question_line
from darkfigure_hub.access import record
from darkfigure_hub.flows.answer_guarded import answer_guarded
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries import responses as store


def all_responses(scope: Scope) -> list[Response]:
    """The register, oldest first."""
    scope.require(Permission.READ_RESPONSES)
    return [_response(each) for each in store.responses(scope)]


def answered(scope: Scope) -> list[Response]:
    """Every response that went out, oldest first, for who releases figures: what is released is
    held against it, whoever it was given to. Of the requests nothing is told.
    """
    scope.require(Permission.READ_RELEASES)
    found = [_response(each) for each in store.responses(scope)]
    return [replace(each, title="", request="") for each in found]


def disclosures(scope: Scope) -> list[Response]:
    """The disclosure log, latest first: what was released to the public, as it was said."""
    scope.require(Permission.READ_DISCLOSURES)
    found = [_response(each) for each in store.responses(scope) if each.public]
    return latest_first(map(_as_disclosed, found))


def disclosed(scope: Scope, reference: str) -> Response:
    """A response of the disclosure log. Raises UnknownName for what is not in it."""
    scope.require(Permission.READ_DISCLOSURES)
    found = _numbered(scope, store.number_of(reference))
    if not (found and found.public and store.named(found.number) == reference):
        raise UnknownName(f"{told(reference)} is not in the disclosure log.")
    return _as_disclosed(_response(found))


def _as_disclosed(response: Response) -> Response:
    """A response as anybody sees it: of one that is withdrawn that, and why."""
    if not response.withdrawn:
        return response
    return replace(response, title="", request="", parts=(), reason="", corrects="")


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
    return latest_first(found)


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
        if not (each.corrected_by or each.withdrawn) and (since is None or each.sent_on >= since)
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
    found = []
    for each in all_responses(scope):
        if not (each.corrected_by or each.withdrawn):
            now = beside_today(scope, each)
            if _touched(now, held[0]):
                found.append(now)
    return found


def _touched(found: ResponseNow, held: holdings.HeldReturn) -> bool:
    """Whether a response rests on a return, or would be another by one that came in since."""
    given = [part for part in found.parts if not part.part.refused]
    if any(rests_on(part.part.answer, [held.sha256]) for part in given):
        return True
    if not _came_after(held, found.response):
        return False
    return any(
        (part.late and rests_on(part.same_day, [held.sha256]))
        or (part.since and rests_on(part.now, [held.sha256]))
        for part in given
    )


def to_be_written_to(
    scope: Scope, found: Sequence[ResponseNow], return_number: str
) -> list[ResponseNow]:
    """Of responses that a return touches those whose figures are others, for the day asked about or
    as known later, by what came in since they went out.
    """
    scope.require(Permission.READ_RESPONSES)
    (held,) = holdings.returns(scope, ids=[int(return_number.strip().removeprefix("#"))])
    return [
        each
        for each in found
        if any(part.late for part in each.parts)
        or (each.moved and _came_after(held, each.response))
    ]


def _came_after(held: holdings.HeldReturn, response: Response) -> bool:
    return response.registered_at is not None and held.received_at > response.registered_at


def beside_today(scope: Scope, response: Response) -> ResponseNow:
    """A response beside what would be said today."""
    scope.require(Permission.READ_RESPONSES)
    return ResponseNow(response, tuple(_parts_now(scope, response)))


def _parts_now(scope: Scope, response: Response) -> Iterator[PartNow]:
    today = timezone.localdate()
    asked = [part.answer.question for part in response.parts if not part.refused]
    same_day = iter(answer_guarded(scope, asked).told)
    latest = iter(answer_guarded(scope, [replace(each, as_at=today) for each in asked]).told)
    for part in response.parts:
        if part.refused:
            yield PartNow(part, (), ())
        else:
            yield _part_now(scope, part, next(same_day), next(latest))


def _part_now(scope: Scope, part: Part, same_day: Answer, now: Answer) -> PartNow:
    """A part beside what would be said of the day it was asked for, and what is known later."""
    since = moves(same_day, now)
    bridge = bridge_between(scope, same_day, now) if since else None
    return PartNow(part, moves(part.answer, same_day), since, bridge, now, same_day)


def bridge_between(scope: Scope, before: Answer, now: Answer) -> Bridge | None:
    """What lies between two answers to one question, where figures stated to be so make both, the
    one is as known earlier, and no cell of either is kept out.
    """
    scope.require(Permission.READ_RESPONSES)
    start, end = before.question.as_at, now.question.as_at
    kept_out = any(is_hidden(cell) for cell in (*before.cells, *now.cells))
    if now.question.evidence != STATEMENTS or start >= end or kept_out:
        return None
    return explain_change(scope, now.question, start, end)


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
        public=held.public,
        authority=Authority(**held.authority),
        release_reason=held.release_reason,
        withdrawn=Withdrawal(*held.withdrawn) if held.withdrawn else None,
        registered_at=held.registered_at,
    )


def _part(held: store.HeldPart) -> Part:
    """A part as it was said; where its figures may not be seen, without any."""
    given = held.given
    if given.content is None:
        question = asked_again(given.question, given.as_at)
        said = Answer(question, question.unit, given.basis, (), (), _offered(held))
    else:
        said = read_answer(given.content)
    return Part(held.letter, said, _refused(held))


def _offered(held: store.HeldPart) -> tuple[Cannot, ...]:
    """What the letter offers beside a refusal: questions near it that have an answer."""
    asked = (held.refused or {}).get("nearest", ())
    near = tuple(asked_again(each, held.given.as_at) for each in asked)
    return (Cannot(_refusal(held), quote(""), None, near),) if near else ()


def _refusal(held: store.HeldPart) -> CellReason:
    return CellReason((held.refused or {})["reason"])


def _refused(held: store.HeldPart) -> Refused | None:
    if held.refused is None:
        return None
    cost = held.refused["cost"]
    fields = {name: value for name, value in held.refused.items() if name != "nearest"}
    return Refused(
        **{
            **fields,
            "reason": _refusal(held),
            "cost": Cost(**cost) if cost else None,
        }
    )
