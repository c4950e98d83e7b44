"""Periods as tables write them, each with the days it means."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.spoken import YearKind, is_spoken_period, spoken_period

SAID = {
    "2023": ("2023-01-01", "2023-12-31", "2023"),
    "2023/24": ("2023-04-01", "2024-03-31", "2023/24"),
    "2023-24": ("2023-04-01", "2024-03-31", "2023/24"),
    "2023–2024": ("2023-04-01", "2024-03-31", "2023/24"),
    "1999-00": ("1999-04-01", "2000-03-31", "1999/00"),
    "FY 2023-24": ("2023-04-01", "2024-03-31", "2023/24"),
    "FY23/24": ("2023-04-01", "2024-03-31", "2023/24"),
    "financial year 2023 to 2024": None,
    "year ending March 2024": ("2023-04-01", "2024-03-31", "2023/24"),
    "Year ended 31 March 2024": ("2023-04-01", "2024-03-31", "2023/24"),
    "YE Jun 2024": ("2023-07-01", "2024-06-30", "year ending June 2024"),
    "year ending December 2023": ("2023-01-01", "2023-12-31", "2023"),
    "12 months to September 2022": ("2021-10-01", "2022-09-30", "year ending September 2022"),
    "year ending 15 June 2020": ("2019-06-16", "2020-06-15", "year ending 15 June 2020"),
    "Q1 2023": ("2023-01-01", "2023-03-31", "2023 Q1"),
    "2023 Q1": ("2023-01-01", "2023-03-31", "2023 Q1"),
    "2023Q4": ("2023-10-01", "2023-12-31", "2023 Q4"),
    "2017/18 Q1": ("2017-04-01", "2017-06-30", "2017/18 Q1"),
    "Q4 2017/18": ("2018-01-01", "2018-03-31", "2017/18 Q4"),
    "Quarter 2, 2021": ("2021-04-01", "2021-06-30", "2021 Q2"),
    "3rd quarter 2021": ("2021-07-01", "2021-09-30", "2021 Q3"),
    "Jan to Mar 2023": ("2023-01-01", "2023-03-31", "2023 Q1"),
    "January-March 2023": ("2023-01-01", "2023-03-31", "2023 Q1"),
    "April to September 2023": ("2023-04-01", "2023-09-30", "April to September 2023"),
    "Oct 2022 - Mar 2023": ("2022-10-01", "2023-03-31", "October 2022 to March 2023"),
    "October to March 2024": ("2023-10-01", "2024-03-31", "October 2023 to March 2024"),
    "2023 July-Sept": ("2023-07-01", "2023-09-30", "2023 Q3"),
    "H1 2023": ("2023-01-01", "2023-06-30", "2023 H1"),
    "2023 H2": ("2023-07-01", "2023-12-31", "2023 H2"),
    "2023-04": ("2023-04-01", "2023-04-30", "2023-04"),
    "Apr 2023": ("2023-04-01", "2023-04-30", "2023-04"),
    "April-23": ("2023-04-01", "2023-04-30", "2023-04"),
    "May 2023 [p]": ("2023-05-01", "2023-05-31", "2023-05"),
    "Medi 2023": ("2023-09-01", "2023-09-30", "2023-09"),
    "2020 week 53": ("2020-12-28", "2021-01-03", "2020 week 53"),
    "Week 1 2021": ("2021-01-04", "2021-01-10", "2021 week 1"),
    "1 January 2023": ("2023-01-01", "2023-01-01", "2023-01-01"),
    "Monday 2nd of January, 2023": ("2023-01-02", "2023-01-02", "2023-01-02"),
    "1 April 2022 to 31 March 2023": ("2022-04-01", "2023-03-31", "2022/23"),
    "3 March to 4 May 2023": ("2023-03-03", "2023-05-04", "2023-03-03 to 2023-05-04"),
    "2019 to 2022": ("2019-01-01", "2022-12-31", "2019 to 2022"),
    "2023..2024": ("2023-01-01", "2024-12-31", "2023 to 2024"),
    "2023\u00a0Q2¹": ("2023-04-01", "2023-06-30", "2023 Q2"),
    "academic year 2023/24": ("2023-09-01", "2024-08-31", "academic year 2023/24"),
}


@pytest.mark.parametrize("text", [text for text, said in SAID.items() if said])
def test_a_period_is_the_days_it_says(text):
    start, end, label = SAID[text]
    found = spoken_period(text).period
    assert (found.start, found.end, found.label) == (
        date.fromisoformat(start),
        date.fromisoformat(end),
        label,
    )
    assert spoken_period(text.upper()).period == found


@pytest.mark.parametrize(
    "text",
    [
        *("", "Kent", "2023-99", "Q5 2023", "2023-02-30", "March", "13 Smarch 2023", "12", "1,088"),
        *("2023 week 60", "March to January", "2023/25", "FY 2023-25", "year ending", "9999"),
    ],
)
def test_what_is_no_period_is_none(text):
    assert not is_spoken_period(text)
    with pytest.raises(Unreadable):
        spoken_period(text)


def test_what_leaves_a_choice_is_told():
    assert spoken_period("2023-24").taken == "financial_year"
    assert spoken_period("2023/24").taken == ""
    assert spoken_period("2023-24", YearKind.FINANCIAL).taken == ""
    assert spoken_period("2023", YearKind.FINANCIAL).taken == "financial_from"


def test_a_column_may_say_which_year_it_means():
    both = spoken_period("2023-24", YearKind.CALENDAR).period
    assert (both.start, both.end, both.exact) == (date(2023, 1, 1), date(2024, 12, 31), False)
    assert spoken_period("2023", YearKind.FINANCIAL).period.label == "2023/24"
    assert spoken_period("2023 Q1", YearKind.FINANCIAL).period.start == date(2023, 4, 1)
    assert spoken_period("2023/24", YearKind.ACADEMIC).period.end == date(2024, 8, 31)
