"""Numbers that a reading says: each checked, and what is none noted as a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkfigure.reading.given import Given


def lines_said(given: Given) -> tuple[int, ...]:
    """Lines that are left out, by their number."""
    found = given.content.get("leave_lines", [])
    if not isinstance(found, list) or not all(type(line) is int for line in found):
        given.not_a("leave_lines", "list")
        return ()
    return tuple(found)


def place_said(given: Given, table: Mapping[str, Any]) -> int:
    """Which table it is from the top of its sheet; 0 where that is not said."""
    place = table.get("place", 0)
    if type(place) is not int or place < 0:
        given.not_a("table.place", "number")
        return 0
    return place


def above_nought(given: Given, numbers: Mapping[str, Any], key: str) -> float | None:
    """A number above nought; nothing where none is said."""
    if (found := numbers.get(key)) is None:
        return None
    if not isinstance(found, int | float) or isinstance(found, bool) or found <= 0:
        given.not_a(f"numbers.{key}", "number")
        return None
    return float(found)
