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
from darkfigure_hub.flows.set_requirements import asks_due, set_in_force


@dataclass(frozen=True)
class WaitingAsk:
    """An ask without a reply: its name, the question in words, area, period, and when it is due."""

    reference: str
    agency: str
    question: str
    words: str
    area: str
    period: str
    due: date

    def is_late(self, day: date) -> bool:
        """Whether its day is over."""
        return self.due < day


def show_asks(scope: Scope, day: date) -> list[WaitingAsk]:
    """The asks that wait on a day, first due first; of an agency, its own. Where no requirement is
    held there are none. Raises NotPermitted.
    """
    scope.require(Permission.READ_ASKS)
    held = set_in_force(scope)
    if held is None:
        return []
    found = [
        WaitingAsk(
            reference,
            codes_for("agency").label(agency),
            question,
            held.question(question).text,
            area,
            period,
            due,
        )
        for reference, agency, question, area, period, due in asks_due(scope, held.edition, day)
    ]
    record(scope, "asks shown", {"asks": len(found)})
    return found
