"""The reason that somebody gives of a grave deed: a sentence, that is kept."""

from __future__ import annotations

from darkfigure.basis.errors import DarkfigureError

#: Signs that a reason has at least, and at most.
SHORTEST, LONGEST = 10, 400


def reason_given(why: str) -> str:
    """A reason as it is kept. Raises DarkfigureError for one that says nothing."""
    given = " ".join(why.split())
    if len(given) < SHORTEST:
        raise DarkfigureError(f"Say why, in {SHORTEST} signs at least, without a name.")
    return given[:LONGEST]
