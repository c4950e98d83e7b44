"""Which shares may be told: a share says what part of a whole it is of, and so what the rest is."""

from __future__ import annotations


def share_tells(part: float, whole: float, threshold: int, base: int) -> bool:
    """Whether a share tells of few people: its part or the rest of its whole is a small count, or
    the whole is under `base`. That of a part that is nobody, or all, tells of few where the whole
    does.
    """
    rest = whole - part
    return whole < base or 0 < part < threshold or 0 < rest < threshold
