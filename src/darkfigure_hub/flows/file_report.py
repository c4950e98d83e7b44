"""File what agencies send against the requirement: graded reports, replies to asks; grade an item
anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    ReturnRefused,
    UnknownName,
)
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem, told
from darkfigure.basis.saying import say
from darkfigure.intelligence.grading import Condition, read_grade
from darkfigure.intelligence.reporting import (
    IntelligenceReport,
    Reply,
    read_document,
    read_replies,
    read_report,
)
from darkfigure.reading.report_tables import document_text
from darkfigure_hub.access import logging, record
from darkfigure_hub.access.gate import on_record, own
from darkfigure_hub.flows.compartments import marked_within
from darkfigure_hub.flows.conditions import condition_faults, condition_given
from darkfigure_hub.flows.name_origins import known_origins, origin_faults, same_origin
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.flows.take_back import corrected_faults, take_corrected_back
from darkfigure_hub.store.models import ReceivedFile
from darkfigure_hub.store.queries import files, identity, origins, outbox
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold


def check_report(scope: Scope, path: Path, edition: str = "") -> IntelligenceReport:
    """A report read through without filing it. Raises as `submit_report`."""
    scope.require(Permission.DRAFT_SUBMISSION)
    held, text = requirement_set(scope, edition), document_text(path)
    with on_record(scope, "report", files.hash_of(path)):
        data = read_document(text, path.name)
    report = read_report(data, held, path.name)
    own(scope, {report.agency})
    return report


def check_replies(scope: Scope, path: Path) -> list[Reply]:
    """Replies read through without filing them. Raises as `submit_replies`."""
    scope.require(Permission.DRAFT_SUBMISSION)
    text, day = document_text(path), timezone.localdate()
    with on_record(scope, "replies", files.hash_of(path)):
        data = read_document(text, path.name)
    replies = read_replies(data, path.name)
    own(scope, {reply.agency for reply in replies})
    asks = store.asks_of(scope, [reply.ask for reply in replies], day)
    refuse(path.name, _reply_faults(replies, asks, day))
    return replies


@dataclass(frozen=True)
class Filed:
    """What became of a file: what it is called, how many items or replies, links, whether it was
    filed before; `notes` say what else follows from it.
    """

    name: str
    rows: int
    links: int
    already: bool
    notes: tuple[str, ...] = ()


def submit_report(
    scope: Scope,
    path: Path,
    edition: str = "",
    received_on: date | None = None,
    compartment: int | None = None,
) -> Filed:
    """File an intelligence report, whole or not at all. `received_on` is the day from which it is
    known, today where not given; `compartment` the number of one that it goes into.

    Raises MarkedTooHigh (and logs the refusal), ReturnRefused with every fault, NotPermitted.
    """
    scope.require(Permission.FILE_REPORT)
    held, text = requirement_set(scope, edition), document_text(path)
    digest, day = files.hash_of(path), received_on or timezone.localdate()
    with on_record(scope, "report", digest):
        data = read_document(text, path.name)
    report = read_report(data, held, path.name)
    own(scope, {report.agency})
    marked_within(compartment, report.marking)
    with hold(RECEIVING):
        kept = ReceivedFile.objects.filter(sha256=digest).first()
        if kept is not None:
            return Filed(report.reference, len(report.items), 0, already=True)
        known = known_origins(scope, report)
        refuse(path.name, _against_held(scope, report, day, known))
        for written in [each for each, number in known.items() if number is None]:
            known[written] = origins.register(written, day, scope.who)
        kept = identity.keep_file(path, digest)
        links = sum(len(item.links) for item in report.items)
        ids = store.enter_report(report, kept, scope.who, day, known, compartment)
        graders = outbox.holders(Permission.GRADE_ITEM, marking=report.marking, but=[scope.who])
        outbox.tell("items wait", timezone.localdate().isoformat(), graders)
        notes = _unconfirmed(scope, report) + take_corrected_back(scope, report, day)
        record(
            scope,
            "report filed",
            {"file": digest, "items": len(ids), "links": links, "agency": report.agency},
        )
    return Filed(report.reference, len(report.items), links, already=False, notes=tuple(notes))


def _against_held(
    scope: Scope, report: IntelligenceReport, day: date, known: Mapping[str, int | None]
) -> Iterator[Problem]:
    """Every fault of a report that shows beside what is held."""
    if store.is_filed(report.agency, report.reference):
        wrong, right = say("problems.wrong.filed_before"), say("problems.right.own_reference")
        yield Problem(wrong, right, column="reference", value=report.reference, rule="double")
    if report.submitted_on > day:
        yield ahead("submitted_on", report.submitted_on, day)
    yield from origin_faults(scope, report)
    yield from condition_faults(report)
    for item in report.items:
        confirmed = store.origin_of(scope, item.corroborated_by) if item.corroborated_by else None
        if confirmed and same_origin(scope, confirmed, (known.get(item.origin), report.agency)):
            column = f"items[{item.number}].corroborated_by"
            wrong, right = say("problems.wrong.same_origin"), say("problems.right.not_own")
            yield Problem(wrong, right, column=column, value=item.corroborated_by, rule="origin")
    yield from corrected_faults(scope, report, day)


def _unconfirmed(scope: Scope, report: IntelligenceReport) -> list[str]:
    """What counts as C, though graded B, until the item that confirms it is held."""
    return [
        f"Item {item.number} counts as C until {item.corroborated_by} is held."
        for item in report.items
        if item.corroborated_by and store.item_named(scope, item.corroborated_by) is None
    ]


def ahead(column: str, given: date, day: date) -> Problem:
    """The fault of a day that is still to come."""
    right = say("problems.right.not_ahead", day=day.isoformat())
    return Problem(
        say("problems.wrong.ahead"), right, column=column, value=given.isoformat(), rule="sense"
    )


def refuse(name: str, problems: Iterable[Problem]) -> None:
    """Raises ReturnRefused where there is any problem."""
    if found := list(problems):
        raise ReturnRefused(name, found)


def submit_replies(scope: Scope, path: Path, received_on: date | None = None) -> Filed:
    """File replies to asks, whole or not at all. Raises ReturnRefused: also for an ask that was put
    to another agency, or only later.
    """
    scope.require(Permission.FILE_REPORT)
    text = document_text(path)
    digest, day = files.hash_of(path), received_on or timezone.localdate()
    with on_record(scope, "replies", digest):
        data = read_document(text, path.name)
    replies = read_replies(data, path.name)
    own(scope, {reply.agency for reply in replies})
    asks = store.asks_of(scope, [reply.ask for reply in replies], day)
    refuse(path.name, _reply_faults(replies, asks, day))
    made = [(asks[reply.ask].number, reply) for reply in replies]
    with hold(RECEIVING):
        if ReceivedFile.objects.filter(sha256=digest).exists():
            return Filed(path.name, len(made), 0, already=True)
        kept = identity.keep_file(path, digest)
        store.enter_replies(made, kept, day)
        record(
            scope,
            "replies filed",
            {"file": digest, "replies": len(made), "agency": replies[0].agency},
        )
    return Filed(path.name, len(made), 0, already=False)


def _reply_faults(
    replies: Sequence[Reply], asks: Mapping[str, store.StandingAsk], day: date
) -> Iterator[Problem]:
    """Every fault of replies that shows beside the asks."""
    if replies[0].on > day:
        yield ahead("on", replies[0].on, day)
    for at, reply in enumerate(replies, 1):
        ask, where = asks.get(reply.ask), f"replies[{at}].ask"
        if ask is None:
            wrong, right = say("problems.wrong.ask_not_standing"), say("problems.right.see_due")
        elif ask.agency != reply.agency:
            wrong = say("problems.wrong.ask_of_another", agency=ask.agency, by=reply.agency)
            right = say("problems.right.own_asks")
        elif reply.on < ask.asked_on:
            wrong = say("problems.wrong.before_asked")
            right = say("problems.right.asked_on", day=ask.asked_on.isoformat())
        else:
            continue
        yield Problem(wrong, right, column=where, value=reply.ask, rule="ask")


def regrade_item(
    scope: Scope,
    name: str,
    grade: str,
    reason: str,
    on: date,
    condition: Condition | None = None,
) -> str:
    """Grade an item anew from a day on, under handling C with its condition; the grade before stays
    on record. Gives the grade it had.

    Raises NotPermitted where the submitter grades, UnknownName, Unreadable for a grade that is
    none, DarkfigureError for a condition that goes with none.
    """
    scope.require(Permission.GRADE_ITEM)
    found = store.item_named(scope, name, on)
    if found is None:
        raise UnknownName(f"{told(name)} is no item held. Items are named AGENCY REPORT/NUMBER.")
    if scope.who == found.submitted_by:
        raise NotPermitted("Who submitted an item does not grade it.")
    if not reason.strip():
        raise DarkfigureError("A new grade needs a reason.")
    if on < found.graded_on:
        raise DarkfigureError(
            f"A grade of {on} would be older than the one it replaces, known from "
            f"{found.graded_on}: what was known is not changed. Give that day or a later one with "
            "--on."
        )
    made = read_grade(grade)
    under = condition_given(made, condition)
    with logging(scope):
        store.regrade(found.number, made, under, scope.who, reason, on)
        record(
            scope,
            "item graded anew",
            {"item": found.number, "from": found.letters, "to": made.letters},
        )
    return found.letters
