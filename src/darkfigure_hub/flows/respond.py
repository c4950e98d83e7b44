"""Respond to a request: draft what goes out, part by part, beside what was said before; and enter
it in the register, as it is said, for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.codes import nearest
from darkfigure.publication.response import (
    AskedBy,
    Earlier,
    LetterForm,
    Part,
    Refused,
    Response,
    said_before,
    subject_of,
)
from darkfigure.publication.small_counts import guarded
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.show_responses import all_responses, response_named
from darkfigure_hub.store.queries import kept_answers
from darkfigure_hub.store.queries import responses as store

#: A subject is a line, a desk's reference shorter.
TITLE, REQUEST = 200, 40
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Request:
    """A request: who asks (by class), in which form they are answered, and when; its subject, the
    desk's own reference, and its words as they came, which are kept with names.
    """

    asked_by: str = AskedBy.PUBLIC
    form: str = LetterForm.FOI
    sent_on: date | None = None
    title: str = ""
    reference: str = ""
    text: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Drafted:
    """What would go out, and for each part what was said before on its matter; `held` are the
    letters of parts that are refused as not held though a figure is.
    """

    response: Response
    before: Mapping[str, tuple[Earlier, ...]]
    held: tuple[str, ...]


def draft_response(scope: Scope, wanted: Sequence[Wanted], request: Request, day: date) -> Drafted:
    """What would go out on a day, kept nowhere: every part answered or refused. Counts from records
    are guarded.

    Raises UnknownName and Unreadable for what a register does not take.
    """
    scope.require(Permission.READ_RESPONSES)
    if not 0 < len(wanted) <= len(LETTERS):
        raise Unreadable(f"A response has 1 to {len(LETTERS)} parts; this has {len(wanted)}.")
    parts = tuple(
        Part(letter, guarded(answered(scope, part.question)), part.refused)
        for letter, part in zip(LETTERS, wanted, strict=False)
    )
    response = Response(
        title=_line(request.title, TITLE, "title")
        or subject_of(part.question for part in wanted)[:TITLE],
        asked_by=AskedBy(_one_of(request.asked_by, AskedBy, "who asks")),
        form=LetterForm(_one_of(request.form, LetterForm, "a form")),
        sent_on=request.sent_on or day,
        parts=parts,
        request=_line(request.reference, REQUEST, "reference of the request"),
        released_by=scope.who,
        language=request.language,
    )
    earlier = all_responses(scope)
    before = {part.letter: tuple(said_before(part, earlier)) for part in parts}
    return Drafted(response, before, _held_though_refused(parts))


def _held_though_refused(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(
        part.letter
        for part in parts
        if part.refused
        and part.refused.reason.value in ("not_held", "held_elsewhere")
        and any(cell.value is not None for cell in part.answer.cells)
    )


def _one_of(given: str, known: type[AskedBy] | type[LetterForm], what: str) -> str:
    names = [str(each) for each in known]
    if given not in names:
        close = nearest(given, names)
        raise UnknownName(f"{told(given)} is not {what}. Known are {', '.join(names)}. {close}")
    return given


def _line(text: str, most: int, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise Unreadable(f"A {what} has at most {most} characters; this has {len(text):,}.")
    if "@" in text:
        raise Unreadable(f"The {what} is published: leave out addresses of persons.")
    return text


def register_response(scope: Scope, drafted: Drafted, *, public: bool, text: str = "") -> Response:
    """Enter a response as it went out: nothing of it changes afterwards. One that is public stands
    in the disclosure log. The words of the request go to the schema identity.
    """
    scope.require(Permission.REGISTER_RESPONSE)
    response = drafted.response
    corrects = response_named(scope, response.corrects) if response.corrects else None
    entry = {
        "title": response.title,
        "request": response.request,
        "asked_by": str(response.asked_by),
        "form": str(response.form),
        "language": response.language,
        "sent_on": response.sent_on,
        "released_by": response.released_by,
        "public": public,
        "corrects_id": store.number_of(corrects.reference) if corrects else None,
        "reason": response.reason,
    }
    rows = [
        (part.letter, part.answer.question.measure.code, part.answer.id, _as_data(part.refused))
        for part in response.parts
    ]
    with logging(scope):
        for part in response.parts:
            keep_answer(scope, part.answer)
        if public:
            kept_answers.release(part.answer.id for part in response.parts if not part.refused)
        number = store.add(scope.sees, entry, rows, text)
        answers = [part.answer.id for part in response.parts]
        detail = {"response": number, "answers": answers, "public": public}
        record(scope, "response registered", detail)
    return replace(response, reference=store.named(number))


def _as_data(refused: Refused | None) -> dict[str, Any] | None:
    return None if refused is None else {**asdict(refused), "reason": str(refused.reason)}


def correct_response(
    scope: Scope, reference: str, reason: str, day: date, as_at: date | None = None
) -> Drafted:
    """A response in the place of one: the same parts asked again as at a day, today where none is
    given. Kept nowhere yet.

    Raises UnknownName for what is none, Unreadable without a reason or for one corrected already.
    """
    scope.require(Permission.READ_RESPONSES)
    before = response_named(scope, reference)
    if not reason.strip():
        raise Unreadable("Say why, with --reason.")
    if before.corrected_by:
        raise Unreadable(f"{before.reference} is corrected already, by {before.corrected_by}.")
    wanted = [
        Wanted(replace(part.answer.question, as_at=as_at or day), part.refused)
        for part in before.parts
    ]
    request = Request(
        asked_by=before.asked_by,
        form=before.form,
        sent_on=day,
        title=before.title,
        reference=before.request,
        language=before.language,
    )
    drafted = draft_response(scope, wanted, request, day)
    corrected = replace(drafted.response, corrects=before.reference, reason=reason.strip())
    return replace(drafted, response=corrected)
