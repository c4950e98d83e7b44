"""Values that combine several codes: a person exploited in two ways, a person of two nationalities.

The person is one. The combination is stored as its codes in list order, joined with "+", and is a
category of its own; nothing is divided among its parts.
"""

from __future__ import annotations

import re

from darkfigure.codes.codelist import LONGEST_NAME, codes_for
from darkfigure.codes.following import follows_lists
from darkfigure.codes.uncoded import is_uncoded

SEPARATOR = "+"
#: Dimensions whose values may combine several codes.
COMBINING = frozenset({"exploitation", "nationality", "element"})
_JOINS = re.compile(r"\s*(?:,|&|\+)\s*")


@follows_lists(maxsize=8192)
def read_combined(dimension: str, text: str) -> str | None:
    """The stored form of a value of `dimension`, or None where any part of it is not a known code.

    Takes "Labour, Domestic & Criminal" and, for nationality, two names set side by side ("Albanian
    Greek"): the text is cut only where both sides are known names, never by guess.
    """
    listed = codes_for(dimension)
    if (whole := listed.find(text)) is not None:
        return whole
    if dimension not in COMBINING or len(text) > LONGEST_NAME:
        return None
    parts = _JOINS.split(text)
    if len(parts) == 1:
        parts = _side_by_side(dimension, text)
    found = [listed.find(part) for part in parts]
    if len(found) < 2 or None in found:
        return None
    codes = {code for code in found if code is not None}
    return SEPARATOR.join(sorted(codes, key=listed.order.__getitem__))


def _side_by_side(dimension: str, text: str) -> list[str]:
    listed = codes_for(dimension)
    words = text.split()
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    whole = [pair for pair in cuts if listed.find(pair[0]) and listed.find(pair[1])]
    return list(whole[0]) if len(whole) == 1 else []


def titles_of(dimension: str, stored: str) -> list[str]:
    """The titles of a stored value: of a combination one for each of its codes."""
    codes = [stored] if is_uncoded(stored) else stored.split(SEPARATOR)
    return [codes_for(dimension).label(code) for code in codes]


def includes(stored: str, code: str) -> bool:
    """Whether a stored value is `code` or a combination that holds it."""
    return code in stored.split(SEPARATOR)
