"""What is expected before any record is seen: shares among strangers, rarity of values, number of
pairs.

It stands in data/linkage/prior_model.toml, decides alone where lists are too small to teach
anything, and counts beside the records where they teach little.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from darkfigure.linkage.comparisons import OTHERWISE, Comparison
from darkfigure.linkage.names import root, sound

_LAST = 0.0002


@lru_cache
def stated() -> dict[str, Any]:
    """The prior model as its file has it."""
    text = (files("darkfigure") / "data" / "linkage" / "prior_model.toml").read_text(
        encoding="utf-8"
    )
    return tomllib.loads(text)


def edition() -> str:
    """The day of the prior model."""
    return str(stated()["edition"])


def expected_of_strangers(comparisons: Mapping[str, Comparison]) -> dict[str, list[float]]:
    """The share of pairs of different persons expected at each step of each comparison; they add up
    to one.
    """
    found = {}
    for name, comparison in comparisons.items():
        shares = stated()["strangers"].get(name, {})
        held = [float(shares.get(level.words, _LAST)) for level in comparison.levels]
        if comparison.levels[-1].sql == OTHERWISE:
            held[-1] = max(1 - sum(held[:-1]), 0.01)
        whole = sum(held)
        found[name] = [each / whole for each in held]
    return found


def expected_matches(records: int) -> float:
    """How many pairs of one person are expected among so many records."""
    held = stated()["expected"]
    return float(
        min(
            held["pairs_for_each_record"] * records,
            held["most_of_all_pairs"] * records * (records - 1) / 2,
        )
    )


def worth(what: str) -> float:
    """How many records or pairs count as much as what is expected; `what` is an entry of [expected]
    in the file.
    """
    return float(stated()["expected"][what])


def reference_weight(column: str) -> float:
    """How many records the table of rarity of a column counts for."""
    return float(stated()["rarity"][column]["worth"])


def reference_share(column: str) -> float:
    """How common a value of a column is that no table names."""
    return float(stated()["rarity"][column]["share"])


def reference_rarity(
    column: str, values: pl.Series, nationality: pl.Series | None = None
) -> pl.Series:
    """How common each value of a compared column is by the table; with `nationality`, among those
    of it.

    Values are as `preparation.prepared` makes them. What no table names has the share of the
    column.
    """
    bare = reference_share(column)
    if column == "dob":
        days = stated()["days"]
        held = (
            values.str.slice(4, 4).replace_strict(days, default=1, return_dtype=pl.Float64) * bare
        )
        return held.alias("reference")
    named = _tables().get(column)
    if named is None:
        return pl.Series("reference", [bare] * len(values), dtype=pl.Float64)
    if nationality is None:
        every: dict[str, float] = {}
        for table in named.values():
            for value, share in table.items():
                every[value] = every.get(value, 0.0) + share / len(named)
        shares = [max(every.get(value, 0.0), bare) for value in values.to_list()]
    else:
        shares = [
            max(named.get(whose, {}).get(value, 0.0), bare)
            for value, whose in zip(values.to_list(), nationality.to_list(), strict=True)
        ]
    return pl.Series("reference", shares, dtype=pl.Float64)


@lru_cache
def _tables() -> dict[str, dict[str, dict[str, float]]]:
    """For each column of names, by nationality, the share of each value: names, and what their
    sounds and roots add up to.
    """
    found: dict[str, dict[str, dict[str, float]]] = {
        name: {} for name in ("given", "root", "given_sound", "family", "family_sound")
    }
    for nationality, tables in stated()["names"].items():
        for kind in ("given", "family"):
            for name, share in tables.get(kind, {}).items():
                forms = {kind: name, f"{kind}_sound": sound(name)}
                if kind == "given":
                    forms["root"] = root(name)
                for column, value in forms.items():
                    held = found[column].setdefault(nationality, {})
                    held[value] = held.get(value, 0.0) + share
    return found
