"""Glass that was broken: what somebody opened that was hidden from them, for how long and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.cases.records import KINDS
from darkfigure_hub.store.models import (
    CASE_MODELS,
    BrokenGlass,
    IntelligenceItem,
    IntelligenceReport,
    Return,
)


@dataclass(frozen=True)
class HeldGlass:
    """What was opened, by whom, until when and why."""

    number: int
    account: int
    kind: str
    target: str
    why: str
    broken_at: datetime
    until: datetime
    closed_at: datetime | None

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return f"GLASS-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is open still."""
        return self.closed_at is None and self.until > timezone.now()


def _held(row: BrokenGlass) -> HeldGlass:
    return HeldGlass(
        row.pk,
        row.account_id,
        row.kind,
        row.target,
        row.why,
        row.broken_at,
        row.until,
        row.closed_at,
    )


def broken(scope: Scope, most: int) -> list[HeldGlass]:
    """What the reader may know was opened, the latest first: of their own; for who reads the log
    all; of their compartments for owners.
    """
    if scope.sees < 0:
        return []
    return [_held(row) for row in BrokenGlass.objects.order_by("-id")[:most]]


def may_break(kind: str, target: str) -> bool:
    """Whether there is such a thing that whoever is let in may open: marked no higher than they
    see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.may_break(%s, %s)", [kind, target])
        return bool(cursor.fetchone()[0])


def break_through(account: int, kind: str, target: str, why: str) -> int:
    """Enter it; the gate says from when, and until when. Gives its number."""
    now = timezone.now()
    made = BrokenGlass(
        account_id=account, kind=kind, target=target, why=why, broken_at=now, until=now
    )
    made.save(force_insert=True)
    return int(made.pk)


def close(number: int) -> None:
    """It is open no more."""
    BrokenGlass.objects.filter(pk=number, closed_at__isnull=True).update(closed_at=timezone.now())


def report_numbered(name: str) -> str:
    """The number of a report AGENCY REFERENCE for who may break glass; nothing where there is none
    marked as low as they see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.report_to_break(%s)", [name])
        return str(cursor.fetchone()[0] or "")


def of_return(scope: Scope, number: int) -> list[tuple[str, str]]:
    """What there is to show of a return that is seen: name and value."""
    row = Return.objects.filter(pk=number, marking__lte=scope.sees).first()
    if row is None:
        return []
    return [
        ("kind", row.kind),
        ("agency", row.agency),
        ("received", f"{row.received_at:%d %B %Y}"),
        ("rows", f"{row.rows:,}"),
    ]


def of_report(scope: Scope, number: int) -> list[tuple[str, str]]:
    """The items of a report that is seen, with their grades."""
    row = IntelligenceReport.objects.filter(pk=number, marking__lte=scope.sees).first()
    if row is None:
        return []
    items = IntelligenceItem.objects.filter(of=row, marking__lte=scope.sees).order_by("number")
    return [
        (
            f"{row.agency} {row.reference}/{each.number}",
            ", ".join(grade.letters for grade in each.grades.order_by("known_from", "id")),
        )
        for each in items
    ]


def of_person(scope: Scope, record: str) -> list[tuple[str, str]]:
    """The records that are seen of a person, by their kinds: without a name."""
    if scope.sees < 0:
        return []
    found = []
    for kind in KINDS.values():
        named = "record" if kind.name == "person" else "person"
        if named == "person" and "person" not in {each.name for each in kind.kept}:
            continue
        model: Any = CASE_MODELS[kind.name]
        rows = model.objects.filter(**{named: record}).order_by("known_from", "id")
        found += [
            (kind.name, f"{each.record} of {each.agency}, {each.known_from}") for each in rows
        ]
    return found
