"""Which step of each comparison a pair meets, worked out for few pairs at hand: for reasons, for
training, for relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import polars as pl

from darkfigure.linkage.comparisons import Comparison, place_sql

Places = np.ndarray[Any, np.dtype[np.int8]]


def place_of(name: str) -> str:
    """The column that has, beside a pair, the place of the step of a comparison that it meets."""
    return f"at_{name}"


def places_of(sides: pl.DataFrame, comparisons: Mapping[str, Comparison]) -> dict[str, Places]:
    """For each comparison the place of the step that each pair meets, from alike to unlike; -1
    where a side says nothing.

    `sides` has, for each column that is compared, COLUMN_l and COLUMN_r; a row is a pair.
    """
    if sides.is_empty() or not comparisons:
        return {name: np.empty(0, dtype=np.int8) for name in comparisons}
    asked = ", ".join(
        f"({place_sql(each)})::TINYINT AS {name}" for name, each in comparisons.items()
    )
    connection = duckdb.connect()
    try:
        connection.execute("SET preserve_insertion_order = true")
        connection.register("sides", sides.to_arrow())
        found: pl.DataFrame = connection.sql(f"SELECT {asked} FROM sides").pl()  # noqa: S608 - the text is ours
    finally:
        connection.close()
    return {name: found[name].to_numpy().astype(np.int8) for name in comparisons}


def both_sides(
    frame: pl.DataFrame, pairs: pl.DataFrame, comparisons: Mapping[str, Comparison]
) -> pl.DataFrame:
    """What both records of each pair say: `frame` is prepared, `pairs` has `left` and `right`,
    places in it.
    """
    columns = sorted({column for each in comparisons.values() for column in each.columns})
    held = frame.select(columns)
    left, right = held[pairs["left"]], held[pairs["right"]]
    return pl.concat(
        [left.rename(lambda name: f"{name}_l"), right.rename(lambda name: f"{name}_r")],
        how="horizontal",
    )
