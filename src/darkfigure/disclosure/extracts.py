"""Records for research in which nobody stands alone: those by which people could be recognised are
coarsened or left out until each combination is of k people at least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import polars as pl

from darkfigure.basis.errors import Unreadable

#: What stands in place of a value that is left out.
LEFT_OUT = "*"


@dataclass(frozen=True)
class Risk:
    """How easily people are recognised by some columns: combinations; the smallest number of people
    with one (`k`) and of distinct sensitive values among them (`l`, nothing without such columns);
    people who stand alone; and of those the share expected to stand alone in the whole population
    of which the records are a part (Benedetti and Franconi, 1998: p/(1-p) log 1/p).
    """

    people: int
    combinations: int
    k: int
    l: int | None  # noqa: E741 - the measure's own name
    alone: int
    alone_in_population: float


@dataclass(frozen=True)
class Extract:
    """Records that may be handed out under terms: the records, the columns that recognise, how many
    values were merged and left out by column, how many records were left out whole, and the risk
    before and after.
    """

    records: pl.DataFrame
    recognise: tuple[str, ...]
    sensitive: tuple[str, ...]
    merged: Mapping[str, int]
    left_out: Mapping[str, int]
    dropped: int
    before: Risk
    after: Risk


def extract(
    frame: pl.DataFrame,
    recognise: Sequence[str],
    sensitive: Sequence[str] = (),
    *,
    k: int = 5,
    l: int = 1,  # noqa: E741 - the measure's own name
    groups: Mapping[str, Mapping[str, str]] | None = None,
    fraction: float = 1.0,
) -> Extract:
    """Records with no combination of the columns that `recognise` of fewer than k people, or of
    fewer than l distinct values of a `sensitive` column.

    `groups` say by column into which coarser value each may be merged; where a record still stands
    among too few, the value that most of those share least is left out, one after another, and at
    last the record. `fraction` is of what part of the population the records are.
    """
    if k < 2:
        raise Unreadable("k: write 2 or more; 5 is usual.")
    if not 0 < fraction <= 1:
        raise Unreadable("fraction: write a number above 0 and no more than 1.")
    for name in (*recognise, *sensitive):
        if name not in frame.columns:
            raise Unreadable(f"There is no column {name!r}.")
    columns = [*recognise, *(name for name in sensitive if name not in recognise)]
    held = frame.select(pl.col(name).cast(pl.String).fill_null("") for name in columns)
    before = risk_of(held, recognise, sensitive, fraction)
    merged = {}
    for name, pairs in (groups or {}).items():
        if name not in recognise:
            raise Unreadable(f"{name} is none of the columns that recognise.")
        coarser = held.with_columns(pl.col(name).replace(dict(pairs)))
        if _few(held, recognise, sensitive, k, l).any():
            merged[name] = held[name].n_unique() - coarser[name].n_unique()
            held = coarser
    held, left_out = _with_left_out(held, recognise, sensitive, k, l)
    few = _few(held, recognise, sensitive, k, l)
    kept = held.filter(~few)
    return Extract(
        kept,
        tuple(recognise),
        tuple(sensitive),
        merged,
        left_out,
        held.height - kept.height,
        before,
        risk_of(kept, recognise, sensitive, fraction),
    )


def _few(
    held: pl.DataFrame,
    recognise: Sequence[str],
    sensitive: Sequence[str],
    k: int,
    l: int,  # noqa: E741 - the measure's own name
) -> pl.Series:
    """Which records stand among too few."""
    tests = [pl.len().over(list(recognise)) < k]
    tests += [pl.col(name).n_unique().over(list(recognise)) < l for name in sensitive]
    return held.select(pl.any_horizontal(tests).alias("few"))["few"]


def _with_left_out(
    held: pl.DataFrame,
    recognise: Sequence[str],
    sensitive: Sequence[str],
    k: int,
    l: int,  # noqa: E741 - the measure's own name
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Records with values left out, one column after another: first the column with most values."""
    left_out: dict[str, int] = {}
    order = sorted(recognise, key=lambda name: -held[name].n_unique())
    for name in order:
        few = _few(held, recognise, sensitive, k, l)
        if not few.any():
            break
        left_out[name] = int(few.sum())
        held = held.with_columns(
            pl.when(few).then(pl.lit(LEFT_OUT)).otherwise(pl.col(name)).alias(name)
        )
    return held, left_out


def risk_of(
    held: pl.DataFrame,
    recognise: Sequence[str],
    sensitive: Sequence[str] = (),
    fraction: float = 1.0,
) -> Risk:
    """How easily people are recognised by some columns of records."""
    if not held.height:
        return Risk(0, 0, 0, 0 if sensitive else None, 0, 0.0)
    sizes = held.group_by(list(recognise)).agg(
        pl.len().alias("_people"),
        *(pl.col(name).n_unique().alias(f"_{name}") for name in sensitive),
    )
    alone = int((sizes["_people"] == 1).sum())
    least = [int(sizes[f"_{name}"].min() or 0) for name in sensitive]  # type: ignore[arg-type]
    share = 1.0 if fraction == 1 else fraction / (1 - fraction) * log(1 / fraction)
    return Risk(
        held.height,
        sizes.height,
        int(sizes["_people"].min() or 0),  # type: ignore[arg-type]
        min(least) if sensitive else None,
        alone,
        alone * share,
    )
