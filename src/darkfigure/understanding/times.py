"""Times that a text speaks of: periods, ways of cutting time, the day as known on which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import (
    BUCKETS,
    Period,
    day_after,
    day_before,
    is_one,
    of_days,
    parse_day,
    parse_period,
    up_to,
)
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.spoken import month_numbers, spoken_period
from darkfigure.understanding.words import Heard

#: No words for a time are more than this many.
LONGEST = 11
#: How many words after the "by" of a list its next member may begin.
LIST = 8


class Time(NamedTuple):
    """What words from one place to another say of time: a period, a cut of it, a day as known on
    which; with what they were taken to mean, where that is a choice; not `plain` where they may
    well mean another.
    """

    start: int
    end: int
    period: Period | None = None
    cut: str = ""
    as_at: date | None = None
    taken: Saying | None = None
    plain: bool = True


class Lists(NamedTuple):
    """What opens a list of breakdowns, and joins its members: "by area and offence"; beside which
    words a body is who did what is counted ("police referrals").
    """

    openers: tuple[str, ...]
    joints: frozenset[str]
    referring: frozenset[str] = frozenset()


class _Said(NamedTuple):
    period: Period | None = None
    cut: str = ""
    as_at: date | None = None
    chosen: bool = False
    plain: bool = True


class _Ways(NamedTuple):
    """How a language says times."""

    words: frozenset[str]
    named_by_year: frozenset[str]
    counts: Mapping[str, int]
    beside: re.Pattern[str]
    units: Mapping[str, re.Pattern[str]]
    cuts: Mapping[str, re.Pattern[str]]
    said: Mapping[str, re.Pattern[str]]


@lru_cache(4)
def _ways(language: str = "en") -> _Ways:
    text = (files("darkfigure") / "data" / "vocabulary" / f"{language}.toml").read_text("utf-8")
    entry: dict[str, Any] = tomllib.loads(text)["times"]
    count = rf"(?P<count>\d{{1,2}}|{'|'.join(entry['counts'])})"
    parts = {"{unit}": f"(?P<unit>{entry['unit']})", "{count}": count}
    parts |= {f"{{{name}}}": entry[name] for name in ("last", "now", "beside")}
    said = {name: _filled(pattern, parts) for name, pattern in entry["said"].items()}
    return _Ways(
        frozenset(entry["words"]),
        frozenset(entry["named_by_year"]),
        entry["counts"],
        re.compile(entry["beside"]),
        {name: re.compile(pattern) for name, pattern in entry["units"].items()},
        {name: re.compile(pattern) for name, pattern in entry["cuts"].items()},
        said,
    )


def _filled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    return re.compile(pattern)


def time_words() -> frozenset[str]:
    """The words that speak of time without a number."""
    return _ways().words | frozenset(month_numbers())


def times(text: str, words: Sequence[Heard], today: date, lists: Lists) -> Iterator[Time]:
    """Every stretch of words that says something of time, as at `today`."""
    speaking, ways = time_words(), _ways()
    typed = [text[word.start : word.end].casefold() for word in words]
    speaks = [word in speaking or any(sign.isdigit() for sign in word) for word in typed]
    for start in range(len(words)):
        if start and typed[start - 1] in ways.named_by_year:
            continue
        for end in range(start + 1, min(len(words), start + LONGEST) + 1):
            if any(speaks[start:end]):
                between = text[words[start].start : words[end - 1].end]
                said = _said(re.sub(r"[\s,]+", " ", between.casefold()), today)
                if said is None and start and _goes_on(typed[:start], lists):
                    said = _cut(f"{lists.openers[0]} {between.casefold()}")
                if said is not None:
                    yield _time(start, end, said, between)


def _time(start: int, end: int, said: _Said, words: str) -> Time:
    taken = None
    if said.chosen and said.period is not None:
        taken = say("understanding.taken.period", words=words, period=said.period.label)
    return Time(start, end, said.period, said.cut, said.as_at, taken, said.plain)


def _goes_on(before: Sequence[str], lists: Lists) -> bool:
    """Whether a list of breakdowns goes on after these words: "by sex and"."""
    return before[-1] in lists.joints and any(each in before[-LIST:] for each in lists.openers)


def _cut(text: str) -> _Said | None:
    """The cut of time that words say."""
    cut = next((name for name, each in _ways().cuts.items() if each.fullmatch(text)), "")
    return _Said(cut=cut) if cut else None


def _said(text: str, today: date) -> _Said | None:
    """What a stretch of words says of time, if anything."""
    ways = _ways()
    if cut := _cut(text):
        return cut
    for name, rule in _RULES.items():
        match = ways.said[name].fullmatch(text)
        said = rule(match, today) if match else None
        if said is not None:
            return said
    return None


def _kind(unit: str) -> str:
    """Which unit of time a word is."""
    return next(name for name, each in _ways().units.items() if each.fullmatch(unit))


def _each_of(match: re.Match[str], _today: date) -> _Said:
    return _Said(cut=_kind(match["unit"]))


def _last_some(match: re.Match[str], today: date) -> _Said | None:
    count = _ways().counts.get(match["count"]) or int(match["count"])
    return _last(count, _kind(match["unit"]), match["each"], today) if count else None


def _decade(match: re.Match[str], today: date) -> _Said:
    return _last(10, "year", match["each"], today)


def _last(count: int, kind: str, each: str | None, today: date) -> _Said:
    """The last so many whole years, quarters or months."""
    last = first = _whole_before(today, kind)
    for _ in range(count - 1):
        first = _whole_before(first.start, kind)
    label = first.label if count == 1 else f"{first.label} to {last.label}"
    return _Said(Period(first.start, last.end, label), kind if each else "", chosen=True)


def _whole_before(day: date, kind: str) -> Period:
    """The last whole year, quarter or month that ended before the one of a day."""
    return BUCKETS[kind](day_before(BUCKETS[kind](day).start))


def _ago(match: re.Match[str], today: date) -> _Said | None:
    count, kind = _ways().counts.get(match["count"]) or int(match["count"]), _kind(match["unit"])
    return _Said(_so_many_before(today, kind, count), chosen=True) if count else None


def _before_last(match: re.Match[str], today: date) -> _Said:
    return _Said(_so_many_before(today, _kind(match["unit"]), 2), chosen=True)


def _so_many_before(day: date, kind: str, count: int) -> Period:
    """The whole year, quarter or month so many before the one of a day."""
    period = BUCKETS[kind](day)
    for _ in range(count):
        period = _whole_before(period.start, kind)
    return period


def _last_one(match: re.Match[str], today: date) -> _Said:
    return _Said(_whole_before(today, _kind(match["unit"])), chosen=True)


def _this(match: re.Match[str], today: date) -> _Said:
    whole = BUCKETS[_kind(match["unit"])](today)
    return _Said(
        of_days(whole.start, today) if match["so_far"] or match["so_far_after"] else whole,
        chosen=True,
    )


#: Known at the end of a time is known at its last day.
_END_OF = re.compile(r"^(?:the )?(?:very )?end of ")
#: 17/12/2008 is a day of December wherever English is written as in Britain.
_DAY_FIRST = re.compile(r"^(\d\d)[/.](\d\d)[/.](\d{4})$")


def _as_at(match: re.Match[str], _today: date) -> _Said | None:
    text = _END_OF.sub("", match["day"])
    try:
        if "before" in match[0]:
            raise Unreadable(text)
        return _Said(as_at=parse_day(_DAY_FIRST.sub(r"\3-\2-\1", text)))
    except Unreadable:
        period = _period(text)
    if period is None:
        return None
    whole = period.start == period.end and "before" not in match[0]
    day = day_before(period.start) if "before" in match[0] else period.end
    return _Said(as_at=day, plain=whole)


def _each_from(match: re.Match[str], today: date) -> _Said | None:
    inner = _said(match["rest"], today)
    return inner._replace(cut="year") if inner and inner.period else None


def _since(match: re.Match[str], today: date) -> _Said | None:
    first = _period(match["first"])
    if first is None or first.start > today:
        return None
    each = "year" if match.groupdict().get("each") else ""
    return _Said(of_days(first.start, today), each, chosen=True)


def _after(match: re.Match[str], today: date) -> _Said | None:
    first = _period(match["first"])
    if first is None or first.end >= today:
        return None
    return _Said(of_days(day_after(first.end), today), chosen=True)


def _by_then(match: re.Match[str], _today: date) -> _Said | None:
    """ "By March 2009": until then, or known by then."""
    last = _period(match["last"])
    return _Said(up_to(last.end), chosen=True, plain=False) if last else None


def _until(match: re.Match[str], _today: date) -> _Said | None:
    last = _period(match["last"])
    return _Said(up_to(last.end), chosen=True) if last else None


def _before(match: re.Match[str], _today: date) -> _Said | None:
    last = _period(match["last"])
    if last is None:
        return None
    return _Said(up_to(day_before(last.start)), chosen=True)


def _span(match: re.Match[str], _today: date) -> _Said | None:
    first, last = _period(match["first"]), _period(match["last"])
    if first is None or last is None or first.start > last.end:
        whole = _period(match[0]) or _period(match.string[match.start("first") :])
        return _named_together(whole, last, match) if whole else None
    named = of_days(first.start, last.end)
    if named.label == Period(named.start, named.end).label:
        named = Period(named.start, named.end, f"{first.label} to {last.label}")
    if match["from"] or not _ways().beside.fullmatch(match["joint"]):
        return _Said(named)
    # two times side by side: asked one by the other, and plainly only where nothing lies between
    cut = next((each for each in BUCKETS if is_one(first, each) and is_one(last, each)), "")
    plain = bool(cut) and day_after(first.end) == last.start
    return _Said(named, cut, chosen=not plain, plain=plain)


def _named_together(whole: Period, last: Period | None, match: re.Match[str]) -> _Said:
    """A stretch in words that share a year: "March and May 2022" leaves out what lies between."""
    if last is None or match["from"] or not _ways().beside.fullmatch(match["joint"]):
        return _Said(whole)
    cut = next((each for each in BUCKETS if is_one(last, each)), "")
    beside = bool(cut) and day_after(BUCKETS[cut](whole.start).end) == last.start
    return _Said(whole, chosen=not beside, plain=beside)


def _plain(match: re.Match[str], _today: date) -> _Said | None:
    period = _period(match["period"])
    return _Said(period) if period else None


def _period(text: str) -> Period | None:
    """A period in words that name a year."""
    if not any(sign.isdigit() for sign in text):
        return None
    for reader in (_spoken, parse_period):
        try:
            return reader(text)
        except Unreadable:
            continue
    return None


_TWO_SHORT = re.compile(r"\d\d/\d\d")


def _spoken(text: str) -> Period:
    if _TWO_SHORT.fullmatch(text):
        return spoken_period(f"fy {text}").period
    return spoken_period(text).period


#: What each way of saying a time means, the first that fits first.
_RULES = {
    "each_of": _each_of,
    "last_some": _last_some,
    "decade": _decade,
    "ago": _ago,
    "before_last": _before_last,
    "last_one": _last_one,
    "this": _this,
    "as_at": _as_at,
    "each_from": _each_from,
    "since": _since,
    "onwards": _since,
    "after": _after,
    "by_then": _by_then,
    "until": _until,
    "before": _before,
    "span": _span,
    "plain": _plain,
}
