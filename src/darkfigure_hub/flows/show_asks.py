"""Show an agency what it is asked: each ask that waits, in the words of its question, and when it
is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.codes import codes_for
from darkfigure_hub.access import record
from darkfigure_hub.flows.give_time import HeldException, late_exceptions
from darkfigure_hub.flows.set_requirements import asks_due, set_in_force


@dataclass(frozen=True)
class WaitingAsk:
    """An ask without a reply: its name, the question in words, area, period, when it is due, and
    the time that was given beyond.
    """

    reference: str
    agency: str
    question: str
    words: str
    area: str
    period: str
    due: date
    more: HeldException | None = None

    @property
    def in_time_until(self) -> date:
        """The last day on which a reply is in time."""
        return max(self.due, self.more.until) if self.more else self.due

    def is_late(self, day: date) -> bool:
        """Whether its day is over, and the later one that was given."""
        return self.in_time_until < day


def show_asks(scope: Scope, day: date) -> list[WaitingAsk]:
    """The asks that wait on a day, first due first; of an agency, its own. Where no requirement is
    held there are none. Raises NotPermitted.
    """
    scope.require(Permission.READ_ASKS)
    held = set_in_force(scope)
    if held is None:
        return []
    given = late_exceptions(scope, day)
    found = [
        WaitingAsk(
            reference,
            codes_for("agency").label(agency),
            question,
            held.question(question).text,
            area,
            period,
            due,
            given.get(reference),
        )
        for reference, agency, question, area, period, due in asks_due(scope, held.edition, day)
    ]
    record(scope, "asks shown", {"asks": len(found)})
    return found
