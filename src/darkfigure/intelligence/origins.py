"""Origins: from whom an item comes in the first place. However it is spelt, one origin is one.

Two spellings that differ in case, accents, spaces and punctuation alone are one. Of those that
differ a little more a person decides: figures in them are never taken for a slip, since they number
logs, cameras and sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher

NEAR = 0.85


def normal(written: str) -> str:
    """An origin as written, without what spellings of one origin differ in."""
    parts = written
    for _ in range(2):  # what is taken apart may be a capital again
        parts = unicodedata.normalize("NFKD", parts).casefold()
    parts = unicodedata.normalize("NFKD", parts)
    letters = (each if each.isalnum() else " " for each in parts if not unicodedata.combining(each))
    return "".join("".join(letters).split())


def near(written: str, forms: Iterable[str]) -> list[str]:
    """The normal forms that are so near to a spelling that one may be meant by both, nearest
    first; none where it is one of them itself.
    """
    own = normal(written)
    letters, figures = _parted(own)
    weighed = []
    for other in forms:
        if other == own:
            return []
        others, other_figures = _parted(other)
        if figures == other_figures and letters:
            alike = SequenceMatcher(None, letters, others, autojunk=False).ratio()
            if alike >= NEAR:
                weighed.append((-alike, other))
    return [other for _, other in sorted(weighed)]


def _parted(form: str) -> tuple[str, tuple[str, ...]]:
    """Letters, and the numbers in order."""
    return re.sub(r"\d+", "", form), tuple(re.findall(r"\d+", form))


def roots(
    names: Mapping[int, str], joins: Sequence[tuple[int, int, date]]
) -> list[tuple[int, str, date, date | None]]:
    """What number origin is called, by days: its own name until it is joined into another, that
    one's from then on.

    `joins` are origin, the one it is joined into, and the day, in order of days. Gives origin,
    name, first day, and the day from which it is no longer so called.
    """
    into: dict[int, int] = {}
    since = dict.fromkeys(names, date.min)
    called = dict(names)
    rows: list[tuple[int, str, date, date | None]] = []
    for origin, other, day in joins:
        into[origin] = other
        for number in names:
            name = names[_last(number, into)]
            if name != called[number]:
                if since[number] < day:
                    rows.append((number, called[number], since[number], day))
                called[number], since[number] = name, day
    return rows + [(number, called[number], since[number], None) for number in names]


def _last(origin: int, into: Mapping[int, int]) -> int:
    """Where joins lead, without going in circles."""
    seen = {origin}
    while origin in into and into[origin] not in seen:
        origin = into[origin]
        seen.add(origin)
    return origin
