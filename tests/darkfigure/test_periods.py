"""Periods and stated days, and choosing among periods that contain one another."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import bucket, financial_quarter, parse_period, parse_stated
from darkfigure.tables.cover import Span, plan_cover

READ = {
    "2023": ("2023-01-01", "2023-12-31"),
    "2023Q2": ("2023-04-01", "2023-06-30"),
    "2017/18": ("2017-04-01", "2018-03-31"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "2007-08": ("2007-01-01", "2008-12-31"),
    "2022Q4..2023Q1": ("2022-10-01", "2023-03-31"),
}


@pytest.mark.parametrize("text", READ)
def test_periods_are_read(text):
    period = parse_period(text)
    assert (period.start.isoformat(), period.end.isoformat()) == READ[text]
    assert period.exact == (text != "2007-08")


@pytest.mark.parametrize(
    "text", ["", "23", "2023Q5", "2017/19", "2023-02-30", "2023-13", "2024..2023", "yesterday"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(Unreadable):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2008-12-17", "2008-12-17", "day"),
        ("2009-02", "2009-02-28", "month"),
        ("2003", "2003-12-31", "year"),
    ],
)
def test_an_imprecise_day_counts_from_its_last(text, day, precision):
    stated = parse_stated(text)
    assert (stated.day.isoformat(), stated.precision) == (day, precision)


def test_financial_quarters():
    assert [str(financial_quarter(2017, number).start) for number in (1, 2, 3, 4)] == [
        "2017-04-01",
        "2017-07-01",
        "2017-10-01",
        "2018-01-01",
    ]


def test_a_period_that_crosses_a_border_has_no_bucket():
    assert bucket(parse_period("2007-08"), "year") is None
    assert bucket(parse_period("2023Q2"), "year").label == "2023"


START = date(2020, 1, 1)
spans = st.lists(
    st.builds(
        lambda first, days, stated: Span(
            START + timedelta(first), START + timedelta(first + days), START + timedelta(stated)
        ),
        st.integers(0, 20),
        st.integers(0, 8),
        st.just(0),
    ),
    min_size=1,
    max_size=7,
    unique=True,
)


@given(spans)
def test_the_cover_is_the_longest_without_overlap(found):
    """Against every possible choice."""

    def disjoint(chosen):
        ordered = sorted(chosen)
        return all(one.end < two.start for one, two in pairwise(ordered))

    chosen = [found[place] for place in plan_cover(tuple(found)).chosen]
    assert disjoint(chosen)
    best = max(
        (sum(span.days for span in some), -len(some))
        for size in range(len(found) + 1)
        for some in combinations(found, size)
        if disjoint(some)
    )
    assert (sum(span.days for span in chosen), -len(chosen)) == best


def test_parts_stated_later_win_over_an_older_total():
    total = Span(date(2023, 1, 1), date(2023, 6, 30), date(2023, 8, 10))
    parts = (
        Span(date(2023, 1, 1), date(2023, 3, 31), date(2023, 11, 3)),
        Span(date(2023, 4, 1), date(2023, 6, 30), date(2023, 11, 3)),
    )
    plan = plan_cover((total, *parts))
    assert plan.chosen == (1, 2)
    assert plan.tiled == ((0, (1, 2)),)
