"""Offence codes of three spaces that must never be joined by number: court, CJS and police recorded
crime.

Court code 106 is betting and gaming; recorded-crime class 106 is modern slavery. A code is its
space and its number together; comparing codes of two spaces raises, and the only way across is a
correspondence written down.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.codes.codelist import codes_for, table

SPACES = {
    "court": "Home Office (court) offence codes",
    "cjs": "CJS offence codes",
    "prc": "police recorded crime classes",
}


class MixedCodeSpaces(Unreadable):
    """Codes of two spaces were compared or joined."""


@dataclass(frozen=True, eq=False)
class OffenceCode:
    """A code in its space. Equal only to the same code of the same space; across spaces the
    question is refused.
    """

    space: str
    number: str

    def __post_init__(self) -> None:
        if self.space not in SPACES:
            raise UnknownName(
                f"{self.space!r} is not a space of offence codes. Known are {', '.join(SPACES)}."
            )

    def __str__(self) -> str:
        return f"{self.space}:{self.number}"

    def __hash__(self) -> int:
        return hash((self.space, self.number))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OffenceCode):
            return NotImplemented
        if self.space != other.space:
            raise MixedCodeSpaces(
                f"{self} belongs to {SPACES[self.space]} and {other} to {SPACES[other.space]}: "
                "the numbers of one say "
                "nothing in the other. Use recorded_class() where a correspondence is written down."
            )
        return self.number == other.number


def read_offence(text: str) -> OffenceCode:
    """Read SPACE:NUMBER. Raises UnknownName for a code that its space does not list."""
    space, colon, number = text.strip().partition(":")
    if not colon:
        raise UnknownName(f"{text!r} has no space. Write court:72/1, cjs:MS15003 or prc:106.")
    code = OffenceCode(space, number)
    if str(code) not in codes_for("offence").codes:
        raise UnknownName(
            f"{text!r} is not in the list of {SPACES[space]}. {codes_for('offence').suggest(text)}"
        )
    return code


@lru_cache
def _groups() -> dict[str, Any]:
    return tomllib.loads(
        (files("darkfigure") / "data" / "offences" / "groups.toml").read_text(encoding="utf-8")
    )


@lru_cache
def trafficking_offences() -> frozenset[str]:
    """Codes of trafficking and slavery offences, each with its space."""
    return frozenset(
        f"{space}:{number}"
        for space, numbers in _groups()["trafficking"].items()
        for number in numbers
    )


def recorded_class(code: OffenceCode) -> OffenceCode | None:
    """The recorded-crime class that a court code is written down to correspond to; None where
    nothing is.
    """
    if code.space == "cjs":
        code = OffenceCode("court", _court_number(code.number) or "")
    found = _groups()["recorded_class"].get(code.number) if code.space == "court" else None
    return OffenceCode("prc", found) if found else None


@lru_cache
def _cjs() -> dict[str, dict[str, str]]:
    return {entry["cjs_code"]: entry for entry in table("offences/cjs.csv")}


def _court_number(cjs: str) -> str | None:
    entry = _cjs().get(cjs)
    return f"{entry['ho_code']}/{entry['ho_subcode']}" if entry else None


@lru_cache
def statutory_maximum() -> dict[str, int]:
    """The longest sentence in years by code, life as 100, for the codes whose list states it."""
    years: dict[str, int] = {}
    for cjs, entry in _cjs().items():
        most = 100 if entry["max_is_life"] == "true" else int(entry["max_years"])
        years[f"cjs:{cjs}"] = most
        court = f"court:{_court_number(cjs)}"
        # One court code can stand for several CJS codes, old statutes among them: the highest is
        # kept.
        years[court] = max(most, years.get(court, 0))
    return years
