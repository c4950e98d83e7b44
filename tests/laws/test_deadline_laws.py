"""When a request is due, counted day by day and held to dates that are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.publication.deadline import DAYS, Deadline, due_under_the_act, is_working_day

DAYS_OF_THE_ACT = st.dates(date(2005, 1, 1), date(2040, 12, 31))


@given(DAYS_OF_THE_ACT)
def test_twenty_working_days_lie_after_the_day_it_came(received):
    found = due_under_the_act(received)
    after = [received + timedelta(days=n) for n in range(1, (found.due - received).days + 1)]
    counted = [day for day in after if is_working_day(day)]
    assert len(counted) == DAYS
    assert counted[-1] == found.due
    left_out = {day for day in after if not is_working_day(day) and day.weekday() < 5}
    assert {day for day, _ in found.holidays} == left_out
    assert all(name for _, name in found.holidays)


@given(DAYS_OF_THE_ACT, st.integers(-60, 60))
def test_days_left_fall_by_one_on_each_working_day(received, offset):
    held = Deadline(received, due_under_the_act(received).due, ())
    today = held.due + timedelta(days=offset)
    tomorrow = today + timedelta(days=1)
    fell = held.days_left(today) - held.days_left(tomorrow)
    assert fell == is_working_day(tomorrow)
    assert held.days_left(held.due) == 0


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2022, 9, 19), "proclaimed for the state funeral"),
        (date(2026, 1, 2), "a bank holiday in Scotland"),
        (date(2026, 3, 17), "a bank holiday in Northern Ireland"),
        (date(2026, 4, 6), "Easter Monday: not in Scotland"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "in the place of Boxing Day, a Saturday"),
        (date(2026, 3, 1), "a Sunday"),
    ],
)
def test_a_bank_holiday_of_any_part_of_the_kingdom_does_not_count(day, why):
    assert not is_working_day(day), why
