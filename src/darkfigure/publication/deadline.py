"""When a request is due: twenty working days after it came, as section 10 of the Freedom of
Information Act 2000 counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

#: Not later than this working day following the day of receipt (section 10(1)).
DAYS = 20
SATURDAY = 5
#: The parts of the United Kingdom that have bank holidays of their own.
PARTS = ("ENG", "WLS", "SCT", "NIR")


@dataclass(frozen=True)
class Deadline:
    """The last day, and the bank holidays on the way that do not count, each with its name."""

    received: date
    due: date
    holidays: tuple[tuple[date, str], ...]

    def days_left(self, today: date) -> int:
        """Working days that are left after a day: none on the last; below nought, how many passed
        since.
        """
        if today > self.due:
            return -_working_days(self.due, today)
        return _working_days(today, self.due)


def due_under_the_act(received: date) -> Deadline:
    """When a request is due that came on a day, which need not be a working day itself."""
    day, counted, holidays = received, 0, []
    while counted < DAYS:
        day += timedelta(days=1)
        if is_working_day(day):
            counted += 1
        elif day.weekday() < SATURDAY:
            holidays.append((day, _bank_holidays(day.year)[day]))
    return Deadline(received, day, tuple(holidays))


def is_working_day(day: date) -> bool:
    """Whether a day counts: no Saturday, Sunday, Christmas Day, Good Friday, nor a bank holiday in
    any part of the United Kingdom (section 10(6)).
    """
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of a year in any part of the United Kingdom, those proclaimed as well as
    far as they were known when the library was made.
    """
    from holidays import country_holidays  # noqa: PLC0415 - few ask when something is due

    parts = (country_holidays("GB", part, year, language="en_GB") for part in PARTS)
    return {day: name for part in parts for day, name in part.items()}


def _working_days(after: date, until: date) -> int:
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return sum(map(is_working_day, days))
