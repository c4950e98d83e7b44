"""Which blocks of a snapshot are held already: the same head, and under it the same statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.basis.statement import DIMENSIONS, HEAD_COLUMNS, Head
from darkfigure_hub.store.models import KeptReading, Return

_SAID = (*DIMENSIONS, "value", "low", "high", "reason", "change_reason", "corrects", "note")
_NUMBERS = ("value", "low", "high", "corrects")
_HEADS = f"""
SELECT b.id, b.of_id, {", ".join(f"b.{name}" for name in HEAD_COLUMNS)}, b.whole, b.rank
FROM store_block b JOIN store_return r ON r.id = b.of_id
WHERE r.marking <= %s AND b.measure = ANY(%s) AND b.stated_on = ANY(%s)
"""
_ROWS = f"""
SELECT block_id, {", ".join(f"{name}::text" for name in _SAID)} FROM store_statement
WHERE block_id = ANY(%s)
"""


class Held(NamedTuple):
    """A block held here: its number, and that of its return."""

    block: int
    of: int


def by_head(
    scope: Scope, heads: Sequence[Head], *, whole: bool, rank: int
) -> dict[int, list[Held]]:
    """The blocks that the reader may see with the same head, by its number among those given."""
    wanted = {_key(tuple(head.columns().values())): at for at, head in enumerate(heads)}
    found: dict[int, list[Held]] = defaultdict(list)
    measures, days = {head.measure for head in heads}, {head.stated_on for head in heads}
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [scope.sees, list(measures), list(days)])
        for block, of, *head, is_whole, is_rank in cursor.fetchall():
            at = wanted.get(_key(tuple(head)))
            if at is not None and (is_whole, is_rank) == (whole, rank):
                found[at].append(Held(block, of))
    return dict(found)


def _key(head: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(each) if isinstance(each, list) else each for each in head)


def said_alike(found: Mapping[int, Sequence[Held]], rows: pl.DataFrame) -> dict[int, Held]:
    """Of blocks with the same head, one under which the same statements stand: exactly those rows
    that a batch has of the head, no more and no fewer.
    """
    of = {each.block: (at, each) for at, held in found.items() for each in held}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [list(of)])
        records = cursor.fetchall()
    schema = {"block": pl.Int64, **dict.fromkeys(_SAID, pl.String)}
    here = _counted(pl.DataFrame(records, schema=schema, orient="row"), "block")
    there = _counted(rows, "head")
    heads = {block: at for block, (at, _) in of.items()}
    here = here.with_columns(head=pl.col("block").replace_strict(heads, return_dtype=pl.Int64))
    both = here.join(there, on=["head", *_SAID, "len"], how="semi", nulls_equal=True)
    sorts = dict(there["head"].value_counts().iter_rows())
    matched = dict(both["block"].value_counts().iter_rows())
    alike: dict[int, Held] = {}
    for block, held in here["block"].value_counts().sort("block").iter_rows():
        if held == matched.get(block) == sorts.get(heads[block]):
            alike.setdefault(*of[block])
    return alike


def _counted(rows: pl.DataFrame, under: str) -> pl.DataFrame:
    """Each sort of row under a block or head, and how often it stands there."""
    return _plain(rows.select(under, *_SAID)).group_by(under, *_SAID).len()


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with numbers written in one way, whatever noughts stand behind them."""
    return rows.with_columns(
        pl.col(name).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".") for name in _NUMBERS
    )


def taken_from(text: str) -> list[int]:
    """The returns that were read by a text: of a return of a snapshot, what came of it before."""
    return list(Return.objects.filter(reading__text=text).values_list("id", flat=True))


def brought_by_snapshot(digest: str, begins: str) -> list[int]:
    """The returns of a file that a snapshot brought."""
    kept = KeptReading.objects.filter(text__startswith=begins)
    return list(
        Return.objects.filter(file_id=digest, reading__in=kept).values_list("id", flat=True)
    )
