"""Grades: schemes, conversion by a dated table that says what it loses, and what a grade weighs as
evidence.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.problem import told

SCHEME = "3x5x2"
_SHORT = re.compile(r"(?=\D{0,2}\d)[0-9A-Z]{1,3}(/[0-9A-Z]{0,2}){0,5}", re.ASCII | re.IGNORECASE)
WEIGHTINGS = ("central", "low", "high")


@dataclass(frozen=True)
class Condition:
    """What an item under handling C is shared under: with which roles, of which agencies, for which
    purposes, sanitised or as it is, up to which day. Where none is named, none is left out: of
    roles those whom a policy lets read what is conditional.
    """

    roles: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    sanitised: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Grade:
    """A grade as given: scheme, letters, and under handling C an action and a sanitisation code.

    `converted_from` holds the grade of an older scheme where this one was made from it.
    """

    scheme: str
    letters: str
    action: str = ""
    sanitisation: str = ""
    converted_from: str = ""

    @property
    def source(self) -> str:
        """The first place: the source."""
        return self.letters[0]

    @property
    def information(self) -> str:
        """The second place: the information."""
        return self.letters[1]

    @property
    def words(self) -> str:
        """The grade in words."""
        scheme = grading()["schemes"][self.scheme]
        words = [scheme["source"][self.source], scheme["information"][self.information]]
        if "handling" in scheme:
            words.append(scheme["handling"][self.letters[2]])
        return "; ".join(words)


@lru_cache
def grading() -> dict[str, Any]:
    """The tables of grading, as data."""
    text = (files("darkfigure") / "data" / "intelligence" / "grading.toml").read_text(
        encoding="utf-8"
    )
    return tomllib.loads(text)


def read_grade(text: str, scheme: str = SCHEME) -> Grade:
    """A grade as written: 2BP, 1AC/A1/S2, B23 (5x5x5), B2 (Admiralty). Raises Unreadable with what
    would be right.
    """
    schemes = grading()["schemes"]
    if scheme not in schemes:
        raise Unreadable(
            f"{_shown(scheme)} is not a scheme of grading. Known are {', '.join(schemes)}."
        )
    letters, *codes = text.strip().upper().split("/")
    rules = schemes[scheme]
    if not re.match(rules["pattern"], letters):
        raise Unreadable(f"{_shown(text)} is not a grade of {scheme}. {_example(scheme)}")
    if scheme != SCHEME:
        return Grade(scheme, letters)
    action = next((code for code in codes if code in rules["actions"]), "")
    sanitisation = next((code for code in codes if code in rules["sanitisation"]), "")
    if len(codes) != bool(action) + bool(sanitisation):
        raise Unreadable(
            f"{_shown(text)}: after the grade stand an action code (A1 to A3) and a sanitisation "
            "code "
            "(S1, S2)."
        )
    if letters[2] == "P" and codes:
        raise Unreadable(
            f"{_shown(text)}: action and sanitisation codes go with handling C; with P there "
            "are no conditions."
        )
    if letters[2] == "C" and not (action and sanitisation):
        raise Unreadable(
            f"{_shown(text)}: handling C needs conditions: an action and a sanitisation code, as "
            f"{letters}/A1/S2."
        )
    return Grade(scheme, letters, action, sanitisation)


def _shown(text: str) -> str:
    """What was written as a grade, where it is as short as one and holds a digit, so that it is
    nobody's name; else how long it is.
    """
    return repr(text) if _SHORT.fullmatch(text.strip()) else told(text)


def _example(scheme: str) -> str:
    return {
        SCHEME: "Write source 1 to 3, information A to E, handling P or C: 2BP, or 1AC/A1/S2.",
        "5x5x5": "Write source A to E, information 1 to 5, handling 1 to 5: B24.",
        "admiralty": "Write source A to F, information 1 to 6: B2.",
    }[scheme]


def converted(grade: Grade, on: date) -> tuple[Grade, str]:
    """A grade of an older scheme in the one in use, by the table of the day, and what is lost.

    Raises Unreadable where no table fits.
    """
    if grade.scheme == SCHEME:
        return grade, ""
    tables = [
        table
        for table in grading()["conversions"]
        if table["from"] == grade.scheme and table["valid_from"] <= on
    ]
    if not tables:
        raise Unreadable(
            f"Grades of {grade.scheme} have no equal in {SCHEME} on {on}: grade the item anew "
            "and "
            "keep both."
        )
    table = max(tables, key=lambda table: table["valid_from"])
    letters = (
        table["source"][grade.source] + table["information"][grade.information] + table["handling"]
    )
    return Grade(
        SCHEME, letters, "A1", "S2", converted_from=f"{grade.scheme} {grade.letters}"
    ), str(table["loses"])


def weight(source: str, information: str, weighting: str = "central") -> float:
    """What an item of this grade weighs as evidence, before it ages."""
    return float(grading()["weights"][weighting][source][information])
