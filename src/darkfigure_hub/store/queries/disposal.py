"""What is due for review, what is held, and what is disposed of: by numbers and days, never by what
a thing says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from darkfigure_hub.store.models import Disposal, Hold, IntelligenceReport, Return
from darkfigure_hub.store.roles import identity_reader


@dataclass(frozen=True)
class HeldHold:
    """A hold: of which thing, on what ground, why, until when, by whom; when it was ended."""

    number: int
    kind: str
    target: int
    ground: str
    why: str
    until: date | None
    held_by: str
    ended_at: datetime | None

    def stands(self, day: date) -> bool:
        """Whether it keeps the thing on a day."""
        return self.ended_at is None and (self.until is None or self.until > day)


@dataclass(frozen=True)
class HeldDisposal:
    """A proposal to dispose of a thing, or that it was: under which class, due when, why, by
    whom; what hash it had, how many rows of what went.
    """

    number: int
    kind: str
    target: int
    under: str
    due: date
    why: str
    sha256: str
    proposed_by: str
    proposed_at: datetime
    carried_out_by: str
    carried_out_at: datetime | None
    withdrawn_at: datetime | None
    gone: Mapping[str, int] | None

    @property
    def state(self) -> str:
        """How far it is."""
        if self.carried_out_at:
            return "carried out"
        return "withdrawn" if self.withdrawn_at else "proposed"


@dataclass(frozen=True)
class WaitingDraft:
    """A draft that waits, as it is looked through: no word of it."""

    number: int
    agency: str
    kind: str
    name: str
    reading: str
    sha256: str


def clocks() -> list[tuple[str, int, date]]:
    """Each thing that may be disposed of and that one sees: kind, number, the last day on which
    anything became known of what it is about.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, target, day FROM gate.review_clocks() ORDER BY day, 1, 2")
        return list(cursor.fetchall())


def number_of_person(name: str) -> int | None:
    """The number by which a person is spoken of here; None where nothing is held of them, or not
    all of it is seen.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.number_of_person(%s)", [name])
        found = cursor.fetchone()[0]
    return None if found is None else int(found)


def is_there(kind: str, number: int) -> bool:
    """Whether there is such a thing that may be disposed of, as far as one sees it."""
    return _said("may_be_disposed_of", kind, number)


def is_held(kind: str, number: int) -> bool:
    """Whether somebody keeps a thing today, or what would go with it."""
    return _said("is_held", kind, number)


def _said(function: str, kind: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT gate.{function}(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])


def holds(day: date | None = None) -> list[HeldHold]:
    """The holds, the latest first; of a day, those that stand then."""
    rows = Hold.objects.order_by("-id")
    if day is not None:
        rows = rows.filter(ended_at=None).filter(Q(until=None) | Q(until__gt=day))
    return [_hold(each) for each in rows]


def hold(number: int) -> HeldHold | None:
    """One hold."""
    found = Hold.objects.filter(pk=number).first()
    return _hold(found) if found else None


def _hold(of: Hold) -> HeldHold:
    return HeldHold(of.pk, of.kind, of.target, of.ground, of.why, of.until, of.held_by, of.ended_at)


def keep(kind: str, target: int, ground: str, why: str, until: date | None, by: str) -> int:
    """Enter a hold. Gives its number."""
    made = Hold.objects.create(
        kind=kind, target=target, ground=ground, why=why, until=until, held_by=by
    )
    return int(made.pk)


def end(number: int, why: str, by: str) -> bool:
    """End a hold; gives whether it still stood."""
    stood = Hold.objects.filter(pk=number, ended_at=None)
    return bool(stood.update(ended_by=by, ended_at=timezone.now(), ended_why=why))


def disposals() -> list[HeldDisposal]:
    """Proposals and what was carried out, the latest first."""
    return [_disposal(each) for each in Disposal.objects.order_by("-id")]


def disposal(number: int) -> HeldDisposal | None:
    """One of them."""
    found = Disposal.objects.filter(pk=number).first()
    return _disposal(found) if found else None


def _disposal(of: Disposal) -> HeldDisposal:
    return HeldDisposal(
        of.pk,
        of.kind,
        of.target,
        of.under,
        of.due,
        of.why,
        of.sha256,
        of.proposed_by,
        of.proposed_at,
        of.carried_out_by,
        of.carried_out_at,
        of.withdrawn_at,
        of.gone,
    )


def propose(kind: str, target: int, under: str, due: date, why: str, by: str) -> int:
    """Enter a proposal, with the hash of the file that the thing came in; of a person there is none
    before all of it is gone. Gives its number.
    """
    made = Disposal.objects.create(
        kind=kind,
        target=target,
        under=under,
        due=due,
        why=why,
        sha256=_hash_of(kind, target),
        proposed_by=by,
    )
    return int(made.pk)


def _hash_of(kind: str, target: int) -> str:
    table: Any = {"return": Return, "report": IntelligenceReport}.get(kind)
    if table is None:
        return ""
    return str(table.objects.filter(pk=target).values_list("file_id", flat=True).first() or "")


def withdraw(number: int, by: str) -> bool:
    """Withdraw a proposal; gives whether it still stood."""
    stood = Disposal.objects.filter(pk=number, carried_out_at=None, withdrawn_at=None)
    return bool(stood.update(withdrawn_by=by, withdrawn_at=timezone.now()))


def drafts_waiting() -> tuple[list[WaitingDraft], int]:
    """The drafts that wait in any agency, for who may propose that all of a person's go; and how
    many there are beside that one does not see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate.drafts_waiting()")
        found = cursor.fetchall()
    return [WaitingDraft(*each) for each in found if each[0]], sum(not each[0] for each in found)


def locked_draft(number: int) -> bytes:
    """The bytes of one of them, locked; none once it waits no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.locked_draft(%s)", [number])
        (found,) = cursor.fetchone()
    return bytes(found or b"")


def names_of_person(number: int) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Under which pseudonyms a person and their records stand, and how they are called, as given
    name and family name: for the program, which looks for them, and for nobody's eyes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.names_of_person(%s)", [number])
        (names,) = cursor.fetchone()
    with identity_reader() as reader:
        reader.execute(
            "SELECT DISTINCT given_name, family_name FROM identity.person WHERE person = ANY(%s)"
            " AND given_name <> '' AND family_name <> ''",
            [names],
        )
        return frozenset(names), frozenset(reader.fetchall())


def carry_out(number: int, by: str, drafts: Iterable[int] = ()) -> dict[str, int]:
    """Dispose of what was proposed, of a person with some drafts. Gives how many rows of what
    went.
    """
    asked = "SELECT gate.carry_out_disposal(%s, %s, %s::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(asked, [number, by, sorted(drafts)])
        found = cursor.fetchone()[0]
    gone: dict[str, int] = json.loads(found) if isinstance(found, str) else found
    return gone
