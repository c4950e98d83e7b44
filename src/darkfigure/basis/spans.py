"""What the label of a figure may claim: the days that figures are held for, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import NO_BEGINNING, Period, day_after, day_before, of_days
from darkfigure.basis.saying import Saying, say
from darkfigure.basis.spoken import spoken_period

#: So many stretches are written out; of more, how many there are.
WRITTEN = 4


def claimed(periods: Iterable[Period]) -> str:
    """The label of figures for these periods together: what is held without a gap as first to last,
    stretches apart one by one.
    """
    stretches = _stretches(periods)
    if len(stretches) <= WRITTEN:
        return ", ".join(_label(each) for each in stretches)
    first, last = stretches[0][0], stretches[-1][-1]
    return str(say("periods.parts", number=len(stretches), first=first.label, last=last.label))


def stretches(periods: Iterable[Period]) -> list[Period]:
    """The days of periods as stretches without a gap, in order."""
    return [
        Period(each[0].start, max(period.end for period in each), _label(each))
        for each in _stretches(periods)
    ]


def fills(periods: Iterable[Period], whole: Period) -> bool:
    """Whether every day of `whole` is in one of the periods."""
    return not lacking(periods, whole)


def lacking(periods: Iterable[Period], whole: Period) -> list[Period]:
    """The days of `whole` that are in none of the periods, as stretches in order; itself where none
    is.
    """
    gaps, day = [], whole.start
    for period in sorted(span for span in periods if span.meets(whole)):
        if period.start > day:
            gaps.append((day, day_before(period.start)))
        day = max(day, day_after(period.end))
    if day <= whole.end:
        gaps.append((day, whole.end))
    return [whole if gap == (whole.start, whole.end) else of_days(*gap) for gap in gaps]


def until_said(day: date) -> Saying:
    """All time up to a day, in words: by the year that it ends."""
    if (day.month, day.day) == (12, 31):
        return say("until_year", end=str(day.year))
    return say("until_day", end=day)


def days_said(period: Period) -> Saying:
    """The first and the last day of a period in words; of one without a beginning its end."""
    if period.start == NO_BEGINNING:
        return say("time_until", until=until_said(period.end))
    return say("days", start=period.start, end=period.end)


def _stretches(periods: Iterable[Period]) -> list[list[Period]]:
    """Periods in order, those that follow on one another together; of equal days one."""
    stretches: list[list[Period]] = []
    end = date.min
    for period in sorted(dict.fromkeys(periods)):
        if stretches and period.start <= day_after(end):
            stretches[-1].append(period)
        else:
            stretches.append([period])
        end = max(end, period.end)
    return stretches


def _label(stretch: list[Period]) -> str:
    """From the first period to the last; of periods that have two ends themselves, from the first
    end of the one to the last of the other.
    """
    first, last = stretch[0], max(stretch, key=lambda period: period.end)
    if first.start == last.start:
        return last.label if first.end != last.end else first.label
    begins, ends = _ends(first.label)[0], _ends(last.label)[1]
    begins = begins if _days(begins)[0] == first.start else first.label
    # "Q3" of "2023 Q1 to Q3" says its year before
    said = (ends, f"{last.end.year} {ends}")
    ends = next((each for each in said if _days(each)[1] == last.end), last.label)
    return f"{begins} to {ends}"


def _ends(label: str) -> tuple[str, str]:
    """The words of a label for its first and for its last days."""
    begins, between, ends = label.partition(" to ")
    return (begins, ends) if between else (label, label)


def _days(label: str) -> tuple[date, date]:
    """The first and the last day that a label says; days that never were where it says none."""
    try:
        period = spoken_period(label).period
    except DarkfigureError:
        return date.max, date.min
    return period.start, period.end
