"""When material is reviewed, and disposed of where it is not needed: dated rules, kept as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

_FILE = "data/retention/retention.toml"


@dataclass(frozen=True)
class Class:
    """A class of material (`of`: return, report or response): reviewed so many years after its
    clock last started. It holds for what falls due from `since` on. `choice` says that the period
    is the house's own.
    """

    name: str
    of: str
    since: date
    years: int
    clock: str
    choice: bool
    basis: str

    def due(self, last: date) -> date:
        """The day on which it is reviewed, by the day on which its clock last started."""
        year = last.year + self.years
        try:
            return last.replace(year=year)
        except ValueError:  # the 29th of February
            return date(year, 3, 1)


@cache
def classes() -> tuple[Class, ...]:
    """The rules there are, in the order of their file."""
    held = tomllib.loads(files("darkfigure").joinpath(_FILE).read_text(encoding="utf-8"))
    return tuple(
        Class(
            each["class"],
            each["of"],
            each["from"],
            each["years"],
            each["clock"],
            each["choice"],
            each["basis"],
        )
        for each in held["class"]
    )


def review_day(of: str, last: date) -> tuple[Class, date] | None:
    """The rule for a kind of thing and the day of its review: the latest rule that holds on the day
    it gives itself. Nothing where no rule is of that kind.
    """
    held = sorted((each for each in classes() if each.of == of), key=lambda each: each.since)
    if not held:
        return None
    found = [each for each in held if each.since <= each.due(last)]
    rule = found[-1] if found else held[0]
    return rule, rule.due(last)
