"""What was taken back, and what of that was undone: events, entered and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from darkfigure.intelligence.ledgers import Spell
from darkfigure_hub.store.models import TakenBack


def take_back(
    kind: str, target: object, named: str, reason: str, by: str, on: date, corrected_by: str = ""
) -> str:
    """Enter that something is taken back from a day on; gives the event's reference."""
    made = TakenBack.objects.create(
        kind=kind,
        target=str(target),
        named=named,
        reason=reason,
        by=by,
        known_from=on,
        at=timezone.now(),
        corrected_by=corrected_by,
    )
    return str(made)


def undo(event: TakenBack, reason: str, by: str, on: date) -> str:
    """Enter that what was taken back stands again from a day on; gives the event's reference."""
    made = TakenBack.objects.create(
        kind=event.kind,
        target=event.target,
        named=event.named,
        reason=reason,
        by=by,
        known_from=on,
        at=timezone.now(),
        undoes=event,
    )
    return str(made)


Away = dict[str, list[Spell]]


def away(kind: str) -> Away:
    """The spells for which each thing of a kind is taken back, by its number or code."""
    return _away_by_kind(TakenBack.objects.filter(kind=kind)).get(kind, {})


def all_away() -> dict[str, Away]:
    """The same of every kind, in one reading: those of which anything is taken back."""
    return _away_by_kind(TakenBack.objects.all())


def _away_by_kind(events: QuerySet[TakenBack]) -> dict[str, Away]:
    found: dict[str, Away] = defaultdict(lambda: defaultdict(list))
    for event in events.filter(undoes=None).order_by("id").prefetch_related("undone_by"):
        undone = next(iter(event.undone_by.all()), None)
        spell = Spell(event.known_from, undone.known_from if undone else None)
        found[event.kind][event.target].append(spell)
    return {kind: dict(spells) for kind, spells in found.items()}


def reasons(kind: str) -> dict[str, tuple[date, str]]:
    """From when each thing of a kind is taken back that does not stand again, and why."""
    found = TakenBack.objects.filter(kind=kind, undoes=None, undone_by=None).order_by("id")
    return {each.target: (each.known_from, each.reason) for each in found}


def standing_event(kind: str, target: object) -> TakenBack | None:
    """The event by which something is taken back and not yet given back; None where it stands."""
    return TakenBack.objects.filter(
        kind=kind, target=str(target), undoes=None, undone_by=None
    ).last()


def last_of(kind: str, targets: Sequence[int]) -> TakenBack | None:
    """Of several things the one taken back last and not given back; None where all stand."""
    return TakenBack.objects.filter(
        kind=kind, target__in=[str(each) for each in targets], undoes=None, undone_by=None
    ).last()


def events() -> list[TakenBack]:
    """Everything that was taken back or given back, in order."""
    return list(TakenBack.objects.select_related("undoes").order_by("id"))
