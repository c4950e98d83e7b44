"""Periods as people and statistical offices write them in tables: "year ending March 2024",
"Q1 2023", "Jan to Mar 2023", "2023-24".

What a question or a file of the own form says is read by `basis.period`; here is what stands in the
headings and cells of other people's tables. Nothing is guessed: what can mean two things is told
with what it was taken to mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import (
    EARLIEST,
    LATEST,
    Period,
    bucket,
    financial_quarter,
    financial_year,
    month,
    parse_period,
    quarter,
)


class YearKind(StrEnum):
    """Which year a column means by "2023-24", "Q1" or a bare year, where it says so."""

    CALENDAR = "calendar"
    FINANCIAL = "financial"
    ACADEMIC = "academic"


@dataclass(frozen=True)
class Spoken:
    """A period as read, and what it was taken to mean where the words leave a choice (a code of
    `problems.taken`, empty where they leave none).
    """

    period: Period
    taken: str = ""


_YEAR = r"(?P<year>(?:1[5-9]|2[0-4])\d\d)"
_DASH = r"\s*(?:-|–|—|to|until|and|&|through)\s*"
_FOOTNOTE = re.compile(
    r"\s*(?:\[(?:note\s*)?[\dpre,; ]{1,12}\]|\((?:\d{1,2}|p|r|e)\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|[*†‡~^§]+)$"
)
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
#: "Apr '09".
_SHORT_YEAR = re.compile(r"(?<=[a-z.])\s*['’‘](\d\d)(?!\d)")
_OTHER_YEAR = r"(?P<year2>(?:1[5-9]|2[0-4])\d\d)"
_END = r"(?P<end>\d\d|\d{4})"
_MONTH_NAME = r"(?P<month>[a-zâê]+)\.?"


def _words(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces))


_NEXT_YEAR = _words(_YEAR, r"\s*(?P<sign>[-–—/])\s*", _END)
_ROLLING = _words(
    r"(?:12 months|year|yr|ye|twelve months)\s*(?:ended|ending|end|to)?\s*",
    rf"(?:(?P<day>\d{{1,2}})\s+)?{_MONTH_NAME}\s*",
    _YEAR,
)
_FY = _words(
    r"(?:fy|f/y|financial year|fiscal year|tax year)\s*",
    rf"(?:{_YEAR}(?:\s*[-–/]\s*{_END})?|(?P<short>\d\d)\s*[-–/]\s*(?P<short_end>\d\d))",
    r"(?:\s*,?\s*q(?P<quarter>[1-4]))?",
)
_AY = _words(r"(?:academic year|school year|ay)\s*", _YEAR, r"(?:\s*[-–/]\s*(?:\d\d|\d{4}))?")
_QUARTER_FIRST = _words(
    r"(?:q|qtr\.?\s*|quarter\s*)(?P<quarter>[1-4])\s*,?\s*(?:of\s*)?",
    _YEAR,
    rf"(?P<rest>\s*[-–/]\s*{_END})?",
)
_QUARTER_LAST = _words(
    _YEAR,
    r"(?P<rest>\s*[-–/]\s*(?P<end>\d\d))?\s*[-,: ]?\s*",
    r"(?:q|qtr\.?\s*|quarter\s*)(?P<quarter>[1-4])",
)
_NTH_QUARTER = _words(
    r"(?P<quarter>1st|2nd|3rd|4th|first|second|third|fourth|last|final)\s*(?:quarter|qtr)\s*,?\s*(?:of\s*)?",
    _YEAR,
)
_HALF = _words(rf"(?:h(?P<first>[12])\s*,?\s*{_YEAR}|{_OTHER_YEAR}\s*[-, ]?\s*h(?P<last>[12]))")
_HALF_IN_WORDS = _words(
    r"(?P<nth>first|second|last|1st|2nd)\s+",
    r"(?:half|(?P<count>three|six|nine|[369])\s+months)\s+(?:of\s+|in\s+)?",
    _YEAR,
)
_WEEK = _words(
    rf"(?:{_YEAR}\s*[-, ]?\s*(?:w|week\s*|wk\s*)(?P<week>\d{{1,2}})",
    rf"|(?:w|week|wk)\s*(?P<week2>\d{{1,2}})\s*,?\s*(?:of\s*)?{_OTHER_YEAR})",
)
_MONTH_SPAN = _words(
    rf"(?P<one>[a-zâê]+)\.?\s*(?:(?P<year1>(?:1[5-9]|2[0-4])\d\d)\s*)?{_DASH}",
    rf"(?P<two>[a-zâê]+)\.?\s*,?\s*{_YEAR}",
)
_YEAR_OF_SPAN = _words(_YEAR, rf"\s*[,: ]\s*(?P<one>[a-zâê]+)\.?{_DASH}(?P<two>[a-zâê]+)\.?")
_MONTH_FIRST = _words(rf"{_MONTH_NAME}\s*[-, ]?\s*(?:{_YEAR}|'?(?P<short>\d\d))")
_MONTH_LAST = _words(_YEAR, rf"\s*[-, ]?\s*{_MONTH_NAME}")
_DAY_WORDS = _words(
    r"(?:[a-z]+day,?\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?",
    rf"{_MONTH_NAME},?\s+{_YEAR}",
)
_DAY_SPAN = _words(r"(?P<one>.{4,30}?)\s*(?:–|—|\bto\b|\buntil\b|\bthrough\b)\s*(?P<two>.{4,30})")
_YEARS = _words(_YEAR, r"\s*(?:–|—|-|\bto\b)\s*(?P<end>(?:1[5-9]|2[0-4])\d\d)")
_FIRST, _SECOND = ("first", "1st"), ("second", "2nd")
_MONTHS = {"three": 3, "six": 6, "nine": 9}
_NTH = {
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "final": 4,
}


@lru_cache(1)
def month_numbers() -> dict[str, int]:
    """The number of each month by its names: English, Welsh, and their usual short forms."""
    text = (files("darkfigure") / "data" / "readings" / "months.toml").read_text(encoding="utf-8")
    listed: dict[str, Any] = tomllib.loads(text)
    return {
        name: int(number)
        for language in listed.values()
        for number, names in language.items()
        for name in names
    }


def tidy_words(text: str) -> str:
    """Words in small letters with single spaces, without the footnote marks behind them."""
    plain = _SPACES.sub(" ", text).strip().lower().strip(" .:;")
    while (match := _FOOTNOTE.search(plain)) and match.start():
        plain = plain[: match.start()].strip()
    return plain


def _whole(short: str) -> int:
    """The year that two digits say: from 1970 to 2069."""
    return int(short) + (1900 if int(short) >= 70 else 2000)


@lru_cache(maxsize=8192)
def spoken_period(text: str, year: YearKind | None = None) -> Spoken:
    """Read a period as written in a table. `year` says which year its column means.

    "2023-24" is the financial year from 1 April 2023 where nothing else is said, and the answer
    says so. Raises Unreadable where no period is meant.
    """
    plain = _SHORT_YEAR.sub(lambda found: f" {_whole(found[1])}", tidy_words(text))
    for reader in _READERS:
        try:
            spoken = reader(plain, year)
        except (ValueError, Unreadable):
            continue
        if spoken is not None and _in_range(spoken.period):
            return spoken
    return Spoken(parse_period(text.strip()))


def _in_range(period: Period) -> bool:
    return period.start.year >= EARLIEST and period.end.year <= LATEST


def is_spoken_period(text: str) -> bool:
    """Whether a text says a period."""
    try:
        spoken_period(text)
    except Unreadable:
        return False
    return True


def whole_of(period: Period, cut: str) -> Period:
    """The month, quarter or year that a first day stands for, where a column writes periods so."""
    if not cut or period.start != period.end:
        return period
    return bucket(period, cut) or period


def are_first_days(periods: Iterable[Period]) -> bool:
    """Whether periods are single days, each the first of a month: they may stand for the month."""
    listed = list(periods)
    return len(listed) > 2 and all(
        each.start == each.end and each.start.day == 1 for each in listed
    )


def _month_number(word: str) -> int:
    try:
        return month_numbers()[word.strip(". ")]
    except KeyError:
        raise Unreadable(f"{word!r} is not a month.") from None


def _months(first: date, count: int, label: str) -> Period:
    at = first.year * 12 + first.month - 1 + count
    last = date(at // 12, at % 12 + 1, 1) - timedelta(days=1)
    return Period(first, last, label)


def _academic(year: int) -> Period:
    return Period(
        date(year, 9, 1), date(year + 1, 8, 31), f"academic year {year}/{(year + 1) % 100:02}"
    )


def _follows(year: int, end: str) -> bool:
    return int(end) in ((year + 1) % 100, year + 1)


def _of_year(start: int, year: YearKind | None, taken: str) -> Spoken:
    """The year that begins in `start` and ends in the next."""
    if year is YearKind.ACADEMIC:
        return Spoken(_academic(start))
    return Spoken(financial_year(start), "" if year is YearKind.FINANCIAL else taken)


def _plain_year(text: str, year: YearKind | None) -> Spoken | None:
    if not re.fullmatch(_YEAR, text):
        return None
    if year is YearKind.FINANCIAL:
        return Spoken(financial_year(int(text)), "financial_from")
    return Spoken(_academic(int(text))) if year is YearKind.ACADEMIC else Spoken(parse_period(text))


def _two_years(text: str, year: YearKind | None) -> Spoken | None:
    match = _NEXT_YEAR.fullmatch(text)
    if not match or not _follows(int(match["year"]), match["end"]):
        return None
    start = int(match["year"])
    if year is YearKind.CALENDAR:
        both = Period(date(start, 1, 1), date(start + 1, 12, 31), text, exact=False)
        return Spoken(both)
    return _of_year(start, year, "" if match["sign"] == "/" else "financial_year")


def _fy(text: str, _year: YearKind | None) -> Spoken | None:
    match = _FY.fullmatch(text)
    if not match:
        return None
    if match["short"]:
        start, end = _whole(match["short"]), match["short_end"]
    else:
        start, end = int(match["year"]), match["end"]
    if end and not _follows(start, end):
        return None
    taken = "" if end else "financial_from"
    if match["quarter"]:
        return Spoken(financial_quarter(start, int(match["quarter"])), taken)
    return Spoken(financial_year(start), taken)


def _ay(text: str, _year: YearKind | None) -> Spoken | None:
    match = _AY.fullmatch(text)
    return Spoken(_academic(int(match["year"]))) if match else None


def _rolling(text: str, _year: YearKind | None) -> Spoken | None:
    match = _ROLLING.fullmatch(text)
    if not match:
        return None
    year, number = int(match["year"]), _month_number(match["month"])
    last = month(year, number)
    if match["day"] and int(match["day"]) != last.end.day:
        end = date(year, number, int(match["day"]))
        start = (end + timedelta(days=1)).replace(year=year - 1)
        return Spoken(Period(start, end, f"year ending {end.day} {end:%B %Y}"))
    return Spoken(_year_ending(last))


def _year_ending(last: Period) -> Period:
    """The twelve months that end with a month."""
    ends_a_year = last.start.month == 12
    first = date(last.start.year - (not ends_a_year), last.start.month % 12 + 1, 1)
    return _by_name(first, last.end)


def _a_quarter(match: re.Match[str], year: YearKind | None) -> Spoken | None:
    start, number = int(match["year"]), int(match["quarter"])
    if match["rest"]:
        if not _follows(start, match["end"]):
            return None
        return Spoken(financial_quarter(start, number))
    if year is YearKind.FINANCIAL:
        return Spoken(financial_quarter(start, number))
    return Spoken(quarter(start, number))


def _quarter(text: str, year: YearKind | None) -> Spoken | None:
    match = _QUARTER_FIRST.fullmatch(text) or _QUARTER_LAST.fullmatch(text)
    if match:
        return _a_quarter(match, year)
    if match := _NTH_QUARTER.fullmatch(text):
        number = _NTH[match["quarter"]]
        if year is YearKind.FINANCIAL:
            return Spoken(financial_quarter(int(match["year"]), number))
        return Spoken(quarter(int(match["year"]), number))
    return None


def _half(text: str, _year: YearKind | None) -> Spoken | None:
    match = _HALF.fullmatch(text)
    if not match:
        return None
    start, number = int(match["year"] or match["year2"]), int(match["first"] or match["last"])
    return Spoken(_months(date(start, 6 * number - 5, 1), 6, f"{start} H{number}"))


def _part_in_words(text: str, _year: YearKind | None) -> Spoken | None:
    """ "First half of 2023", "last three months of 2023"."""
    match = _HALF_IN_WORDS.fullmatch(text)
    if not match or (match["count"] and match["nth"] in _SECOND):
        return None
    count = _MONTHS.get(match["count"]) or int(match["count"] or 6)
    start = date(int(match["year"]), 1 if match["nth"] in _FIRST else 13 - count, 1)
    period = _months(start, count, f"{start.year} H{1 if start.month == 1 else 2}")
    return Spoken(period if count == 6 else _by_name(period.start, period.end))


def _week(text: str, _year: YearKind | None) -> Spoken | None:
    match = _WEEK.fullmatch(text)
    if not match:
        return None
    start, number = int(match["year"] or match["year2"]), int(match["week"] or match["week2"])
    first = date.fromisocalendar(start, number, 1)
    return Spoken(Period(first, first + timedelta(days=6), f"{start} week {number}"))


def _span_of_months(text: str, _year: YearKind | None) -> Spoken | None:
    match = _MONTH_SPAN.fullmatch(text)
    if match:
        end_year, first_year = int(match["year"]), match["year1"]
    else:
        match = _YEAR_OF_SPAN.fullmatch(text)
        if not match:
            return None
        end_year, first_year = int(match["year"]), match["year"]
    one, two = _month_number(match["one"]), _month_number(match["two"])
    # "October to March 2024" begins in the year before.
    start_year = int(first_year) if first_year else end_year - (one > two)
    if not first_year:
        first_year = str(start_year)
    return Spoken(_by_name(date(start_year, one, 1), month(end_year, two).end))


def _by_name(start: date, end: date) -> Period:
    """A span of whole months by its usual name."""
    if end < start:
        raise Unreadable("A span ends before it begins.")
    if start.day == 1 and (end + timedelta(days=1)).day == 1:
        length = (end.year - start.year) * 12 + end.month - start.month + 1
        if length == 3 and start.month % 3 == 1:
            return quarter(start.year, (start.month + 2) // 3)
        if length == 12 and start.month == 1:
            return Period(start, end, str(start.year))
        if length == 12 and start.month == 4:
            return financial_year(start.year)
        if length == 12:
            return Period(start, end, f"year ending {end:%B %Y}")
        if length == 1:
            return month(start.year, start.month)
        if start.year == end.year:
            return Period(start, end, f"{start:%B} to {end:%B %Y}")
        return Period(start, end, f"{start:%B %Y} to {end:%B %Y}")
    return Period(start, end, f"{start} to {end}")


def _one_month(text: str, _year: YearKind | None) -> Spoken | None:
    match = _MONTH_FIRST.fullmatch(text)
    if match and match["short"]:
        return Spoken(month(_whole(match["short"]), _month_number(match["month"])))
    match = match or _MONTH_LAST.fullmatch(text)
    return Spoken(month(int(match["year"]), _month_number(match["month"]))) if match else None


def _one_day(text: str, _year: YearKind | None) -> Spoken | None:
    day = _day_in_words(text)
    return None if day is None else Spoken(Period(day, day, day.isoformat()))


def _day_in_words(text: str) -> date | None:
    match = _DAY_WORDS.fullmatch(text)
    if not match:
        return None
    return date(int(match["year"]), _month_number(match["month"]), int(match["day"]))


def _span_of_days(text: str, _year: YearKind | None) -> Spoken | None:
    if ".." in text:
        return None
    match = _DAY_SPAN.fullmatch(text)
    if not match:
        return None
    first = _day_in_words(match["one"]) or _iso(match["one"])
    if first is None and (year := re.search(_YEAR, match["two"])):
        first = _day_in_words(f"{match['one']} {year['year']}")
    last = _day_in_words(match["two"]) or _iso(match["two"])
    if first is None or last is None:
        return None
    return Spoken(_by_name(first, last))


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _span_of_years(text: str, year: YearKind | None) -> Spoken | None:
    match = _YEARS.fullmatch(text)
    if not match or year is not None:
        return None
    start, end = int(match["year"]), int(match["end"])
    if end <= start:
        return None
    return Spoken(Period(date(start, 1, 1), date(end, 12, 31), f"{start} to {end}"))


def _span_of_spoken(text: str, year: YearKind | None) -> Spoken | None:
    """From one period to another: "2023 Q1 to 2023 Q4"."""
    first, sign, last = text.partition(" to ")
    if not sign or " to " in last:
        return None
    start, end = spoken_period(first, year).period, spoken_period(last, year).period
    if not (start.exact and end.exact):
        return None
    named = _by_name(start.start, end.end)
    if " to " in named.label:
        named = Period(named.start, named.end, f"{start.label} to {end.label}")
    return Spoken(named)


#: Tried in this order; each gives nothing where it does not know the words.
_READERS = (
    _plain_year,
    _two_years,
    _fy,
    _ay,
    _rolling,
    _quarter,
    _half,
    _part_in_words,
    _week,
    _one_day,
    _span_of_months,
    _one_month,
    _span_of_days,
    _span_of_years,
    _span_of_spoken,
)
