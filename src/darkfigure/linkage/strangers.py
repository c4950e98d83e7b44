"""How often different persons meet each step of a comparison: measured on pairs taken at random
that are plainly two persons.

Pairs at random hold some of one person. Among few records these are a good part of all that agree,
and taking them for strangers would make agreement look common; so a pair counts for a comparison
only where the others do not suggest one person. Names tell nationality and sex: they are counted
among those who share these, or the same evidence would be counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from darkfigure.linkage.comparisons import Comparison
from darkfigure.linkage.places import Places, places_of
from darkfigure.linkage.rarity import groups_of

#: Pairs looked at: a step met by one pair of strangers in a thousand is then known to a fifteenth
#: of itself.
PAIRS = 250_000
WITHIN_NATIONALITY = {"given": "given", "family": "family", "initials": "given"}
#: As many pairs as what is expected beforehand counts for.
EXPECTED_COUNTS_FOR = 2_000


def among_strangers(
    frame: pl.DataFrame,
    comparisons: Mapping[str, Comparison],
    expected: Mapping[str, Sequence[float]],
    seed: int = 1,
    pairs: int = PAIRS,
) -> dict[str, list[float]]:
    """The share of pairs of different persons that meets each step, by comparison; where few pairs
    tell, mostly as `expected`.

    `frame` is prepared; `expected` has a share for each step of each comparison.
    """
    found: dict[str, Places] = {}
    for groups in {
        tuple(_groups(frame, name)) for name in WITHIN_NATIONALITY.keys() & comparisons.keys()
    } - {()}:
        names = {
            name: each
            for name, each in comparisons.items()
            if tuple(_groups(frame, name)) == groups
        }
        for name, places in _measured(frame, groups, names, seed + 1, pairs).items():
            if (places >= 0).sum() >= EXPECTED_COUNTS_FOR:
                found[name] = places
    rest = {name: each for name, each in comparisons.items() if name not in found}
    found |= _measured(frame, (), rest, seed, pairs)
    return {name: _shares(found[name], expected[name]) for name in comparisons}


def _groups(frame: pl.DataFrame, name: str) -> list[str]:
    return groups_of(frame, WITHIN_NATIONALITY[name]) if name in WITHIN_NATIONALITY else []


def _measured(
    frame: pl.DataFrame,
    groups: Sequence[str],
    comparisons: Mapping[str, Comparison],
    seed: int,
    pairs: int,
) -> dict[str, Places]:
    """The steps that pairs at random meet, for each comparison those that are plainly of two
    persons by the others.
    """
    sides = _at_random(frame, groups, comparisons, seed, pairs)
    places = places_of(sides, comparisons)
    return {name: places[name][_two_persons(sides, name)] for name in comparisons}


def _shares(places: Places, expected: Sequence[float]) -> list[float]:
    counts = np.bincount(places[places >= 0], minlength=len(expected)).astype(float)
    prior = np.asarray(expected) / np.sum(expected)
    mixed = (counts + EXPECTED_COUNTS_FOR * prior) / (counts.sum() + EXPECTED_COUNTS_FOR)
    # What none of so many pairs met is taken as met by half a pair.
    return [float(max(each, 0.5 / (counts.sum() + EXPECTED_COUNTS_FOR))) for each in mixed]


def _at_random(
    frame: pl.DataFrame,
    groups: Sequence[str],
    comparisons: Mapping[str, Comparison],
    seed: int,
    pairs: int,
) -> pl.DataFrame:
    """Pairs at random, within `groups` where given: every record with those that follow it in a
    shuffled order.
    """
    held = frame.drop_nulls(list(groups)).sample(fraction=1, shuffle=True, seed=seed)
    columns = sorted(
        {*(column for each in comparisons.values() for column in each.columns), *_TELLING}
        & {*frame.columns}
    )
    left = held.select(pl.col(name).alias(f"{name}_l") for name in columns)
    turns = min(-(-pairs // max(held.height, 1)), max((held.height - 1) // 2, 1), 500)
    made = []
    for turn in range(1, turns + 1):
        moved = pl.col(columns).shift(turn).over(groups) if groups else pl.col(columns).shift(turn)
        other = held.select(moved.name.suffix("_r"))
        there = held.select(
            (
                pl.col("id").shift(turn).over(groups) if groups else pl.col("id").shift(turn)
            ).is_not_null()
        )
        made.append(pl.concat([left, other], how="horizontal").filter(there.to_series()))
    return pl.concat(made) if made else left.head(0)


_TELLING = ("dob", "birth_year", "document", "given_sound", "family_sound")


def _two_persons(sides: pl.DataFrame, name: str) -> pl.Series:
    """Whether what other comparisons say leaves no thought of one person."""
    same = {
        each: (pl.col(f"{each}_l") == pl.col(f"{each}_r")).fill_null(False) for each in _TELLING
    }
    names, born = same["given_sound"] & same["family_sound"], same["dob"] | same["birth_year"]
    maybe = {
        "given": born | same["document"],
        "family": born | same["document"],
        "initials": born | same["document"],
        "born": names | same["document"],
        "year": names | same["document"],
        "age": names | same["document"],
        "document": same["dob"] | names,
    }.get(name, same["dob"] | same["document"] | names)
    return sides.select(~maybe).to_series()
