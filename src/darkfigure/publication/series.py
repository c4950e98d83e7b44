"""A dated series of estimates of a hidden number: published and our own, each with what it replaces
and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from darkfigure.basis.period import Period
from darkfigure.basis.statement import Row


class RevisionReason(StrEnum):
    """Why an estimate replaces another."""

    NEW_DATA = "new_data"
    METHOD_CHANGED = "method_changed"
    DEFINITION_CHANGED = "definition_changed"
    LINKAGE_CHANGED = "linkage_changed"
    ERROR_CORRECTED = "error_corrected"


@dataclass(frozen=True)
class SeriesEntry:
    """One estimate. `id` names it: a published one by its source's own, ours as E and a number."""

    id: str
    population: str
    definition: str
    period: Period
    method: str
    low: float | None
    point: float | None
    high: float | None
    known: int | None
    basis: str
    stated_on: date
    precision: str
    stated_by: str
    source: str
    supersedes: str = ""
    reason: str = ""
    note: str = ""
    taken_back: date | None = None


def published(rows: Iterable[Row]) -> list[SeriesEntry]:
    """Estimates as bodies published them, from statements of the measure hidden_victims."""
    found = []
    for row in rows:
        if row.value is None and row.low is None and row.high is None:
            continue  # said that there is none
        block = row.block
        text, _, method = row.note.partition("Method: ")
        found.append(
            SeriesEntry(
                id=row.place or f"{block.source} {row.row}",
                population=block.population,
                definition=text.partition(": ")[2].rstrip(". ") or text,
                period=block.period,
                method=method.rstrip(".") or "not stated",
                low=row.low,
                point=row.value,
                high=row.high,
                known=None,
                basis=block.return_sha256,
                stated_on=block.stated_on,
                precision=block.precision,
                stated_by=block.stated_as,
                source=block.source,
            )
        )
    return found


def by_population(entries: Iterable[SeriesEntry]) -> dict[str, list[SeriesEntry]]:
    """Entries of each population in order of their statement. Populations that differ are never one
    line.
    """
    groups: dict[str, list[SeriesEntry]] = {}
    for entry in sorted(entries, key=lambda each: (each.stated_on, each.id)):
        groups.setdefault(entry.population, []).append(entry)
    return groups


def latest(entries: Sequence[SeriesEntry], population: str, period: Period) -> SeriesEntry | None:
    """The last estimate of a population for overlapping time: what a new one revises."""
    same = [
        entry
        for entry in entries
        if entry.population == population
        and entry.period.meets(period)
        and entry.taken_back is None
    ]
    return max(same, key=lambda each: (each.stated_on, each.id), default=None)
