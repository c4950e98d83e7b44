"""A column of a table as it seems; of columns of days, which of their numbers comes first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from darkfigure.reading.terms import PERIOD
from darkfigure.reading.written_days import is_two_days, order_of

#: What a person has to say of days that can be two; the columns that hold days.
DAYS, _OF_DAYS = "days", (PERIOD, "stated_on")


@dataclass(frozen=True)
class Seen:
    """A column of a table as it seems: what it is, how sure (0 to 1), and its values: those known,
    and those not known, with how often they stand. `shown` says that its values may be printed.
    """

    name: str
    is_: str
    sure: float
    known: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    shown: bool = False
    why: str = ""


def order_of_days(seen: Sequence[Seen], columns: Sequence[Sequence[str]]) -> str:
    """What comes first in the days of a table; "" where they do not tell."""
    times = [values for column, values in zip(seen, columns, strict=True) if column.is_ in _OF_DAYS]
    return order_of(chain.from_iterable(times))


def in_order(column: Seen, values: Sequence[str]) -> Seen:
    """A column of days that can be two, as it seems: these are not known."""
    two = Counter(value for value in values if is_two_days(value))
    if column.is_ not in _OF_DAYS or not two:
        return column
    return replace(
        column,
        known=max(column.known - len(two), 0),
        unknown=(*column.unknown, *two.items()),
        sure=0.5,
    )


def can_be_two(seen: Sequence[Seen]) -> bool:
    """Whether any day of a table can be two."""
    return any(is_two_days(text) for column in seen for text, _ in column.unknown)


def is_quarter(text: str) -> bool:
    """Whether a text names a quarter of a year."""
    return bool(
        re.fullmatch(
            r"(?:q(?:uarter)?\s*)?[1-4]|[a-z]{3,9}\s*(?:-|to)\s*[a-z]{3,9}", text.casefold()
        )
    )
