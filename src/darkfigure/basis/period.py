"""Periods as statistics name them: a day, month, quarter, calendar year, financial year, or a
campaign's own span.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NoReturn

from darkfigure.basis.errors import Unreadable

#: No figure is of a year before or after these: a slip of the pen is.
EARLIEST, LATEST = 1500, 2500
#: The first day of a time that has an end and no beginning.
NO_BEGINNING = date(EARLIEST, 1, 1)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[ -]?Q([1-4])", re.IGNORECASE | re.ASCII)
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_FINANCIAL_YEAR = re.compile(r"(\d{4})/(\d{2})", re.ASCII)
_TWO_YEARS = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A span of days, both ends included, with the label it was stated under.

    `exact` is false where the label does not say which days it means ("2007-08"): the days are then
    the widest span the label can mean.
    """

    start: date
    end: date
    label: str = ""
    exact: bool = True

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Unreadable(f"The period {self.start} to {self.end} ends before it begins.")
        if not self.label:
            object.__setattr__(self, "label", f"{self.start} to {self.end}")

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.end - self.start).days + 1

    def covers(self, other: Period) -> bool:
        """Whether every day of `other` lies in this period."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Period) -> bool:
        """Whether the two share at least one day."""
        return self.start <= other.end and other.start <= self.end


def parse_period(text: str) -> Period:
    """Read a period: 2023, 2023Q2, 2017/18, 2023-04, 2023-04-01, 2007-08, FROM..TO or ..TO.

    2017/18 is the financial year from 1 April. 2007-08 reads as August 2007 only where
    `parse_period` is given it as a side of FROM..TO; alone it is taken as printed in tables: two
    years, the days not exactly known.

    Raises Unreadable with the forms that would be right.
    """
    found = _parsed(text.strip())
    if not (found.start.year >= EARLIEST and found.end.year <= LATEST):
        _no_period(text)
    return found


def _parsed(text: str) -> Period:
    if ".." in text:
        first, last = (part.strip() for part in text.split("..", 1))
        if first in ("", str(NO_BEGINNING)):
            return up_to(_span(last).end)
        from_span, to_span = _span(first), _span(last)
        return Period(from_span.start, to_span.end, f"{from_span.label} to {to_span.label}")
    if (match := _TWO_YEARS.fullmatch(text)) and int(match[2]) == (int(match[1]) + 1) % 100:
        if not EARLIEST <= int(match[1]) <= LATEST:
            _no_period(text)
        return Period(date(int(match[1]), 1, 1), date(int(match[1]) + 1, 12, 31), text, exact=False)
    return _span(text)


def _span(text: str) -> Period:
    try:
        if match := _DAY.fullmatch(text):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return Period(day, day, text)
        if match := _MONTH.fullmatch(text):
            return month(int(match[1]), int(match[2]), text)
        if match := _QUARTER.fullmatch(text):
            return quarter(int(match[1]), int(match[2]))
        if match := _YEAR.fullmatch(text):
            return Period(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31), text)
        if (match := _FINANCIAL_YEAR.fullmatch(text)) and int(match[2]) == (
            int(match[1]) + 1
        ) % 100:
            return financial_year(int(match[1]))
    except ValueError:
        pass
    _no_period(text)


def _no_period(text: str) -> NoReturn:
    raise Unreadable(
        f"{text!r} is not a period. Write a year (2023), a quarter (2023Q2), a financial year "
        "(2017/18), a month "
        "(2023-04), a day (2023-04-01), or two of these with .. between them (..2023: up to then)."
    )


def month(year: int, number: int, label: str = "") -> Period:
    """A calendar month."""
    return Period(
        date(year, number, 1),
        date(year, number, monthrange(year, number)[1]),
        label or f"{year}-{number:02}",
    )


def quarter(year: int, number: int) -> Period:
    """A quarter of the calendar year, 1 to 4."""
    last = number * 3
    return Period(
        date(year, last - 2, 1), date(year, last, monthrange(year, last)[1]), f"{year} Q{number}"
    )


def financial_year(year: int) -> Period:
    """The financial year beginning on 1 April of `year`."""
    return Period(date(year, 4, 1), date(year + 1, 3, 31), f"{year}/{(year + 1) % 100:02}")


def financial_quarter(year: int, number: int) -> Period:
    """A quarter of the financial year beginning in `year`; 1 is April to June."""
    span = quarter(year, number + 1) if number < 4 else quarter(year + 1, 1)
    return Period(span.start, span.end, f"{year}/{(year + 1) % 100:02} Q{number}")


def _calendar_quarter(day: date) -> Period:
    return quarter(day.year, (day.month + 2) // 3)


def _calendar_year(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), str(day.year))


def _financial_year(day: date) -> Period:
    return financial_year(day.year if day.month >= 4 else day.year - 1)


def _month(day: date) -> Period:
    return month(day.year, day.month)


#: Ways of cutting time that a question may ask for, each giving the bucket that holds a day.
BUCKETS: dict[str, Callable[[date], Period]] = {
    "month": _month,
    "quarter": _calendar_quarter,
    "year": _calendar_year,
    "financial_year": _financial_year,
}


@lru_cache(maxsize=4096)
def bucket(period: Period, cut: str) -> Period | None:
    """The month, quarter or year that wholly holds `period`; None where it crosses a border.

    With cut "period" the period itself is its own bucket.
    """
    if cut == "period":
        return period
    held = BUCKETS[cut](period.start)
    return held if held.covers(period) else None


@lru_cache(maxsize=8192)  # the same few periods are asked about again and again
def is_one(period: Period, cut: str) -> bool:
    """Whether a period is a whole month, quarter or year, whatever it is called."""
    whole = BUCKETS[cut](period.start)
    return (period.start, period.end) == (whole.start, whole.end)


def of_days(start: date, end: date) -> Period:
    """The period of these days, named as a month, quarter or year where it is one, and by where it
    ends where it has no beginning.
    """
    if start == NO_BEGINNING:
        return up_to(end)
    named = (bucket_of(start) for bucket_of in BUCKETS.values())
    return next((cut for cut in named if (cut.start, cut.end) == (start, end)), Period(start, end))


def up_to(day: date) -> Period:
    """All time up to a day, named by where it ends."""
    whole = (day.month, day.day) == (12, 31)
    named = f"the end of {day.year}" if whole else in_words(day)
    return Period(NO_BEGINNING, day, f"up to {named}")


def written(period: Period) -> str:
    """A period in a form that `parse_period` reads back as the same days: its label where that
    does, else FROM..TO; ..TO where it has no beginning.
    """
    if period.start == NO_BEGINNING:
        whole = (period.end.month, period.end.day) == (12, 31)
        return f"..{period.end.year if whole else period.end}"
    for text in (period.label, period.label.replace(" to ", "..")):
        try:
            read_back = parse_period(text)
        except Unreadable:
            continue
        if (read_back.start, read_back.end) == (period.start, period.end):
            return text
    return f"{period.start}..{period.end}"


@dataclass(frozen=True)
class StatedDate:
    """The day a statement was made, with the precision its source gives: day, month or year.

    `day` is the last day it can mean, so that nothing counts as known before it certainly was.
    """

    day: date
    precision: str


def parse_stated(text: str) -> StatedDate:
    """Read 2008-12-17, 2009-02 or 2003 as the date of a statement.

    Raises Unreadable for an impossible date.
    """
    text = text.strip()
    for pattern, precision in ((_DAY, "day"), (_MONTH, "month"), (_YEAR, "year")):
        if pattern.fullmatch(text):
            return StatedDate(_span(text).end, precision)
    raise Unreadable(
        f"{text!r} is not a date. Write YYYY-MM-DD, or YYYY-MM or YYYY where the source gives "
        "no "
        "more."
    )


_DAY_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(text: str) -> date:
    """Read a whole day, YYYY-MM-DD. Raises Unreadable for anything else, the impossible
    included.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        if _DAY_SHAPE.fullmatch(text.strip()):
            raise Unreadable(f"{text!r} is not a day that exists. Write YYYY-MM-DD.") from None
        raise Unreadable(f"{text!r} is no day so written. Write YYYY-MM-DD.") from None
    if not EARLIEST <= day.year <= LATEST:
        raise Unreadable(f"{text!r} is no day that figures are of. Write YYYY-MM-DD.")
    return day


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def in_words(day: date, precision: str = "day") -> str:
    """A day as an answer prints it: 17 December 2008; no more of it than its source gives (February
    2009, 2003).
    """
    if precision == "month":
        return f"{day:%B %Y}"
    return str(day.year) if precision == "year" else f"{day.day} {day:%B %Y}"
