"""How rare a name or other value is: how often others, not the two records compared, have it too.

Two strangers of one nationality share a family name far more often than any two strangers do.
Taking names and nationality as independent would count the same evidence twice, and at a million
records join thousands of namesakes. Among few records a value met twice is met by the very two that
are compared: how common it is must come from a table of names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from darkfigure.linkage.prior import reference_rarity, reference_share, reference_weight

#: What a comparison or a column of names is counted within, where the records say it.
WITHIN: dict[str, tuple[str, ...]] = {
    "given": ("nationality", "sex"),
    "root": ("nationality", "sex"),
    "given_sound": ("nationality", "sex"),
    "family": ("nationality",),
    "family_sound": ("nationality",),
    "initials": ("nationality",),
}
#: Names come in groups only where most records say of which.
_MOSTLY = 0.5


def groups_of(frame: pl.DataFrame, name: str) -> list[str]:
    """The columns within which a column of names is counted, where most records say them."""
    return [
        each for each in WITHIN.get(name, ()) if frame[each].null_count() <= _MOSTLY * frame.height
    ]


def frequencies(frame: pl.DataFrame, columns: Iterable[str]) -> dict[str, pl.DataFrame]:
    """How frequent each value is among those it is found among, as tables `NAME`, `tf_NAME`."""
    return {name: _frequency(frame, name, groups_of(frame, name)) for name in sorted(columns)}


def _frequency(frame: pl.DataFrame, name: str, groups: Sequence[str]) -> pl.DataFrame:
    weight = reference_weight(name)
    counts = _others(frame, name, (), weight)
    made = counts.select(name, overall="share")
    if not groups:
        return made.rename({"overall": f"tf_{name}"})
    within = _others(frame, name, groups, weight)
    # The chance that another of the same group has the value, over the groups the value is found
    # in.
    share = within.group_by(name).agg(
        within=(pl.col("count") * pl.col("share")).sum() / pl.col("count").sum()
    )
    joined = made.join(share, on=name, how="left")
    return joined.select(name, pl.max_horizontal("overall", "within").alias(f"tf_{name}"))


def _others(frame: pl.DataFrame, name: str, groups: Sequence[str], weight: float) -> pl.DataFrame:
    """Each value (of each group) with `count` and `share`: how often records other than two that
    have it have it as well.
    """
    held = frame.select(name, *groups).drop_nulls()
    sizes = held.group_by(groups).len("size") if groups else held.select(size=pl.len())
    counts = held.group_by(name, *groups).len("count").sort(name, *groups)
    counts = (
        counts.join(sizes, on=groups) if groups else counts.with_columns(size=pl.lit(held.height))
    )
    nationality = counts["nationality"] if "nationality" in groups else None
    reference = reference_rarity(name, counts[name], nationality)
    others = pl.max_horizontal(pl.col("count").cast(pl.Int64) - 2, pl.lit(0))
    size = pl.max_horizontal(pl.col("size").cast(pl.Int64) - 2, pl.lit(0))
    share = (others + weight * pl.col("reference")) / (size + weight)
    # That none of few others has it says little: it is not taken as rarer than half of a value that
    # no table names.
    least = reference_share(name) / 2
    return counts.with_columns(reference=reference).with_columns(
        share=pl.max_horizontal(share, pl.lit(least))
    )
