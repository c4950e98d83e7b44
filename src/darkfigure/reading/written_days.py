"""Days with the month as a number, as spreadsheets write them out: 29/01/2020, 5/19/2006 0:00:00,
2006-05-19 00:00:00.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from darkfigure.basis.errors import DarkfigureError
from darkfigure.reading.instructions import Reading, day_of

_NUMBERED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?: \d{1,2}:\d\d(?::\d\d)?)?", re.ASCII)
_STAMPED = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?", re.ASCII)


def is_written_day(text: str) -> bool:
    """Whether a text is a day so written, whichever of its numbers is the month."""
    if found := _NUMBERED.fullmatch(text):
        one, two = int(found[1]), int(found[2])
        return 1 <= min(one, two) <= 12 and max(one, two) <= 31
    return bool(_STAMPED.fullmatch(text))


def is_two_days(text: str) -> bool:
    """Whether a text is a day so written that can be two: 02/07/2017."""
    found = _NUMBERED.fullmatch(" ".join(text.split()))
    return found is not None and max(map(int, found.groups())) <= 12 and found[1] != found[2]


def order_of(texts: Iterable[str]) -> str:
    """What comes first in days so written, as a reading says it; "" where they do not tell."""
    pairs = [found.groups() for text in texts if (found := _NUMBERED.fullmatch(text))]
    day_first = any(int(one) > 12 for one, _ in pairs)
    month_first = any(int(two) > 12 for _, two in pairs)
    if day_first == month_first:
        return ""
    return "day first" if day_first else "month first"


def as_day(text: str, reading: Reading) -> str:
    """A day so written as YYYY-MM-DD; every other text, and one that can be two days, as it is."""
    if not is_written_day(text):
        return text
    try:
        return day_of(text, reading)
    except DarkfigureError:
        return text
