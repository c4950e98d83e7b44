"""A measure in two periods, of the bodies that returned in both: what came to be counted, or was
counted no more, because a body began or ceased to return is no trend.

Source: *Code of Practice for Statistics* (Office for Statistics Regulation), quality: comparability
over time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.status import CellReason
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.adding import refuse_overlap, settled
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import Bounded, added, difference, of_cell
from darkfigure.tables.unreturned import RETURNING

#: The dimensions whose values are bodies that make returns: of another one, a value that nobody
#: stated is a nought and no return that is missing.
BODIES = (RETURNING, "organisation")
#: By so many days a period may be longer than another of its kind, as a leap year is.
_DAYS = 2
#: Reasons for which a figure holds less than the whole period of its body.
_NOT_WHOLE = frozenset({CellReason.NO_RETURN, CellReason.NOT_DIVIDED})


@dataclass(frozen=True)
class Trend:
    """A measure in two periods by the bodies that returned (`of` is the dimension they are values
    of): their figures then and now in the order of their codes; who returned in one period alone.
    """

    of: str
    first: Answer
    last: Answer
    then: Mapping[str, Bounded]
    now: Mapping[str, Bounded]
    ceased: tuple[str, ...]
    began: tuple[str, ...]

    @property
    def marking(self) -> Marking:
        """The highest of what it rests on."""
        return max(self.first.marking, self.last.marking)

    @property
    def in_both(self) -> int:
        """How many bodies returned in both periods."""
        return len(self.then)

    @property
    def before(self) -> Bounded:
        """The sum of the first period over the bodies that returned in both."""
        return added(self.then.values())

    @property
    def after(self) -> Bounded:
        """The sum of the last period over the same bodies."""
        return added(self.now.values())

    @property
    def change(self) -> Bounded:
        """By how much it moved."""
        return difference(self.after, self.before)


def alike(first: Period, last: Period) -> bool:
    """Whether two periods can be compared: of one length, from the same day of the year on."""
    days = [(each.end - each.start).days for each in (first, last)]
    starts = [(each.start.month, each.start.day) for each in (first, last)]
    return abs(days[0] - days[1]) <= _DAYS and starts[0] == starts[1]


def trend_of(first: Answer, last: Answer, of: str) -> Trend:
    """What two answers, each by body for a period, say of the bodies that are whole in both.

    Raises Unreadable where no body is, NotDerivable where one is a part of another.
    """
    for answer in (first, last):
        refuse_overlap(answer, "A trend")
    then, now = _whole(first, of), _whole(last, of)
    both = [body for body in then if body in now]
    if not both:
        raise Unreadable(
            f"No {of.replace('_', ' ')} has a whole figure of {first.question.measure.code} in "
            f"both periods ({len(then)} in the first, {len(now)} in the last): no trend is told."
        )
    return Trend(
        of, first, last,
        {body: then[body] for body in both},
        {body: now[body] for body in both},
        tuple(body for body in then if body not in now),
        tuple(body for body in now if body not in then),
    )  # fmt: skip


def _whole(answer: Answer, of: str) -> dict[str, Bounded]:
    """The figures of bodies that are of the whole period asked about, by body."""
    found: dict[str, Bounded] = {}
    for cell in settled(answer.cells):
        body = cell.dims.get(of)
        if body is None or not _is_whole(cell, answer.question.period):
            continue
        figure = of_cell(cell)
        if figure.value is not None or figure.low or figure.high is not None:
            found[body] = added([found[body], figure]) if body in found else figure
    return found


def _is_whole(cell: Cell, period: Period | None) -> bool:
    """Whether a cell is of a period from its first day to its last."""
    if cell.partly or _NOT_WHOLE & set(cell.reasons):
        return False
    try:
        held = parse_period(cell.period)
    except Unreadable:
        return False
    return period is None or (held.start, held.end) == (period.start, period.end)
