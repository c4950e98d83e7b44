"""What is known of a case, in the terms of the definition."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.truth import Truth, any_of
from darkfigure.codes import nearest

_FORMS: dict[str, dict[str, str]] = tomllib.loads(
    (files("darkfigure.data") / "forms_of_definition.toml").read_text(encoding="utf-8")
)
#: Acts of Article 3(a), and those that only statutes know.
ACTS, STATUTORY_ACTS = _FORMS["acts"], _FORMS["statutory_acts"]
MEANS = _FORMS["means"]
#: Purposes that Article 3(a) names "at a minimum".
PURPOSES = _FORMS["purposes"]
#: Purposes outside that list; the list is open, and each needs a recorded reason.
OPEN_PURPOSES = _FORMS["open_purposes"]


@dataclass(frozen=True)
class Facts:
    """What is known of a case. What a mapping does not name is not known.

    `child` is whether the person was under 18 at the time of the act, not when found. `consent` is
    kept for the record: no rule reads it. `open_purpose_reason` says why a purpose outside the
    named list counts as exploitation. An element can be set as a whole, where a source says so
    without naming a form: `acts={"any": Truth.NO}`.
    """

    acts: Mapping[str, Truth] = field(default_factory=dict)
    means: Mapping[str, Truth] = field(default_factory=dict)
    purposes: Mapping[str, Truth] = field(default_factory=dict)
    child: Truth = Truth.NOT_KNOWN
    consent: Truth = Truth.NOT_KNOWN
    open_purpose_reason: str = ""

    def __post_init__(self) -> None:
        for what, given, known in (
            ("act", self.acts, {**ACTS, **STATUTORY_ACTS, "any": ""}),
            ("means", self.means, {**MEANS, "any": ""}),
            ("purpose", self.purposes, {**PURPOSES, **OPEN_PURPOSES, "any": ""}),
        ):
            for name in given:
                if name not in known:
                    raise UnknownName(
                        f"{name!r} is no {what} of the definition. {nearest(name, known)}"
                    )

    @property
    def act(self) -> Truth:
        """Whether there was an act of Article 3(a)."""
        return _element(self.acts, ACTS)

    @property
    def any_means(self) -> Truth:
        """Whether any of the means was used."""
        return _element(self.means, MEANS)

    @property
    def purpose(self) -> Truth:
        """Whether there was a purpose of exploitation; one outside the named list counts only with
        its reason.
        """
        named = _element(self.purposes, PURPOSES)
        if named is Truth.YES:
            return named
        others = [self.purposes[name] for name in OPEN_PURPOSES if name in self.purposes]
        if Truth.YES in others:
            return Truth.YES if self.open_purpose_reason.strip() else Truth.NOT_KNOWN
        return named if Truth.NOT_KNOWN not in others else Truth.NOT_KNOWN


def _element(given: Mapping[str, Truth], forms: Mapping[str, str]) -> Truth:
    if "any" in given and given["any"] is not Truth.NOT_KNOWN:
        return any_of(
            [
                given["any"],
                *(value for name, value in given.items() if name in forms and value is Truth.YES),
            ]
        )
    return any_of(given.get(name, Truth.NOT_KNOWN) for name in forms)
