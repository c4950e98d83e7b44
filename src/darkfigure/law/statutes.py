"""Which statutes could apply to a case on a day: a flag of its own beside the Palermo definition.

A statute's yes and the definition's yes are different things: an offence of 2015 needs no means,
and a case that meets the definition may be charged as something else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.truth import Truth, all_of, any_of
from darkfigure.law.facts import Facts

ONLY_LABOUR = "only_labour"
#: Where an act can have taken place, with the jurisdictions whose instruments reach it. A directive
#: binds the member states of the Union of its day.
PLACES: dict[str, tuple[str, ...]] = {
    "England and Wales": ("England and Wales", "UK", "UN"),
    "Scotland": ("UK", "UN"),
    "Northern Ireland": ("UK", "UN"),
    "UK": ("England and Wales", "UK", "UN"),
    "EU": ("EU", "UN"),
    "US": ("US", "UN"),
    "UN": ("UN",),
}


@dataclass(frozen=True)
class Statute:
    """An instrument with the days on which conduct fell under it, and what it needs.

    `means_child` may be "only_labour": a child needs a means only outside commercial sex.
    """

    code: str
    title: str
    section: str
    jurisdiction: str
    acts: tuple[str, ...]
    means_adult: bool
    means_child: bool | str
    purposes: tuple[str, ...]
    since: date
    until: date | None = None
    maximum: str = ""
    note: str = ""
    commercial_sex: tuple[str, ...] = ()
    day_known: bool = True

    @property
    def name(self) -> str:
        """Title and section."""
        return f"{self.title}, {self.section}"

    def in_force(self, day: date) -> bool:
        """Whether conduct on that day fell under it."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Flag:
    """Whether the conduct could be under a statute, and why."""

    statute: Statute
    applies: Truth
    missing: tuple[str, ...]
    sentence: Saying


@lru_cache
def statutes() -> tuple[Statute, ...]:
    """Every statute, in the order of the file."""
    text = (files("darkfigure") / "data" / "statutes.toml").read_text(encoding="utf-8")
    found = []
    for code, entry in tomllib.loads(text).items():
        given: dict[str, Any] = {
            "since": entry.pop("from"),
            "until": entry.pop("to", None),
            **entry,
        }
        given |= {
            name: tuple(entry.get(name, ())) for name in ("acts", "purposes", "commercial_sex")
        }
        found.append(Statute(code=code, **given))
    return tuple(found)


def flags(facts: Facts, day: date, place: str = "") -> tuple[Flag, ...]:
    """For each statute in force on the day of the conduct, and at its place where one of `PLACES`
    is given, whether it could apply, with the reason in a sentence.
    """
    reached = PLACES[place] if place else {statute.jurisdiction for statute in statutes()}
    return tuple(
        _flag(statute, facts)
        for statute in statutes()
        if statute.in_force(day) and statute.jurisdiction in reached
    )


def _flag(statute: Statute, facts: Facts) -> Flag:
    act = any_of(_said(facts.acts, name) for name in statute.acts)
    purpose = any_of(_said(facts.purposes, name) for name in statute.purposes)
    needs = _needs_means(statute, facts)
    means = Truth.YES if needs is Truth.NO else facts.any_means
    elements = {"act": act, "purpose": purpose}
    if needs is not Truth.NO:
        # Where it is not known whether a means is needed, one that was not used leaves the question
        # open.
        elements["means"] = means if needs is Truth.YES or means is Truth.YES else Truth.NOT_KNOWN
    applies = all_of(elements.values())
    missing = tuple(name for name, value in elements.items() if value is Truth.NOT_KNOWN)
    return Flag(
        statute,
        applies,
        missing if applies is Truth.NOT_KNOWN else (),
        _sentence(statute, applies, elements, needs),
    )


def _said(given: Mapping[str, Truth], name: str) -> Truth:
    value = given.get(name)
    if value is None:
        value = Truth.NO if given.get("any") is Truth.NO else Truth.NOT_KNOWN
    return Truth(value)


def _needs_means(statute: Statute, facts: Facts) -> Truth:
    """Whether this statute needs a means for this person; age in doubt is presumed a child's."""
    if facts.child is Truth.NO:
        return Truth.YES if statute.means_adult else Truth.NO
    if statute.means_child != ONLY_LABOUR:
        return Truth.YES if statute.means_child else Truth.NO
    sex = any_of(_said(facts.purposes, name) for name in statute.commercial_sex)
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.NOT_KNOWN: Truth.NOT_KNOWN}[sex]


def _sentence(statute: Statute, applies: Truth, elements: dict[str, Truth], needs: Truth) -> Saying:
    told = [name for name, value in elements.items() if value is applies]
    return say(
        f"law.statute.{applies}",
        name=statute.name,
        means=say(f"law.needs.{needs}"),
        note=f" {statute.note}" if statute.note else "",
        absent=several((Word("law.elements", name) for name in told), "and_no"),
        missing=several(Word("law.elements", name) for name in told),
    )
