"""The appropriate limit: whether the cost of finding information allows a request to be refused.

Source: the Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004
(SI 2004/3244), regulations 3 and 4: 600 pounds for a body of Part I of Schedule 1 to the Freedom of
Information Act 2000 (government departments, both Houses, the armed forces), 450 pounds for any
other; 25 pounds an hour for each person, for determining whether the information is held, locating,
retrieving and extracting it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.codes import nearest

#: Pounds an hour, and the limit in pounds by kind of body.
RATE = 25
LIMITS = {"central": 600, "other": 450}


@dataclass(frozen=True)
class Cost:
    """What it would take to find something: records to be gone through, minutes for each, and hours
    besides for determining whether it is held and locating it.
    """

    records: int
    minutes: float
    body: str = "other"
    more_hours: float = 0.0

    @property
    def hours(self) -> float:
        """Hours of work in all."""
        return float(self._worked(self.records))

    @property
    def pounds(self) -> float:
        """What they cost at the rate of the Regulations."""
        return float(self._worked(self.records) * RATE)

    @property
    def limit(self) -> int:
        """The appropriate limit in pounds."""
        return LIMITS[self.body]

    @property
    def limit_hours(self) -> float:
        """The limit in hours."""
        return self.limit / RATE

    @property
    def exceeds(self) -> bool:
        """Whether section 12 allows to refuse: the cost is over the limit, not at it."""
        return self._worked(self.records) * RATE > self.limit

    @property
    def within(self) -> int:
        """How many of the records could be gone through within the limit."""
        left = (Fraction(self.limit, RATE) - _exactly(self.more_hours)) * 60
        return min(self.records, max(0, int(left / _exactly(self.minutes))))

    def _worked(self, records: int) -> Fraction:
        """Hours for so many records, exactly: the limit is a border."""
        return records * _exactly(self.minutes) / 60 + _exactly(self.more_hours)


def _exactly(number: float) -> Fraction:
    """A number as it was written."""
    return Fraction(str(number))


def cost_of(records: int, minutes: float, body: str = "other", more_hours: float = 0.0) -> Cost:
    """A cost, checked. Raises UnknownName for a kind of body, Unreadable for what is no work."""
    if body not in LIMITS:
        raise UnknownName(f"That is no kind of body with a limit. {nearest(body, LIMITS)}")
    if records < 0 or not 0 < minutes < float("inf") or not 0 <= more_hours < float("inf"):
        raise Unreadable("Say how many records, and more than 0 minutes for each of them.")
    return Cost(records, minutes, body, more_hours)
