"""The minute from which a release is out: a time of day in London, summer time told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from darkfigure.basis.errors import Unreadable

LONDON = ZoneInfo("Europe/London")
EXAMPLE = "2009-02-24 09:30"


def minute_in_london(text: str) -> datetime:
    """A minute as typed, with its distance from UTC.

    Raises Unreadable where it is none, and for one that the change of the clocks leaves out or has
    twice.
    """
    try:
        naive = datetime.strptime(" ".join(text.replace("T", " ").split()), "%Y-%m-%d %H:%M")
    except ValueError:
        raise Unreadable(
            f"{text!r} is no minute of a day; {EXAMPLE!r} would be one, in London's time."
        ) from None
    first, second = (naive.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    clocks = "forward" if _left_out(first) else "back"
    hour = naive + timedelta(hours=1)
    raise Unreadable(
        f"{text} is not one minute in London: the clocks go {clocks} then. Write "
        f"{hour:%Y-%m-%d %H:%M}, or a time before."
    )


def _left_out(time: datetime) -> bool:
    """Whether the clocks jump over a time."""
    return time.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != time.replace(tzinfo=None)


def said_in_london(time: datetime) -> str:
    """A minute as it is told: by London's clocks, with what they are called then."""
    return f"{time.astimezone(LONDON):%Y-%m-%d %H:%M %Z}"
