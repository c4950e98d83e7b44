"""More time that was given for replies to asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure_hub.store.models import LateException


@dataclass(frozen=True)
class HeldException:
    """More time for a reply: until when, given on which day, by whom and why."""

    ask: str
    until: date
    given_on: date
    given_by: str
    reason: str


def enter(ask: int, until: date, reason: str, by: str, on: date) -> None:
    """Give more time for a reply from a day on."""
    LateException.objects.create(ask_id=ask, until=until, reason=reason, given_by=by, known_from=on)


def exceptions(scope: Scope, day: date) -> dict[str, HeldException]:
    """The exceptions that stand on a day and the reader may see, by the name of the ask."""
    held = LateException.objects.filter(
        known_from__lte=day, ask__edition__marking__lte=scope.sees
    ).order_by("known_from", "id")
    return {
        f"ASK-{row.ask_id}": HeldException(
            f"ASK-{row.ask_id}", row.until, row.known_from, row.given_by, row.reason
        )
        for row in held
    }
