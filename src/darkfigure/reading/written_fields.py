"""Fields of what somebody writes in YAML or JSON: a word, a yes or no, what a question asks by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkfigure.basis.errors import Unreadable
from darkfigure.codes import nearest

#: What of a question stands beside its measure.
ASKED = ("by", "where", "period", "unit", "as_at", "evidence", "rule")


def word(value: object, where: str) -> str:
    """A word, a number or a day, as text. Raises Unreadable."""
    if isinstance(value, list | dict | bool):
        raise Unreadable(f"{where}: not a word, a number or a day.")
    return str(value).strip()


def yes_or_no(value: object, where: str) -> bool:
    """Whether yes or no is written. Raises Unreadable."""
    said = str(value).strip().lower()
    if said not in ("yes", "no", "true", "false"):
        raise Unreadable(f"{where}: write yes or no.")
    return said in ("yes", "true")


def known_fields(fields: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
    """Raises Unreadable for a field that is none of those known, with the nearest of them."""
    for field in fields:
        if field not in known:
            raise Unreadable(f"{where}: {field!r} is no field. {nearest(str(field), known)}")


def listed(value: object, where: str) -> list[object]:
    """A list; none where nothing is written. Raises Unreadable."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{where}: write a list.")
    return value
