"""Judge: draft a judgement on what is held, review it, approve it, withdraw it, say what became of
it; and what was judged as at a day. Three persons make one that stands; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.basis.saying import Saying, say, several
from darkfigure.codes import codes_for
from darkfigure.intelligence.judgement_fields import as_fields, content_of
from darkfigure.intelligence.judgements import (
    CitedFigure,
    CitedItem,
    Comment,
    Direction,
    Judgement,
    Standing,
    faults,
)
from darkfigure.intelligence.scoring import Outcome
from darkfigure.publication.answer import says_something
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.ask_in_words import question_written
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.store.queries import editions
from darkfigure_hub.store.queries import judgements as store
from darkfigure_hub.store.queries.judgements import HeldEvent, HeldJudgement
from darkfigure_hub.store.queries.locks import JUDGING, hold

__all__ = [
    "Drafted",
    "HeldEvent",
    "HeldJudgement",
    "all_judgements",
    "approve_judgement",
    "comment_on_judgement",
    "draft_judgement",
    "judgement_history",
    "judgement_named",
    "judgement_numbered",
    "judgements_as_at",
    "judgements_waiting",
    "resolve_judgement",
    "review_judgement",
    "send_back_judgement",
    "withdraw_judgement",
]

#: A reason, an agency's comment, the evidence of a resolution.
SHORTEST, LONGEST = 10, 4000
#: Digits of the hash by which what was read is named.
_DIGITS = 8


@dataclass(frozen=True)
class Drafted:
    """A judgement as it is drafted: with its version, and what its items and figures are as known
    of its day; its hash; whether it is kept.
    """

    judgement: Judgement
    content: str
    kept: bool


def draft_judgement(
    scope: Scope, judgement: Judgement, today: date, *, dry_run: bool = False
) -> Drafted:
    """Draft a judgement: its items are looked up, its figures asked, as known of its day, and what
    is wrong with it is said.

    Raises DarkfigureError with every fault; UnknownName and Unreadable for what it cites and is not
    held, or not marked as it is.
    """
    scope.require(Permission.DRAFT_JUDGEMENT)
    if judgement.known > today:
        raise Unreadable(f"{judgement.known} is to come: write in known a day that has come.")
    _answers_questions(scope, judgement)
    _can_be_watched(judgement)
    looked_up = _looked_up(scope, judgement)
    with hold(JUDGING):
        number = store.last_version(judgement.code) + 1
        last = _approved(scope, judgement.code)
        whole = replace(looked_up, version=number, author=scope.who)
        before = last.judged() if last else None
        if found := faults(whole, before):
            raise DarkfigureError(_refused(whole.name, found))
        content = content_of(whole)
        _not_again(scope, judgement.code, content)
        if dry_run:
            return Drafted(whole, content, kept=False)
        with logging(scope):
            _keep_answers(scope, whole)
            entry = {
                "code": whole.code,
                "version": number,
                "marking": whole.marking,
                "known_from": whole.known,
                "content": content,
                "said": as_fields(whole),
            }
            store.add(entry, scope.who)
            record(scope, "judgement drafted", {"judgement": whole.name, "content": content})
    return Drafted(whole, content, kept=True)


def _refused(name: str, found: Sequence[Saying]) -> Saying:
    lines = several([say("judgement.listed", what=each) for each in found], "line")
    return say("judgement.refused", name=name, count=len(found), lines=lines)


def _answers_questions(scope: Scope, judgement: Judgement) -> None:
    """Every requirement is a question, or a group of them, of a set in force on its day."""
    held = editions.standing(scope, judgement.known)
    for code in judgement.requirements:
        if any(code in one.questions or code in one.requirements for one in held):
            continue
        known = ", ".join(one.edition for one in held) or "none"
        raise UnknownName(
            f"requirements: {told(code)} is no question of a set in force on {judgement.known} "
            f"({known}). Write the code of one, as `darkfigure requirements` lists them."
        )
    threats = {area for one in held for area in one.threats}
    if judgement.area not in threats:
        raise UnknownName(
            f"area: {told(judgement.area)} is no threat area of a set in force on "
            f"{judgement.known}: {', '.join(sorted(threats))}."
        )


def _can_be_watched(judgement: Judgement) -> None:
    """What it watches for can be asked."""
    asked = [
        *((f"assumptions {at}", each.question) for at, each in enumerate(judgement.assumptions, 1)),
        *((f"indicators {at}", each.question) for at, each in enumerate(judgement.indicators, 1)),
    ]
    for where, question in asked:
        if question:
            with _in_field(where):
                question_written(question, judgement.known)


@contextmanager
def _in_field(where: str) -> Iterator[None]:
    """A stretch whose errors say of which field they are."""
    try:
        yield
    except (UnknownName, Unreadable) as error:
        raise type(error)(f"{where}: {error}") from error


def _looked_up(scope: Scope, judgement: Judgement) -> Judgement:
    """A judgement with what its items and figures are, as known of its day."""
    return replace(
        judgement,
        items_for=tuple(_item(scope, each, judgement) for each in judgement.items_for),
        items_against=tuple(_item(scope, each, judgement) for each in judgement.items_against),
        figures=tuple(
            _figure(scope, each, judgement, f"figures {at}")
            for at, each in enumerate(judgement.figures, 1)
        ),
        comments=tuple(_of_agency(each) for each in judgement.comments),
    )


def _item(scope: Scope, cited: CitedItem, judgement: Judgement) -> CitedItem:
    held = store.citable_item(scope, cited.name, judgement.known)
    if held is None:
        raise UnknownName(
            f"{cited.name} is no item that was known and stood on {judgement.known}. Cite one that "
            "is held, as AGENCY REPORT/NUMBER."
        )
    if held.is_shut:
        raise Unreadable(
            f"{cited.name} stands in a compartment, and a judgement in none: cite what was "
            "reported outside it, or leave it out."
        )
    if held.marking > judgement.marking:
        raise Unreadable(
            f"{cited.name} is marked {_marked(held.marking)}: mark the judgement so, or leave it "
            "out."
        )
    full = replace(cited, grade=held.grade, origin=held.origin, day=held.day)
    for field in ("grade", "origin", "day"):
        written, known = getattr(cited, field), getattr(full, field)
        if written and written != known:
            raise Unreadable(
                f"{cited.name}: its {field} is {known} as known of {judgement.known}, not "
                f"{written}. Write that, or nothing."
            )
    return full


def _marked(marking: Marking) -> str:
    return marking.name.replace("_", "-")


def _figure(scope: Scope, cited: CitedFigure, judgement: Judgement, where: str) -> CitedFigure:
    with _in_field(where):
        found = answered(scope, question_written(cited.question, cited.as_at))
    if not any(says_something(cell) for cell in found.cells):
        why = ", ".join(str(each.reason) for each in found.cannot) or "nothing is held"
        raise Unreadable(
            f"{where} has no answer as at {cited.as_at} ({why}). Cite a figure that is held, or "
            "leave it out."
        )
    if found.marking > judgement.marking:
        raise Unreadable(
            f"{where} rests on what is marked {_marked(found.marking)}: mark the "
            "judgement so, or leave it out."
        )
    if cited.says and cited.says != found.id:
        raise Unreadable(
            f"{where} is answered by {found.id} as at {cited.as_at}, not by "
            f"{told(cited.says)}. Write that, or nothing."
        )
    return replace(cited, says=found.id)


def _of_agency(comment: Comment) -> Comment:
    listed = codes_for("agency")
    code = listed.find(comment.agency)
    if code is None:
        raise UnknownName(f"{told(comment.agency)} is no agency. {listed.suggest(comment.agency)}")
    return replace(comment, agency=code)


def _keep_answers(scope: Scope, judgement: Judgement) -> None:
    for cited in judgement.figures:
        keep_answer(scope, answered(scope, question_written(cited.question, cited.as_at)))


def _not_again(scope: Scope, code: str, content: str) -> None:
    versions = store.judgements(scope, code)
    if versions and versions[-1].content == content:
        raise DarkfigureError(f"{versions[-1].name} says this already: nothing was drafted.")


def _approved(scope: Scope, code: str, day: date | None = None) -> HeldJudgement | None:
    """The last version of a code that was approved, by a day where one is given."""
    held = store.judgements(scope, code)
    return next((each for each in reversed(held) if each.event("approved", day)), None)


def judgements_as_at(
    scope: Scope, day: date, *, drafts: bool = False
) -> tuple[tuple[Judgement, ...], int]:
    """The judgements that stood on a day, by code: of each the last version approved by then, if it
    was not withdrawn; and how many are withheld from who asks. `drafts` gives every version known.
    """
    scope.require(Permission.READ_JUDGEMENT)
    held = store.judgements(scope, day=day)
    withheld = store.withheld_judgements(scope, day)
    if drafts:
        return tuple(each.judged(day) for each in held), withheld
    last = {each.code: each for each in held if each.event("approved", day)}
    standing = [each for each in last.values() if each.standing(day) == Standing.APPROVED]
    return tuple(each.judged(day) for each in standing), withheld


def judgement_named(scope: Scope, reference: str) -> HeldJudgement:
    """A version by its reference, HT-J-01/v2, or the last one of a code. Raises UnknownName."""
    scope.require(Permission.READ_JUDGEMENT)
    return _named(scope, reference)


def _named(scope: Scope, reference: str) -> HeldJudgement:
    code, _, version = reference.strip().partition("/")
    held = store.judgements(scope, code) if code else []
    if version:
        held = [each for each in held if f"v{each.version}" == version.strip().lower()]
    if not held:
        raise UnknownName(
            f"{told(reference)} is no judgement. They are named by code, as HT-J-01, or by code "
            "and version, as HT-J-01/v2; `darkfigure judgement list --drafts` lists them."
        )
    return held[-1]


def judgement_numbered(scope: Scope, number: int) -> HeldJudgement:
    """A version by its number in the repository. Raises UnknownName."""
    scope.require(Permission.READ_JUDGEMENT)
    held = store.judgements(scope, number=number) if number else []
    if not held:
        raise UnknownName(f"There is no judgement of the number {number}.")
    return held[0]


def all_judgements(scope: Scope, day: date) -> tuple[list[HeldJudgement], int]:
    """Every version known by a day, by code, the last one first; and how many judgements are
    withheld from who asks.
    """
    scope.require(Permission.READ_JUDGEMENT)
    held = store.judgements(scope, day=day)
    held.sort(key=lambda each: (each.code, -each.version))
    return held, store.withheld_judgements(scope, day)


def judgements_waiting(scope: Scope, day: date) -> list[HeldJudgement]:
    """The versions that wait for who asks, by a day: to be reviewed, approved, or mended."""
    scope.require(Permission.READ_JUDGEMENT)
    last = {each.code: each for each in store.judgements(scope, day=day)}
    return [each for each in last.values() if _waits(scope, each)]


def _waits(scope: Scope, held: HeldJudgement) -> bool:
    standing, own = held.standing(), held.by("drafted") == scope.who
    if standing == Standing.DRAFTED:
        return scope.may(Permission.REVIEW_JUDGEMENT) and not own
    if standing == Standing.REVIEWED:
        other = scope.who not in (held.by("drafted"), held.by("reviewed"))
        return scope.may(Permission.APPROVE_JUDGEMENT) and other
    return standing == Standing.SENT_BACK and own


def judgement_history(scope: Scope, code: str) -> list[HeldJudgement]:
    """Every version of a judgement and what was done with each. Raises UnknownName."""
    scope.require(Permission.READ_JUDGEMENT)
    return store.judgements(scope, _named(scope, code).code)


def review_judgement(scope: Scope, reference: str, on: date, today: date) -> HeldJudgement:
    """Review a version that another drafted: it is fit to be approved. Raises DarkfigureError."""
    scope.require(Permission.REVIEW_JUDGEMENT)
    with hold(JUDGING):
        held = _open(scope, reference, on, today, {Standing.DRAFTED})
        if held.by("drafted") == scope.who:
            raise DarkfigureError("Another than who drafted it reviews a judgement.")
        _still_held(scope, held, on)
        return _done(scope, held, "reviewed", on)


def send_back_judgement(
    scope: Scope, reference: str, why: str, on: date, today: date
) -> HeldJudgement:
    """Send a version back that is not fit to be approved, with the reason: it is drafted anew."""
    scope.require(Permission.REVIEW_JUDGEMENT)
    with hold(JUDGING):
        held = _open(scope, reference, on, today, {Standing.DRAFTED, Standing.REVIEWED})
        if held.by("drafted") == scope.who:
            raise DarkfigureError("Another than who drafted it sends a judgement back.")
        return _done(scope, held, "sent_back", on, why=_reason(why))


def approve_judgement(
    scope: Scope, reference: str, content: str, on: date, today: date
) -> HeldJudgement:
    """Approve a version that two others drafted and reviewed, by the hash of what was read (its
    first eight digits at least). From then on its term, horizon and criteria are what it is scored
    by. Raises DarkfigureError.
    """
    scope.require(Permission.APPROVE_JUDGEMENT)
    with hold(JUDGING):
        held = _open(scope, reference, on, today, {Standing.REVIEWED})
        if scope.who in (held.by("drafted"), held.by("reviewed")):
            raise DarkfigureError(
                "Another than who drafted it and who reviewed it approves a judgement."
            )
        if len(content) < _DIGITS or not held.content.startswith(content):
            raise DarkfigureError(
                f"What was read is not what {held.name} says: look at it once more. Its content is "
                f"{held.content[:16]}..."
            )
        _still_held(scope, held, on)
        review = held.event("reviewed")
        return _done(scope, held, "approved", on, after_id=review.number if review else None)


def withdraw_judgement(
    scope: Scope, reference: str, why: str, on: date, today: date
) -> HeldJudgement:
    """Withdraw a version that was approved: none of its code stands from then on. It is kept, and
    scored all the same. Raises DarkfigureError.
    """
    scope.require(Permission.APPROVE_JUDGEMENT)
    with hold(JUDGING):
        held = _open(scope, reference, on, today, {Standing.APPROVED})
        return _done(scope, held, "withdrawn", on, why=_reason(why))


def comment_on_judgement(
    scope: Scope, reference: str, agency: str, text: str, on: date, today: date
) -> HeldJudgement:
    """Enter what an agency says to a version before it is approved: it stands beside it from then
    on, and is frozen with it. Raises DarkfigureError.
    """
    scope.require(Permission.DRAFT_JUDGEMENT)
    said = _of_agency(Comment(agency, _reason(text)))
    with hold(JUDGING):
        held = _open(scope, reference, on, today, {Standing.DRAFTED, Standing.REVIEWED})
        return _done(scope, held, "comment", on, why=said.text, said={"agency": said.agency})


def resolve_judgement(
    scope: Scope,
    reference: str,
    outcome: Outcome,
    evidence: str,
    on: date,
    today: date,
    *,
    direction: Direction | None = None,
) -> HeldJudgement:
    """Say what became of a version whose horizon passed, by its own criteria, with the evidence:
    by another than who drafted it. A later word stands in the place of an earlier one.

    Raises DarkfigureError for one that was never approved, or that says that it cannot be told.
    """
    scope.require(Permission.RESOLVE_JUDGEMENT)
    why = _reason(evidence)
    with hold(JUDGING):
        held = _named(scope, reference)
        _comes_after(held, on, today)
        judged = held.judged()
        if not held.event("approved"):
            raise DarkfigureError(f"{held.name} was never approved: there is nothing to resolve.")
        if not judged.resolvable or judged.horizon is None:
            raise DarkfigureError(
                f"{held.name} has no horizon: it says that it cannot be told whether it comes "
                "true, and is never scored."
            )
        if on <= judged.horizon:
            raise DarkfigureError(
                f"{held.name} is open until {judged.horizon}: say what became of it after that day."
            )
        if held.by("drafted") == scope.who:
            raise DarkfigureError("Another than who drafted it says what became of a judgement.")
        said = {"outcome": outcome.value, "direction": direction.value if direction else ""}
        return _done(scope, held, "resolved", on, why=why, said=said)


def _open(
    scope: Scope, reference: str, on: date, today: date, wanted: set[Standing]
) -> HeldJudgement:
    """The version of a reference that has come as far as is wanted, and that none came after."""
    held = _named(scope, reference)
    _comes_after(held, on, today)
    standing = held.standing()
    if standing not in wanted:
        asked = " or ".join(sorted(each.value.replace("_", " ") for each in wanted))
        raise DarkfigureError(
            f"{held.name} is {standing.value.replace('_', ' ')}: this is done with one that is "
            f"{asked}."
        )
    last = store.last_version(held.code)
    if held.version != last and standing != Standing.APPROVED:
        raise DarkfigureError(f"{held.code}/v{last} was drafted in the place of {held.name}.")
    return held


def _comes_after(held: HeldJudgement, on: date, today: date) -> None:
    last = max((each.on for each in held.events), default=held.known)
    if not last <= on <= today:
        raise Unreadable(
            f"{on} is no day for this: it lies from {last}, the day of what was done with "
            f"{held.name} last, to {today}."
        )


def _still_held(scope: Scope, held: HeldJudgement, on: date) -> None:
    """Raise DarkfigureError for items that were taken back since it was drafted, of those that who
    asks may see.
    """
    gone = [each.name for each in held.judged().items if store.is_back(scope, each.name, on)]
    if gone:
        raise DarkfigureError(
            f"{held.name} rests on what was taken back: {', '.join(gone)}. Send it back, so that "
            "it is drafted anew."
        )


def _reason(text: str) -> str:
    line = " ".join(text.split())
    if not SHORTEST <= len(line) <= LONGEST:
        raise Unreadable(f"Say why, in {SHORTEST} to {LONGEST:,} characters.")
    return line


def _done(scope: Scope, held: HeldJudgement, kind: str, on: date, **more: object) -> HeldJudgement:
    """Enter what is done with a version, with its entry of the log; the version as it is then."""
    with logging(scope):
        store.enter(held.number, kind, on, scope.who, **more)
        done = f"judgement {kind.replace('_', ' ')}"
        record(scope, done, {"judgement": held.name, "content": held.content})
    return _named(scope, held.name)
