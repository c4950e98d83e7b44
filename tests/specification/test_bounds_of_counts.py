"""Bounds from counted groups, beside every way of filling in what is not known. SYNTHETIC."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.status import CellReason
from darkfigure.tables.bounds import Bounded, Counts, bounded_cells, pending_cells
from support import examples

OPEN, LOST = "?not_known", "?not_linked"
WAITS = "?not_concluded"


def cells(counts, expected=()):
    return {each.key: (each.low, each.high) for each in bounded_cells(counts, expected)}


def test_what_is_known_is_certain_and_what_is_not_is_possible():
    counts = Counts(1, {("a",): 3, ("b",): 4, (OPEN,): 2})
    assert cells(counts) == {("a",): (3, 5), ("b",): (4, 6), (None,): (2, 2)}
    found = {each.key: each for each in bounded_cells(counts)}
    assert found["a",].unknown == {CellReason.NOT_KNOWN: 2}
    assert found[(None,)].unknown == {CellReason.NOT_KNOWN: 2}


def test_a_value_is_none_only_where_nothing_is_certain_and_something_possible():
    assert Bounded(("a",), 0, 0).value == 0
    assert Bounded(("a",), 0, 1).value is None
    assert Bounded(("a",), 1, 2).value == 1
    assert Bounded(("a",), 1, 1).value == 1


def test_a_part_that_is_known_keeps_a_unit_out_of_other_cells():
    counts = Counts(2, {("a", "x"): 1, ("b", "x"): 1, ("a", OPEN): 10, (LOST, "x"): 100})
    assert cells(counts) == {
        ("a", "x"): (1, 111),
        ("b", "x"): (1, 101),
        ("a", None): (10, 10),
        (None, "x"): (100, 100),
    }
    (one,) = [each for each in bounded_cells(counts) if each.key == ("a", "x")]
    assert one.unknown == {CellReason.NOT_KNOWN: 10, CellReason.NOT_LINKED: 100}


def test_expected_cells_are_there_with_nothing_certain():
    counts = Counts(1, {("a",): 1, (OPEN,): 2})
    assert cells(counts, [("z",), ("a",), (None,)]) == {
        ("a",): (1, 3),
        ("z",): (0, 2),
        (None,): (2, 2),
    }
    assert cells(Counts(1, {}), [("z",)]) == {("z",): (0, 0)}
    with pytest.raises(ValueError, match="zip"):  # a cell of another breakdown
        bounded_cells(counts, [("a", "x")])


def test_a_condition_not_known_leaves_a_unit_possible_in_its_cell():
    counts = Counts(1, {("a", "yes"): 5, ("a", WAITS): 2, ("b", WAITS): 1, (OPEN, "yes"): 4})
    assert cells(counts, [("b",)]) == {("a",): (5, 11), ("b",): (0, 5), (None,): (4, 4)}


def test_those_whose_condition_is_not_concluded_have_rows_of_their_own():
    counts = Counts(
        1,
        {
            ("a", "yes", "yes"): 5,
            ("a", WAITS, "yes"): 2,
            ("a", WAITS, OPEN): 7,
            ("b", LOST, "yes"): 1,
            ("b", "yes", WAITS): 8,
            ("c", LOST, WAITS): 9,
            (OPEN, WAITS, "yes"): 3,
        },
    )
    assert pending_cells(counts, 1) == {("a",): 2, (None,): 3}
    assert pending_cells(counts, 2) == {("b",): 8}


def test_a_unit_with_several_groups_is_counted_once():
    shared = {
        ("a",): np.array([1, 2], dtype=np.uint32),
        (OPEN,): np.array([2, 3], dtype=np.uint32),
        ("b",): np.array([1, 3], dtype=np.uint32),
    }
    counts = Counts(1, {("a",): 12, (OPEN,): 5, ("b",): 2}, shared)
    # Unit 2 is in a and not known: it is in the upper bound of a once.
    assert cells(counts) == {("a",): (12, 16), ("b",): (2, 6), (None,): (5, 5)}
    assert cells(counts) == cells(counts), "nothing is left of a count"


values = st.sampled_from(["a", "b", OPEN, LOST])
units = st.lists(
    st.lists(st.tuples(values, values), min_size=1, max_size=2, unique=True), max_size=5
)


def counted(people):
    numbers = {}
    for number, groups in enumerate(people):
        for group in groups:
            numbers.setdefault(group, []).append(number)
    hazy = {number for number, groups in enumerate(people) if len(groups) > 1}
    return Counts(
        2,
        {group: len(found) for group, found in numbers.items()},
        {
            group: np.array([each for each in found if each in hazy], dtype=np.uint32)
            for group, found in numbers.items()
            if any(each in hazy for each in found)
        },
    )


def fillings(group):
    choices = [("a", "b", "elsewhere") if value[0] == "?" else (value,) for value in group]
    return list(itertools.product(*choices))


@settings(max_examples=examples(60))
@given(units)
def test_bounds_are_reached_by_some_way_of_filling_in_and_passed_by_none(people):
    expected = list(itertools.product("ab", repeat=2))
    found = cells(counted(people), expected)
    for cell in expected:
        surely = sum(any(group == cell for group in groups) for groups in people)
        possibly = sum(any(cell in fillings(group) for group in groups) for groups in people)
        assert found[cell] == (surely, possibly)
