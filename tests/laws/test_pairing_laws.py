"""Laws of pairs: whoever pairs them, each pair that some rule finds is found once, and weighs what
Splink says; records that come later are put with those held as if all had come together.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from darkfigure.linkage import (
    DuckEngine,
    Index,
    as_list,
    engine,
    link,
    linking,
    missed,
    prepared,
    weighing,
)
from darkfigure.linkage.blocking import RULES
from darkfigure.linkage.comparisons import COMPARISONS, place_sql
from darkfigure.linkage.model import FIRST_FLOOR, rarity_of
from darkfigure.linkage.pairing import Pairing
from darkfigure.linkage.preparation import COMPARED
from darkfigure.linkage.training import train
from darkfigure.synthetic.agency_lists import synthetic_lists
from support import examples

WORDS = ("", "ANA", "ANNA", "ANA MARIA", "POP", "POPESCU", "SMITH", "SMIHT")
NUMBERS = tuple(name for name in COMPARED if name.startswith(("birth", "met")))
YEARS = st.integers(1990, 1996)
#: What prepared records hold, few values of each so that many agree.
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            name: st.none()
            | (st.integers(1990, 1996) if name in NUMBERS else st.sampled_from("AB"))
            for name in COMPARED
            if name != "id"
        }
    ),
    max_size=14,
)


def frame_of(rows):
    schema = {name: pl.Int32 if name in NUMBERS else pl.String for name in COMPARED if name != "id"}
    return pl.DataFrame(rows, schema=schema).select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("id"), pl.all()
    )


def by_query(frame, rules):
    """The pairs as a database finds them that is asked for each rule."""
    records = frame.to_arrow()  # noqa: F841 - DuckDB reads it
    found = set()
    for rule in rules:
        query = f"SELECT l.id, r.id FROM records l JOIN records r ON {rule.sql} WHERE l.id < r.id"
        found |= set(duckdb.sql(query).fetchall())
    return sorted(found)


def told(parts):
    return [
        pair for left, right in parts for pair in zip(left.tolist(), right.tolist(), strict=True)
    ]


@settings(max_examples=examples(100), deadline=None)
@given(
    RECORDS,
    st.lists(st.sampled_from(RULES), unique=True, max_size=8),
    st.integers(1, 40),
    st.integers(0, 14),
)
def test_each_pair_that_a_rule_finds_is_told_once_in_order(rows, rules, at_once, held):
    frame = frame_of(rows)
    every = by_query(frame, rules)
    assert told(Pairing(frame, rules).every(at_once)) == every
    before, fresh = frame.head(held), frame.slice(held)
    arrived = told([Pairing(before, rules).arriving(fresh)])
    assert arrived == [pair for pair in every if pair[1] >= held]


TEXTS = st.none() | st.sampled_from(WORDS) | st.text("AB 19", max_size=10)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(*[TEXTS] * 4, *[st.none() | st.integers(1980, 2000)] * 2), min_size=1))
def test_what_is_asked_first_is_true_wherever_the_step_is_met(rows):
    """Every comparison, with and without its cheap questions."""
    columns = sorted({column for each in COMPARISONS.values() for column in each.columns})
    sides = {}
    for at, (name, side) in enumerate(itertools.product(columns, "lr")):
        number = name.startswith(("birth", "met"))
        values = [row[4 + at % 2] if number else row[at % 4] for row in rows]
        sides[f"{name}_{side}"] = pl.Series(values, dtype=pl.Int32 if number else pl.String)
    pairs = pl.DataFrame(sides).to_arrow()  # noqa: F841 - DuckDB reads it
    asked = []
    for each in COMPARISONS.values():
        bare = replace(each, levels=tuple(replace(level, first="") for level in each.levels))
        asked.append(f"{place_sql(each)} = {place_sql(bare)}")
    assert all(map(all, duckdb.sql(f"SELECT {', '.join(asked)} FROM pairs").fetchall()))


@pytest.fixture(scope="module")
def made():
    frame = prepared(as_list(synthetic_lists(1_200, 7), "lists", truth="person"))
    with_engine = DuckEngine(threads=1)
    return frame, train(frame, with_engine)


def by_splink(frame, model):
    """Pairs by Splink itself, on DuckDB, with the same model."""
    connection = duckdb.connect()
    connection.register("records", frame.to_arrow())
    api = DuckDBAPI(connection=connection)
    linker = Linker(
        api.register("records"), model.settings("duckdb", "jaro_winkler_similarity"), log_level=40
    )
    for name, table in rarity_of(frame, model).items():
        connection.register(f"rare_{name}", table.to_arrow())
        linker.table_management.register_term_frequency_lookup(api.register(f"rare_{name}"), name)
    found = linker.inference.predict(
        threshold_match_probability=FIRST_FLOOR, warning_mode="never"
    ).as_duckdbpyrelation()
    return (
        found.select("id_l", "id_r", "match_weight")
        .pl()
        .select(
            left=pl.min_horizontal("id_l", "id_r"),
            right=pl.max_horizontal("id_l", "id_r"),
            weight="match_weight",
        )
        .sort("left", "right")
    )


@pytest.mark.parametrize("at_once", [1_000, 10_000_000])
def test_pairs_are_those_of_splink_and_weigh_the_same(made, monkeypatch, at_once):
    frame, model = made
    monkeypatch.setattr(engine, "_AT_ONCE", at_once)
    ours = DuckEngine(threads=2).paired(frame, model, rarity_of(frame, model), FIRST_FLOOR)
    other = by_splink(frame, model)
    assert ours.select("left", "right").rows() == other.select("left", "right").rows()
    np.testing.assert_allclose(ours["weight"], other["weight"], atol=1e-9)
    assert ours.height > 1_000


def test_new_records_are_paired_as_they_would_be_with_all(made):
    frame, model = made
    rarity = rarity_of(frame, model)
    there = DuckEngine(threads=1)
    every = there.paired(frame, model, rarity, FIRST_FLOOR)
    held = there.held(frame.head(1_000), model, rarity)
    arrived = held.paired(frame.slice(1_000), FIRST_FLOOR)
    wanted = every.filter(pl.col("right") >= 1_000)
    assert arrived.sort("left", "right").equals(wanted.sort("left", "right"))


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("late", [1, 7])
def test_what_comes_later_is_put_as_if_all_had_come_together(monkeypatch, few, late):
    """With the same shares of names: each record the same person, each pair the same weight."""
    lists = as_list(synthetic_lists(500, 7), "lists", truth="person")
    there = DuckEngine(threads=1)
    if not few:
        monkeypatch.setattr(missed, "EVERY", 1_000)
    first = link(lists, there)
    new = pl.int_range(lists.height) % 10 < late
    shares = rarity_of(prepared(lists.filter(~new)), first.model)
    for module in (linking, weighing):
        monkeypatch.setattr(module, "rarity_of", lambda _frame, _model: shares)
    anew = link(lists, there, model=first.model)
    held = link(lists.filter(~new), there, model=first.model)
    added = Index(held, there).add(lists.filter(new))
    assert added.persons().equals(anew.persons())
    assert added.found.persons == anew.found.persons
