"""Give an agency more time for a reply: an exception to when it is due, by whom, until when and
why.
"""

from __future__ import annotations

from datetime import date

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure_hub.access import record
from darkfigure_hub.store.queries import intelligence, late
from darkfigure_hub.store.queries.late import HeldException
from darkfigure_hub.store.queries.locks import RECEIVING, hold

__all__ = ["HeldException", "give_time", "late_exceptions"]

LONGEST = 300


def give_time(scope: Scope, name: str, until: date, reason: str, on: date) -> HeldException:
    """Give more time for a reply to an ask, from a day on. The ask stays due when it was: a reply
    until then is in time by leave, and who gave it and why is told beside it.

    Raises NotPermitted; UnknownName for an ask that does not stand; DarkfigureError without a
    reason, and for a day that gives no more time.
    """
    scope.require(Permission.RAISE_ASK)
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST:
        raise DarkfigureError(f"Say why more time is given, in at most {LONGEST} signs.")
    with hold(RECEIVING):
        ask = intelligence.asks_of(scope, [name], on).get(name)
        if ask is None or on < ask.asked_on:
            raise UnknownName(f"{told(name)} is no ask that stands on {on}.")
        if until <= max(ask.due, on):
            raise DarkfigureError(
                f"{name} is due on {ask.due}: give a later day, which lies ahead."
            )
        late.enter(ask.number, until, why, scope.who, on)
        detail = {"ask": ask.number, "until": until.isoformat()}
        record(scope, "more time given", detail)
    return HeldException(name, until, on, scope.who, why)


def late_exceptions(scope: Scope, day: date) -> dict[str, HeldException]:
    """The exceptions that stand on a day, by the name of the ask. Raises NotPermitted."""
    scope.require(Permission.READ_ASKS)
    return late.exceptions(scope, day)
