"""Who is reminded of what is due, and when: dated rules, kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from darkfigure.publication.deadline import is_working_day

_FILE = "data/reminders/reminders.toml"


@dataclass(frozen=True)
class Rule:
    """When somebody is reminded of a kind of thing (`of`): so many days before (-) or after the day
    that it is due, counted as calendar or working days; it holds for what is due from `since` on.
    """

    name: str
    of: str
    since: date
    days: int
    working: bool
    whom: tuple[str, ...]

    def falls_on(self, due: date) -> date:
        """The day on which it reminds of what is due on a day."""
        if not self.working:
            return due + timedelta(days=self.days)
        step, day, left = (1 if self.days > 0 else -1), due, abs(self.days)
        while left:
            day += timedelta(days=step)
            left -= is_working_day(day)
        return day

    def is_reached(self, due: date, today: date) -> bool:
        """Whether it reminds today of what is due on a day: from its own day on, and where it comes
        before, no longer than until the day itself.
        """
        return self.falls_on(due) <= today and (self.days > 0 or today <= due)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules there are, in the order of their file."""
    held = tomllib.loads(files("darkfigure").joinpath(_FILE).read_text(encoding="utf-8"))
    return tuple(
        Rule(
            each["name"],
            each["of"],
            each["from"],
            each["days"],
            each["count"] == "working",
            tuple(each["whom"]),
        )
        for each in held["rule"]
    )


def reached(of: str, due: date, today: date, known: Sequence[Rule] = ()) -> Iterator[Rule]:
    """The rules that remind today of a thing that is due on a day: of each name, the latest that
    holds for what is due then.
    """
    standing: dict[str, Rule] = {}
    for rule in sorted(known or rules(), key=lambda each: each.since):
        if rule.of == of and rule.since <= due:
            standing[rule.name] = rule
    return (rule for rule in standing.values() if rule.is_reached(due, today))
