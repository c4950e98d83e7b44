"""Whoever waits for a link is told what is being done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from darkfigure.basis.saying import Saying

#: Told how many parts are done, of how many.
Reached = Callable[[int, int], None]


class Doing(Protocol):
    """Told what is being done; of what is done in parts, how many are done and how many there
    are.
    """

    def __call__(self, what: Saying, done: int = 0, of: int = 0) -> None:
        """Show it."""


def quietly(what: Saying, done: int = 0, of: int = 0) -> None:
    """Nobody waits."""


def uncounted(done: int, of: int) -> None:
    """Nobody counts."""
