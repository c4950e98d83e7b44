"""The log as read: entries by who, what, when, and by what they touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from darkfigure_hub.store.models import LogEntry, RecordSet

#: What an entry may name by number: as `response 12`.
THINGS = (
    "return",
    "submission",
    "enquiry",
    "response",
    "account",
    "appointment",
    "report",
    "glass",
)


@dataclass(frozen=True)
class Logged:
    """An entry of the log as listed."""

    id: int
    at: datetime
    who: str
    purpose: str
    action: str
    detail: Mapping[str, object]


@dataclass(frozen=True)
class Sought:
    """Which entries are wanted: by whom (any of some, none for all), doing and for what (words that
    stand in it), for which purpose that was stated, with which record or thing, from and up to a
    day, and before an entry.
    """

    who: tuple[str, ...] = ()
    action: str = ""
    purpose: str = ""
    stated: str = ""
    touching: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


#: Every entry.
ALL = Sought()


def logged(number: int, sought: Sought = ALL) -> list[Logged]:
    """The latest entries of the log that are wanted, latest first."""
    return [
        Logged(entry.pk, entry.at, entry.who, entry.purpose, entry.action, entry.detail)
        for entry in _wanted(sought).order_by("-id")[:number]
    ]


def _wanted(sought: Sought) -> QuerySet[LogEntry]:
    found = LogEntry.objects.filter(
        action__icontains=sought.action, purpose__icontains=sought.purpose
    )
    if sought.who:
        found = found.filter(who__in=sought.who)
    if sought.stated:
        found = found.filter(detail__stated=sought.stated)
    if sought.touching:
        found = found.filter(_touching(sought.touching))
    if sought.since:
        found = found.filter(at__date__gte=sought.since)
    if sought.until:
        found = found.filter(at__date__lte=sought.until)
    if sought.before is not None:
        found = found.filter(id__lt=sought.before)
    return found


def _touching(what: str) -> Q:
    """Entries about a thing by its number, or whose set of records holds one."""
    kind, _, number = what.partition(" ")
    hashes = RecordSet.objects.filter(members__contains=[what]).values_list("hash", flat=True)
    found = Q(detail__touched__set__in=list(hashes))
    if kind in THINGS and number.isdecimal():
        found |= Q(**{f"detail__{kind}": int(number)})
        found |= Q(**{f"detail__{kind}s__contains": [int(number)]})
    return found


def logged_since(action: str, day: date) -> int:
    """How many entries of an action the log has since a day, public readings left out."""
    return LogEntry.objects.filter(action=action, at__date__gte=day).count()
