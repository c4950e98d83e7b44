"""Markings on what is held, and the scope within which somebody may read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Marking(IntEnum):
    """Protective marking, ordered: a reader cleared for one sees all those below it."""

    PUBLIC = 0
    OFFICIAL = 1
    OFFICIAL_SENSITIVE = 2
    SECRET = 3


@dataclass(frozen=True)
class Scope:
    """Who asks, for what purpose, and the highest marking they may see.

    Only `darkfigure_hub.access` makes one; every query of the store takes one.
    """

    who: str
    purpose: str
    sees: Marking
    may_receive: bool = False
