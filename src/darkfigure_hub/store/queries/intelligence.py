"""Requirement sets, asks, reports, replies and answers in the store; read as the ledgers that
coverage is worked out from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.ledgers import (
    ANSWERS,
    ASKS,
    CLOSURES,
    ITEMS,
    REPLIES,
    Ledgers,
    Version,
    stands_until,
)
from darkfigure.intelligence.reporting import IntelligenceReport as Report
from darkfigure.intelligence.reporting import Reply
from darkfigure_hub.store.models import (
    Ask,
    AskReply,
    CellClosure,
    GivenAnswer,
    InformationRequest,
    IntelligenceItem,
    IntelligenceReport,
    ItemGrade,
    ItemLink,
    ReceivedFile,
    RequirementEdition,
    UnansweredQuestion,
)

_ITEMS = """
SELECT l.question, l.area, l.period, r.agency || ' ' || r.reference || '/' || i.number, r.agency,
    nullif(i.origin, ''),
    r.source_kind, l.relation, substr(g.letters, 1, 1), substr(g.letters, 2, 1), nullif(i.corroborated_by, ''), i."on",
    greatest(l.known_from, g.known_from), least(l.known_to, g.known_to)
FROM store_itemlink l JOIN store_intelligenceitem i ON i.id = l.item_id JOIN store_itemgrade g
    ON g.item_id = i.id
JOIN store_intelligencereport r ON r.id = i.of_id
WHERE r.marking <= %s AND {seen} AND (l.known_to IS NULL OR l.known_to > g.known_from)
    AND (g.known_to IS NULL OR g.known_to > l.known_from)
"""  # noqa: E501
_REPLIES = """
SELECT 'ASK-' || a.id, a.question, a.area, a.period, a.agency, p.kind, nullif(p.effort, ''),
    p."on", p.known_from, p.known_to
FROM store_askreply p JOIN store_ask a ON a.id = p.ask_id WHERE a.edition_id = %s AND {seen}
"""
_ASKS = (
    "SELECT question, area, period, 'ASK-' || id, agency, due, known_from, known_to FROM "
    "store_ask WHERE edition_id = %s AND {seen}"
)
_ANSWERS = (
    "SELECT question, area, period, accepted_on, lapses_on, known_from, known_to FROM "
    "store_givenanswer WHERE {seen}"
)
_CLOSURES = (
    "SELECT question, area, period, why, known_from, known_to FROM store_cellclosure WHERE {seen}"
)
#: Rows that carry no marking are seen by whoever may see the edition they are read for.
_EDITION_SEEN = "EXISTS (SELECT 1 FROM store_requirementedition WHERE code = %s AND marking <= %s)"
_WITHHELD = """
SELECT DISTINCT l.question, l.area, l.period FROM store_itemlink l
    JOIN store_intelligenceitem i ON i.id = l.item_id
JOIN store_intelligencereport r ON r.id = i.of_id WHERE r.marking > %s
"""


def enter_asks(edition: str, rows: Iterable[dict[str, Any]], asked_on: date, asked_by: str) -> int:
    """Enter asks not put before; gives how many."""
    made = [Ask(edition_id=edition, known_from=asked_on, asked_by=asked_by, **row) for row in rows]
    before = Ask.objects.count()
    Ask.objects.bulk_create(made, batch_size=2000, ignore_conflicts=True)
    return Ask.objects.count() - before


def _asks_seen(scope: Scope) -> QuerySet[Ask]:
    """Asks of the editions the reader may see."""
    return Ask.objects.filter(edition__marking__lte=scope.sees)


def asks_of(scope: Scope, references: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Number and agency of asks by reference, those that stand."""
    numbers = [
        int(each[4:]) for each in references if each.startswith("ASK-") and each[4:].isdigit()
    ]
    held = _asks_seen(scope).filter(id__in=numbers, known_to=None)
    return {str(each): (each.pk, each.agency) for each in held}


def ask_references(scope: Scope, edition: str) -> dict[tuple[str, str, str, str], str]:
    """The reference of each standing ask, by question, agency, area and period."""
    held = _asks_seen(scope).filter(edition=edition, known_to=None)
    return {(each.question, each.agency, each.area, each.period): str(each) for each in held}


def asks_due(
    scope: Scope, edition: str, day: date, agency: str = ""
) -> list[tuple[str, str, str, str, str, date]]:
    """Asks without any reply by a day: reference, agency, question, area, period, due; the first
    due first.
    """
    held = (
        _asks_seen(scope)
        .filter(edition=edition, known_from__lte=day)
        .filter(Q(known_to=None) | Q(known_to__gt=day))
    )
    if agency:
        held = held.filter(agency=agency)
    answered = AskReply.objects.filter(on__lte=day).values("ask_id")
    rows = held.exclude(id__in=answered).order_by("due", "agency", "id")
    return [
        (str(each), each.agency, each.question, each.area, each.period, each.due) for each in rows
    ]


def enter_report(
    report: Report, file: ReceivedFile, received_by: str, known_from: date
) -> list[int]:
    """Enter a report with its items, grades and links; gives the items' numbers in the store."""
    made = IntelligenceReport.objects.create(
        reference=report.reference,
        agency=report.agency,
        source_kind=report.source_kind,
        marking=report.marking,
        tlp=report.tlp,
        submitted_by=report.submitted_by,
        submitted_on=report.submitted_on,
        received_at=timezone.now(),
        received_by=received_by,
        file=file,
        synthetic=report.synthetic,
    )
    items = IntelligenceItem.objects.bulk_create(
        [
            IntelligenceItem(
                of=made,
                number=item.number,
                kind=item.kind,
                event_on=item.event_on,
                on=item.on,
                origin=item.origin,
                corroborated_by=item.corroborated_by,
            )
            for item in report.items
        ]
    )
    ItemGrade.objects.bulk_create(
        [
            ItemGrade(
                item=held,
                letters=item.grade.letters,
                action=item.grade.action,
                sanitisation=item.grade.sanitisation,
                converted_from=item.grade.converted_from,
                lost=item.lost,
                graded_by=report.graded_by,
                known_from=known_from,
            )
            for held, item in zip(items, report.items, strict=True)
        ]
    )
    ItemLink.objects.bulk_create(
        [
            ItemLink(
                item=held,
                question=link.question,
                area=link.area,
                period=link.period,
                relation=link.relation,
                known_from=known_from,
            )
            for held, item in zip(items, report.items, strict=True)
            for link in item.links
        ]
    )
    return [held.pk for held in items]


def is_filed(agency: str, reference: str) -> bool:
    """Whether a report of this reference is held, whoever may see it."""
    return IntelligenceReport.objects.filter(agency=agency, reference=reference).exists()


def origin_of(scope: Scope, name: str) -> tuple[str, str] | None:
    """Origin and agency of an item named AGENCY REPORT/NUMBER or REPORT/NUMBER that the reader may
    see; None where none is held.
    """
    reference, _, number = name.rpartition("/")
    agency, _, own = reference.rpartition(" ")
    held = IntelligenceItem.objects.filter(
        of__reference=own,
        number=int(number) if number.isdigit() else -1,
        of__marking__lte=scope.sees,
    )
    if agency:
        held = held.filter(of__agency=agency)
    found = held.select_related("of").first()
    return (found.origin, found.of.agency) if found else None


def enter_replies(
    replies: Sequence[tuple[int, Reply]], file: ReceivedFile, known_from: date
) -> None:
    """Enter replies to asks; of those known the one of the latest day stands."""
    AskReply.objects.bulk_create(
        [
            AskReply(
                ask_id=ask,
                kind=reply.kind,
                effort=reply.effort,
                ground=reply.ground,
                on=reply.on,
                signed_off_by=reply.signed_off_by,
                received_at=timezone.now(),
                file=file,
                synthetic=reply.synthetic,
                known_from=known_from,
            )
            for ask, reply in replies
        ],
        batch_size=2000,
    )
    same = AskReply.objects.filter(ask_id__in=[ask for ask, _ in replies])
    _settle(same, ("ask_id",), "on", ("kind", "effort", "ground", "file_id"))


def _settle(rows: QuerySet[Any], of: tuple[str, ...], on: str, content: tuple[str, ...]) -> None:
    """Say anew until when each of several rows about the same thing stands; of one day and equal
    content is what settles it, not the order of arrival.
    """
    same: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        same[tuple(getattr(row, name) for name in of)].append(row)
    changed = []
    for found in same.values():
        versions = [
            Version(
                getattr(row, on),
                row.known_from,
                repr([getattr(row, name) for name in content]),
            )
            for row in found
        ]
        for row, until in zip(found, stands_until(versions), strict=True):
            if row.known_to != until:
                row.known_to = until
                changed.append(row)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["known_to"], batch_size=2000)


def regrade(
    item: int, letters: str, action: str, sanitisation: str, graded_by: str, reason: str, on: date
) -> None:
    """Close the grade that stands and enter another."""
    ItemGrade.objects.filter(item_id=item, known_to=None).update(known_to=on)
    ItemGrade.objects.create(
        item_id=item,
        letters=letters,
        action=action,
        sanitisation=sanitisation,
        graded_by=graded_by,
        reason=reason,
        known_from=on,
    )


def item_named(scope: Scope, name: str) -> tuple[int, str, str, date] | None:
    """Number in the store, submitter, standing grade and the day it is known from, of an item
    AGENCY REPORT/NUMBER the reader may see.
    """
    reference, _, number = name.rpartition("/")
    agency, _, own = reference.rpartition(" ")
    held = IntelligenceItem.objects.filter(
        of__reference=own,
        of__agency=agency,
        number=int(number) if number.isdigit() else -1,
        of__marking__lte=scope.sees,
    )
    found = held.select_related("of").first()
    if found is None:
        return None
    grade = found.grades.filter(known_to=None).get()
    return found.pk, found.of.submitted_by, grade.letters, grade.known_from


def enter_answer(**row: Any) -> str:
    """Enter an accepted answer; of those of the cell the one accepted last stands."""
    place = ("question", "area", "period")
    entered = GivenAnswer.objects.create(**row)
    same = GivenAnswer.objects.filter(**{name: row[name] for name in place})
    _settle(same, place, "accepted_on", ("low", "high", "confidence", "stated_by"))
    return str(entered)


def close_cell(question: str, area: str, period: str, why: str, by: str, on: date) -> None:
    """Close a cell without answer."""
    CellClosure.objects.create(
        question=question, area=area, period=period, why=why, decided_by=by, known_from=on
    )


def ledgers(scope: Scope, edition: str) -> Ledgers:
    """Every row of the three ledgers that the reader may see. Reads no log."""
    sees = int(scope.sees)
    seen = [edition, sees]

    def rows(query: str, columns: dict[str, Any], values: Sequence[Any] = ()) -> pl.DataFrame:
        return _frame(query.replace("{seen}", _EDITION_SEEN), columns, [*values, *seen])

    return Ledgers(
        asks=rows(_ASKS, ASKS, [edition]),
        replies=rows(_REPLIES, REPLIES, [edition]),
        items=rows(_ITEMS, ITEMS, [sees]),
        answers=rows(_ANSWERS, ANSWERS),
        closures=rows(_CLOSURES, CLOSURES),
    )


def holds_synthetic(scope: Scope, edition: str) -> bool:
    """Whether made-up reports or replies are among what coverage is worked out from."""
    reports = IntelligenceReport.objects.filter(synthetic=True, marking__lte=scope.sees)
    replies = AskReply.objects.filter(
        synthetic=True, ask__edition=edition, ask__edition__marking__lte=scope.sees
    )
    return reports.exists() or replies.exists()


def withheld_places(scope: Scope) -> pl.DataFrame:
    """The places of items marked higher than the reader may see."""
    return _frame(
        _WITHHELD, {name: ITEMS[name] for name in ("question", "area", "period")}, [int(scope.sees)]
    )


def _frame(query: str, columns: dict[str, Any], values: list[Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return pl.DataFrame(cursor.fetchall(), schema=columns, orient="row")


def rows_by_cell(
    scope: Scope, edition: str, place: tuple[str, str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """What cells QUESTION/AREA/PERIOD of an edition that the reader may see open to: asks, replies,
    items with graders, answers. No text of any item.
    """
    if not RequirementEdition.objects.filter(code=edition, marking__lte=scope.sees).exists():
        return {}
    only = dict(zip(("question", "area", "period"), place, strict=True)) if place else {}
    found: dict[str, dict[str, Any]] = {}

    def add(row: Any, kind: str, entry: dict[str, Any]) -> None:
        name = f"{row.question}/{row.area}/{row.period}"
        found.setdefault(name, {"asks": [], "replies": [], "items": [], "answers": []})[
            kind
        ].append(entry)

    for ask in Ask.objects.filter(edition=edition, **only).order_by("agency", "id"):
        add(
            ask,
            "asks",
            {"ask": str(ask), "agency": ask.agency, "due": ask.due.isoformat(), "by": ask.asked_by},
        )
    replies = AskReply.objects.filter(
        ask__edition=edition, **{f"ask__{name}": value for name, value in only.items()}
    )
    for each in replies.select_related("ask").order_by("on", "id"):
        said = {
            "kind": each.kind,
            "effort": each.effort,
            "ground": each.ground,
            "on": each.on.isoformat(),
        }
        signed = {"signed_off_by": each.signed_off_by}
        add(
            each.ask,
            "replies",
            {"ask": f"ASK-{each.ask_id}", "agency": each.ask.agency, **said, **signed},
        )
    links = ItemLink.objects.filter(item__of__marking__lte=scope.sees, **only).select_related(
        "item__of"
    )
    for link in links.prefetch_related("item__grades").order_by("item__on", "item_id"):
        for grade in link.item.grades.all():
            add(link, "items", _item_row(link, grade))
    for given in GivenAnswer.objects.filter(**only).order_by("id"):
        who = {"stated_by": given.stated_by, "accepted_by": given.accepted_by}
        days = {
            "accepted_on": given.accepted_on.isoformat(),
            "lapses_on": str(given.lapses_on or ""),
        }
        add(
            given,
            "answers",
            {**who, **days, "confidence": given.confidence, "low": given.low, "high": given.high},
        )
    return found


def _item_row(link: ItemLink, grade: ItemGrade) -> dict[str, Any]:
    item, report = link.item, link.item.of
    return {
        "item": f"{report.agency} {report.reference}/{item.number}",
        "relation": link.relation,
        "kind": item.kind,
        "on": item.on.isoformat(),
        "origin": item.origin or f"agency {report.agency}",
        "grade": "/".join(filter(None, [grade.letters, grade.action, grade.sanitisation])),
        "converted_from": grade.converted_from,
        "graded_by": grade.graded_by,
        "known_from": grade.known_from.isoformat(),
        "known_to": str(grade.known_to or ""),
        "synthetic": report.synthetic,
    }


def raise_gap(**row: Any) -> tuple[str, bool]:
    """Enter an unanswered question, or find the one that waits already; gives its reference and
    whether it is new.
    """
    found = UnansweredQuestion.objects.filter(question=row["question"], filled_on=None).first()
    if found:
        return str(found), False
    return str(UnansweredQuestion.objects.create(**row)), True


def gaps() -> list[UnansweredQuestion]:
    """Unanswered questions, those that wait first."""
    return list(UnansweredQuestion.objects.order_by("-filled_on", "id"))


def fill_gap(gap: int, on: date) -> None:
    """The owner of a question is told that it can be asked again."""
    UnansweredQuestion.objects.filter(pk=gap).update(filled_on=on, told_on=on)


def enter_request(
    agency: str, subject: str, urgency: str, reply_by: date, asked_by: str, on: date
) -> str:
    """Enter a request for information; gives its reference."""
    made = InformationRequest.objects.create(
        agency=agency,
        subject=subject,
        urgency=urgency,
        reply_by=reply_by,
        asked_by=asked_by,
        known_from=on,
    )
    return str(made)


def request_rows() -> list[tuple[str, str, str, str, date, date | None, str]]:
    """Requests for information, those that wait first."""
    held = InformationRequest.objects.order_by("-known_to", "reply_by", "id")
    return [
        (
            str(each),
            each.agency,
            each.subject,
            each.urgency,
            each.reply_by,
            each.known_to,
            each.promoted_to,
        )
        for each in held
    ]


def close_request(reference: str, on: date, promoted_to: str) -> bool:
    """Close a request that waits; whether there was one."""
    number = reference.removeprefix("RFI-")
    waiting = InformationRequest.objects.filter(
        pk=int(number) if number.isdigit() else -1, known_to=None
    )
    return bool(waiting.update(known_to=on, promoted_to=promoted_to))
