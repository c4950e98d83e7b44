"""Saved questions: whose they are, what was last said to each, which are to be asked anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from darkfigure_hub.store.models import SavedQuestion

#: Those whose measure a return brought figures of since they were asked, or that was taken back or
#: stands again since, or case records where they are asked of those; of people who may still ask.
_TOUCHED = """
SELECT q.account_id, q.acting_id, array_agg(q.id ORDER BY q.id)
FROM store_savedquestion q JOIN store_account a ON a.id = q.account_id
    JOIN store_appointment p ON p.id = q.acting_id
WHERE q.ended_at IS NULL AND q.tells AND a.disabled_at IS NULL AND p.ended_at IS NULL AND EXISTS (
    SELECT FROM store_return r WHERE (r.received_at > q.asked_at OR EXISTS (
            SELECT FROM store_takenback t WHERE t.kind = 'return' AND t.target = r.id::text
                AND t.at > q.asked_at))
        AND (q.question->>'evidence' = 'cases' OR EXISTS (
            SELECT FROM store_block b WHERE b.of_id = r.id AND b.measure = q.measure)))
GROUP BY q.account_id, q.acting_id ORDER BY q.acting_id
"""


@dataclass(frozen=True)
class HeldQuestion:
    """A saved question, the answer last noted, and the one it took the place of."""

    number: int
    account: int
    acting: int
    name: str
    measure: str
    question: Mapping[str, Any]
    tells: bool
    said: str
    said_on: date
    before: str
    before_on: date | None
    changed_at: datetime | None


def _held(row: SavedQuestion) -> HeldQuestion:
    return HeldQuestion(
        row.pk,
        row.account_id,
        row.acting_id,
        row.name,
        row.measure,
        row.question,
        row.tells,
        row.said,
        row.said_on,
        row.before,
        row.before_on,
        row.changed_at,
    )


def save(entry: Mapping[str, Any]) -> int:
    """Save a question. Gives its number."""
    return int(SavedQuestion.objects.create(**entry, asked_at=timezone.now()).pk)


def is_taken(account: int, name: str) -> bool:
    """Whether somebody has a question under a name."""
    mine = SavedQuestion.objects.filter(account=account, ended_at__isnull=True)
    return mine.filter(name=name).exists()


def questions(
    account: int, acting: int | None, numbers: Collection[int] = ()
) -> list[HeldQuestion]:
    """What somebody saved as an appointment, by name; some of it where numbers are given."""
    mine = SavedQuestion.objects.filter(account=account, acting=acting, ended_at__isnull=True)
    if numbers:
        mine = mine.filter(pk__in=numbers)
    return [_held(row) for row in mine.order_by("name")]


def note(number: int, said: str, day: date) -> None:
    """From now on another answer is said to a question."""
    row = SavedQuestion.objects.get(pk=number)
    row.before, row.before_on = row.said, row.said_on
    row.said, row.said_on, row.changed_at = said, day, timezone.now()
    row.save(update_fields=["before", "before_on", "said", "said_on", "changed_at"])


def tell(number: int, *, tells: bool) -> None:
    """Tell of its changes, or not."""
    SavedQuestion.objects.filter(pk=number).update(tells=tells)


def forget(number: int) -> None:
    """It is not asked any more."""
    SavedQuestion.objects.filter(pk=number).update(ended_at=timezone.now())


def touched() -> list[tuple[int, int, list[int]]]:
    """Account, appointment and numbers of what is to be asked anew, as returns came since."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return [(account, acting, list(numbers)) for account, acting, numbers in cursor.fetchall()]


def asked(numbers: Collection[int]) -> None:
    """They are being asked anew: what comes from now on is to be looked at."""
    SavedQuestion.objects.filter(pk__in=numbers).update(asked_at=timezone.now())
