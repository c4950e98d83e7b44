"""What any pair of records weighs under a model, whether a rule found it or not: the same reckoning
as Splink's, on pairs named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from darkfigure.linkage.comparisons import LEAST_FREQUENCY, Comparison, place_sql
from darkfigure.linkage.model import PAIRS, WEIGHED, Model, Step, rarity_of, relooked
from darkfigure.linkage.pairing import Numbers, side_by_side
from darkfigure.linkage.places import place_of

#: Pairs weighed at a time.
_AT_ONCE = 4_000_000
#: Records that hang together are not all weighed against one another where they are more than this.
_MOST_TOGETHER = 200
#: Bits below which a pair is not looked at more closely.
_SLIGHT = -18.0
_ENDS = pl.Schema({"left": pl.Int64, "right": pl.Int64})
_CHANCE = 1 / (1 + (-pl.col("weight") * math.log(2)).exp())


class Scales:
    """Prepared records held ready, so that any pairs of them can be weighed by a model.

    `settings` are DuckDB's: threads, memory, where it may spill.
    """

    def __init__(
        self,
        frame: pl.DataFrame,
        model: Model,
        rarity: Mapping[str, pl.DataFrame] | None = None,
        settings: Mapping[str, str | int] | None = None,
    ) -> None:
        self._model, self._frame = model, frame
        self._rarity = rarity = rarity_of(frame, model) if rarity is None else rarity
        self._connection = duckdb.connect(config=dict(settings or {}))
        columns = sorted(
            {each for name in model.comparisons for each in model.declared(name).columns}
        )
        wide = _coded(frame.select("id", *columns), model)
        shares = {
            f"tf_{name}": frame.select(name).join(
                table, on=name, how="left", maintain_order="left"
            )[f"tf_{name}"]
            for name, table in sorted(rarity.items())
        }
        self._connection.register("records", wide.with_columns(**shares).to_arrow())
        self._query = _query(model, columns, list(shares))

    def weigh(self, left: Numbers, right: Numbers) -> pl.DataFrame:
        """Weight and probability of each pair of ids, in the order given, as `model.WEIGHED`."""
        parts = [
            self._weighed(left[at : at + _AT_ONCE], right[at : at + _AT_ONCE])
            for at in range(0, len(left), _AT_ONCE)
        ]
        return pl.concat(parts) if parts else pl.DataFrame(schema=WEIGHED)

    def compare(self, left: Numbers, right: Numbers, floor: float = 0.0) -> pl.DataFrame:
        """Pairs of at least `floor` as `model.PAIRS`, with the step of each comparison that they
        meet (`places.place_of`), as if there were no kin; in order.
        """
        least = math.log2(floor / (1 - floor)) if floor else -math.inf
        pairs = pl.DataFrame({"left": left, "right": right}, schema=_ENDS)
        self._connection.register("pairs", pairs.to_arrow())
        likely: pl.DataFrame = self._connection.sql(self._query, params=[least]).pl()
        self._connection.unregister("pairs")
        return likely.with_columns(probability=_CHANCE).sort("left", "right")

    def _weighed(self, left: Numbers, right: Numbers) -> pl.DataFrame:
        wanted = pl.DataFrame({"left": left, "right": right}, schema=_ENDS)
        pairs = wanted.unique()
        compared = self.compare(pairs["left"].to_numpy(), pairs["right"].to_numpy())
        # Kin take from a weight and carelessness adds a little: what is very slight stays as it is.
        slight = compared.filter(pl.col("weight") <= _SLIGHT).with_columns(kin=pl.lit(0.0))
        again = relooked(
            self._frame, compared.filter(pl.col("weight") > _SLIGHT), self._model, self._rarity
        )
        whole = pl.concat([slight.select(WEIGHED.names()), again])
        return wanted.join(whole, on=["left", "right"], how="left", maintain_order="left")

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
    stops = np.searchsorted(labels[members], labels[members], side="right")
    if not len(members):
        return pairs
    one, other = side_by_side(members, np.arange(len(members)) + 1, stops)
    every = pl.DataFrame(
        {"left": np.minimum(one, other), "right": np.maximum(one, other)}, schema=_ENDS
    )
    wanted = every.join(pairs, on=["left", "right"], how="anti").sort("left", "right")
    more = adjust(scales.weigh(wanted["left"].to_numpy(), wanted["right"].to_numpy()))
    return pl.concat([pairs, more.select(PAIRS.names())]).sort("left", "right")


def _coded(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Records with a number for each text of which it is only asked whether it is the same as
    another: looked up, a number takes a fraction of the time.
    """
    declared = [model.declared(name) for name in model.comparisons]
    asked = " ".join(
        text for each in declared for text in (each.absent, *(level.sql for level in each.levels))
    )
    same = re.findall(r"\b(\w+)_[lr] = (\w+)_[lr]\b", asked)
    rest = re.sub(r"\b\w+_[lr] (= \w+_[lr]|IS (NOT )?NULL)", " ", asked)
    spelt = set(re.findall(r"\b(\w+)_[lr]\b", rest))
    while more := {each for pair in same if spelt & set(pair) for each in pair} - spelt:
        spelt |= more
    texts = [name for name in frame.columns if frame[name].dtype == pl.String]
    # The same text has the same number in every column.
    coded = pl.col([name for name in texts if name not in spelt])
    return frame.with_columns(coded.cast(pl.Categorical).to_physical())


def _query(model: Model, columns: Sequence[str], shares: Sequence[str]) -> str:
    """What is asked of DuckDB: `pairs` of `records`, compared and weighed once. How common a value
    is, is asked of pairs that share it: `shares` are those of either record.
    """
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for name in columns for side in "lr")
    sides += "".join(f", l.{name}" for name in shares)
    common = "".join(f", {name}" for name in shares)
    declared = {name: model.declared(name) for name in model.comparisons}
    places = "".join(
        f", ({place_sql(each)})::TINYINT AS {place_of(name)}" for name, each in declared.items()
    )
    weights = [
        _weight_sql(place_of(name), each, model.comparisons[name])
        for name, each in declared.items()
    ]
    weight = " + ".join([f"({math.log2(model.prior / (1 - model.prior))!r}::DOUBLE)", *weights])
    kept = "".join(f", {place_of(name)}" for name in declared)
    return (
        f'WITH sides AS (SELECT "left", "right", {sides} FROM pairs '
        'JOIN records l ON l.id = "left" JOIN records r ON r.id = "right"), '
        f'placed AS (SELECT "left", "right"{common}{places} FROM sides), '
        f'weighed AS (SELECT "left", "right", {weight} AS weight{kept} FROM placed) '
        "SELECT * FROM weighed WHERE weight >= ?"
    )


def _weight_sql(place: str, comparison: Comparison, steps: tuple[Step, ...]) -> str:
    """SQL for the bits of a comparison: those of its step, and for a rare or common value what that
    adds.
    """
    whens = " ".join(
        f"WHEN {number} THEN {bits}" for number, bits in enumerate(_bits(comparison, steps))
    )
    return f"(CASE {place} {whens} ELSE 0 END)"


def _bits(comparison: Comparison, steps: tuple[Step, ...]) -> Iterator[str]:
    exact: Mapping[str, float] = {
        level.frequency: step.u
        for level, step in zip(comparison.levels, steps, strict=True)
        if level.frequency and level.sql == f"{level.frequency}_l = {level.frequency}_r"
    }
    for level, step in zip(comparison.levels, steps, strict=True):
        bits = f"{step.weight!r}::DOUBLE"
        if level.frequency:
            common = f"greatest(tf_{level.frequency}, {LEAST_FREQUENCY})"
            rarer = f"log2({exact[level.frequency]!r}::DOUBLE / {common})"
            bits = f"{bits} + coalesce({rarer}, 0)"
        yield bits
