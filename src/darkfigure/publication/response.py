"""Responses: answers that go out of the door, part by part, each answered or refused; and how what
was said compares with what would be said now, and with what was said to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.status import CellReason
from darkfigure.codes import includes, nearest
from darkfigure.publication.answer import (
    Answer,
    is_hidden,
    label_of,
    place_of,
    says_something,
    told_by,
)
from darkfigure.publication.appropriate_limit import Cost
from darkfigure.publication.bridge import Bridge
from darkfigure.publication.exemptions import section_of_the_act, weighed
from darkfigure.publication.going_out import fit_to_go_out
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import Condition, Question


class AskedBy(StrEnum):
    """What kind of person asked; who it was is not kept."""

    MEMBER = "member"
    PUBLIC = "public"
    PRESS = "press"
    RESEARCHER = "researcher"
    CHARITY = "charity"
    PUBLIC_BODY = "public_body"
    SOMEBODY_ELSE = "somebody_else"


class LetterForm(StrEnum):
    """What a response is written as."""

    WRITTEN = "written"
    FOI = "foi"
    PRESS = "press"
    PLAIN = "plain"


#: Reasons for which a desk refuses a part though it was understood.
REFUSING = (
    CellReason.COST_LIMIT,
    CellReason.EXEMPT,
    CellReason.CASE_NOTES,
    CellReason.HELD_ELSEWHERE,
    CellReason.NOT_HELD,
)


#: What a refusal says in words is at most so long; who holds something is named in a line.
WORDS, NAMED = 1000, 200


@dataclass(frozen=True)
class Refused:
    """Why a part is refused: for the cost (`cost`), as exempt (`section`, why, and the balance of
    public interest where the exemption is qualified), or held by another (`body`), and whether
    here as well (`held_here`). What stands in notes of cases is held: it carries a cost or an
    exemption. `although_held` says why what the repository holds is not held for the request.
    """

    reason: CellReason
    section: str = ""
    why: str = ""
    public_interest: str = ""
    body: str = ""
    cost: Cost | None = None
    held_here: bool = False
    although_held: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether the Act asks for a notice (section 17): what is refused is held."""
        return bool(self.cost or self.section)


def refused_for(
    reason: str,
    *,
    section: str = "",
    why: str = "",
    public_interest: str = "",
    body: str = "",
    cost: Cost | None = None,
    held_here: bool | None = None,
    although_held: str = "",
) -> Refused:
    """A refusal, checked: an exemption names its section and why it applies, and the balance of
    public interest where it is qualified; a cost what it comes to (over the limit); what another
    holds, who, and whether it is held here. What is held is refused on a ground of the Act.

    Raises UnknownName and Unreadable, saying what would be right.
    """
    known = [str(each) for each in REFUSING]
    if reason not in known:
        raise UnknownName(f"A part is refused for one of a few reasons. {nearest(reason, known)}")
    if reason == CellReason.EXEMPT and not (section and why):
        raise Unreadable("What is exempt names its section of the Act, and why it applies (why).")
    if reason == CellReason.COST_LIMIT and cost is None:
        raise Unreadable("A part refused for its cost says how many records, and minutes for each.")
    if reason == CellReason.CASE_NOTES and not (cost or section):
        raise Unreadable(
            "What stands in notes of cases is held. Give the ground on which it is refused: "
            "records and minutes that come to more than the limit, or the section of an exemption."
        )
    if reason == CellReason.HELD_ELSEWHERE:
        _held_by(body, held_here, section)
    if cost is not None and not cost.exceeds:
        raise Unreadable(
            f"{cost.hours:g} hours are within the limit of {cost.limit_hours:g}: the part cannot "
            "be refused for its cost."
        )
    interest = fit_to_go_out(public_interest, WORDS, "What is said of the public interest")
    if section:
        section = section_of_the_act(section)
        weighed(section, interest)
    return Refused(
        CellReason(reason),
        section,
        fit_to_go_out(why, WORDS, "The reason of a refusal (why)"),
        interest,
        fit_to_go_out(body, NAMED, "The name of a body"),
        cost,
        bool(held_here),
        fit_to_go_out(although_held, WORDS, "The reason why what is held is refused"),
    )


def _held_by(body: str, held_here: bool | None, section: str) -> None:
    """Raises Unreadable where it is not said who holds something, and whether it is held here."""
    if not body:
        raise Unreadable("What is held by another body says by which (body).")
    if held_here is None:
        raise Unreadable(
            "What is held by another body says whether it is held here as well: held_here: no, or "
            "held_here: yes with the section of an exemption, as 21."
        )
    if held_here and not section:
        raise Unreadable(
            "What is held here as well is refused as exempt: give the section, as 21 where it can "
            "be had from the other body."
        )


class Outcome(StrEnum):
    """What became of a part."""

    ANSWERED = "answered"
    IN_PART = "in_part"
    NOT_ANSWERED = "not_answered"
    REFUSED = "refused"


@dataclass(frozen=True)
class Part:
    """A part of a response under its letter."""

    letter: str
    answer: Answer
    refused: Refused | None = None

    @property
    def outcome(self) -> Outcome:
        """Answered, in part, refused by the desk, or without a figure for the reasons given."""
        if self.refused:
            return Outcome.REFUSED
        if not any(says_something(cell) for cell in self.answer.cells):
            return Outcome.NOT_ANSWERED
        lacking = any(not each.wider for each in self.answer.cannot)
        kept_out = any(is_hidden(cell) for cell in self.answer.cells)
        return Outcome.IN_PART if lacking or kept_out else Outcome.ANSWERED


@dataclass(frozen=True)
class Authority:
    """Whose responses these are: the name of the authority, where it is written to, where an
    internal review is asked for, and within how many working days (none where it is not said).
    """

    name: str = ""
    address: str = ""
    review: str = ""
    review_days: int | None = None


@dataclass(frozen=True)
class Withdrawal:
    """That a response was withdrawn: on which day, and why."""

    on: date
    because: str


@dataclass(frozen=True)
class Response:
    """A response: its reference ("" before it is registered), its subject, who asked by class, its
    form, its day, its parts, the one it corrects and why; whether it is public, whose it is, and
    whether it was withdrawn. `release_reason` says why what is marked was released.
    """

    title: str
    asked_by: AskedBy
    form: LetterForm
    sent_on: date
    parts: tuple[Part, ...]
    reference: str = ""
    request: str = ""
    released_by: str = ""
    language: str = "en"
    corrects: str = ""
    reason: str = ""
    corrected_by: str = ""
    public: bool = False
    authority: Authority = field(default_factory=Authority)
    release_reason: str = ""
    withdrawn: Withdrawal | None = None
    registered_at: datetime | None = None


def subject_of(questions: Iterable[Question]) -> str:
    """What questions are about, in a line: the titles of their measures."""
    return "; ".join(dict.fromkeys(question.measure.title for question in questions))


class Move(NamedTuple):
    """A cell that does not say now what it said: as given, and now; None where there is no such
    cell.
    """

    label: str
    given: Cell | None
    now: Cell | None


@dataclass(frozen=True)
class PartNow:
    """A part as given beside what would be said: `late` are the cells that are others for the very
    day asked about, as returns arrived since or were taken back; `since` those that differ between
    that day and today, as both are known now, with the bridge between them where there is one.
    `same_day` and `now` are the answers for the two days, none for what was refused.
    """

    part: Part
    late: tuple[Move, ...]
    since: tuple[Move, ...]
    bridge: Bridge | None = None
    now: Answer | None = None
    same_day: Answer | None = None

    @property
    def moved(self) -> bool:
        """Whether anything would be said otherwise today."""
        return bool(self.late or self.since)


@dataclass(frozen=True)
class ResponseNow:
    """A response beside what would be said today; `text` are the words of the request, where they
    were asked for.
    """

    response: Response
    parts: tuple[PartNow, ...]
    text: str = ""

    @property
    def moved(self) -> bool:
        """Whether a part of it would be said otherwise today."""
        return any(part.moved for part in self.parts)


def moves(given: Answer, now: Answer) -> tuple[Move, ...]:
    """Every cell of two answers to one question that does not say the same in both."""
    before = {place_of(cell): cell for cell in given.cells}
    after = {place_of(cell): cell for cell in now.cells}
    found = []
    for place in dict.fromkeys([*before, *after]):
        was, is_now = before.get(place), after.get(place)
        if _differ(was, is_now):
            label = label_of(given.question, before[place] if was else after[place])
            found.append(Move(label, was, is_now))
    return tuple(found)


def _differ(was: Cell | None, now: Cell | None) -> bool:
    """Whether two cells say what cannot both be so: of a small count that is kept out, nothing is
    said but a range.
    """
    if was is None or now is None or not (is_hidden(was) or is_hidden(now)):
        return _told(was) != _told(now)
    ranges = [_range(each) for each in (was, now)]
    return max(low for low, _ in ranges) > min(high for _, high in ranges)


def _range(cell: Cell) -> tuple[float, float]:
    if cell.value is not None:
        return float(cell.value), float(cell.value)
    return float(cell.low or 0), float("inf") if cell.high is None else float(cell.high)


def _told(cell: Cell | None) -> object:
    return None if cell is None or not says_something(cell) else told_by(cell)


def overlap(one: Question, other: Question) -> bool:
    """Whether two questions may count the same: one measure, evidence of one kind, times that meet,
    and no condition that shuts out the other.
    """
    if one.measure.code != other.measure.code or one.evidence != other.evidence:
        return False
    if one.period and other.period and not _meet(one, other):
        return False
    return all(
        _together(mine, theirs)
        for mine in one.where
        for theirs in other.where
        if mine.dimension == theirs.dimension
    )


def _meet(one: Question, other: Question) -> bool:
    first, second = one.period, other.period
    return bool(first and second and first.start <= second.end and second.start <= first.end)


def _together(mine: Condition, theirs: Condition) -> bool:
    """Whether a stored value can meet two conditions."""
    if mine.inclusive and theirs.inclusive:
        return True
    if mine.inclusive:
        return includes(theirs.code, mine.code)
    if theirs.inclusive:
        return includes(mine.code, theirs.code)
    return mine.code == theirs.code


class Earlier(NamedTuple):
    """A part of an earlier response that a part of this one meets: whether it was the very same
    question, and what stands against it now; what became of that response since, where it was
    withdrawn or corrected.
    """

    reference: str
    sent_on: date
    part: Part
    same: bool
    against: str = ""
    withdrawn: Withdrawal | None = None
    corrected_by: str = ""


def latest_first(responses: Iterable[Response]) -> list[Response]:
    """Responses given in the order they were entered, by their day, latest first; of one day the
    one entered last.
    """
    return sorted(responses, key=lambda each: each.sent_on)[::-1]


def said_before(part: Part, earlier: Iterable[Response]) -> Iterator[Earlier]:
    """What was said before on the matter of a part, latest first; where one was refused what the
    other is given, `against` says which: "refused_then" or "given_then".
    """
    for response in latest_first(earlier):
        for before in response.parts:
            if overlap(part.answer.question, before.answer.question):
                same = before.answer.question.canonical() == part.answer.question.canonical()
                yield Earlier(
                    response.reference,
                    response.sent_on,
                    before,
                    same,
                    "" if response.withdrawn else _against(part, before),
                    response.withdrawn,
                    response.corrected_by,
                )


def _against(part: Part, before: Part) -> str:
    refused, was_refused = part.outcome is Outcome.REFUSED, before.outcome is Outcome.REFUSED
    given = part.outcome in (Outcome.ANSWERED, Outcome.IN_PART)
    was_given = before.outcome in (Outcome.ANSWERED, Outcome.IN_PART)
    if refused and was_given:
        return "given_then"
    return "refused_then" if was_refused and given else ""


def rests_on(answer: Answer | None, sha256s: Sequence[str]) -> bool:
    """Whether a figure of an answer rests on one of some files."""
    if answer is None:
        return False
    return any(
        source.used and source.return_sha256 in sha256s
        for cell in answer.cells
        for source in cell.sources
    )
