"""Bands of age as tables have them ("18-24", "under 16", "65 and over"), and which of ours holds
one.

A band that reaches across 18 is none of ours: nobody can say how many of it are children.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(\d{1,3})\s*(?:-|–|to|and)\s*(\d{1,3})")
_UNDER = re.compile(r"(?:under|below|less than|<)\s*(\d{1,3})")
_UP_TO = re.compile(r"(?:up to|≤|<=)\s*(\d{1,3})|(\d{1,3}) (?:or|and) (?:under|younger|below)")
_FROM = re.compile(
    r"(\d{1,3})\s*\+|(\d{1,3}) (?:or|and) (?:over|older|above)|(?:over|>=|≥)\s*(\d{1,3})"
)
_WORDS = re.compile(r"\b(?:aged?|ages|years?|yrs?|of age|old)\b")
#: At this age a child is one no longer, and no age is higher.
OF_AGE, OLDEST = 18, 130


def band_of(text: str) -> tuple[int, int] | None:
    """The first and the last year of age of a band; nothing where a text is none."""
    plain = " ".join(_WORDS.sub(" ", text.casefold()).split())
    if found := _BETWEEN.fullmatch(plain):
        low, high = int(found[1]), int(found[2])
        return (low, high) if low <= high <= OLDEST else None
    if found := _UNDER.fullmatch(plain):
        return (0, int(found[1]) - 1)
    if found := _UP_TO.fullmatch(plain):
        return (0, int(found[1] or found[2]))
    if found := _FROM.fullmatch(plain):
        first = int(found[1] or found[2] or found[3])
        return (first + (found[3] is not None and "over" in plain), OLDEST)
    return None


def group_of(text: str) -> str | None:
    """The code of the age group that holds a whole band: child or adult; nothing for a band across
    18.
    """
    band = band_of(text)
    if band is None:
        return None
    if band[1] < OF_AGE:
        return "child"
    return "adult" if band[0] >= OF_AGE else None
