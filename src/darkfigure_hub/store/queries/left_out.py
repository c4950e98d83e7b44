"""What whole tables leave out of those stated before them: a part that is taken for the whole."""

from __future__ import annotations

from django.utils import timezone

from darkfigure.tables.extent import LeftOut
from darkfigure_hub.store.models import Return
from darkfigure_hub.store.queries.correction import MATTER, SAME_MATTER, written_just_now
from darkfigure_hub.store.queries.withdrawn_returns import away_on

_LEFT_OUT = """
WITH pair AS (
    SELECT older.id AS older, newer.id AS newer, older.measure, older.period_label,
        older.source, older.stated_on, newer.source AS newer_source,
        newer.stated_on AS newer_on, older.of_id = %(written)s AS late
    FROM store_block older JOIN store_block newer ON {same}
        AND newer.stated_on > older.stated_on AND newer.whole
        AND newer.of_id <> ALL(%(away)s) AND older.of_id <> ALL(%(away)s)
    WHERE (older.of_id = %(written)s OR newer.of_id = %(written)s) AND older.shape = %(shape)s
        AND NOT EXISTS (SELECT 1 FROM store_block older_still WHERE {between}
            AND older_still.of_id <> ALL(%(away)s)
            AND older_still.stated_on > older.stated_on
            AND older_still.stated_on < newer.stated_on)),
stated AS (
    SELECT DISTINCT block_id{dims} FROM store_statement
    WHERE block_id IN (SELECT newer FROM pair))
SELECT pair.measure, period_label, source, stated_on, newer_source, newer_on, late, count(*),
    count(*) FILTER (WHERE stated.block_id IS NULL AND held.value IS DISTINCT FROM 0)
FROM pair JOIN store_statement held ON held.block_id = pair.older
    AND (held.closed IS NULL OR held.closed >= pair.newer_on)
LEFT JOIN stated ON stated.block_id = pair.newer{same_dims}
GROUP BY pair.older, pair.newer, pair.measure, period_label, source, stated_on, newer_source,
    newer_on, late
"""
_SHAPES = "SELECT DISTINCT shape FROM store_block WHERE of_id = %s"
_BETWEEN = " AND ".join(f"older_still.{column} = newer.{column}" for column in MATTER)


def left_out_of(written: Return) -> list[LeftOut]:
    """What whole tables of a return leave out of those before them, or what those after it leave
    out of them: `tables.extent.what_is_left_out` in SQL.
    """
    found: list[LeftOut] = []
    away = sorted(away_on(timezone.localdate()))
    with written_just_now() as cursor:
        cursor.execute(_SHAPES, [written.pk])
        for (shape,) in cursor.fetchall():
            query = _LEFT_OUT.format(
                same=SAME_MATTER,
                between=_BETWEEN,
                dims="".join(f", {name}" for name in shape),
                same_dims="".join(f" AND stated.{name} = held.{name}" for name in shape),
            )
            cursor.execute(query, {"written": written.pk, "shape": shape, "away": away})
            found += [LeftOut(*row) for row in cursor.fetchall() if row[-1]]
    return sorted(found, key=lambda each: (each.measure, each.period))
