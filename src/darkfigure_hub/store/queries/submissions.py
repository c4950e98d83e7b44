"""Submissions: what is drafted and what became of it; their bytes apart, locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from psycopg import Cursor

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import IntelligenceReport, Submission


@dataclass(frozen=True)
class HeldSubmission:
    """A submission and how far it has come; `made` says what a release made of it."""

    number: int
    agency: str
    kind: str
    name: str
    sha256: str
    size: int
    marking: int
    reading: str
    drafted_by: str
    drafted_at: datetime
    replaces: int | None
    released_by: str
    released_at: datetime | None
    made: Mapping[str, Any]
    discarded_by: str
    discarded_at: datetime | None
    compartment: int | None = None
    sent_back_by: str = ""
    sent_back_at: datetime | None = None
    sent_back_why: str = ""
    disposed_on: date | None = None

    @property
    def state(self) -> str:
        """What follows from its events: drafted, released, discarded or disposed of."""
        if self.released_at:
            return "released"
        if self.disposed_on:
            return "disposed of"
        return "discarded" if self.discarded_at else "drafted"

    @property
    def receipt(self) -> str:
        """What it is called."""
        return f"SUBMISSION-{self.number}"


def _held(row: Submission) -> HeldSubmission:
    return HeldSubmission(
        row.pk,
        row.agency,
        row.kind,
        row.name,
        row.sha256,
        row.size,
        row.marking,
        row.reading,
        row.drafted_by,
        row.drafted_at,
        row.replaces_id,
        row.released_by,
        row.released_at,
        row.made,
        row.discarded_by,
        row.discarded_at,
        row.compartment_id,
        row.sent_back_by,
        row.sent_back_at,
        row.sent_back_why,
        row.disposed_on,
    )


def keep(entry: Mapping[str, Any], locked: bytes) -> int:
    """Keep a draft; its bytes, locked, in the schema identity. Gives its number."""
    made = Submission.objects.create(**entry)
    with _in_binary() as cursor:
        cursor.execute(
            "INSERT INTO identity.draft (submission_id, locked) VALUES (%s, %b)", [made.pk, locked]
        )
    return int(made.pk)


def submissions(
    scope: Scope, *, before: int | None = None, most: int | None = None
) -> list[HeldSubmission]:
    """Submissions that the reader may see, the latest first; of an agency, its own; of a program,
    those it has to do with. `before` a number, at `most` so many, where that is asked.
    """
    found = _seen(scope).order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_held(each) for each in found[:most]]


def submission(scope: Scope, number: int, *, lock: bool = False) -> HeldSubmission | None:
    """One of them; locked, nobody else changes it until what goes on is done."""
    found = _seen(scope).filter(pk=number)
    row = (found.select_for_update() if lock else found).first()
    return _held(row) if row else None


def _seen(scope: Scope) -> QuerySet[Submission]:
    found = Submission.objects.filter(marking__lte=scope.sees)
    if scope.bound:
        found = found.filter(agency=scope.agency)
    return found if scope.kinds is None else found.filter(kind__in=scope.kinds)


def locked_bytes(scope: Scope, number: int) -> bytes:
    """The bytes of a draft that the reader may see, locked; none once it is no draft."""
    if submission(scope, number) is None:
        return b""
    asked = "SELECT locked FROM identity.draft WHERE submission_id = %s"
    with _in_binary() as cursor:
        row = cursor.execute(asked, [number], binary=True).fetchone()
    return bytes(row[0]) if row else b""


@contextmanager
def _in_binary() -> Iterator[Cursor[Any]]:
    """Asked so that bytes go as bytes: written as text they are twice as long, many times over."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        yield cursor


def made_return(agency: str, number: int) -> bool:
    """Whether a return was made of what an agency submitted."""
    return Submission.objects.filter(
        agency=agency, released_at__isnull=False, made__returns__contains=[number]
    ).exists()


def made_report(agency: str, number: int) -> bool:
    """Whether a report is an agency's."""
    return IntelligenceReport.objects.filter(agency=agency, pk=number).exists()


def released(number: int, by: str, made: Mapping[str, Any]) -> None:
    """A submission was released; its bytes are where it went."""
    Submission.objects.filter(pk=number).update(
        released_by=by, released_at=timezone.now(), made=dict(made)
    )
    _forget(number)


def before(scope: Scope, number: int) -> list[HeldSubmission]:
    """What a submission took the place of, and that before it, the latest first."""
    found: list[HeldSubmission] = []
    held = submission(scope, number)
    while held is not None and held.replaces is not None:
        held = submission(scope, held.replaces)
        found += [held] if held else []
    return found


def sent_back(number: int, by: str, why: str) -> None:
    """A draft was sent back to who drafted it; its bytes stay, to be mended."""
    Submission.objects.filter(pk=number).update(
        sent_back_by=by, sent_back_at=timezone.now(), sent_back_why=why
    )


def discarded(number: int, by: str) -> None:
    """A draft was discarded; its bytes are gone."""
    Submission.objects.filter(pk=number).update(discarded_by=by, discarded_at=timezone.now())
    _forget(number)


def _forget(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM identity.draft WHERE submission_id = %s", [number])
