"""How often different persons agree on a name: names tell nationality and sex, so they are counted among those who share these.

Two strangers of one nationality share a family name far more often than any two strangers do. Taking names and nationality as
independent would count the same evidence twice, and at a million records join thousands of namesakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import polars as pl

from darkfigure.linkage.comparisons import Comparison, place_sql

#: What a comparison or a column of names is counted within, where the records say it.
WITHIN: dict[str, tuple[str, ...]] = {
    "given": ("nationality", "sex"),
    "root": ("nationality", "sex"),
    "given_sound": ("nationality", "sex"),
    "family": ("nationality",),
    "family_sound": ("nationality",),
}
_PAIRS = 400_000
_ENOUGH = 2_000
#: Names come in groups only where most records say of which.
_MOSTLY = 0.5


def _groups(frame: pl.DataFrame, name: str) -> list[str]:
    return [each for each in WITHIN.get(name, ()) if frame[each].null_count() < _MOSTLY * frame.height]


def frequencies(frame: pl.DataFrame, columns: Iterable[str]) -> dict[str, pl.DataFrame]:
    """How frequent each value is among those it is found among, as tables `NAME`, `tf_NAME`."""
    return {name: _frequency(frame, name, _groups(frame, name)) for name in sorted(columns)}


def _frequency(frame: pl.DataFrame, name: str, groups: Sequence[str]) -> pl.DataFrame:
    held = frame.select(name, *groups).drop_nulls()
    whole = frame.select(name).drop_nulls()
    every = whole.group_by(name).len().select(name, overall=pl.col("len") / max(whole.height, 1))
    if not groups:
        return every.rename({"overall": f"tf_{name}"})
    sizes = held.group_by(groups).len("size")
    counts = held.group_by(name, *groups).len("count").join(sizes, on=groups)
    # The chance that another of the same group has the value, over the groups the value is found in.
    share = counts.group_by(name).agg(within=(pl.col("count") ** 2 / pl.col("size")).sum() / pl.col("count").sum())
    joined = every.join(share, on=name, how="left")
    return joined.select(name, pl.max_horizontal("overall", "within").alias(f"tf_{name}"))


def among_alike(
    frame: pl.DataFrame, comparisons: Mapping[str, Comparison], jaro_winkler: str, seed: int
) -> dict[str, list[float]]:
    """How often different persons of one group meet each step of a comparison of names; nothing where groups are not known."""
    found = {}
    for name in ("given", "family"):
        groups = _groups(frame, name) if name in comparisons else []
        if groups:
            shares = _shares(frame, comparisons[name], groups, jaro_winkler, seed)
            if shares:
                found[name] = shares
    return found


def _shares(
    frame: pl.DataFrame, comparison: Comparison, groups: Sequence[str], jaro_winkler: str, seed: int
) -> list[float]:
    held = frame.drop_nulls(groups).sample(fraction=1, shuffle=True, seed=seed)
    if held.height < 2:
        return []
    columns = sorted({*comparison.columns, "birth_year"})
    turns = min(-(-_PAIRS // held.height), 200)
    pairs = []
    for turn in range(1, turns + 1):
        other = [pl.col(name).shift(turn).over(groups).alias(f"{name}_r") for name in columns]
        shifted = held.select(*(pl.col(name).alias(f"{name}_l") for name in columns), *other)
        # Those born in one year may be one person twice.
        pairs.append(shifted.filter(pl.col("birth_year_l") != pl.col("birth_year_r")))
    whole = pl.concat(pairs)
    connection = duckdb.connect()
    connection.register("pairs", whole.to_arrow())
    query = f"SELECT {place_sql(comparison, jaro_winkler)} AS place, count(*) FROM pairs GROUP BY 1"  # noqa: S608 - ours
    counts = dict(connection.execute(query).fetchall())
    connection.close()
    total = sum(number for place, number in counts.items() if place >= 0)
    if total < _ENOUGH:
        return []
    return [(counts.get(place, 0) + 0.5) / (total + 1) for place in range(len(comparison.levels))]
