"""The rule of every ledger: what is known follows from the days things were stated, never from the
order in which they arrived.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.intelligence.ledgers import Version, stands_until

START = date(2026, 4, 1)
days = st.integers(0, 8).map(lambda number: START + timedelta(days=number))


@st.composite
def versions(draw):
    """A few statements about one thing, none known before the day it speaks of."""
    made = []
    for number in range(draw(st.integers(1, 7))):
        on, late = draw(days), draw(st.integers(0, 6))
        made.append(Version(on, on + timedelta(days=late), f"{number}"))
    return made


def known_on(held, day):
    """What stands on a day, as the windows say."""
    return [
        each
        for each, until in zip(held, stands_until(held), strict=True)
        if each.known_from <= day and (until is None or day < until)
    ]


def as_said(held, day):
    """The rule in its plainest words: of what is known on the day, the latest."""
    known = [each for each in held if each.known_from <= day]
    return [max(known)] if known else []


@given(versions(), days.map(lambda day: day + timedelta(days=3)))
def test_of_what_is_known_the_latest_stands_and_it_alone(held, day):
    assert known_on(held, day) == as_said(held, day)


@given(versions(), st.integers(0, 10_000))
def test_the_order_of_arrival_is_of_no_account(held, seed):
    shuffled = random.Random(seed).sample(held, len(held))
    ends = dict(zip(held, stands_until(held), strict=True))
    assert dict(zip(shuffled, stands_until(shuffled), strict=True)) == ends


@given(versions(), versions())
def test_what_was_known_before_an_arrival_does_not_change(held, more):
    (late, *_) = more
    late = late._replace(mark="late")
    for ahead in range(12):
        day = late.known_from - timedelta(days=1 + ahead)
        assert known_on([*held, late], day) == known_on(held, day)
