"""What a new return does to what was held: blocks and rows are closed on the day they were
restated, never changed.

The outcome depends on the days statements were made, not on the order in which returns arrive: an
old return loaded late is closed by what is already held.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from darkfigure_hub.store.models import Block, Return

#: What a block is about.
MATTER = [
    "measure",
    "unit",
    "population",
    "role",
    "shape",
    "period_start",
    "period_end",
    "stated_by",
]
#: Two blocks about one matter by one body.
SAME_MATTER = " AND ".join(f"older.{column} = newer.{column}" for column in MATTER)


def _pairs(columns: str, newer: str) -> str:
    """The blocks of a return (`written`) beside each about the same matter that was stated before
    or after. For each block of the return its own are looked up: what is held besides is not read.
    """

    def beside(one: str, other: str) -> str:
        return (
            f"SELECT {columns} FROM store_block {one} CROSS JOIN LATERAL (SELECT * FROM "
            f"store_block {other} WHERE {SAME_MATTER} AND newer.stated_on > older.stated_on "
            f"OFFSET 0) {other} WHERE {one}.of_id = %(written)s AND {newer}"
        )

    within = "AND newer.of_id <> %(written)s"
    return f"{beside('newer', 'older')} UNION ALL {beside('older', 'newer')} {within}"


_CLOSE_BLOCKS = f"""
WITH ends AS (
    SELECT id, min(day) AS day
    FROM ({_pairs("older.id, newer.stated_on AS day", "newer.whole")}) pairs GROUP BY id
), closed AS (
    UPDATE store_block SET known = daterange(lower(known), ends.day) FROM ends
    WHERE store_block.id = ends.id AND store_block.id = ANY(ARRAY(SELECT id FROM ends))
        AND (upper_inf(known) OR upper(known) > ends.day)
    RETURNING of_id, rows
)
SELECT of_id, sum(rows)::bigint FROM closed GROUP BY of_id
"""

_PAIRS = _pairs("older.shape, older.id, newer.id, newer.stated_on", "NOT newer.whole")

_CLOSE_ROWS = """
WITH pair (older, newer, day) AS (SELECT *
    FROM unnest(%(older)s::bigint[], %(newer)s::bigint[], %(days)s::date[])),
ends AS (
    SELECT held.block_id, held.row, min(pair.day) AS day
    FROM pair JOIN store_statement held ON held.block_id = pair.older
    JOIN store_statement stated ON stated.block_id = pair.newer {same_dims}
    WHERE held.block_id = ANY(%(older)s) AND stated.block_id = ANY(%(newer)s)
    GROUP BY held.block_id, held.row
), closings AS (
    UPDATE store_statement SET closed = ends.day FROM ends
    WHERE store_statement.block_id = ends.block_id AND store_statement.row = ends.row
        AND store_statement.block_id = ANY(%(older)s) AND (closed IS NULL OR closed > ends.day)
    RETURNING store_statement.block_id
)
SELECT of_id, count(*) FROM closings JOIN store_block ON store_block.id = block_id GROUP BY of_id
"""


_STANDING = """
SELECT b.of_id, count(*) FILTER (WHERE s.closed IS NULL AND upper_inf(b.known))
FROM store_block b JOIN store_statement s ON s.block_id = b.id
WHERE b.of_id = ANY(%s) GROUP BY b.of_id
"""


@contextmanager
def written_just_now() -> Iterator[CursorWrapper]:
    """A cursor over rows written in this transaction, of which the planner has no statistics yet:
    it would compare them one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL "
            "work_mem = '64MB'"
        )
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")


def settle(written: Return) -> Counter[int]:
    """Close what a return restates, and in it what is restated already. Gives the number of
    statements closed of each return.
    """
    closed: Counter[int] = Counter()
    with written_just_now() as cursor:
        cursor.execute(_CLOSE_BLOCKS, {"written": written.pk})
        closed.update(dict(cursor.fetchall()))
        cursor.execute(_PAIRS, {"written": written.pk})
        shapes: dict[tuple[str, ...], list[tuple[int, int, object]]] = defaultdict(list)
        for shape, older, newer, day in cursor.fetchall():
            shapes[tuple(shape)].append((older, newer, day))
        for shape, pairs in shapes.items():
            same = "".join(f" AND stated.{name} = held.{name}" for name in shape)
            older, newer, days = (list(column) for column in zip(*pairs, strict=True))
            cursor.execute(
                _CLOSE_ROWS.format(same_dims=same), {"older": older, "newer": newer, "days": days}
            )
            closed.update(dict(cursor.fetchall()))
    _link_predecessor(written)
    return closed


def standing_of(numbers: Sequence[int]) -> dict[int, int]:
    """How many statements of each of some returns stand still."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(numbers)])
        return dict(cursor.fetchall())


def _link_predecessor(written: Return) -> None:
    """Note which return this one follows: the latest of its kind whose blocks it replaced."""
    mine = (
        Block.objects.filter(of=written, whole=True)
        .order_by("stated_on")
        .values_list("stated_on", flat=True)
        .first()
    )
    if mine is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT older.of_id FROM store_block older JOIN store_block newer ON {SAME_MATTER} "
            "AND newer.stated_on > older.stated_on WHERE newer.of_id = %s ORDER BY "
            "older.stated_on DESC LIMIT 1",
            [written.pk],
        )
        found = cursor.fetchone()
    if found:
        Return.objects.filter(pk=written.pk).update(supersedes_id=found[0])
