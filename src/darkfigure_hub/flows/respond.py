"""Respond to a request: draft what goes out, part by part, beside what was said before; and enter
it in the register, as it is said, for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.basis.status import CellReason
from darkfigure.codes import nearest
from darkfigure.publication.answer import says_something
from darkfigure.publication.going_out import fit_to_go_out, reference_of
from darkfigure.publication.response import (
    AskedBy,
    Earlier,
    LetterForm,
    Part,
    Response,
    Withdrawal,
    said_before,
    subject_of,
)
from darkfigure.writing import registry
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_guarded import (
    Guarded,
    answer_guarded,
    for_anybody,
    refuse_marked,
)
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.everything_out import everything_out
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.show_responses import all_responses, response_named
from darkfigure_hub.flows.whose_responses import authority_here
from darkfigure_hub.store.queries import kept_answers
from darkfigure_hub.store.queries import responses as store
from darkfigure_hub.store.queries.marked_returns import MarkedReturn

#: A subject is a line, a desk's reference shorter, a reason a few sentences.
TITLE, REQUEST, REASON = 200, 40, 1000
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
    """What would go out, and for each part what was said before on its matter. `held` are the
    letters of parts that are refused as not held though a figure is, `open_here` of those refused
    of which the public sees a figure here; `marked` are the marked returns behind what is given,
    `not_here` the letters of parts refused as held of which there is no figure.
    """

    response: Response
    before: Mapping[str, tuple[Earlier, ...]]
    held: tuple[str, ...]
    open_here: tuple[str, ...] = ()
    marked: tuple[MarkedReturn, ...] = ()
    not_here: tuple[str, ...] = ()


def draft_response(
    scope: Scope,
    wanted: Sequence[Wanted],
    request: Request,
    day: date,
    *,
    instead_of: str = "",
) -> Drafted:
    """What would go out on a day, kept nowhere: every part answered or refused, small counts kept
    out over all of them. What it stands in place of (`instead_of`) is not told as said before.

    Raises UnknownName and Unreadable for what a register does not take.
    """
    scope.require(Permission.READ_RESPONSES)
    if not 0 < len(wanted) <= len(LETTERS):
        raise Unreadable(f"A response has 1 to {len(LETTERS)} parts; this has {len(wanted)}.")
    sent_on = _sent_on(request.sent_on or day, wanted, day)
    parts, guarded = _parts(scope, wanted)
    response = Response(
        title=fit_to_go_out(request.title, TITLE, "A title")
        or subject_of(part.question for part in wanted)[:TITLE],
        asked_by=AskedBy(_one_of(request.asked_by, AskedBy, "who asks")),
        form=LetterForm(_one_of(request.form, LetterForm, "a form")),
        sent_on=sent_on,
        parts=parts,
        request=reference_of(request.reference, REQUEST),
        released_by=scope.who,
        language=registry.words_of("response", request.language).language,
        authority=authority_here(),
    )
    earlier = [each for each in all_responses(scope) if each.reference != instead_of]
    return Drafted(
        response,
        {part.letter: tuple(said_before(part, earlier)) for part in parts},
        _held_though_refused(parts),
        _open_though_refused(scope, parts),
        tuple(dict.fromkeys(each for found in guarded.marked for each in found)),
        tuple(part.letter for part in parts if _is_held_nowhere(part)),
    )


def _parts(scope: Scope, wanted: Sequence[Wanted]) -> tuple[tuple[Part, ...], Guarded]:
    """The parts under their letters: those given guarded together, and against all that went out
    before; those refused as they are.
    """
    questions = [part.question for part in wanted if not part.refused]
    guarded = answer_guarded(scope, questions, everything_out(scope))
    told = iter(guarded.told)
    parts = tuple(
        Part(letter, answered(scope, part.question) if part.refused else next(told), part.refused)
        for letter, part in zip(LETTERS, wanted, strict=False)
    )
    return parts, guarded


def _sent_on(sent_on: date, wanted: Sequence[Wanted], today: date) -> date:
    """The day a response goes out: raises Unreadable for one to come, and for one before the day
    that is asked about.
    """
    if sent_on > today:
        raise Unreadable(f"A response goes out on {today} or before, not on {sent_on}.")
    latest = max(part.question.as_at for part in wanted)
    if sent_on < latest:
        raise Unreadable(
            f"What was known on {latest} cannot have gone out on {sent_on}: give that day or a "
            "later one with --on, or ask as known on an earlier day (as_at)."
        )
    return sent_on


def _held_though_refused(parts: Sequence[Part]) -> tuple[str, ...]:
    """The letters of parts refused as not held here of which a figure is. Raises Unreadable where
    it is not said why.
    """
    held = [part for part in parts if _says_not_held(part) and _has_figures(part)]
    for part in held:
        if not _although(part):
            by_another = part.refused and part.refused.reason is CellReason.HELD_ELSEWHERE
            how = "as held by another body alone" if by_another else "as not held"
            raise Unreadable(
                f"Part ({part.letter}) is refused {how}, and figures are held. Answer it, or say "
                "why it is not held for this request (although_held, --although-held)."
            )
    return tuple(part.letter for part in held)


def _says_not_held(part: Part) -> bool:
    """Whether a refusal says that what is asked is not held here."""
    refused = part.refused
    if refused is None or refused.held_here:
        return False
    return refused.reason in (CellReason.NOT_HELD, CellReason.HELD_ELSEWHERE)


def _is_held_nowhere(part: Part) -> bool:
    """Whether a refusal says that what is asked is held, and no figure of it is."""
    return part.refused is not None and not _says_not_held(part) and not _has_figures(part)


def _has_figures(part: Part) -> bool:
    return any(says_something(cell) for cell in part.answer.cells)


def _although(part: Part) -> str:
    return part.refused.although_held if part.refused else ""


def _open_though_refused(scope: Scope, parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(
        part.letter
        for part in parts
        if part.refused
        and any(says_something(cell) for cell in for_anybody(scope, part.answer.question).cells)
    )


def _one_of(given: str, known: type[AskedBy] | type[LetterForm], what: str) -> str:
    names = [str(each) for each in known]
    if given not in names:
        raise UnknownName(f"{told(given)} is not {what}. {nearest(given, names)}")
    return given


def register_response(
    scope: Scope, drafted: Drafted, *, public: bool, text: str = "", release_marked: str = ""
) -> Response:
    """Enter a response as it went out: nothing of it changes afterwards. One that is public stands
    in the disclosure log. The words of the request go to the schema identity.

    Raises NotPermitted where what is released rests on marked returns and it is not said why.
    """
    scope.require(Permission.REGISTER_RESPONSE)
    why = fit_to_go_out(release_marked, REASON, "The reason of a release")
    response = replace(drafted.response, public=public, release_reason=why)
    if public and drafted.marked and not response.release_reason:
        refuse_marked(scope, drafted.marked)
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
        "authority": asdict(response.authority),
        "release_reason": response.release_reason,
    }
    rows = [
        (part.letter, part.answer.question.measure.code, part.answer.id, _as_data(part))
        for part in response.parts
    ]
    with logging(scope):
        for part in response.parts:
            keep_answer(scope, part.answer)
        if public:
            kept_answers.release(part.answer.id for part in response.parts if not part.refused)
        number = store.add(scope.sees, entry, rows, text)
        answers = [part.answer.id for part in response.parts]
        detail: dict[str, object] = {"response": number, "answers": answers, "public": public}
        if public and drafted.marked:
            detail["marked returns released"] = [each.number for each in drafted.marked]
        record(scope, "response registered", detail)
    return replace(response, reference=store.named(number))


def _as_data(part: Part) -> dict[str, Any] | None:
    """The refusal of a part, with the questions near it that the letter offers: who may not see the
    answer of a refused part reads the letter as it went out.
    """
    refused = part.refused
    if refused is None:
        return None
    near = [each.canonical() for refusal in part.answer.cannot for each in refusal.nearest]
    return {**asdict(refused), "reason": str(refused.reason), "nearest": near}


def correct_response(
    scope: Scope,
    reference: str,
    reason: str,
    day: date,
    days: Mapping[str, date] = MappingProxyType({}),
    *,
    wanted: Sequence[Wanted] = (),
    head: Mapping[str, str] = MappingProxyType({}),
    sent_on: date | None = None,
) -> Drafted:
    """A response in the place of one: the same parts asked again, as known on the same days but for
    those given by letter ("" for all); or the parts `wanted`, under the `head` of their request.
    Kept nowhere yet.

    Raises UnknownName for what is none, Unreadable without a reason or for one corrected already.
    """
    scope.require(Permission.READ_RESPONSES)
    before = response_named(scope, reference)
    if not reason.strip():
        raise Unreadable("Say why, with --reason.")
    if before.corrected_by:
        raise Unreadable(f"{before.reference} is corrected already, by {before.corrected_by}.")
    letters = [part.letter for part in before.parts]
    if unknown := [letter for letter in days if letter and letter not in letters]:
        raise UnknownName(f"{before.reference} has no part {told(unknown[0])}.")
    asked_again = [
        Wanted(
            replace(
                part.answer.question,
                as_at=days.get(part.letter, days.get("", part.answer.question.as_at)),
            ),
            part.refused,
        )
        for part in before.parts
    ]
    request = Request(
        asked_by=head.get("asked_by", before.asked_by),
        form=head.get("form", before.form),
        sent_on=sent_on,
        title=head.get("title", before.title),
        reference=head.get("request", before.request),
        language=before.language,
    )
    drafted = draft_response(
        scope, wanted or asked_again, request, day, instead_of=before.reference
    )
    why = fit_to_go_out(reason, REASON, "The reason of a correction")
    corrected = replace(
        drafted.response, corrects=before.reference, reason=why, public=before.public
    )
    return replace(drafted, response=corrected)


def withdraw_response(scope: Scope, reference: str, reason: str, day: date) -> Response:
    """Withdraw a response from a day on: what is public of it is from then on that it is withdrawn,
    and why. It stays in the register.

    Raises UnknownName for what is none, Unreadable without a reason and for one withdrawn already.
    """
    scope.require(Permission.REGISTER_RESPONSE)
    found = response_named(scope, reference)
    if not reason.strip():
        raise Unreadable("Say why, with --reason: it stands in the disclosure log.")
    why = fit_to_go_out(reason, REASON, "The reason of a withdrawal")
    if found.withdrawn:
        raise Unreadable(f"{found.reference} is withdrawn already, on {found.withdrawn.on}.")
    if not found.sent_on <= day <= timezone.localdate():
        raise Unreadable(
            f"{found.reference} went out on {found.sent_on}: it is withdrawn on that day or a "
            "later one, and not on one to come."
        )
    number = store.number_of(found.reference)
    with logging(scope):
        event = store.withdraw(scope.who, number, why, day)
        record(scope, "response withdrawn", {"response": number, "event": event})
    return replace(found, withdrawn=Withdrawal(day, why))
