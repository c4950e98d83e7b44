"""The rule of every ledger: what is known follows from the days things were stated, never from the
order in which they arrived.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.intelligence.ledgers import Spell, Version, both, laid_out, standing
from support import examples

pytestmark = pytest.mark.long
START = date(2026, 4, 1)
DAYS = [START + timedelta(days=number) for number in range(20)]
days = st.sampled_from(DAYS[:9])


@st.composite
def histories(draw):
    """Statements about one thing, none known before the day it speaks of, and for each the spells
    for which it was taken back, none from before it was known.
    """
    versions, away = [], []
    for number in range(draw(st.integers(1, 6))):
        on, late = draw(days), draw(st.integers(0, 6))
        known = on + timedelta(days=late)
        spells = []
        while draw(st.integers(0, 3)) == 0 and len(spells) < 3:
            first = max(known, spells[-1].until if spells else known)
            first += timedelta(days=draw(st.integers(0, 3)))
            last = draw(st.none() | st.integers(0, 3))
            spells.append(Spell(first, None if last is None else first + timedelta(days=last)))
            if last is None:
                break
        versions.append(Version(on, known, f"{number}"))
        away.append(spells)
    return versions, away


def known_on(held, day):
    """What stands on a day, as the spells say."""
    found = standing(*held)
    return [
        version
        for version, spells in zip(held[0], found, strict=True)
        if any(each.has(day) for each in spells)
    ]


def as_said(held, day):
    """The rule in its plainest words: the latest of what is known on the day, not taken back."""
    known = [
        version
        for version, spells in zip(*held, strict=True)
        if version.known_from <= day
        and not any(
            each.first <= day and (each.until is None or day < each.until) for each in spells
        )
    ]
    return [max(known)] if known else []


@settings(max_examples=examples(2500))
@given(histories())
def test_of_what_is_known_the_latest_stands_and_it_alone(held):
    for day in DAYS:
        assert known_on(held, day) == as_said(held, day)


@settings(max_examples=examples(2500))
@given(histories(), st.integers(0, 10_000))
def test_the_order_of_arrival_is_of_no_account(held, seed):
    together = list(zip(*held, strict=True))
    random.Random(seed).shuffle(together)
    shuffled = [list(each) for each in zip(*together, strict=True)]
    for day in DAYS:
        assert known_on(shuffled, day) == known_on(held, day)


@settings(max_examples=examples(2500))
@given(histories(), histories())
def test_what_was_known_before_an_arrival_does_not_change(held, more):
    late, spells = more[0][0]._replace(mark="late"), more[1][0]
    after = [*held[0], late], [*held[1], spells]
    for day in DAYS:
        if day < late.known_from:
            assert known_on(after, day) == known_on(held, day)


@settings(max_examples=examples(2500))
@given(histories(), st.data())
def test_taking_back_changes_nothing_before_its_day_and_undoing_gives_all_back(held, data):
    which = data.draw(st.integers(0, len(held[0]) - 1))
    day = held[0][which].known_from + timedelta(days=data.draw(st.integers(0, 5)))
    undone = day + timedelta(days=data.draw(st.integers(0, 5)))
    away = [list(spells) for spells in held[1]]
    away[which].append(Spell(day, undone))
    for at in DAYS:
        before = known_on(held, at)
        if at < day or at >= undone:
            assert known_on((held[0], away), at) == before
        else:
            assert held[0][which] not in known_on((held[0], away), at)


@settings(max_examples=examples(300))
@given(st.lists(histories(), min_size=1, max_size=4), st.integers(0, 1000))
def test_a_ledger_lays_out_each_thing_by_the_one_rule(things, seed):
    rows, away = [], {}
    for about, (versions, spells) in enumerate(things):
        for version, absent in zip(versions, spells, strict=True):
            rows.append((len(rows), about, *version))
            if absent:
                away[rows[-1][0]] = absent
    shuffled = random.Random(seed).sample(rows, len(rows))
    frame = pl.DataFrame(
        shuffled,
        schema={"id": pl.Int64, "about": pl.Int64, **VERSION},
        orient="row",
    )
    found = laid_out(frame, ["about"], away)
    for day in DAYS:
        stands = found.filter(
            (pl.col("known_from") <= day)
            & (pl.col("known_to").is_null() | (pl.col("known_to") > day))
        )
        wanted = [(at, *each) for at, held in enumerate(things) for each in as_said(held, day)]
        kept = stands.select("about", "on", "mark").sort("about").rows()
        assert kept == [(at, on, mark) for at, on, _, mark in wanted]


VERSION = {"on": pl.Date, "known_from": pl.Date, "mark": pl.String}
spells = st.tuples(st.integers(0, 9), st.none() | st.integers(1, 9)).map(
    lambda each: (DAYS[each[0]], DAYS[each[0]] + timedelta(days=each[1]) if each[1] else None)
)


@settings(max_examples=examples(300))
@given(st.lists(spells, max_size=4), st.lists(spells, max_size=4))
def test_two_ledgers_joined_stand_when_both_do(left, right):
    schema = {"key": pl.Int64, "known_from": pl.Date, "known_to": pl.Date}
    frames = [
        pl.DataFrame([(1, *each) for each in rows], schema=schema, orient="row")
        for rows in (left, right)
    ]
    found = both(frames[0], frames[1], "key")
    for day in DAYS:
        here, there, joined = (
            sum(Spell(*each).has(day) for each in rows)
            for rows in (left, right, found.select("known_from", "known_to").rows())
        )
        assert joined == here * there
