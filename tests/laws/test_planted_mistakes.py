"""Mistakes planted in histories of releases: every number that can be worked out is found, and none
is accused that cannot; `benchmarks/planted.py` tries two hundred of each. Everything is synthetic.
"""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import histories_drawn
import releases_planted
from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.check import Meets
from darkfigure.disclosure.kept_beside import published
from darkfigure.disclosure.protect import Method, protect
from darkfigure_hub.flows.protect_table import check_tables
from support import examples

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _check(kind, seed, folder):
    made = histories_drawn.history(random.Random(seed))
    tried = histories_drawn.planted(kind, made, random.Random(seed), folder)
    assert (tried.found, tried.falsely) == (tried.recoverable, 0)
    return tried.recoverable


def _attack(kind, seed):
    made = releases_planted.released(random.Random(seed))
    tried = releases_planted.planted(kind, made, random.Random(seed))
    assert (tried.found, tried.falsely) == (tried.recoverable, 0)
    return tried.recoverable


@pytest.mark.parametrize("kind", histories_drawn.KINDS)
def test_a_planted_mistake_is_found_in_each_history(kind, tmp_path):
    told = sum(_check(kind, seed, tmp_path) for seed in range(9 if kind == "rounding" else 3))
    assert bool(told) is (kind != "nothing")


@pytest.mark.parametrize("kind", releases_planted.KINDS)
def test_a_planted_mistake_is_found_among_releases(kind):
    told = sum(_attack(kind, seed) for seed in range(8))
    assert bool(told) is (kind != "nothing")


@settings(quick, max_examples=examples(15))
@given(st.sampled_from(histories_drawn.KINDS), st.integers(0, 2**32))
def test_planted_mistakes_are_found_and_nobody_else_is_accused(tmp_path_factory, kind, seed):
    _check(kind, seed, tmp_path_factory.mktemp("drawn"))


@settings(quick, max_examples=examples(15))
@given(st.sampled_from(releases_planted.KINDS), st.integers(0, 2**32))
def test_planted_mistakes_come_out_of_releases(kind, seed):
    _attack(kind, seed)


@settings(quick, max_examples=examples(12))
@given(st.integers(0, 2**32), st.integers(1, 3))
def test_who_takes_it_that_revisions_move_few_works_out_what_follows(tmp_path_factory, seed, moves):
    """By integer programmes over both days' people, whose finest cells differ by so few."""
    luck = random.Random(seed)
    before = histories_drawn.history(luck).days[0]
    counts = [max(0, n + luck.randint(-moves, moves)) for n in before.counts]
    days = before, histories_drawn.People(before.names, before.rows, np.array(counts))
    try:
        tables = [
            histories_drawn.whole(
                f"{day}.csv", people, people.names, histories_drawn.hidden_in(people)
            )
            for day, people in enumerate(days)
        ]
    except Unreadable:
        return
    size = len(counts)

    def padded(row, day):
        return np.concatenate([row, np.zeros(size)] if day == 0 else [np.zeros(size), row])

    says = [
        (padded(row, day), low, high)
        for day, table in enumerate(tables)
        for row, low, high in table.says
    ]
    says += [(padded(row, 1) - padded(row, 0), -moves, moves) for row in np.eye(size)]
    cells = [
        (day, key, padded(row, day))
        for day, t in enumerate(tables)
        for key, row in t.hidden.items()
    ]
    ends = histories_drawn.ends(says, [row for _, _, row in cells])
    folder = tmp_path_factory.mktemp("revised")
    found = check_tables(
        [table.write(folder) for table in tables], rule=f"threshold=4 moves={moves}", vintages=True
    )
    told = {
        (each.cell.table, frozenset(each.cell.values))
        for each in found.checked[0].found
        if each.meets is Meets.TOLD
    }
    assert told == {
        (f"{day}.csv", frozenset(key))
        for (day, key, _), (low, high) in zip(cells, ends, strict=True)
        if low == high
    }


@settings(quick, max_examples=examples(12))
@given(st.integers(0, 2**32))
def test_what_goes_out_beside_another_table_tells_nothing_with_it(seed):
    """By sex and area beside one by area and age that was protected alone: of all people."""
    luck = random.Random(seed)
    rows = tuple(product(("a0", "a1"), ("b0", "b1", "b2"), ("c0", "c1")))
    counts = np.array([luck.choice(histories_drawn.COUNTS) for _ in rows]) + 1
    people = histories_drawn.People(("a", "b", "c"), rows, counts)
    try:
        out = histories_drawn.hidden_in(people.over("bc"))
        beside = histories_drawn.whole("out.csv", people, "bc", out)
        made = protect(
            people.over("ab").cube(),
            histories_drawn.RULE,
            Method.SUPPRESS,
            beside=[histories_drawn.as_published(beside)],
        )
    except Unreadable:
        return
    own = histories_drawn.whole("", people, "ab", histories_drawn.hidden_of(made))
    out_of_it = published(made.cube, made.hidden, histories_drawn.RULE)
    assert {frozenset(cell.values.items()): cell.shown for cell in out_of_it.cells} == {
        frozenset(key): told != "*" for key, told in own.cells.items()
    }
    told = {(one.cell.table, frozenset(one.cell.values)) for one in made.told_beside}
    cells = [(table.name, key, row) for table in (own, beside) for key, row in table.hidden.items()]
    ends = histories_drawn.ends([*own.says, *beside.says], [row for _, _, row in cells])
    for (name, key, _), (low, high) in zip(cells, ends, strict=True):
        assert bool(low == high) is ((name, frozenset(key)) in told)
    # what the other table tells by itself alone can be left, and it was protected well
    assert made.safe is not bool(told)
