"""The store as evidence for tabulation: the same interface that the library's memory has, over SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db import connection

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.period import Period
from darkfigure.basis.statement import DIMENSIONS, Block, Role, Row
from darkfigure.codes import SEPARATOR
from darkfigure.tables.evidence import Number, Total, tidy
from darkfigure.tables.question import Condition

_BLOCKS = """
SELECT b.id, b.of_id, f.sha256, f.name, r.part, b.measure, b.unit, b.population, b.role, b.shape, b.period_start,
    b.period_end, b.period_label, b.period_exact, b.status, b.stated_on, b.precision, b.stated_by, b.stated_as, b.source,
    b.whole, b.rank, r.marking, lower(b.known), upper(b.known), r.received_at, b.plain
FROM store_block b JOIN store_return r ON r.id = b.of_id JOIN store_receivedfile f ON f.sha256 = r.file_id
WHERE b.measure = %s AND r.marking <= %s
"""
_WITHHELD = """
SELECT count(*) FROM store_block b JOIN store_return r ON r.id = b.of_id WHERE b.measure = %s AND r.marking > %s
"""
_FULL = (
    "count(*), count(value), coalesce(sum(value), 0), count(coalesce(low, value)), coalesce(sum(coalesce(low, value)), 0), "
    "count(coalesce(high, value)), coalesce(sum(coalesce(high, value)), 0), array_agg(reason), "
    "CASE WHEN count(*) = 1 THEN min(note) END"
)


class StoreEvidence:
    """Figures as a reader with this scope may see them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[str, list[Block]] = {}
        self._plain: set[int] = set()

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure, read once."""
        if measure not in self._known:
            with connection.cursor() as cursor:
                cursor.execute(_BLOCKS, [measure, self._scope.sees])
                rows = cursor.fetchall()
            self._known[measure] = [_block(row) for row in rows]
            self._plain.update(row[0] for row in rows if row[-1])
        return self._known[measure]

    def withheld(self, measure: str) -> int:
        """How many blocks of the measure carry a marking above the reader's."""
        with connection.cursor() as cursor:
            cursor.execute(_WITHHELD, [measure, self._scope.sees])
            return int(cursor.fetchone()[0])

    def totals(
        self, blocks: Sequence[Block], by: Sequence[str], where: Sequence[Condition], as_at: date, *, collapse: bool
    ) -> Iterable[Total]:
        """Rows added up in the database. Blocks that hold bare figures only are summed without looking for more."""
        if not blocks:
            return []
        bare = all(block.id in self._plain for block in blocks)
        query, values = _totals_query(blocks, by, where, as_at, bare=bare)
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            if bare:
                found = list(_bare_totals(cursor.fetchall(), len(by)))
            else:
                found = list(_full_totals(cursor.fetchall(), len(by)))
        return _collapsed(found) if collapse else found

    def rows(self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None) -> list[Row]:
        """The single rows of blocks."""
        by_id = {block.id: block for block in blocks}
        if not by_id:
            return []
        conditions, values = _conditions(where)
        stands = "" if as_at is None else " AND (closed IS NULL OR closed > %s)"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT block_id, row, place, {', '.join(DIMENSIONS)}, value, low, high, reason, change_reason, corrects, note, "
                f"closed FROM store_statement WHERE block_id = ANY(%s){conditions}{stands} ORDER BY block_id, row",
                [list(by_id), *values, *([] if as_at is None else [as_at])],
            )
            return [_row(by_id[record[0]], record) for record in cursor.fetchall()]


def _conditions(where: Sequence[Condition]) -> tuple[str, list[object]]:
    """SQL for conditions. Dimension names come from the library's list, never from the asker."""
    parts, values = [], []
    for condition in where:
        assert condition.dimension in DIMENSIONS, condition.dimension
        if condition.inclusive:
            parts.append(f" AND %s = ANY(string_to_array({condition.dimension}, '{SEPARATOR}'))")
        else:
            parts.append(f" AND {condition.dimension} = %s")
        values.append(condition.code)
    return "".join(parts), values


def _totals_query(
    blocks: Sequence[Block], by: Sequence[str], where: Sequence[Condition], as_at: date, *, bare: bool
) -> tuple[str, list[object]]:
    assert set(by) <= set(DIMENSIONS), by
    conditions, values = _conditions(where)
    dims = "".join(f"{name}, " for name in by)
    measured = "count(*), sum(value)" if bare else _FULL
    query = (
        f"SELECT {dims}block_id, {measured} FROM store_statement "
        f"WHERE block_id = ANY(%s){conditions} AND (closed IS NULL OR closed > %s) GROUP BY {dims}block_id"
    )
    return query, [[block.id for block in blocks], *values, as_at]


def _bare_totals(rows: Iterable[tuple[object, ...]], width: int) -> Iterator[Total]:
    for row in rows:
        count, value = int(row[width + 1]), tidy(row[width + 2])  # type: ignore[call-overload]
        yield Total([row[width]], row[:width], count, count, value, count, value, count, value, (), "")  # type: ignore[list-item, arg-type]


def _full_totals(rows: Iterable[tuple[object, ...]], width: int) -> Iterator[Total]:
    for row in rows:
        block, count, valued, value, lows, low, highs, high, reasons, note = row[width:]
        yield Total(
            [block], row[:width], count, valued, tidy(value), lows, tidy(low), highs, tidy(high),  # type: ignore[list-item, arg-type]
            sorted({reason for reason in reasons if reason}), note or "",  # type: ignore[attr-defined, arg-type]
        )


def _collapsed(totals: Iterable[Total]) -> list[Total]:
    """Totals of one breakdown value over all blocks, added up."""
    groups: dict[tuple[str | None, ...], Total] = {}
    for total in totals:
        held = groups.get(total.dims)
        if held is None:
            groups[total.dims] = total
            continue
        held.blocks = [*held.blocks, *total.blocks]
        for name in ("count", "valued", "value", "lows", "low", "highs", "high"):
            setattr(held, name, getattr(held, name) + getattr(total, name))
        held.reasons, held.note = sorted({*held.reasons, *total.reasons}), ""
    return list(groups.values())


def _block(row: tuple[object, ...]) -> Block:
    (number, of, digest, name, part, measure, unit, population, role, shape, start, end, label, exact, status, stated_on,
     precision, stated_by, stated_as, source, whole, rank, marking, known_from, known_to, received_at, _) = row
    return Block(  # type: ignore[arg-type]
        id=number, return_id=of, return_sha256=digest, file_name=f"{name}#{part}" if part else name, measure=measure,  # type: ignore[arg-type]
        unit=unit, population=population, role=Role(role), shape=frozenset(shape),  # type: ignore[arg-type]
        period=Period(start, end, label, exact), status=status, stated_on=stated_on, precision=precision,  # type: ignore[arg-type]
        stated_by=stated_by, stated_as=stated_as, source=source, whole=whole, rank=rank, marking=Marking(marking),  # type: ignore[arg-type]
        known_from=known_from, known_to=known_to, received_on=received_at.date(),  # type: ignore[arg-type, attr-defined]
    )


def _number(value: object) -> Number | None:
    return None if value is None else tidy(value)


def _row(block: Block, record: tuple[object, ...]) -> Row:
    _, row, place = record[:3]
    dims, rest = record[3 : 3 + len(DIMENSIONS)], record[3 + len(DIMENSIONS) :]
    value, low, high, reason, change_reason, corrects, note, closed = rest
    return Row(
        block=block, row=int(row), place=str(place or ""),  # type: ignore[call-overload]
        dims={name: str(code) for name, code in zip(DIMENSIONS, dims, strict=True) if code is not None},
        value=_number(value), low=_number(low), high=_number(high), reason=str(reason or ""),
        change_reason=str(change_reason or ""), corrects=_number(corrects), note=str(note or ""),
        closed=closed,  # type: ignore[arg-type]
    )
