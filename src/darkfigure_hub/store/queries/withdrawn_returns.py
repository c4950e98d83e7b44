"""Returns that were taken back, and what stands without them: by epochs, stretches of days in which
the same returns are away.

What a return had closed stands again from the day it is taken back, and what was known before that
day stays as it was. Closings in the tables are those by every return; only where some return was
ever taken back are they worked out anew, without those away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from darkfigure.basis.statement import DIMENSIONS, Block
from darkfigure.intelligence.ledgers import Spell
from darkfigure_hub.store.queries import taken_back
from darkfigure_hub.store.queries.correction import SAME_MATTER

RETURN = "return"


class Epoch(NamedTuple):
    """A stretch of days, from the first until one that is no longer among them, in which the same
    returns are away.
    """

    first: date
    until: date | None
    away: frozenset[int]

    def has(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.first <= day and (self.until is None or day < self.until)


def epochs() -> list[Epoch]:
    """Every stretch of days with the returns that are away in it, in order; none where no return
    was ever taken back.
    """
    spells = {int(target): away for target, away in taken_back.away(RETURN).items()}
    turns = {day for away in spells.values() for each in away for day in each if day}
    days = sorted(turns | {date.min}) if turns else []
    return [
        Epoch(
            first,
            until,
            frozenset(
                number for number, away in spells.items() if any(each.has(first) for each in away)
            ),
        )
        for first, until in zip(days, [*days[1:], None][: len(days)], strict=True)
    ]


def away_on(day: date, found: Sequence[Epoch] | None = None) -> frozenset[int]:
    """The returns that are away on a day, by epochs that were read before or are read now."""
    known = epochs() if found is None else found
    return next((each.away for each in known if each.has(day)), frozenset())


_SHARING = f"""
SELECT older.id, older.of_id, older.stated_on, older.whole, older.unit, older.population,
    older.role, older.shape, older.period_start, older.period_end, older.stated_by
FROM store_block older WHERE older.measure = %s AND EXISTS (
    SELECT 1 FROM store_block newer WHERE newer.of_id = ANY(%s) AND {SAME_MATTER})
"""


def standing_anew(blocks: Sequence[Block], measure: str, found: Sequence[Epoch]) -> list[Block]:
    """The blocks of a measure with the days on which each stands, those that share a matter with a
    return ever taken back worked out by epochs: a block is among them once for each stretch.
    """
    if not found:
        return list(blocks)
    ever = sorted(frozenset[int]().union(*(epoch.away for epoch in found)))
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, [measure, ever])
        rows = cursor.fetchall()
    spells = _spells(rows, found)
    anew = []
    for block in blocks:
        if block.id not in spells:
            anew.append(block)
            continue
        back = {each.first for each in found if block.return_id in each.away}
        anew += [
            replace(
                block,
                known_from=spell.first,
                known_to=spell.until,
                taken_back=spell.until if spell.until in back else None,
            )
            for spell in spells[block.id]
        ]
    return anew


def _spells(rows: Iterable[tuple[Any, ...]], found: Sequence[Epoch]) -> dict[int, list[Spell]]:
    matters: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    spells: dict[int, list[Spell]] = {}
    for number, of, stated_on, whole, *matter in rows:
        matters[tuple(map(repr, matter))].append((number, of, stated_on, whole))
        spells[number] = []
    for alike in matters.values():
        for epoch in found:
            here = [row for row in alike if row[1] not in epoch.away]
            wholes = sorted({stated_on for _, _, stated_on, whole in here if whole})
            for number, _, stated_on, _ in here:
                closed = next((day for day in wholes if day > stated_on), None)
                ends = [day for day in (closed, epoch.until) if day]
                _add(spells[number], Spell(max(stated_on, epoch.first), min(ends, default=None)))
    return spells


def _add(spells: list[Spell], spell: Spell) -> None:
    """Add a spell after those there are; one that follows on the last is joined to it."""
    if spell.until is not None and spell.until <= spell.first:
        return
    if spells and spells[-1].until == spell.first:
        spells[-1] = Spell(spells[-1].first, spell.until)
    else:
        spells.append(spell)


_AFFECTED = f"""
SELECT DISTINCT older.id FROM store_block older JOIN store_block newer ON {SAME_MATTER}
    AND newer.stated_on > older.stated_on AND NOT newer.whole
WHERE older.id = ANY(%s) AND newer.of_id = ANY(%s)
"""
_SAME_DIMS = " AND ".join(f"again.{name} IS NOT DISTINCT FROM s.{name}" for name in DIMENSIONS)
_STILL_CLOSED = f"""
EXISTS (SELECT 1 FROM store_block older JOIN store_block newer ON {SAME_MATTER}
    AND NOT newer.whole AND newer.stated_on > older.stated_on AND newer.stated_on <= %s
    AND newer.of_id <> ALL(%s)
    JOIN store_statement again ON again.block_id = newer.id AND {_SAME_DIMS}
    WHERE older.id = s.block_id)
"""


def row_stands(blocks: Sequence[int], as_at: date, found: Sequence[Epoch]) -> tuple[str, list[Any]]:
    """SQL that says whether row `s` of one of the blocks stood on a day, and its values."""
    plain: tuple[str, list[Any]] = ("(s.closed IS NULL OR s.closed > %s)", [as_at])
    away = sorted(away_on(as_at, found))
    if not away:
        return plain
    with connection.cursor() as cursor:
        cursor.execute(_AFFECTED, [list(blocks), away])
        affected = [number for (number,) in cursor.fetchall()]
    if not affected:
        return plain
    anew = f"({plain[0]} OR (s.block_id = ANY(%s) AND NOT {_STILL_CLOSED}))"
    return anew, [as_at, affected, as_at, away]


_ENDED_WITHOUT = f"""
(SELECT min(newer.stated_on) FROM store_block newer WHERE {SAME_MATTER.replace("older.", "b.")}
    AND newer.whole AND newer.stated_on > b.stated_on AND newer.of_id <> ALL (AWAY))
"""
_CLOSED_WITHOUT = f"""
(SELECT min(newer.stated_on) FROM store_block newer JOIN store_statement again
    ON again.block_id = newer.id AND {_SAME_DIMS}
    WHERE {SAME_MATTER.replace("older.", "b.")} AND NOT newer.whole
    AND newer.stated_on > b.stated_on AND newer.of_id <> ALL (AWAY))
"""


def numbers(of: Iterable[int]) -> str:
    """Numbers as an array in SQL."""
    return f"'{{{','.join(map(str, of))}}}'::bigint[]"


def block_ended(away: frozenset[int]) -> str:
    """SQL for the day on which block `b` ended, without the returns away."""
    return _ENDED_WITHOUT.replace("AWAY", _braced(away)) if away else "upper(b.known)"


def row_closed(away: frozenset[int]) -> str:
    """SQL for the day on which row `s` of block `b` was closed, without the returns away."""
    return _CLOSED_WITHOUT.replace("AWAY", _braced(away)) if away else "s.closed"


def _braced(away: frozenset[int]) -> str:
    return numbers(sorted(away)).replace("{", "{{").replace("}", "}}")


_VERSIONS_WITHOUT = """
SELECT {columns}, {first} AS known_from, {until} AS known_to FROM (
    SELECT {columns}, known_from, lead(known_from) OVER (PARTITION BY record, agency
        ORDER BY known_from) AS known_to
    FROM case_{kind} WHERE return_id <> ALL ('{{{away}}}'::bigint[])) AS held
WHERE {within}
"""


def versions_by_epochs(kind: str, columns: Sequence[str], found: Sequence[Epoch]) -> str:
    """A query for every version of a kind of case record with the days on which it stands, by
    epochs. `columns` are all but those days.
    """
    return " UNION ALL ".join(_versions(kind, columns, epoch) for epoch in found)


def _versions(kind: str, columns: Sequence[str], epoch: Epoch) -> str:
    first, until = "known_from", "known_to"
    within = []
    if epoch.first > date.min:
        day = f"DATE '{epoch.first.isoformat()}'"
        first = f"greatest(known_from, {day})"
        within.append(f"(known_to IS NULL OR known_to > {day})")
    if epoch.until is not None:
        day = f"DATE '{epoch.until.isoformat()}'"
        until = f"least(known_to, {day})"
        within.append(f"known_from < {day}")
    return _VERSIONS_WITHOUT.format(
        kind=kind,
        columns=", ".join(f'"{column}"' for column in columns),
        first=first,
        until=until,
        away=",".join(map(str, sorted(epoch.away))),
        within=" AND ".join(within) or "true",
    )
