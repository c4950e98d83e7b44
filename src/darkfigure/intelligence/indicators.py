"""Conditions on a figure, as `> 500`: met, not met, or not known where the figure is a range that
the bound lies in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.truth import Truth

_WRITTEN = re.compile(r"(<=|>=|<|>|=)\s*(-?\d[\d,]{0,14}(?:\.\d{1,9})?)", re.ASCII)


class Comparing(StrEnum):
    """How a figure is compared with a bound."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"


@dataclass(frozen=True)
class Condition:
    """A comparison with a bound."""

    comparing: Comparing
    bound: float

    def __str__(self) -> str:
        return f"{self.comparing} {self.bound if self.bound % 1 else int(self.bound)}"

    def met(self, low: float | None, high: float | None) -> Truth:
        """Whether a figure that lies from `low` to `high` meets it; None is no bound."""
        least = float("-inf") if low is None else low
        most = float("inf") if high is None else high
        if self.comparing in (Comparing.LESS, Comparing.AT_LEAST):
            below = _below(least, most, self.bound)
            return below if self.comparing == Comparing.LESS else _not(below)
        if self.comparing in (Comparing.MORE, Comparing.AT_MOST):
            above = _below(-most, -least, -self.bound)
            return above if self.comparing == Comparing.MORE else _not(above)
        if least == most == self.bound:
            return Truth.YES
        return Truth.NOT_KNOWN if least <= self.bound <= most else Truth.NO


def _below(least: float, most: float, bound: float) -> Truth:
    if most < bound:
        return Truth.YES
    return Truth.NO if least >= bound else Truth.NOT_KNOWN


def _not(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, truth)


def read_condition(text: str) -> Condition:
    """A condition as written: > 500, <= 12.5. Raises Unreadable."""
    matched = _WRITTEN.fullmatch(text.strip())
    if matched is None:
        raise Unreadable(f"{text!r} is no condition. Write one of < <= = >= > and a number: > 500.")
    return Condition(Comparing(matched[1]), float(matched[2].replace(",", "")))
