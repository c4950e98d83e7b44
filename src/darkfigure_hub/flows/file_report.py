"""File what agencies send against the requirement: graded reports, replies to asks; grade an item
anew; accept an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    ReturnRefused,
    UnknownName,
    Unreadable,
)
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.intelligence.grading import read_grade
from darkfigure.intelligence.planning import bits_missing
from darkfigure.intelligence.reporting import (
    IntelligenceReport,
    read_document,
    read_replies,
    read_report,
)
from darkfigure_hub.access import record
from darkfigure_hub.access.gate import on_record
from darkfigure_hub.flows.set_requirements import requirement_set
from darkfigure_hub.store.models import ReceivedFile
from darkfigure_hub.store.queries import files, identity
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.locks import RECEIVING, hold


@dataclass(frozen=True)
class Filed:
    """What became of a file: what it is called, how many items or replies, links, and whether it
    was filed before.
    """

    name: str
    rows: int
    links: int
    already: bool


def submit_report(
    scope: Scope, path: Path, edition: str = "", received_on: date | None = None
) -> Filed:
    """File an intelligence report, whole or not at all. `received_on` is the day from which it is
    known, today where not given.

    Raises MarkedTooHigh (and logs the refusal), ReturnRefused with every fault, NotPermitted.
    """
    scope.require(Permission.FILE_REPORT)
    held, text = requirement_set(scope, edition), _text(path)
    digest = files.hash_of(path)
    with on_record(scope, "report", digest):
        data = read_document(text, path.name)
    report = read_report(data, held, path.name)
    _check_corroboration(scope, report, path.name)
    with hold(RECEIVING):
        kept = ReceivedFile.objects.filter(sha256=digest).first()
        if kept is not None:
            return Filed(report.reference, len(report.items), 0, already=True)
        if store.is_filed(report.agency, report.reference):
            wrong = say("problems.wrong.filed_before")
            right = say("problems.right.own_reference")
            raise ReturnRefused(
                path.name,
                [Problem(wrong, right, column="reference", value=report.reference, rule="double")],
            )
        kept = identity.keep_file(path, digest)
        links = sum(len(item.links) for item in report.items)
        ids = store.enter_report(report, kept, scope.who, received_on or timezone.localdate())
        record(
            scope,
            "report filed",
            {"file": digest, "items": len(ids), "links": links, "agency": report.agency},
        )
    return Filed(report.reference, len(report.items), links, already=False)


def _check_corroboration(scope: Scope, report: IntelligenceReport, name: str) -> None:
    """What corroborates an item comes from another origin: nobody confirms their own."""
    problems = []
    for item in report.items:
        found = store.origin_of(scope, item.corroborated_by) if item.corroborated_by else None
        own = item.origin or f"agency {report.agency}"
        if found and (found[0] or f"agency {found[1]}") == own:
            wrong, right = (
                say("problems.wrong.same_origin"),
                say("problems.right.not_own"),
            )
            column = f"items[{item.number}].corroborated_by"
            problems.append(
                Problem(wrong, right, column=column, value=item.corroborated_by, rule="origin")
            )
    if problems:
        raise ReturnRefused(name, problems)


def submit_replies(scope: Scope, path: Path, received_on: date | None = None) -> Filed:
    """File replies to asks, whole or not at all. Raises ReturnRefused: also for an ask that was put
    to another agency.
    """
    scope.require(Permission.FILE_REPORT)
    text = _text(path)
    digest = files.hash_of(path)
    with on_record(scope, "replies", digest):
        data = read_document(text, path.name)
    replies = read_replies(data, path.name)
    asks = store.asks_of(scope, [reply.ask for reply in replies])
    problems, made = [], []
    for at, reply in enumerate(replies, 1):
        found = asks.get(reply.ask)
        where = f"replies[{at}].ask"
        if found is None:
            problems.append(
                Problem(
                    say("problems.wrong.ask_not_standing"),
                    say("problems.right.see_due"),
                    column=where,
                    value=reply.ask,
                )
            )
        elif found[1] != reply.agency:
            wrong = say("problems.wrong.ask_of_another", agency=found[1], by=reply.agency)
            problems.append(
                Problem(
                    wrong,
                    say("problems.right.own_asks"),
                    column=where,
                    value=reply.ask,
                    rule="ask",
                )
            )
        else:
            made.append((found[0], reply))
    if problems:
        raise ReturnRefused(path.name, problems)
    with hold(RECEIVING):
        if ReceivedFile.objects.filter(sha256=digest).exists():
            return Filed(path.name, len(made), 0, already=True)
        kept = identity.keep_file(path, digest)
        store.enter_replies(made, kept, received_on or timezone.localdate())
        record(
            scope,
            "replies filed",
            {"file": digest, "replies": len(made), "agency": replies[0].agency},
        )
    return Filed(path.name, len(made), 0, already=False)


def regrade_item(scope: Scope, name: str, grade: str, reason: str, on: date) -> str:
    """Grade an item anew from a day on; the grade before stays on record. Gives the grade it had.

    Raises NotPermitted where the submitter grades, UnknownName, Unreadable for a grade that is
    none.
    """
    scope.require(Permission.GRADE_ITEM)
    found = store.item_named(scope, name)
    if found is None:
        raise UnknownName(f"{name!r} is no item held. Items are named AGENCY REPORT/NUMBER.")
    item, submitter, before, since = found
    if scope.who == submitter:
        raise NotPermitted("Who submitted an item does not grade it.")
    if not reason.strip():
        raise DarkfigureError("A new grade needs a reason.")
    if on < since:
        raise DarkfigureError(
            f"A grade of {on} would be older than the one it replaces, known from {since}: what "
            "was known is not changed. Give that day or a later one with --on."
        )
    made = read_grade(grade)
    store.regrade(item, made.letters, made.action, made.sanitisation, scope.who, reason, on)
    record(scope, "item graded anew", {"item": item, "from": before, "to": made.letters})
    return before


def accept_answer(
    scope: Scope,
    edition: str,
    place: tuple[str, str, str],
    *,
    stated_by: str,
    confidence: str,
    on: date,
    lapses_on: date | None,
    low: float | None = None,
    high: float | None = None,
    rests_on: tuple[str, ...] = (),
) -> str:
    """Accept an analyst's answer to a cell; who accepts is another than who stated it.

    Raises NotPermitted, UnknownName for the cell, DarkfigureError for an interval that is none or
    wider than asked, or a confidence not known.
    """
    scope.require(Permission.SETTLE_CELL)
    question = requirement_set(scope, edition).question(place[0])
    if place[1] not in question.areas:
        raise UnknownName(f"{place[1]!r} is not an area that {question.code} is asked for.")
    if stated_by == scope.who:
        raise NotPermitted("An answer is accepted by somebody other than who stated it.")
    if confidence not in ("high", "moderate", "low"):
        raise DarkfigureError(
            f"{confidence!r} is not an analytical confidence: high, moderate or low."
        )
    if (low is None) != (high is None) or (
        low is not None and high is not None and not 0 < low <= high
    ):
        raise DarkfigureError("An interval has a lower and an upper bound, both above nought.")
    if (
        question.ratio
        and low
        and high
        and (missing := bits_missing((low, high), question.ratio)) > 0
    ):
        raise DarkfigureError(
            f"{question.code} asks for an interval whose upper bound is at most "
            f"{question.ratio:g} times the lower; {low:,.0f} to "
            f"{high:,.0f} is {missing:.2f} bits too wide. It narrows the gap and does not close it."
        )
    made = store.enter_answer(
        question=question.code,
        area=place[1],
        period=place[2],
        low=low,
        high=high,
        rests_on=list(rests_on),
        confidence=confidence,
        stated_by=stated_by,
        accepted_by=scope.who,
        accepted_on=on,
        lapses_on=lapses_on,
        known_from=on,
    )
    record(
        scope, "answer accepted", {"question": question.code, "area": place[1], "period": place[2]}
    )
    return made


def close_without_answer(
    scope: Scope, edition: str, place: tuple[str, str, str], why: str, on: date
) -> None:
    """Close a cell that will not be answered. Raises DarkfigureError for a ground not known."""
    scope.require(Permission.SETTLE_CELL)
    question = requirement_set(scope, edition).question(place[0])
    if why not in ("withdrawn", "unanswerable", "unlawful"):
        raise DarkfigureError(
            f"{why!r} is no ground to close a cell: withdrawn, unanswerable or unlawful."
        )
    store.close_cell(question.code, place[1], place[2], why, scope.who, on)
    record(
        scope,
        "cell closed",
        {"question": question.code, "area": place[1], "period": place[2], "why": why},
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}. Check its name.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name} is not text in UTF-8. Save it so.") from error
