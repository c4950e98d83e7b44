"""Jobs: what waits, what is in work and how far it is, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from darkfigure_hub.store.models import Job
from darkfigure_hub.store.queries.outbox import tell

#: A worker that was not heard for so long has lost its job; a job is begun so often at most.
LOST, MOST = timedelta(seconds=30), 2
#: The kind of work that the worker asks for itself, as somebody: they neither wait for it nor are
#: told of its end.
OF_THE_WORKER = "questions"
#: What was made of a job that failed.
MADE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class HeldJob:
    """A job and how far it has come; `made` says what was made of it."""

    number: int
    kind: str
    title: str
    arguments: Mapping[str, Any]
    sha256: str
    account: int
    acting: int
    asked_at: datetime
    attempt: int
    begun_at: datetime | None
    progress: Mapping[str, Any]
    cancel_asked_at: datetime | None
    ended_at: datetime | None
    outcome: str
    said: str
    made: Mapping[str, Any]
    purpose: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return f"JOB-{self.number}"

    @property
    def state(self) -> str:
        """What follows from its events."""
        if self.outcome:
            return self.outcome
        if self.cancel_asked_at:
            return "being cancelled"
        return "in work" if self.attempt else "waiting"


def _held(row: Job) -> HeldJob:
    return HeldJob(
        row.pk,
        row.kind,
        row.title,
        row.arguments,
        row.sha256,
        row.account_id,
        row.acting_id,
        row.asked_at,
        row.attempt,
        row.begun_at,
        row.progress,
        row.cancel_asked_at,
        row.ended_at,
        row.outcome,
        row.said,
        row.made,
        row.purpose,
    )


def ask(entry: Mapping[str, Any]) -> int:
    """Enter a job that waits. Gives its number."""
    return int(Job.objects.create(**entry).pk)


def jobs(account: int, number: int) -> list[HeldJob]:
    """The latest that somebody asked for, the latest first."""
    asked = Job.objects.filter(account=account).exclude(kind=OF_THE_WORKER)
    return [_held(row) for row in asked.order_by("-id")[:number]]


def job(account: int, number: int) -> HeldJob | None:
    """One that somebody asked for."""
    row = Job.objects.filter(account=account, pk=number).first()
    return _held(row) if row else None


def job_in_work(number: int) -> HeldJob | None:
    """A job for the worker that is let in for it."""
    row = Job.objects.filter(pk=number, ended_at__isnull=True, attempt__gt=0).first()
    return _held(row) if row else None


def wish_cancelled(number: int) -> None:
    """Ask that a job be ended; one that nobody works on ends at once."""
    now = timezone.now()
    open_ones = Job.objects.filter(pk=number, ended_at__isnull=True)
    open_ones.filter(cancel_asked_at__isnull=True).update(cancel_asked_at=now)
    open_ones.filter(heard_at__isnull=True).update(ended_at=now, outcome="cancelled")


def take(worker: str) -> HeldJob | None:
    """The job that waits longest, or whose worker was lost: it is from now on the one's who knows
    what `worker` is the hash of.
    """
    now = timezone.now()
    lost = Q(heard_at__lt=now - LOST)
    waiting = Job.objects.filter(ended_at__isnull=True).filter(Q(heard_at__isnull=True) | lost)
    waiting.filter(cancel_asked_at__isnull=False).update(ended_at=now, outcome="cancelled")
    _end(
        waiting.filter(attempt__gte=MOST),
        "failed",
        "It was begun twice, and its worker was lost twice.",
    )
    row = waiting.select_for_update(skip_locked=True).order_by("id").first()
    if row is None:
        return None
    row.attempt, row.heard_at, row.begun_at = row.attempt + 1, now, row.begun_at or now
    row.progress, row.worker = {}, worker
    row.save(update_fields=["attempt", "heard_at", "begun_at", "progress", "worker"])
    return _held(row)


def heard(number: int, attempt: int, progress: Mapping[str, Any]) -> str:
    """Say that a job is in work and how far. Gives why it is not to go on: it is this attempt's no
    longer ("lost"), is "cancelled", or who asked for it may not have it done any more ("left").
    """
    mine = Job.objects.filter(pk=number, attempt=attempt, ended_at__isnull=True)
    if not mine.update(heard_at=timezone.now(), progress=dict(progress)):
        return "lost"
    if mine.filter(cancel_asked_at__isnull=False).exists():
        return "cancelled"
    gone = Q(account__disabled_at__isnull=False) | Q(acting__ended_at__isnull=False)
    return "left" if mine.filter(gone).exists() else ""


def end(number: int, attempt: int, outcome: str, said: str, made: Mapping[str, Any]) -> bool:
    """End a job, where it is this attempt's still and has not ended."""
    mine = Job.objects.filter(pk=number, attempt=attempt, ended_at__isnull=True)
    return bool(_end(mine, outcome, said, made))


def _end(found: QuerySet[Job], outcome: str, said: str, made: Mapping[str, Any] = MADE) -> int:
    """End jobs, and have who asked for each told. Gives how many there were."""
    with transaction.atomic():
        held = list(found.select_for_update().values_list("id", "account_id", "kind"))
        Job.objects.filter(pk__in=[number for number, _, _ in held]).update(
            ended_at=timezone.now(), outcome=outcome, said=said, made=dict(made)
        )
        for number, account, kind in held:
            if outcome != "cancelled" and kind != OF_THE_WORKER:
                tell("job ended", f"job {number}", [account])
    return len(held)


def give_back(number: int, attempt: int) -> None:
    """Let another take a job whose work broke off; the second time it has failed."""
    mine = Job.objects.filter(pk=number, attempt=attempt, ended_at__isnull=True)
    now = timezone.now()
    mine.filter(cancel_asked_at__isnull=False).update(ended_at=now, outcome="cancelled")
    _end(mine.filter(attempt__gte=MOST), "failed", "It broke off twice.")
    mine.update(heard_at=None)


def hand_back(number: int, attempt: int) -> None:
    """Let another take a job whose worker was told to stop: this does not count as begun."""
    mine = Job.objects.filter(pk=number, attempt=attempt, ended_at__isnull=True)
    mine.update(heard_at=None, worker="", attempt=attempt - 1)
