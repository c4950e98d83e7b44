"""The laws of files for research: one person changes each margin by one, and no more; noise bounds
what is told of them; extracts hold nobody who stands among too few. Everything is synthetic.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import exp

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.extracts import LEFT_OUT, extract, risk_of
from darkfigure.disclosure.private import COUNT, private_counts, synthesise
from support import examples

COLUMNS = {"area": ["Kent", "Essex", "Surrey"], "sex": ["f", "m"], "age": ["a", "b", "c", "d"]}
persons = st.lists(
    st.tuples(*(st.sampled_from(values) for values in COLUMNS.values())), min_size=1, max_size=80
)


def frame_of(people):
    return pl.DataFrame(
        {name: [person[at] for person in people] for at, name in enumerate(COLUMNS)}
    )


def counted(people):
    return frame_of(people).with_columns(pl.lit(1).alias(COUNT))


def test_noise_bounds_what_is_told_of_one_person():
    """However often something comes of a count, it comes of one person more no more than e to the
    epsilon times as often, or as rarely.
    """
    epsilon, times = 1.0, 30_000
    seen = [Counter(private_counts([count] * times, epsilon)) for count in (7, 8)]
    for value in range(3, 13):
        one, other = (counter[value] for counter in seen)
        ratio = one / other
        slack = 5 * (1 / one + 1 / other) ** 0.5
        assert exp(-epsilon) * (1 - slack) <= ratio <= exp(epsilon) * (1 + slack)


@settings(max_examples=examples(30), deadline=None)
@given(persons, st.integers(1, 3), st.sampled_from([0.5, 2.0]))
def test_one_person_is_in_one_cell_of_each_margin(people, order, epsilon):
    """So that the scale of the noise is the number of margins by epsilon."""
    more = [*people, people[0]]
    changed = 0
    for names in combinations(COLUMNS, order):
        before, after = (
            Counter(frame_of(each).select(names).iter_rows()) for each in (people, more)
        )
        changed += sum(abs(after[key] - before[key]) for key in after)
    made = synthesise(counted(people), [*COLUMNS], COUNT, epsilon=epsilon, order=order)
    assert made.guarantee.scale == pytest.approx(changed / epsilon)
    assert made.guarantee.margins == changed


@settings(max_examples=examples(20), deadline=None)
@given(persons)
def test_made_up_records_have_known_values_and_tell_of_as_many(people):
    made = synthesise(counted(people), [*COLUMNS], COUNT, epsilon=20, order=3)
    for at, name in enumerate(COLUMNS):
        assert {*made.records[name]} <= {person[at] for person in people}
    assert abs(made.records.height - len(people)) <= 10
    assert made.people == len(people)
    assert made.kept_unique <= made.unique


def test_with_little_noise_little_is_lost():
    random = np.random.default_rng(11)
    people = [
        tuple(str(random.choice(values, p=None)) for values in COLUMNS.values())
        for _ in range(3_000)
    ]
    close, far = (
        synthesise(counted(people), [*COLUMNS], COUNT, epsilon=epsilon, order=2, seed=1)
        for epsilon in (20, 0.01)
    )
    assert max(each.variation for each in close.utility) < 0.02
    assert max(each.variation for each in far.utility) > 0.05


extracts = st.tuples(persons, st.integers(2, 6), st.integers(1, 2))


@settings(max_examples=examples(120), deadline=None)
@given(extracts)
def test_nobody_stands_among_too_few(drawn):
    people, k, l = drawn  # noqa: E741 - the measures' own names
    made = extract(frame_of(people), ["area", "age"], ["sex"], k=k, l=l)
    groups = Counter(made.records.select("area", "age").iter_rows())
    kinds = {}
    for area, age, sex in made.records.select("area", "age", "sex").iter_rows():
        kinds.setdefault((area, age), set()).add(sex)
    assert all(size >= k for size in groups.values())
    assert all(len(values) >= l for values in kinds.values())
    assert made.records.height + made.dropped == len(people)
    for name in ("area", "age"):
        assert {*made.records[name]} <= {*COLUMNS[name], LEFT_OUT}
    if made.records.height:
        assert made.after.k == min(groups.values())
        assert made.after.l == min(map(len, kinds.values()))
    assert made.after.alone == 0


@settings(max_examples=examples(60), deadline=None)
@given(persons)
def test_values_are_merged_only_where_that_is_needed(people):
    groups = {"age": {"a": "a to b", "b": "a to b", "c": "c to d", "d": "c to d"}}
    made = extract(frame_of(people), ["area", "age"], k=3, groups=groups)
    plain = extract(frame_of(people), ["area", "age"], k=3)
    if not plain.left_out and not plain.dropped:
        assert made.records.equals(plain.records)
    else:
        assert {*made.records["age"]} <= {"a to b", "c to d", LEFT_OUT}


def test_who_stands_alone_in_a_part_may_not_in_the_whole():
    alone = frame_of([("Kent", "f", "a"), ("Essex", "m", "b"), ("Essex", "m", "b")])
    assert risk_of(alone, ["area"]).alone_in_population == 1
    half = risk_of(alone, ["area"], fraction=0.5).alone_in_population
    assert half == pytest.approx(0.6931, abs=1e-4)  # 0.5/0.5 log 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"epsilon": 0}, "above 0"),
        ({"epsilon": 1, "order": 9}, "1 to 3 dimensions"),
        ({"epsilon": 1, "domains": {"sex": ["f"]}}, "not among the values"),
    ],
)
def test_what_cannot_be_made_up_is_refused(wrong, why):
    people = [("Kent", "f", "a"), ("Essex", "m", "b")]
    with pytest.raises(Unreadable, match=why):
        synthesise(counted(people), [*COLUMNS], COUNT, **wrong)
