"""Three-valued truth: yes, no, not known. What is not known is never taken for no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """A statement about a case, as far as it is known (Kleene's strong three-valued logic)."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


def any_of(values: Iterable[Truth]) -> Truth:
    """Yes where one is; no where all are; else not known. Nothing at all is not known."""
    found = set(values)
    if Truth.YES in found:
        return Truth.YES
    return Truth.NO if found == {Truth.NO} else Truth.NOT_KNOWN


def all_of(values: Iterable[Truth]) -> Truth:
    """No where one is; yes where all are; else not known."""
    found = set(values)
    if Truth.NO in found:
        return Truth.NO
    return Truth.YES if found == {Truth.YES} else Truth.NOT_KNOWN
