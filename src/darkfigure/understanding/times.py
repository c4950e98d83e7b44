"""Times that a text speaks of: periods, ways of cutting time, the day as known on which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import (
    BUCKETS,
    EARLIEST,
    Period,
    day_after,
    day_before,
    of_days,
    parse_day,
    parse_period,
)
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.spoken import month_numbers, spoken_period
from darkfigure.understanding.words import Heard

#: No words for a time are more than this many.
LONGEST = 11


class Time(NamedTuple):
    """What words from one place to another say of time: a period, a cut of it, a day as known on
    which; with what they were taken to mean, where that is a choice.
    """

    start: int
    end: int
    period: Period | None = None
    cut: str = ""
    as_at: date | None = None
    taken: Saying | None = None


class _Said(NamedTuple):
    period: Period | None = None
    cut: str = ""
    as_at: date | None = None
    chosen: bool = False


def times(text: str, words: Sequence[Heard], today: date) -> Iterator[Time]:
    """Every stretch of words that says something of time, as at `today`."""
    months = month_numbers()
    speaks = [_speaks(text[word.start : word.end].casefold(), months) for word in words]
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST) + 1):
            if not any(speaks[start:end]):
                continue
            said = _said(_tidy(text[words[start].start : words[end - 1].end]), today)
            if said is not None:
                yield _time(start, end, said, text[words[start].start : words[end - 1].end])


def _time(start: int, end: int, said: _Said, words: str) -> Time:
    taken = None
    if said.chosen and said.period is not None:
        taken = say("understanding.taken.period", words=words, period=said.period.label)
    return Time(start, end, said.period, said.cut, said.as_at, taken)


def _tidy(text: str) -> str:
    return re.sub(r"[\s,]+", " ", text.casefold()).strip()


def _speaks(word: str, months: dict[str, int]) -> bool:
    return word in _TIME_WORDS or any(sign.isdigit() for sign in word) or word in months


_TIME_WORDS = frozenset(
    [
        "year",
        "years",
        "yearly",
        "annual",
        "annually",
        "quarter",
        "quarters",
        "quarterly",
        "month",
        "months",
        "monthly",
        "time",
        "trend",
        "trends",
        "decade",
    ]
)
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "twenty": 20,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})"
_LAST = r"(?:the )?(?:last|past|previous|latest|most recent|preceding)"
_EVERY = r"(?:by|per|each|every|for each|in each|for every|in every)"
_CUTS = {
    "year": rf"{_EVERY}(?: calendar)? years?|a year|of each years?|years? (?:by|on|after) years?"
    r"|yearly|annual|annually|annual (?:figures|totals|numbers)|over time|(?:by|over) the years"
    r"|by the year|trends?|trend over time|for all years|each of the years",
    "financial_year": rf"{_EVERY} (?:financial|fiscal) year",
    "quarter": rf"{_EVERY}(?: calendar)? quarters?|quarterly|quarter (?:by|on) quarter",
    "month": rf"{_EVERY}(?: calendar)? months?|monthly|month (?:by|on) month",
}
_CUT = {name: re.compile(pattern) for name, pattern in _CUTS.items()}
_KINDS = r"calendar years?|financial years?|years?|quarters?|months?"
_UNIT = rf"(?P<unit>{_KINDS})"
_LAST_SOME = re.compile(
    rf"(?P<each>(?:for |in |over |during )?(?:each|every) (?:one )?of )?{_LAST} {_COUNT} {_UNIT}"
)
_LAST_ONE = re.compile(rf"(?:in |for |during )?(?:{_LAST}) (?:whole |full |complete )?{_UNIT}")
_THIS = re.compile(rf"(?:so far )?this {_UNIT}(?: so far)?|(?P<unit2>{_KINDS}) to date")
_NOW = r"(?:to date|(?:to|until) (?:now|today)|to the present|onwards?|on)"
_SINCE = re.compile(
    r"(?:(?P<each>(?:each|every) year )|ever )?"
    r"(?P<how>since|from|after|starting in|starting from|beginning in) "
    rf"(?P<first>.+?)(?: {_NOW})?"
)
_OPEN = re.compile(rf".+ {_NOW}")
_UNTIL = re.compile(
    r"(?P<how>before|until|up to|up until|till|prior to|by the end of) (?P<last>.+)"
)
_SPAN = re.compile(
    r"(?:between |from )?(?P<first>.+?) (?:and|to|until|through|up to|-|–) (?P<last>.+)"
)
_AS_AT = re.compile(
    r"(?:as )?(?:at|of|known (?:on|at|by)|(?:it|they) stood on|it was known on|stated on"
    r"|on record on|understood on|reported on) (?P<day>.+)"
)
_EACH_PERIOD = re.compile(
    r"(?:in |for )?(?:each|every) (?:year|one) (?P<rest>(?:from|between|since|in) .+)"
)
_EACH_OF = re.compile(
    rf"(?:in |for |over )?each of (?:the )?(?:{_COUNT} )?"
    r"(?P<kind>(?:financial |calendar )?years|quarters|months)"
)
_NUMBERED = re.compile(r"\d")


def _said(text: str, today: date) -> _Said | None:
    said = (rule(text, today) for rule in _RULES)
    return next((found for found in said if found is not None), None)


def _cut(text: str, _today: date) -> _Said | None:
    said = (_Said(cut=name) for name, pattern in _CUT.items() if pattern.fullmatch(text))
    return next(said, None)


def _each_of(text: str, _today: date) -> _Said | None:
    found = _EACH_OF.fullmatch(text)
    return _Said(cut=_kind(found["kind"])) if found else None


def _kind(unit: str) -> str:
    name = unit.removesuffix("s").removeprefix("calendar ")
    return name.replace(" ", "_")


def _last_some(text: str, today: date) -> _Said | None:
    found = _LAST_SOME.fullmatch(text)
    if found is None:
        return None
    count = _COUNTS.get(found["count"]) or int(found["count"])
    if not count:
        return None
    kind = _kind(found["unit"])
    last = _whole_before(today, kind)
    first = last
    for _ in range(count - 1):
        first = _whole_before(first.start, kind)
    label = first.label if count == 1 else f"{first.label} to {last.label}"
    return _Said(Period(first.start, last.end, label), kind if found["each"] else "", chosen=True)


def _whole_before(day: date, kind: str) -> Period:
    """The last whole year, quarter or month that ended before a day."""
    now = _holding(day, kind)
    return _holding(day_before(now.start), kind)


def _holding(day: date, kind: str) -> Period:
    return BUCKETS[kind](day)


def _last_one(text: str, today: date) -> _Said | None:
    found = _LAST_ONE.fullmatch(text)
    return _Said(_whole_before(today, _kind(found["unit"])), chosen=True) if found else None


def _this(text: str, today: date) -> _Said | None:
    found = _THIS.fullmatch(text)
    if found is None:
        return None
    return _Said(_holding(today, _kind(found["unit"] or found["unit2"])), chosen=True)


def _as_known(text: str, _today: date) -> _Said | None:
    found = _AS_AT.fullmatch(text)
    day = _day(found["day"]) if found else None
    return _Said(as_at=day) if day else None


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except Unreadable:
        period = _period(text)
    return period.start if period and period.start == period.end else None


def _each(text: str, today: date) -> _Said | None:
    found = _EACH_PERIOD.fullmatch(text)
    inner = _said(found["rest"], today) if found else None
    return inner._replace(cut="year") if inner and inner.period else None


def _since(text: str, today: date) -> _Said | None:
    found = _SINCE.fullmatch(text)
    if found is None or (found["how"] == "from" and not _OPEN.fullmatch(text)):
        return None
    first = _period(found["first"])
    if first is None or first.start > today:
        return None
    start = day_after(first.end) if found["how"] == "after" else first.start
    if start > today:
        return None
    return _Said(of_days(start, today), "year" if found["each"] else "", chosen=True)


def _until(text: str, _today: date) -> _Said | None:
    found = _UNTIL.fullmatch(text)
    last = _period(found["last"]) if found else None
    if found is None or last is None:
        return None
    end = day_before(last.start) if found["how"] in ("before", "prior to") else last.end
    return _Said(Period(date(EARLIEST, 1, 1), end), chosen=True)


def _span(text: str, _today: date) -> _Said | None:
    found = _SPAN.fullmatch(text)
    if found is None or (whole := _period(text)):
        return _Said(whole) if found and whole else None
    first, last = _period(found["first"]), _period(found["last"])
    if first is None or last is None or first.start > last.end:
        return None
    named = of_days(first.start, last.end)
    if named.label == str(Period(named.start, named.end).label):
        named = Period(named.start, named.end, f"{first.label} to {last.label}")
    return _Said(named)


def _plain(text: str, _today: date) -> _Said | None:
    period = _period(text.removeprefix("in ").removeprefix("during ").removeprefix("the year "))
    return _Said(period) if period else None


def _period(text: str) -> Period | None:
    """A period in words that name a year."""
    if not _NUMBERED.search(text):
        return None
    try:
        return parse_period(text)
    except Unreadable:
        pass
    try:
        return spoken_period(text).period
    except Unreadable:
        return None


_RULES = (
    _cut,
    _each_of,
    _last_some,
    _last_one,
    _this,
    _as_known,
    _each,
    _since,
    _until,
    _span,
    _plain,
)
