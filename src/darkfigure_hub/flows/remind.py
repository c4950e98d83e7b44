"""Remind of what is due: agencies of asks, then their supervisors, then who manages the
requirement; the answers desk of requests. By dated rules (`publication/reminding`), each once.
Assessors are told of judgements that want to be looked at anew: what was watched for has come, or
the horizon is past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.reminding import Rule, reached
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.enquire import show_enquiries
from darkfigure_hub.flows.gather_judgement import judgements_opened
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


class _Due(NamedTuple):
    """An ask that is due: of whom, the last day on which a reply is in time, and its marking."""

    reference: str
    agency: str
    until: date
    marking: int


def remind(scope: Scope, day: date) -> int:
    """Enter in the outbox what is to be reminded of on a day. Gives how much of it was not reminded
    of before.
    """
    scope.require(Permission.SEND_POST)
    due = _asks_due(scope, day)
    wanted = [*_of_asks(due, day), *_of_requests(scope, day), *_of_judgements(scope, day)]
    overdue = [
        ("ask.overdue", each.agency, {"ask": each.reference, "until": each.until.isoformat()})
        for each in due
        if each.until < day
    ]
    if not (wanted or overdue):
        return 0
    with logging(scope):
        outbox.announce_all(overdue)
        number = outbox.tell_together(wanted)
        if number:
            record(scope, "reminders entered", {"reminders": number, "day": day.isoformat()})
    return number


def _asks_due(scope: Scope, day: date) -> list[_Due]:
    """The asks that are due, with the time that was given beyond."""
    held = set_in_force(scope)
    if held is None:
        return []
    given = late_exceptions(scope, day)
    return [
        _Due(
            reference,
            agency,
            max(due, given[reference].until) if reference in given else due,
            held.marking,
        )
        for reference, agency, _, _, _, due in asks_due(scope, held.edition, day)
    ]


def _of_asks(due: Sequence[_Due], day: date) -> Iterator[Reminder]:
    whom = cache(_whom)
    for each in due:
        for rule in reached("ask", each.until, day):
            for account in whom(rule.whom, each.agency, each.marking):
                yield _kind(rule), f"{rule.name} {each.reference} {each.until}", account


def _of_requests(scope: Scope, day: date) -> Iterator[Reminder]:
    for each in show_enquiries(scope):
        if each.state == "open" and each.due_on:
            for rule in reached("request", each.due_on, day):
                for account in _whom(rule.whom, "", each.marking):
                    yield _kind(rule), f"{rule.name} {each.name} {each.due_on}", account


def _of_judgements(scope: Scope, day: date) -> Iterator[Reminder]:
    for judgement, what in judgements_opened(scope, day):
        for account in outbox.holders(Permission.DRAFT_JUDGEMENT, marking=judgement.marking):
            yield "judgement opens", f"{judgement.name} {what}", account


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
