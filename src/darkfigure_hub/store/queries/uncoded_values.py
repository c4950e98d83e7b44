"""Values of statements that were kept as received, since no list had a code for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import connection

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.codes.uncoded import uncoded
from darkfigure_hub.store.models import Return
from darkfigure_hub.store.queries.correction import settle

_CODE = """
WITH coded AS (
    UPDATE store_statement SET {name} = names.code
    FROM unnest(%s::text[], %s::text[]) AS names (text, code)
    WHERE store_statement.{name} = names.text RETURNING store_statement.block_id
)
SELECT b.of_id, count(*) FROM coded JOIN store_block b ON b.id = coded.block_id GROUP BY b.of_id
"""


def kept() -> dict[str, Counter[str]]:
    """The values of each dimension that have no code, and how many statements hold each."""
    values: dict[str, Counter[str]] = {}
    with connection.cursor() as cursor:
        for name in DIMENSIONS:
            cursor.execute(
                f"SELECT {name}, count(*) FROM store_statement WHERE {name} LIKE %s GROUP BY 1",
                [uncoded("") + "%"],
            )
            if rows := cursor.fetchall():
                values[name] = Counter(dict(rows))
    return values


def code(dimension: str, codes: Mapping[str, str]) -> int:
    """Put codes in the place of values, and close what is restated now that it is seen to be of one
    thing. Gives the number of statements.
    """
    if dimension not in DIMENSIONS:
        raise UnknownName(f"{dimension!r} is no dimension of statements.")
    with connection.cursor() as cursor:
        cursor.execute(_CODE.format(name=dimension), [[*codes], [*codes.values()]])
        statements = Counter[int](dict(cursor.fetchall()))
    for each in Return.objects.filter(id__in=[*statements]).order_by("id"):
        settle(each)
    return statements.total()
