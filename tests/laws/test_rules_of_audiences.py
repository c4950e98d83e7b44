"""Rules of disclosure by audience and measure: what they leave to be worked out, by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.audiences import audiences
from darkfigure.disclosure.cube import Behind, Cube, dimension
from darkfigure.disclosure.dominance import CONTRIBUTOR
from darkfigure.disclosure.rules import Rule, rule_of
from darkfigure.disclosure.shares import share_tells
from darkfigure.publication.answer import THRESHOLD
from support import examples


def percent(part, whole):
    """A share as it is told, rounded half up."""
    return (200 * part + whole) // (2 * whole)


@pytest.mark.parametrize("audience", audiences())
def test_no_share_that_is_told_tells_a_small_count(audience):
    """Whoever knows the whole and the share never knows that the part, or the rest, is a few."""
    rule = rule_of(f"for={audience}")
    few = range(1, rule.threshold)
    hidden = 0
    for whole in range(1, 121):
        for part in range(whole + 1):
            if share_tells(part, whole, rule.threshold, rule.base):
                hidden += 1
                assert whole < rule.base or part in few or whole - part in few
                continue
            possible = [
                each for each in range(whole + 1) if percent(each, whole) == percent(part, whole)
            ]
            assert not all(each in few for each in possible)
            assert not all(whole - each in few for each in possible)
            assert whole >= rule.base
    assert hidden


def cube_of(rows):
    """A table of two values, by contributor: rows of a value, who counted, how many."""
    codes = np.array([[value] for value, _, _ in rows])
    counts = np.array([count for *_, count in rows], dtype=np.int64)
    names = tuple(f"body {who}" for _, who, _ in rows)
    behind = {CONTRIBUTOR: Behind(codes, names, counts)}
    return Cube([dimension("a", ["x", "y"])], codes, counts, behind=behind)


rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(1, 60)), min_size=1, max_size=9
)


@settings(max_examples=examples(80))
@given(rows, st.sampled_from(["for=partners", "for=public measure=supported"]))
def test_no_contributor_can_tell_another_from_what_is_shown(rows, text):
    """Each takes its own from a total that is shown: none is left within p percent of another, and
    none has more than its share.
    """
    rule = rule_of(text)
    cube = cube_of(rows)
    hidden = rule.must_hide(cube)
    _, most_percent = rule.dominance
    for values, figure in cube.rows():
        inside = [(who, count) for at, who, count in rows if values["a"] in ("Total", "xy"[at])]
        own = {who: sum(count for each, count in inside if each == who) for who, _ in inside}
        total = sum(own.values())
        told = [
            who
            for who, has in own.items()
            # one alone is told by the total itself; others by whoever takes away their own
            for rest in [0, *(other for each, other in own.items() if each != who)]
            if 100 * (total - rest - has) < rule.percent * has
        ]
        dominated = 100 * max(own.values()) > most_percent * total
        assert hidden[figure] == bool(told or dominated or 0 < total < rule.threshold)


def test_rules_are_kept_by_audience_and_measure():
    public = rule_of("for=public")
    assert public == Rule(threshold=5, base=10)
    assert public.threshold == THRESHOLD
    assert rule_of("for=public measure=arrests") == public
    assert str(rule_of("for=public measure=supported")).endswith("dominance=1,85 p=10 base=10")
    assert rule_of("for=public measure=supported p=20 threshold=7").percent == 20
    assert rule_of("for=research").own_record
    assert rule_of(str(rule_of("for=partners"))) == rule_of("for=partners")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("for=everybody", "must be one of public, partners, research"),
        ("measure=arrests", "needs an audience"),
        ("for=public base=1", "base=1 must be a whole number from 2"),
    ],
)
def test_a_rule_that_cannot_be_found_is_refused(text, why):
    with pytest.raises(Unreadable, match=why):
        rule_of(text)
