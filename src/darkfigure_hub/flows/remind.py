"""Remind of what is due: agencies of asks, then their supervisors, then who manages the
requirement; the answers desk of requests. By dated rules (`publication/reminding`), each once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.reminding import Rule, reached
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.enquire import show_enquiries
from darkfigure_hub.flows.give_time import late_exceptions
from darkfigure_hub.flows.set_requirements import asks_due, set_in_force
from darkfigure_hub.store.queries import outbox

#: Who is meant in a rule, as who may do something: of the agency asked, or of the centre.
_AGENCYS: dict[str, Permission] = {
    "officers": Permission.DRAFT_SUBMISSION,
    "supervisors": Permission.RELEASE_SUBMISSION,
}
_CENTRES: dict[str, Permission] = {
    "managers": Permission.RAISE_ASK,
    "desk": Permission.DRAFT_RESPONSE,
    "release": Permission.REGISTER_RESPONSE,
}
#: A kind of thing, which one, and the account that is told.
Reminder = tuple[str, str, int]


def remind(scope: Scope, day: date) -> int:
    """Enter in the outbox what is to be reminded of on a day. Gives how much of it was not reminded
    of before.
    """
    scope.require(Permission.SEND_POST)
    wanted = [*_of_asks(scope, day), *_of_requests(scope, day)]
    overdue = _overdue(scope, day)
    if not (wanted or overdue):
        return 0
    with logging(scope):
        outbox.announce_all(overdue)
        number = outbox.tell_together(wanted)
        if number:
            record(scope, "reminders entered", {"reminders": number, "day": day.isoformat()})
    return number


def _of_asks(scope: Scope, day: date) -> Iterator[Reminder]:
    held, whom = set_in_force(scope), cache(_whom)
    if held is None:
        return
    given = late_exceptions(scope, day)
    for reference, agency, _, _, _, due in asks_due(scope, held.edition, day):
        until = max(due, given[reference].until) if reference in given else due
        for rule in reached("ask", until, day):
            for account in whom(rule.whom, agency, held.marking):
                yield _kind(rule), f"{rule.name} {reference} {until}", account


def _overdue(scope: Scope, day: date) -> list[tuple[str, str, Mapping[str, object]]]:
    """The asks that are overdue, for the systems of the agencies they are put to."""
    held, given = set_in_force(scope), late_exceptions(scope, day)
    rows = asks_due(scope, held.edition, day) if held else []
    return [
        ("ask.overdue", agency, {"ask": reference, "until": until.isoformat()})
        for reference, agency, _, _, _, due in rows
        if (until := max(due, given[reference].until) if reference in given else due) < day
    ]


def _of_requests(scope: Scope, day: date) -> Iterator[Reminder]:
    for each in show_enquiries(scope):
        if each.state == "open" and each.due_on:
            for rule in reached("request", each.due_on, day):
                for account in _whom(rule.whom, "", each.marking):
                    yield _kind(rule), f"{rule.name} {each.name} {each.due_on}", account


def _kind(rule: Rule) -> str:
    return f"{rule.of} is due" if rule.days < 0 else f"{rule.of} is overdue"


def _whom(whom: Sequence[str], agency: str, marking: int) -> list[int]:
    """The accounts that are meant in a rule."""
    found = [
        outbox.holders(_AGENCYS[each], agency)
        if each in _AGENCYS
        else outbox.holders(_CENTRES[each], marking=marking)
        for each in whom
    ]
    return sorted({account for accounts in found for account in accounts})
