"""The store as evidence for tabulation: the same interface that the library's memory has, over
SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.statement import (
    BLOCK_COLUMNS,
    DIMENSIONS,
    ROW_COLUMNS,
    Block,
    Row,
    block_from,
    row_from,
)
from darkfigure.codes import SEPARATOR
from darkfigure.tables.evidence import Total, collapsed, tidy
from darkfigure.tables.question import Condition
from darkfigure_hub.store import limits
from darkfigure_hub.store.queries.block_columns import FROM, block_columns
from darkfigure_hub.store.queries.withdrawn_returns import (
    Epoch,
    epochs,
    row_stands,
    standing_anew,
)

#: A row as the driver gives it.
Record = tuple[Any, ...]

#: A statement as it is read.
_ROWS = ("block_id", *ROW_COLUMNS, "closed")

#: How many documents can be marked by one bit each in a bigint.
MARKS = 62

_BLOCKS = f"SELECT {block_columns()}, b.plain FROM {FROM} WHERE b.measure = %s AND r.marking <= %s"
_WITHHELD = "SELECT coalesce(sum(number), 0) FROM gate.withheld_figures(%s) WHERE measure = %s"
_FULL = (
    "count(*), count(value), coalesce(sum(value), 0), count(coalesce(low, value)), "
    "coalesce(sum(coalesce(low, value)), 0), "
    "count(coalesce(high, value)), coalesce(sum(coalesce(high, value)), 0), array_agg(reason), "
    "CASE WHEN count(*) = 1 THEN min(note) END"
)


class StoreEvidence:
    """Figures as a reader with this scope may see them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[str, list[Block]] = {}
        self._plain: set[int] = set()
        self._epochs = epochs()

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure, read once."""
        if measure not in self._known:
            with connection.cursor() as cursor:
                cursor.execute(_BLOCKS, [measure, self._scope.sees])
                rows = cursor.fetchall()
            held = [block_from(dict(zip(BLOCK_COLUMNS, row[:-1], strict=True))) for row in rows]
            self._known[measure] = standing_anew(held, measure, self._epochs)
            self._plain.update(row[0] for row in rows if row[-1])
        return self._known[measure]

    def withheld(self, measure: str) -> int:
        """How many blocks of the measure the reader may not see."""
        with connection.cursor() as cursor:
            cursor.execute(_WITHHELD, [int(self._scope.sees), measure])
            return int(cursor.fetchone()[0])

    def _seen(self, blocks: Sequence[Block]) -> list[Block]:
        """Those the reader may see, whoever read them before."""
        return [block for block in blocks if block.marking <= self._scope.sees]

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows added up in the database. Blocks that hold bare figures only are summed without
        looking for more.
        """
        blocks = self._seen(blocks)
        if not blocks:
            return []
        bare = all(block.id in self._plain for block in blocks)
        documents = _documents(blocks)
        if collapse and bare and len(documents) <= MARKS:
            found = [*_all_at_once(documents, by, where, as_at, self._epochs)]
            limits.at_most(self._scope, found)
            return found
        query, values = _totals_query(blocks, by, where, as_at, self._epochs, bare=bare)
        query += f" LIMIT {limits.GROUPS + 1}" if limits.is_limited(self._scope) else ""
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            rows = cursor.fetchall()
        limits.at_most(self._scope, rows)
        found = list((_bare_totals if bare else _full_totals)(rows, len(by)))
        return collapsed(found) if collapse else found

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> list[Row]:
        """The single rows of blocks."""
        by_id = {block.id: block for block in self._seen(blocks)}
        if not by_id:
            return []
        conditions, values = _conditions(where)
        stands, days = ("true", []) if as_at is None else row_stands([*by_id], as_at, self._epochs)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(_ROWS)} FROM store_statement s "
                f"WHERE block_id = ANY(%s){conditions} AND {stands} ORDER BY block_id, row",
                [list(by_id), *values, *days],
            )
            rows = [dict(zip(_ROWS, record, strict=True)) for record in cursor.fetchall()]
        return [row_from(by_id[row["block_id"]], row) for row in rows]


def _documents(blocks: Sequence[Block]) -> list[list[Block]]:
    documents: dict[tuple[object, ...], list[Block]] = {}
    for block in blocks:
        documents.setdefault(block.document, []).append(block)
    return list(documents.values())


def _checked(names: Sequence[str]) -> None:
    """Names go into SQL as they are: only those of the library's list."""
    if not set(names) <= set(DIMENSIONS):
        raise UnknownName(f"Not all of {', '.join(names)} are dimensions.")


def _conditions(where: Sequence[Condition]) -> tuple[str, list[Any]]:
    """SQL for conditions. Dimension names come from the library's list, never from the asker."""
    parts: list[str] = []
    values: list[Any] = []
    for condition in where:
        _checked([condition.dimension])
        if condition.inclusive:
            parts.append(f" AND %s = ANY(string_to_array({condition.dimension}, '{SEPARATOR}'))")
        else:
            parts.append(f" AND {condition.dimension} = %s")
        values.append(condition.code)
    return "".join(parts), values


def _totals_query(
    blocks: Sequence[Block],
    by: Sequence[str],
    where: Sequence[Condition],
    as_at: date,
    found: Sequence[Epoch],
    *,
    bare: bool,
) -> tuple[str, list[Any]]:
    _checked(by)
    conditions, values = _conditions(where)
    dims = "".join(f"{name}, " for name in by)
    measured = "count(*), sum(value)" if bare else _FULL
    numbers = [block.id for block in blocks]
    stands, days = row_stands(numbers, as_at, found)
    query = (
        f"SELECT {dims}block_id, {measured} FROM store_statement s "
        f"WHERE block_id = ANY(%s){conditions} AND {stands} GROUP BY "
        f"{dims}block_id ORDER BY block_id"
    )
    return query, [numbers, *values, *days]


_ALL_AT_ONCE = """
SELECT {dims} count(*), sum(value), bit_or(mark), min(place), max(place) FROM (
    SELECT {dims} value, d.mark, d.place FROM store_statement s
    JOIN unnest(%s::bigint[], %s::bigint[], %s::int[]) AS d (id, mark, place) ON d.id = s.block_id
    WHERE {stands}{conditions}
) rows {groups}
"""


def _all_at_once(
    documents: Sequence[Sequence[Block]],
    by: Sequence[str],
    where: Sequence[Condition],
    as_at: date,
    found: Sequence[Epoch],
) -> Iterator[Total]:
    """Totals over all blocks at once, one row for each breakdown value and no more.

    Which documents a total rests on comes back as one bit each, and the first and last block in
    order of period.
    """
    _checked(by)
    blocks = sorted(
        (block.period, number, block.id)
        for number, found in enumerate(documents)
        for block in found
    )
    conditions, values = _conditions(where)
    groups = f"GROUP BY {', '.join(by)}" if by else "HAVING count(*) > 0"
    stands, days = row_stands([block for _, _, block in blocks], as_at, found)
    query = _ALL_AT_ONCE.format(
        dims="".join(f"{name}, " for name in by),
        conditions=conditions,
        groups=groups,
        stands=stands,
    )
    width = len(by)
    spans: dict[tuple[int, int, int], list[int]] = {}
    with connection.cursor() as cursor:
        ids, marks = [block for _, _, block in blocks], [1 << number for _, number, _ in blocks]
        cursor.execute(query, [ids, marks, list(range(len(blocks))), *days, *values])
        for row in cursor.fetchall():
            count, total, mark, first, last = row[width:]
            span = spans.get((mark, first, last))
            if span is None:
                span = [ids[place] for place in range(first, last + 1) if marks[place] & mark]
                spans[(mark, first, last)] = span
            value = tidy(total)
            yield Total(span, row[:width], count, count, value, count, value, count, value, (), "")


def _bare_totals(rows: Iterable[Record], width: int) -> Iterator[Total]:
    for row in rows:
        count, value = int(row[width + 1]), tidy(row[width + 2])
        yield Total(
            [row[width]], row[:width], count, count, value, count, value, count, value, (), ""
        )


def _full_totals(rows: Iterable[Record], width: int) -> Iterator[Total]:
    for row in rows:
        block, count, valued, value, lows, low, highs, high, reasons, note = row[width:]
        said = sorted({reason for reason in reasons if reason})
        yield Total(
            [block],
            row[:width],
            count,
            valued,
            tidy(value),
            lows,
            tidy(low),
            highs,
            tidy(high),
            said,
            note or "",
        )
