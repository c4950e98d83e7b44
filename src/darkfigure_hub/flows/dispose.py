"""Review what is held, keep it for a reason, or dispose of it: one proposes, another does so."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.reason import reason_given
from darkfigure.basis.reference import UNSEALED
from darkfigure.basis.saying import several
from darkfigure.cases.casework import CaseSubmission
from darkfigure.publication.retention import Class, classes, review_day
from darkfigure.reading.kinds import kind_named, read_file, recognise
from darkfigure.reading.searched import is_legible, is_named_in, text_of_file
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.sealing import NotAsKept, laid_out, opened_as
from darkfigure_hub.store.queries import disposal as store
from darkfigure_hub.store.queries.disposal import HeldDisposal, HeldHold, WaitingDraft
from darkfigure_hub.store.queries.locks import RECEIVING
from darkfigure_hub.store.queries.locks import hold as hold_lock
from darkfigure_hub.store.queries.pseudonyms import current, named, sealed

__all__ = [
    "GROUNDS",
    "KINDS",
    "PERSON",
    "Class",
    "Due",
    "FoundDrafts",
    "HeldDisposal",
    "HeldHold",
    "Reviewed",
    "carry_out_disposal",
    "end_hold",
    "hold_thing",
    "number_of",
    "propose_disposal",
    "show_disposal",
    "show_drafts_of",
    "show_review",
    "withdraw_disposal",
]

#: What is disposed of, and on which grounds it is kept.
KINDS = {
    "return": "A return of case records, with its names and its file",
    "report": "A report: its words, and how origins are called",
    "response": "The words of a request, and the address of who asked",
    "person": "All that is held of one person, by their pseudonym",
}
#: What is not reviewed when it falls due: all of a person's goes when somebody has a reason.
PERSON = "person"
GROUNDS = {
    "retained": "It is still needed: reviewed, and retained until a day",
    "inquiry": "An inquiry may ask for it",
    "court": "A court may ask for it",
    "restricted": "A person asked that it be kept and not used",
}


@dataclass(frozen=True)
class Due:
    """A thing, the rule by which it is reviewed, when that is due, and what keeps it meanwhile."""

    kind: str
    number: int
    rule: Class
    due: date
    kept: HeldHold | None
    proposed: int | None

    @property
    def name(self) -> str:
        """How it is spoken of."""
        return f"{self.kind} {self.number}"


@dataclass(frozen=True)
class Reviewed:
    """What is overdue for review on a day, how many are due later, holds that stand, proposals and
    what was carried out.
    """

    overdue: tuple[Due, ...]
    later: int
    holds: tuple[HeldHold, ...]
    disposals: tuple[HeldDisposal, ...]
    rules: tuple[Class, ...]


@dataclass(frozen=True)
class FoundDrafts:
    """The drafts in which a person is named, or a row of theirs stands; how many cannot be read
    through, or not by who looks; the numbers of those that were.
    """

    found: tuple[WaitingDraft, ...] = ()
    unread: int = 0
    looked: frozenset[int] = frozenset()

    def __str__(self) -> str:
        """Which drafts go, and how many nobody can say it of: no word of theirs."""
        named_ones = [
            f"SUBMISSION-{each.number} ({each.agency}, {each.kind})" for each in self.found
        ]
        code = "pages.disposal.drafts" if named_ones else "pages.disposal.no_drafts"
        said = [ENGLISH.text(code, count=len(named_ones), named=ENGLISH.say(several(named_ones)))]
        if self.unread:
            said.append(ENGLISH.text("pages.disposal.unread", count=self.unread))
        return " ".join(said)

    def __add__(self, later: FoundDrafts) -> FoundDrafts:
        """With those that came since."""
        unread = self.unread + later.unread
        return FoundDrafts(self.found + later.found, unread, self.looked | later.looked)


def show_review(scope: Scope, day: date) -> Reviewed:
    """What is overdue for review on a day, and what became of what was. Raises NotPermitted."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    found = _due()
    overdue = tuple(each for each in found if each.due <= day)
    return Reviewed(
        overdue,
        len(found) - len(overdue),
        tuple(store.holds(day)),
        tuple(store.disposals()),
        classes(),
    )


def number_of(scope: Scope, kind: str, said: str) -> int:
    """The number of a thing as somebody says it: a person by a pseudonym, or by the number that
    a hold or a proposal tells. Raises NotPermitted, UnknownName.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    text = said.strip()
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    if kind != PERSON:
        raise UnknownName(f"A {kind} has a number: {text[:40]!r} is none.")
    found = store.number_of_person(current(text))
    if found is None:
        raise UnknownName("Nobody is held under that pseudonym, as far as you may see.")
    return found


def hold_thing(
    scope: Scope, kind: str, number: int, ground: str, why: str, until: date | None
) -> int:
    """Keep a thing, for a reason, until a day or until the hold is ended. Gives the hold's number.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    given = reason_given(why)
    _there(kind, number)
    if ground not in GROUNDS:
        raise UnknownName(f"A thing is kept on one of the grounds {', '.join(GROUNDS)}.")
    if ground == "retained" and until is None:
        raise DarkfigureError("Say until when it is retained: it is reviewed again then.")
    if until and until <= timezone.localdate():
        raise DarkfigureError("It is kept until a day to come.")
    with logging(scope):
        made = store.keep(kind, number, ground, given, until, scope.who)
        told = {"hold": made, kind: number, "ground": ground, "until": until and until.isoformat()}
        record(scope, "thing held", told)
    return made


def end_hold(scope: Scope, number: int, why: str) -> None:
    """End a hold that stands. Raises NotPermitted, UnknownName, DarkfigureError."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held, given = store.hold(number), reason_given(why)
    if held is None or held.ended_at:
        raise UnknownName("There is no such hold that stands.")
    with logging(scope):
        if not store.end(number, given, scope.who):
            raise DarkfigureError(f"HOLD-{number} was ended by somebody else meanwhile.")
        record(scope, "hold ended", {"hold": number, held.kind: held.target})


def propose_disposal(scope: Scope, kind: str, number: int, why: str) -> int:
    """Propose that a thing be disposed of that is due for review and not held; of a person all that
    is held, at any time. Gives the number of the proposal.

    Raises NotPermitted, UnknownName, DarkfigureError.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    given, today = reason_given(why), timezone.localdate()
    held = _there(kind, number)
    if held and held.due > today:
        raise DarkfigureError(
            f"The {held.name} is reviewed on {held.due}, and not disposed of before: "
            f"{held.rule.years} years after {held.rule.clock}."
        )
    name = f"{kind} {number}"
    if held and held.kept:
        raise DarkfigureError(f"The {name} is kept by HOLD-{held.kept.number}: end it first.")
    if store.is_held(kind, number):
        raise DarkfigureError(
            f"The {name} is kept, or what would go with it: end the hold on the return or on the "
            "person first."
        )
    under, due = (held.rule.name, held.due) if held else (PERSON, today)
    with logging(scope):
        try:
            with transaction.atomic():
                made = store.propose(kind, number, under, due, given, scope.who)
        except IntegrityError:
            raise DarkfigureError(f"The {name} has been proposed already.") from None
        record(scope, "disposal proposed", {"disposal": made, kind: number})
    return made


def withdraw_disposal(scope: Scope, number: int) -> None:
    """Withdraw a proposal that was not carried out. Raises NotPermitted, UnknownName."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held = store.disposal(number)
    if held is None or held.state != "proposed":
        raise UnknownName("There is no such proposal that stands.")
    with logging(scope):
        if not store.withdraw(number, scope.who):
            raise DarkfigureError(
                f"DISPOSAL-{number} was carried out, or withdrawn, meanwhile: nothing was changed."
            )
        record(scope, "disposal withdrawn", {"disposal": number})


def show_disposal(scope: Scope, number: int) -> HeldDisposal:
    """A proposal, or what was carried out. Raises NotPermitted, UnknownName."""
    scope.require(Permission.PROPOSE_DISPOSAL)
    held = store.disposal(number)
    if held is None:
        raise UnknownName("There is no such disposal.")
    return held


def show_drafts_of(scope: Scope, number: int) -> FoundDrafts:
    """The drafts that would go with what was proposed: of a person those in which they stand.
    Raises NotPermitted, UnknownName.
    """
    scope.require(Permission.PROPOSE_DISPOSAL)
    held = store.disposal(number)
    if held is None:
        raise UnknownName("There is no such disposal.")
    if held.kind != PERSON or held.state != "proposed":
        return FoundDrafts()
    found = _drafts_of(held.target)
    told = {"disposal": number, "drafts": len(found.found), "unread": found.unread}
    record(scope, "drafts of a person listed", told)
    return found


def carry_out_disposal(scope: Scope, number: int) -> HeldDisposal:
    """Dispose of what another proposed: it is gone from the tables at once, and what is left is the
    proof. With a person go the drafts in which they stand. Raises NotPermitted, UnknownName;
    DarkfigureError where one proposed it oneself, or it is held by now.
    """
    scope.require(Permission.CARRY_OUT_DISPOSAL)
    held = store.disposal(number)
    if held is None or held.state != "proposed":
        raise UnknownName("There is no such proposal that stands.")
    if held.proposed_by == scope.who:
        raise DarkfigureError("Another than who proposed it carries it out.")
    of_person = held.kind == PERSON
    drafts = _drafts_of(held.target) if of_person else FoundDrafts()
    # What is released waits, or is a return by now; what was drafted since is looked through once
    # nobody else writes.
    with hold_lock(RECEIVING) if of_person else nullcontext(), logging(scope):
        if of_person:
            drafts += _drafts_of(held.target, drafts.looked)
        try:
            with transaction.atomic():
                found = [each.number for each in drafts.found]
                gone = store.carry_out(number, scope.who, found)
        except DatabaseError:
            raise DarkfigureError(
                f"The {held.kind} {held.target} is kept, or is not there: look at it once more."
            ) from None
        held = store.disposal(number) or held
        told = {"disposal": number, held.kind: held.target, "sha256": held.sha256, **gone}
        record(scope, "disposal carried out", told)
    return held


def _drafts_of(person: int, looked: Collection[int] = ()) -> FoundDrafts:
    """The drafts in which a person stands, but those looked through already. Each is unlocked
    alone, and for as long as it is read.
    """
    waiting, withheld = store.drafts_waiting()
    fresh = [each for each in waiting if each.number not in looked]
    if not fresh:
        return FoundDrafts(unread=0 if looked else withheld)
    names, called = store.names_of_person(person)
    said = {each: _says(each, names, called) for each in fresh}
    return FoundDrafts(
        tuple(each for each, stands in said.items() if stands),
        sum(stands is None for stands in said.values()) + (0 if looked else withheld),
        frozenset(each.number for each in fresh),
    )


def _says(
    draft: WaitingDraft, names: frozenset[str], called: Collection[tuple[str, str]]
) -> bool | None:
    """Whether a draft names somebody, or holds a row of theirs; None where it cannot be read
    through.
    """
    try:
        content = opened_as(store.locked_draft(draft.number), draft.sha256)
    except NotAsKept:
        return None
    with laid_out(content, draft.name) as path:
        text = text_of_file(path)
        if any(is_named_in(text, each) for each in called):
            return True
        if draft.kind != "return":
            return False if is_legible(path) else None
        try:
            return _has_rows(draft, path, names)
        except DarkfigureError:
            return None


def _has_rows(draft: WaitingDraft, path: Path, names: frozenset[str]) -> bool | None:
    """Whether a row of a draft is somebody's; None where there are rows that cannot be read."""
    kind = kind_named(draft.reading) if draft.reading else recognise(path)
    whole = True
    for submission in read_file(path, kind, timezone.localdate()):
        if isinstance(submission, CaseSubmission):
            submission.colon = UNSEALED
            for batch in named(submission.tables):
                if names & set(sealed(batch.names).values()):
                    return True
            whole = whole and not submission.problem_total
    return False if whole else None


def _due() -> list[Due]:
    """Every thing with its review, the longest overdue first."""
    today = timezone.localdate()
    kept = {(each.kind, each.target): each for each in store.holds(today)}
    open_ones = {
        (each.kind, each.target): each.number
        for each in store.disposals()
        if each.state == "proposed"
    }
    found = []
    for kind, number, last in store.clocks():
        if (ruled := review_day(kind, last)) is None:
            continue
        rule, due = ruled
        hold = kept.get((kind, number))
        if hold and hold.ground == "retained" and hold.until:
            due = max(due, hold.until)
        found.append(Due(kind, number, rule, due, hold, open_ones.get((kind, number))))
    return sorted(found, key=lambda each: (each.due, each.kind, each.number))


def _there(kind: str, number: int) -> Due | None:
    """A thing that is reviewed; nothing of a person of that number, who is there."""
    if kind == PERSON:
        if store.is_there(kind, number):
            return None
        raise UnknownName(f"There is no person {number} of whom anything is held.")
    for each in _due():
        if (each.kind, each.number) == (kind, number):
            return each
    raise UnknownName(f"There is no {kind} {number} that is reviewed.")
