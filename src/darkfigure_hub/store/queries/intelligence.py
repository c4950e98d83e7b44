"""Asks, reports, replies, answers, gaps and requests in the store: entered, and looked up by their
references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.grading import Condition, Grade
from darkfigure.intelligence.reporting import IntelligenceReport as Report
from darkfigure.intelligence.reporting import Reply
from darkfigure_hub.store.models import (
    Ask,
    AskChange,
    AskReply,
    CellClosure,
    GivenAnswer,
    InformationRequest,
    IntelligenceItem,
    IntelligenceReport,
    ItemGrade,
    ItemLink,
    ReceivedFile,
    UnansweredQuestion,
)
from darkfigure_hub.store.queries import taken_back

#: Digits of a number that a reference may have.
_LONGEST = 16
_BY_REFERENCE: dict[str, tuple[Any, str]] = {
    "ask": (Ask, "ASK-"),
    "reply": (AskReply, "REPLY-"),
    "answer": (GivenAnswer, "ANSWER-"),
    "closure": (CellClosure, "CLOSURE-"),
}
_ASK_OF = ("question", "area", "period", "agency")


def enter_asks(
    edition: str, rows: Iterable[dict[str, Any]], asked_on: date, asked_by: str
) -> tuple[int, list[Ask]]:
    """Enter asks; gives how many, and those that stand already in the edition and are not put
    again.
    """
    back = taken_back.away("ask")
    standing = {
        tuple(getattr(ask, name) for name in _ASK_OF): ask
        for ask in Ask.objects.filter(edition=edition)
        if not any(spell.has(asked_on) for spell in back.get(str(ask.pk), ()))
    }
    made, already = [], []
    for row in rows:
        key = tuple(row[name] for name in _ASK_OF)
        if key in standing:
            already.append(standing[key])
            continue
        made.append(Ask(edition_id=edition, known_from=asked_on, asked_by=asked_by, **row))
        standing[key] = made[-1]
    Ask.objects.bulk_create(made, batch_size=2000)
    return len(made), [ask for ask in already if ask.pk]


def _asks_seen(scope: Scope) -> QuerySet[Ask]:
    """Asks of the editions the reader may see."""
    return Ask.objects.filter(edition__marking__lte=scope.sees)


@dataclass(frozen=True)
class StandingAsk:
    """An ask as it stands: to whom, due when, asked when."""

    number: int
    agency: str
    due: date
    asked_on: date
    edition: str
    place: tuple[str, str, str]


def asks_of(scope: Scope, references: Sequence[str], day: date) -> dict[str, StandingAsk]:
    """Asks by reference, those that stand on a day, as they were changed by then."""
    numbers = [
        int(each[4:])
        for each in references
        if each.startswith("ASK-") and each[4:].isdecimal() and len(each) < _LONGEST
    ]
    back = taken_back.away("ask")
    held = _asks_seen(scope).filter(id__in=numbers).prefetch_related("changes")
    return {
        str(each): _standing(each, day)
        for each in held
        if not any(spell.has(day) for spell in back.get(str(each.pk), ()))
    }


def _standing(ask: Ask, day: date) -> StandingAsk:
    changes = sorted(
        (each for each in ask.changes.all() if each.known_from <= day),
        key=lambda each: (each.known_from, each.pk),
    )
    last = changes[-1] if changes else ask
    place = (ask.question, ask.area, ask.period)
    return StandingAsk(
        int(ask.pk), last.agency, last.due, ask.known_from, str(ask.edition_id), place
    )


def change_ask(ask: int, agency: str, due: date, reason: str, by: str, on: date) -> None:
    """Enter an ask as changed from a day on."""
    AskChange.objects.create(
        ask_id=ask, agency=agency, due=due, reason=reason, changed_by=by, known_from=on
    )


def ask_references(scope: Scope, edition: str) -> dict[tuple[str, str, str, str], str]:
    """The reference of each ask of an edition, by question, agency, area and period."""
    held = _asks_seen(scope).filter(edition=edition).order_by("id")
    return {(each.question, each.agency, each.area, each.period): str(each) for each in held}


def enter_report(
    report: Report,
    file: ReceivedFile,
    received_by: str,
    known_from: date,
    origins: Mapping[str, int | None],
    compartment: int | None = None,
) -> list[int]:
    """Enter a report with its items, grades and links, in a compartment where one is given;
    `origins` has the number of each origin as written. Gives the items' numbers in the store.
    """
    made = IntelligenceReport.objects.create(
        reference=report.reference,
        agency=report.agency,
        source_kind=report.source_kind,
        marking=report.marking,
        tlp=report.tlp,
        caveats=list(report.caveats),
        submitted_by=report.submitted_by,
        submitted_on=report.submitted_on,
        received_at=timezone.now(),
        received_by=received_by,
        file=file,
        synthetic=report.synthetic,
        compartment_id=compartment,
    )
    items = IntelligenceItem.objects.bulk_create(
        [
            IntelligenceItem(
                of=made,
                number=item.number,
                kind=item.kind,
                event_on=item.event_on,
                on=item.on,
                origin_id=origins.get(item.origin),
                corroborated_by=item.corroborated_by,
                marking=item.marking,
                tlp=item.tlp,
                caveats=list(item.caveats),
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
                condition_id=condition_number(item.condition),
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


def _items_named(scope: Scope, name: str) -> QuerySet[IntelligenceItem]:
    """Items named AGENCY REPORT/NUMBER that the reader may see: one, or none."""
    reference, _, number = name.rpartition("/")
    agency, _, own = reference.partition(" ")
    return IntelligenceItem.objects.filter(
        of__reference=own,
        of__agency=agency,
        number=int(number) if number.isdecimal() and len(number) < _LONGEST else -1,
        of__marking__lte=scope.sees,
        marking__lte=scope.sees,
    ).select_related("of")


def origin_of(scope: Scope, name: str) -> tuple[int | None, str] | None:
    """Number of the origin, and agency, of an item named AGENCY REPORT/NUMBER that the reader may
    see; None where none is held.
    """
    found = item_row(scope, name)
    return (found.origin_id, found.of.agency) if found else None


def enter_replies(
    replies: Sequence[tuple[int, Reply]], file: ReceivedFile, known_from: date
) -> None:
    """Enter replies to asks."""
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


def regrade(
    item: int, grade: Grade, condition: Condition | None, by: str, reason: str, on: date
) -> None:
    """Enter another grade, from a day on, with the condition that it puts the item under. Who does
    not meet that does not see what they entered.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_itemgrade (item_id, letters, action, sanitisation, converted_from, "
            "lost, graded_by, reason, known_from, condition_id) "
            "VALUES (%s, %s, %s, %s, '', '', %s, %s, %s, %s)",
            [
                *(item, grade.letters, grade.action, grade.sanitisation, by, reason, on),
                condition_number(condition),
            ],
        )


def condition_number(condition: Condition | None) -> int | None:
    """The number of a condition, kept where it is not yet."""
    if condition is None:
        return None
    given = [sorted(each) for each in (condition.roles, condition.agencies, condition.purposes)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gate.condition_of(%s::text[], %s::text[], %s::text[], %s, %s::date)",
            [*given, condition.sanitised, condition.until],
        )
        return int(cursor.fetchone()[0])


def withheld_items(scope: Scope) -> int:
    """How many items are held that the reader may not see: a number, and nothing of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.withheld_items(%s)", [int(scope.sees)])
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class HeldItem:
    """An item as it stands: numbers of item and report, who submitted it, grade and since when."""

    number: int
    report: int
    agency: str
    submitted_by: str
    letters: str
    grade: int
    graded_on: date
    received_on: date
    links: tuple[tuple[int, str, str, str], ...]
    condition: Condition | None = None


def item_row(scope: Scope, name: str) -> IntelligenceItem | None:
    """The row of an item AGENCY REPORT/NUMBER that the reader may see; None where none is held."""
    return _items_named(scope, name).first()


def item_named(scope: Scope, name: str, day: date | None = None) -> HeldItem | None:
    """An item AGENCY REPORT/NUMBER that the reader may see and that stands on a day (whenever,
    where none is given), with the grade it has by then.
    """
    found = item_row(scope, name)
    if found is None or (day and _is_back(day, item=found.pk, report=found.of_id)):
        return None
    grades = [
        grade
        for grade in found.grades.order_by("known_from", "id")
        if day is None or not _is_back(day, grade=grade.pk)
    ]
    links = tuple(
        (int(each.pk), each.question, each.area, each.period) for each in found.links.order_by("id")
    )
    grade, first = grades[-1], found.grades.order_by("known_from", "id")[0]
    return HeldItem(
        int(found.pk),
        int(found.of_id),
        found.of.agency,
        found.of.submitted_by,
        grade.letters,
        int(grade.pk),
        grade.known_from,
        first.known_from,
        links,
        _condition(grade),
    )


def _condition(grade: ItemGrade) -> Condition | None:
    """What an item is shared under that has this grade; an empty one where that names nobody."""
    held = grade.condition
    if held is None:
        return Condition() if grade.letters[2:] == "C" else None
    return Condition(
        tuple(held.roles),
        tuple(held.agencies),
        tuple(held.purposes),
        held.sanitised,
        held.until,
    )


def _is_back(day: date, **targets: int) -> bool:
    """Whether one of these is taken back on a day."""
    return any(
        spell.has(day)
        for kind, number in targets.items()
        for spell in taken_back.away(kind).get(str(number), ())
    )


def report_named(scope: Scope, name: str) -> IntelligenceReport | None:
    """A report AGENCY REFERENCE that the reader may see."""
    agency, _, reference = name.partition(" ")
    return IntelligenceReport.objects.filter(
        agency=agency, reference=reference, marking__lte=scope.sees
    ).first()


def taken_back_from(report: int) -> date | None:
    """From when a report is taken back; None where it stands."""
    event = taken_back.standing_event("report", report)
    return event.known_from if event else None


def received_on(report: int) -> date:
    """The day from which a report is known."""
    grades = ItemGrade.objects.filter(item__of=report).order_by("known_from", "id")
    found: date = grades.values_list("known_from", flat=True)[0]
    return found


def item_numbers(report: int) -> list[int]:
    """The numbers of a report's items."""
    return list(
        IntelligenceItem.objects.filter(of=report)
        .order_by("number")
        .values_list("number", flat=True)
    )


def grades_of(item: int) -> list[int]:
    """The grades an item was given, in order."""
    return list(ItemGrade.objects.filter(item=item).order_by("id").values_list("id", flat=True))


def enter_answer(**row: Any) -> str:
    """Enter an accepted answer."""
    return str(GivenAnswer.objects.create(**row))


def resting_on(name: str) -> list[str]:
    """What rests on an item or estimate: answers accepted, and items it confirms."""
    answers = [str(each) for each in GivenAnswer.objects.filter(rests_on__contains=[name])]
    items = IntelligenceItem.objects.filter(corroborated_by=name).select_related("of")
    confirmed = [f"{each.of.agency} {each.of.reference}/{each.number}" for each in items]
    return answers + confirmed


def row_named(kind: str, reference: str) -> tuple[int, date, str] | None:
    """Number, day of entry and a few words of an ask, reply, answer or closure by its reference;
    None where there is none.
    """
    model, prefix = _BY_REFERENCE[kind]
    number = reference.removeprefix(prefix)
    if number == reference or not number.isdecimal() or len(number) > _LONGEST:
        return None
    found = model.objects.filter(pk=int(number)).first()
    return (int(found.pk), found.known_from, str(found)) if found else None


def close_cell(question: str, area: str, period: str, why: str, by: str, on: date) -> str:
    """Close a cell without answer; gives the closure's reference."""
    made = CellClosure.objects.create(
        question=question, area=area, period=period, why=why, decided_by=by, known_from=on
    )
    return str(made)


def holds_synthetic(scope: Scope, editions: Sequence[str]) -> bool:
    """Whether made-up reports or replies are among what coverage is worked out from."""
    reports = IntelligenceReport.objects.filter(synthetic=True, marking__lte=scope.sees)
    replies = AskReply.objects.filter(
        synthetic=True, ask__edition__in=editions, ask__edition__marking__lte=scope.sees
    )
    return reports.exists() or replies.exists()


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


def items_held(scope: Scope, day: date, number: int) -> list[tuple[str, HeldItem]]:
    """The latest items that the reader may see and that stand on a day, by name."""
    found = (
        IntelligenceItem.objects.filter(of__marking__lte=scope.sees, marking__lte=scope.sees)
        .select_related("of")
        .order_by("-id")[:number]
    )
    names = [f"{each.of.agency} {each.of.reference}/{each.number}" for each in found]
    held = [(name, item_named(scope, name, day)) for name in names]
    return [(name, item) for name, item in held if item is not None]
