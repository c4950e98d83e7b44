"""Estimates made here, entered and read as a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import Period
from darkfigure.publication.series import SeriesEntry
from darkfigure_hub.store.models import Estimate
from darkfigure_hub.store.queries import taken_back


def enter(
    entry: SeriesEntry, *, level: float, table: Mapping[str, object], settings: Mapping[str, object]
) -> SeriesEntry:
    """Enter an estimate; gives it with its id. Raises DarkfigureError for one without a figure."""
    if entry.point is None:
        raise DarkfigureError("An estimate without a figure is not entered in the series.")
    own = entry.supersedes.removeprefix("E") if entry.supersedes.startswith("E") else ""
    made = Estimate.objects.create(
        population=entry.population,
        definition=entry.definition,
        period_start=entry.period.start,
        period_end=entry.period.end,
        period_label=entry.period.label,
        method=entry.method,
        known=entry.known or 0,
        low=entry.low,
        point=entry.point,
        high=entry.high,
        level=level,
        basis=entry.basis,
        table=dict(table),
        settings=dict(settings),
        stated_on=entry.stated_on,
        stated_by=entry.stated_by,
        reason=entry.reason,
        note=entry.note,
        supersedes_id=int(own) if own.isdigit() else None,
        replaces="" if own.isdigit() else entry.supersedes,
    )
    return _entry(made)


def own_series() -> list[SeriesEntry]:
    """Every estimate made here, oldest first; those taken back say since when."""
    away = taken_back.away("estimate")
    since = {int(name): spells[-1].first for name, spells in away.items() if not spells[-1].until}
    return [
        replace(_entry(made), taken_back=since.get(made.pk))
        for made in Estimate.objects.order_by("stated_on", "id")
    ]


def entered_on(name: str) -> date | None:
    """The day an estimate was stated that stands in the series under a name, None for no such."""
    number = name.removeprefix("E")
    made = Estimate.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    return made.stated_on if made else None


def held(number: int) -> bool:
    """Whether an estimate of this number stands in the series, and is not taken back."""
    back = taken_back.standing_event("estimate", number)
    return back is None and Estimate.objects.filter(pk=number).exists()


def _entry(made: Estimate) -> SeriesEntry:
    return SeriesEntry(
        id=f"E{made.pk}",
        population=made.population,
        definition=made.definition,
        period=Period(made.period_start, made.period_end, made.period_label),
        method=made.method,
        low=made.low,
        point=made.point,
        high=made.high,
        known=made.known,
        basis=made.basis,
        stated_on=made.stated_on,
        precision="day",
        stated_by=made.stated_by,
        source="estimated here",
        supersedes=f"E{made.supersedes_id}" if made.supersedes_id else made.replaces,
        reason=made.reason,
        note=made.note,
    )
