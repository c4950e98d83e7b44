"""The gate: a document that is marked higher than may be held here, anywhere in it, is turned away
before it is read.

A mark is known with its prefix (UK SECRET), at any depth, and at the head of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from darkfigure.basis.errors import DarkfigureError

#: A mark as it stands in a field for marks, in letters of either case.
_MARK = re.compile(r"\W*(?:UK\W+)?(TOP\W*SECRET|SECRET|CONFIDENTIAL)\b", re.IGNORECASE)
#: A mark as it stands at the head of a text: in capitals, so that a secret is still spoken of.
_HEAD = re.compile(r"\W*(?:UK\W+)?(TOP\W?SECRET|SECRET)\b(?![a-z])")
_FIELDS = frozenset({"marking", "markings", "protective_marking", "classification", "caveat"})


class MarkedTooHigh(DarkfigureError):
    """A document marked higher than this system may hold. It is turned away unread and the refusal
    logged.
    """


def turn_away(document: Any, name: str) -> None:
    """Raises MarkedTooHigh where a mark above OFFICIAL-SENSITIVE stands anywhere in a document of
    plain values (fields, lists, texts).
    """
    mark = next(_marks(document, marking=False), None)
    if mark is not None:
        raise MarkedTooHigh(
            f"{name} is marked {mark.title()}. This system holds at most "
            "OFFICIAL-SENSITIVE: nothing of it was read or "
            "kept. Send it by the way meant for its marking."
        )


def _marks(value: Any, *, marking: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for field, held in value.items():
            named = str(field).strip().lower().replace("-", "_").replace(" ", "_")
            yield from _marks(field, marking=False)
            yield from _marks(held, marking=marking or named in _FIELDS)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _marks(held, marking=marking)
    elif isinstance(value, str):
        found = (_MARK if marking else _HEAD).match(value)
        if found:
            yield re.sub(r"\W+", " ", found.group(1)).upper()
