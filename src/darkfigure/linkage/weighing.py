"""What any pair of records weighs under a model, whether a rule found it or not: the same reckoning
as Splink's, on pairs named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from darkfigure.linkage.comparisons import LEAST_FREQUENCY, Comparison, place_sql
from darkfigure.linkage.engine import DuckEngine
from darkfigure.linkage.model import PAIRS, WEIGHED, Model, Step, rarity_of, relooked

#: Pairs weighed at a time.
_AT_ONCE = 1_000_000
#: Records that hang together are not all weighed against one another where they are more than this.
_MOST_TOGETHER = 200
#: Bits below which a pair is not looked at more closely.
_SLIGHT = -18.0
_ENDS = pl.Schema({"left": pl.Int64, "right": pl.Int64})


class Scales:
    """Prepared records held ready, so that any pairs of them can be weighed by a model."""

    def __init__(
        self, frame: pl.DataFrame, model: Model, rarity: Mapping[str, pl.DataFrame] | None = None
    ) -> None:
        self._model, self._frame = model, frame
        self._rarity = rarity = rarity_of(frame, model) if rarity is None else rarity
        self._connection = duckdb.connect()
        wide = frame.select(
            "id",
            *sorted(
                {column for name in model.comparisons for column in model.declared(name).columns}
            ),
        )
        for name, table in sorted(rarity.items()):
            wide = wide.join(table, on=name, how="left", maintain_order="left")
        self._connection.register("records", wide.to_arrow())
        self._columns = [name for name in wide.columns if name != "id"]
        prior = math.log2(model.prior / (1 - model.prior))
        parts = [
            _weight_sql(model.declared(name), steps) for name, steps in model.comparisons.items()
        ]
        self._weight = " + ".join([f"({prior!r}::DOUBLE)", *parts])

    def weigh(self, left: np.ndarray, right: np.ndarray) -> pl.DataFrame:
        """Weight and probability of each pair of ids, in the order given, as `model.WEIGHED`."""
        parts = [
            self._weighed(left[at : at + _AT_ONCE], right[at : at + _AT_ONCE])
            for at in range(0, len(left), _AT_ONCE)
        ]
        return pl.concat(parts) if parts else pl.DataFrame(schema=WEIGHED)

    def _weighed(self, left: np.ndarray, right: np.ndarray) -> pl.DataFrame:
        pairs = pl.DataFrame(
            {"left": left, "right": right}, schema={"left": pl.Int64, "right": pl.Int64}
        )
        self._connection.register("pairs", pairs.with_row_index("number").to_arrow())
        sides = ", ".join(
            f"{side}.{name} AS {name}_{side}" for name in self._columns for side in "lr"
        )
        query = (
            f'SELECT "left", "right", {self._weight} AS weight FROM (SELECT number, "left", '
            f'"right", {sides} FROM pairs '
            'JOIN records l ON l.id = "left" JOIN records r ON r.id = "right") ORDER BY number'
        )
        found: pl.DataFrame = self._connection.sql(query).pl()
        self._connection.unregister("pairs")
        chance = 1 / (1 + (-pl.col("weight") * math.log(2)).exp())
        made = (
            found.with_columns(probability=chance, kin=pl.lit(0.0))
            .cast(WEIGHED)
            .with_row_index("at")
        )
        # Kin take from a weight and carelessness adds a little: what is very slight stays as it is.
        slight, heavy = (
            made.filter(each) for each in (pl.col("weight") <= _SLIGHT, pl.col("weight") > _SLIGHT)
        )
        again = relooked(self._frame, heavy.drop("at", "kin"), self._model, self._rarity)
        return pl.concat([slight, heavy.select("at").hstack(again)]).sort("at").drop("at")

    def close(self) -> None:
        """Let go of the records."""
        self._connection.close()

    def __enter__(self) -> Scales:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def completed(
    pairs: pl.DataFrame,
    records: int,
    possible: float,
    scales: Scales,
    adjust: Callable[[pl.DataFrame], pl.DataFrame],
) -> pl.DataFrame:
    """The pairs, and all others among records that hang together by pairs of at least `possible`,
    unless these are very many.

    Records of one person need not look alike two by two; what the others say of each pair is wanted
    to put them together.
    """
    likely = pairs.filter(pl.col("probability") >= possible)
    left, right = likely["left"].to_numpy(), likely["right"].to_numpy()
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(records, records))
    labels = connected_components(graph, directed=False)[1]
    sizes = np.bincount(labels)
    members = np.flatnonzero((sizes[labels] > 2) & (sizes[labels] <= _MOST_TOGETHER))
    members = members[np.argsort(labels[members], kind="stable")]
    ends = np.flatnonzero(np.r_[np.diff(labels[members]) != 0, len(members) > 0])
    found = [np.stack(np.triu_indices(size, 1)) for size in np.diff(np.r_[-1, ends])]
    if not found:
        return pairs
    starts = np.r_[0, ends[:-1] + 1]
    place = np.concatenate(
        [each + start for each, start in zip(found, starts, strict=True)], axis=1
    )
    one, other = members[place[0]], members[place[1]]
    every = pl.DataFrame(
        {"left": np.minimum(one, other), "right": np.maximum(one, other)}, schema=_ENDS
    )
    wanted = every.join(pairs, on=["left", "right"], how="anti").sort("left", "right")
    more = adjust(scales.weigh(wanted["left"].to_numpy(), wanted["right"].to_numpy()))
    return pl.concat([pairs, more.select(PAIRS.names())]).sort("left", "right")


def _weight_sql(comparison: Comparison, steps: tuple[Step, ...]) -> str:
    """SQL for the bits of a comparison: those of its step, and for a rare or common value what that
    adds.
    """
    at = place_sql(comparison, DuckEngine.jaro_winkler)
    whens = " ".join(
        f"WHEN {number} THEN {bits}" for number, bits in enumerate(_bits(comparison, steps))
    )
    return f"(CASE {at} {whens} ELSE 0 END)"


def _bits(comparison: Comparison, steps: tuple[Step, ...]) -> Iterator[str]:
    exact: Mapping[str, float] = {
        level.frequency: step.u
        for level, step in zip(comparison.levels, steps, strict=True)
        if level.frequency and level.sql == f"{level.frequency}_l = {level.frequency}_r"
    }
    for level, step in zip(comparison.levels, steps, strict=True):
        bits = f"{step.weight!r}::DOUBLE"
        if level.frequency:
            left, right = f"tf_{level.frequency}_l", f"tf_{level.frequency}_r"
            rarer = (
                f"greatest(coalesce({left}, {right}), coalesce({right}, {left}), {LEAST_FREQUENCY})"
            )
            bits = f"{bits} + coalesce(log2({exact[level.frequency]!r}::DOUBLE / {rarer}), 0)"
        yield bits
