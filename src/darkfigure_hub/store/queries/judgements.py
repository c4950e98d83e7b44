"""Judgements: versions as drafted, what was done with each, and the items that they may cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from darkfigure.basis.marking import Marking, Scope
from darkfigure.intelligence.judgements import Comment, Judgement, Standing
from darkfigure.reading.judgement_files import judgement_of
from darkfigure_hub.store.models import ItemLink, JudgementEvent, JudgementVersion
from darkfigure_hub.store.queries import intelligence, taken_back

#: What was done, by the standing that follows from it; the last of them that was done stands.
_ORDER = (
    ("withdrawn", Standing.WITHDRAWN),
    ("approved", Standing.APPROVED),
    ("sent_back", Standing.SENT_BACK),
    ("reviewed", Standing.REVIEWED),
)


@dataclass(frozen=True)
class HeldEvent:
    """What was done with a version, known of which day, by whom and when."""

    number: int
    kind: str
    on: date
    why: str
    said: Mapping[str, Any]
    by: str
    at: datetime


@dataclass(frozen=True)
class HeldJudgement:
    """A version as it is held, and what was done with it, in order."""

    number: int
    code: str
    version: int
    marking: Marking
    known: date
    content: str
    said: Mapping[str, Any]
    events: tuple[HeldEvent, ...]

    @property
    def name(self) -> str:
        """How it is referred to."""
        return f"{self.code}/v{self.version}"

    def event(self, kind: str, day: date | None = None) -> HeldEvent | None:
        """What of a kind was done last, by a day where one is given."""
        held = [each for each in self.events if each.kind == kind]
        return next((each for each in reversed(held) if day is None or each.on <= day), None)

    def by(self, kind: str, day: date | None = None) -> str:
        """Who did what of a kind; nobody where it was not done."""
        event = self.event(kind, day)
        return event.by if event else ""

    def standing(self, day: date | None = None) -> Standing:
        """How far it has come, by a day where one is given."""
        done = (standing for kind, standing in _ORDER if self.event(kind, day))
        return next(done, Standing.DRAFTED)

    def judged(self, day: date | None = None) -> Judgement:
        """What it says, with who did what by a day where one is given, and what agencies said."""
        made = judgement_of(self.said, self.name)
        added = (
            Comment(str(each.said.get("agency", "")), each.why)
            for each in self.events
            if each.kind == "comment" and (day is None or each.on <= day)
        )
        return replace(
            made,
            version=self.version,
            comments=(*made.comments, *added),
            author=self.by("drafted"),
            reviewer=self.by("reviewed", day),
            releaser=self.by("approved", day),
            status=self.standing(day),
        )


def judgements(
    scope: Scope, code: str = "", day: date | None = None, number: int = 0
) -> list[HeldJudgement]:
    """Versions that the reader may see, of a code, known by a day, of a number; by code, the oldest
    first.
    """
    held = JudgementVersion.objects.filter(marking__lte=scope.sees)
    if number:
        held = held.filter(pk=number)
    if code:
        held = held.filter(code=code)
    if day is not None:
        held = held.filter(known_from__lte=day)
    return [_held(each) for each in held.prefetch_related("events").order_by("code", "version")]


def _held(row: JudgementVersion) -> HeldJudgement:
    events = sorted(row.events.all(), key=lambda each: each.pk)
    return HeldJudgement(
        row.pk,
        row.code,
        row.version,
        Marking(row.marking),
        row.known_from,
        row.content,
        row.said,
        tuple(
            HeldEvent(each.pk, each.kind, each.known_from, each.why, each.said, each.by, each.at)
            for each in events
        ),
    )


def withheld_judgements(scope: Scope, day: date) -> int:
    """How many judgements are known by a day of which the reader sees nothing: a number alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.withheld_judgements(%s, %s)", [int(scope.sees), day])
        return int(cursor.fetchone()[0])


def last_version(code: str) -> int:
    """The number of the last version of a code, whoever may see it; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.last_judgement(%s)", [code])
        return int(cursor.fetchone()[0])


def add(entry: Mapping[str, Any], by: str) -> int:
    """Enter a version that is drafted. Gives its number."""
    made = JudgementVersion.objects.create(**entry)
    enter(int(made.pk), "drafted", entry["known_from"], by)
    return int(made.pk)


def enter(number: int, kind: str, on: date, by: str, **more: Any) -> None:
    """Enter what is done with a version."""
    JudgementEvent.objects.create(of_id=number, kind=kind, known_from=on, by=by, **more)


@dataclass(frozen=True)
class CitableItem:
    """An item as it is known of a day: its grade, the number of its origin or the agency that
    reports it, its day, marking, and whether it stands in a compartment.
    """

    grade: str
    origin: str
    day: date
    marking: Marking
    is_shut: bool


def citable_item(scope: Scope, name: str, day: date) -> CitableItem | None:
    """An item AGENCY REPORT/NUMBER that the reader may see and that stands on a day, graded by
    then.
    """
    item = intelligence.item_row(scope, name)
    if item is None or intelligence.item_named(scope, name, day) is None:
        return None
    back = taken_back.away("grade")
    grades = [
        each
        for each in item.grades.filter(known_from__lte=day).order_by("known_from", "id")
        if not any(spell.has(day) for spell in back.get(str(each.pk), ()))
    ]
    if not grades:
        return None
    last = grades[-1]
    codes = [each for each in (last.action, last.sanitisation) if each]
    return CitableItem(
        "/".join([last.letters, *codes]),
        str(item.origin) if item.origin else item.of.agency,
        item.on,
        Marking(max(item.marking, item.of.marking)),
        item.of.compartment_id is not None,
    )


def is_back(scope: Scope, name: str, day: date) -> bool:
    """Whether an item that the reader may see does not stand on a day."""
    seen = intelligence.item_row(scope, name) is not None
    return seen and citable_item(scope, name, day) is None


@dataclass(frozen=True)
class NewItem:
    """An item that was linked to a question: what it says of it, of where and when, since when it
    is known, and with which grade.
    """

    name: str
    relation: str
    area: str
    period: str
    known: date
    grade: str


def items_since(scope: Scope, question: str, since: date, day: date) -> list[NewItem]:
    """Items known to speak of a question after a day and by another, the latest first."""
    links = ItemLink.objects.filter(
        question=question, known_from__gt=since, known_from__lte=day,
        item__marking__lte=scope.sees, item__of__marking__lte=scope.sees,
    ).select_related("item__of")  # fmt: skip
    found = []
    for link in links.order_by("-known_from", "-id"):
        name = f"{link.item.of.agency} {link.item.of.reference}/{link.item.number}"
        if held := citable_item(scope, name, day):
            found.append(
                NewItem(name, link.relation, link.area, link.period, link.known_from, held.grade)
            )
    return found
