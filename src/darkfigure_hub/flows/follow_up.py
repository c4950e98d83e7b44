"""What became of a submission: what it holds, on which cells it lies, what rests on it; and take it
back, by the agency that sent it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.tables.measures import measure_named
from darkfigure_hub.access import record
from darkfigure_hub.flows.take_back import withdraw
from darkfigure_hub.store.queries import holdings, submissions
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.submissions import HeldSubmission


@dataclass(frozen=True)
class BecameOf:
    """A return or a report that a submission became: what it is called, what it holds in lines, and
    from when it is taken back.
    """

    kind: str
    name: str
    lines: tuple[str, ...]
    taken_back: date | None


def show_outcome(scope: Scope, number: int) -> list[BecameOf]:
    """What a submission became; nothing of one that was not released. Raises UnknownName."""
    scope.require(Permission.READ_SUBMISSIONS)
    held = _released(scope, number)
    record(scope, "outcome shown", {"submission": number})
    return list(_became(scope, held)) if held.made else []


def _released(scope: Scope, number: int) -> HeldSubmission:
    held = submissions.submission(scope, number)
    if held is None:
        raise UnknownName("There is no such submission.")
    return held


def _became(scope: Scope, held: HeldSubmission) -> Iterator[BecameOf]:
    for each in holdings.returns(scope, ids=held.made.get("returns", [])):
        about = tuple(
            f"{measure_named(measure).title}: {count:,} figures, {first} to {last}"
            for measure, _, first, last, count in holdings.about([each.id])
        )
        yield BecameOf("return", str(each.id), about or (f"{each.rows:,} rows",), each.taken_back)
    name = f"{held.agency} {held.made.get('report')}"
    if report := store.report_named(scope, name):
        away = store.taken_back_from(report.pk)
        yield BecameOf("report", name, tuple(_items(scope, name, report.pk)), away)


def _items(scope: Scope, name: str, report: int) -> Iterator[str]:
    """A line for each item of a report: its grade now, its cells, and what rests on it."""
    for number in store.item_numbers(report):
        item = store.item_named(scope, f"{name}/{number}")
        if item is None:
            continue
        cells = "; ".join(f"{question} {area} {period}" for _, question, area, period in item.links)
        rests = store.resting_on(f"{name}/{number}")
        relied = f"; {', '.join(rests)} rest on it" if rests else ""
        yield f"Item {number}, graded {item.letters}, on {cells or 'no cell'}{relied}"


def take_back_submission(scope: Scope, number: int, reason: str) -> tuple[str, ...]:
    """Take back everything that a submission became, from today on. Gives who is to be told.

    Raises NotPermitted, UnknownName; DarkfigureError where it became nothing that can be taken back
    or was taken back already.
    """
    scope.require(Permission.TAKE_BACK)
    held = _released(scope, number)
    stands = [each for each in _became(scope, held) if each.taken_back is None]
    if not stands:
        raise DarkfigureError(f"{held.receipt} became nothing that stands.")
    today = timezone.localdate()
    with transaction.atomic():
        done = [withdraw(scope, each.kind, each.name, reason, today) for each in stands]
        record(scope, "submission taken back", {"submission": number})
    return tuple(line for each in done for line in each.told)
