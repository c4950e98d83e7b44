"""What the label of a figure claims: the days that are held, and no others."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.spans import claimed, fills, stretches


def periods(*texts):
    return [parse_period(text) for text in texts]


@pytest.mark.parametrize(
    ("held", "label"),
    [
        ((), ""),
        (("2006",), "2006"),
        (("2006", "2006"), "2006"),
        (("2006", "2007"), "2006 to 2007"),
        (("2007", "2006"), "2006 to 2007"),
        (("2006", "2008"), "2006, 2008"),
        (("2008", "2006", "2005"), "2005 to 2006, 2008"),
        (("2006", "2006Q2"), "2006"),
        (("2006", "2006Q2", "2007Q1"), "2006 to 2007 Q1"),
        (("2006", "2006Q4"), "2006"),
        (("2001", "2003", "2005", "2007"), "2001, 2003, 2005, 2007"),
        (("2001", "2003", "2005", "2007", "2009Q1", "2009Q2"), "5 parts of 2001 to 2009 Q2"),
    ],
)
def test_a_label_claims_what_is_held_and_no_more(held, label):
    assert claimed(periods(*held)) == label


def test_of_many_stretches_the_label_ends_with_the_last_period():
    held = periods("2001", "2003", "2005", "2007", "2009Q1", "2009Q2", "2009Q3")
    assert claimed(held) == "5 parts of 2001 to 2009 Q3"


def test_stretches_run_as_far_as_what_is_held_without_a_gap():
    first, second = stretches(periods("2006", "2006Q2", "2007Q1", "2008"))
    assert (first.start, first.end) == (date(2006, 1, 1), date(2007, 3, 31))
    assert first.label == "2006 to 2007 Q1"
    assert second == parse_period("2008")
    assert stretches(periods("2006", "2006Q2"))[0] == parse_period("2006")
    assert stretches([]) == []


def test_a_day_between_two_periods_keeps_them_apart():
    one = Period(date(2006, 1, 1), date(2006, 1, 10), "one")
    next_day = Period(date(2006, 1, 11), date(2006, 1, 12), "next")
    later = Period(date(2006, 1, 12), date(2006, 1, 13), "later")
    assert len(stretches([one, next_day])) == 1
    assert len(stretches([one, later])) == 2
    assert len(stretches([Period(date.min, date.min, "first of all days"), one])) == 2


def test_what_lies_within_another_ends_no_stretch():
    year, within = parse_period("2006"), parse_period("2006Q2")
    assert [each.label for each in stretches([within, year, parse_period("2007")])] == [
        "2006 to 2007"
    ]


@pytest.mark.parametrize(
    ("held", "whole", "right"),
    [
        (("2006",), "2006", True),
        (("2005", "2006", "2007"), "2006", True),
        (("2005..2007",), "2006", True),
        (("2006Q1", "2006Q2", "2006Q3", "2006Q4"), "2006", True),
        (("2006Q4", "2006Q2", "2006Q3", "2006Q1"), "2006", True),
        (("2006Q1", "2006Q2", "2006Q4"), "2006", False),
        (("2006Q2", "2006Q3", "2006Q4"), "2006", False),
        (("2006Q1", "2006Q2", "2006Q3"), "2006", False),
        (("2006", "2006Q1"), "2006", True),
        (("2006-01-01..2006-12-30",), "2006", False),
        (("2006-01-02..2006-12-31",), "2006", False),
        (("2006-01-01..2006-06-30", "2006-07-02..2006-12-31"), "2006", False),
        ((), "2006", False),
        (("2005",), "2006", False),
    ],
)
def test_a_period_is_filled_where_every_day_of_it_is_held(held, whole, right):
    assert fills(periods(*held), parse_period(whole)) is right
