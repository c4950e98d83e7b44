"""Fields of what somebody writes in YAML or JSON: a word, a yes or no, what a question asks by."""

from __future__ import annotations

from darkfigure.basis.errors import Unreadable

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
