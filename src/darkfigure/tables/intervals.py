"""Arithmetic on figures that are known within bounds: whatever the true figures are within theirs,
the result holds what follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from darkfigure.basis.statement import Number, tidy
from darkfigure.tables.cell import Cell


class Bounded(NamedTuple):
    """A figure and its bounds: `value` is None where it is not known, a bound where there is
    none.
    """

    value: Number | None
    low: Number | None
    high: Number | None

    @property
    def exact(self) -> bool:
        """Whether it can be no other."""
        return self.value is not None and self.low == self.value == self.high


NOTHING = Bounded(0, 0, 0)


def of_cell(cell: Cell, least: Number | None = 0) -> Bounded:
    """The figure of a cell; `least` is what it cannot be below, None where it may be negative."""
    low, high = cell.low, cell.high
    if cell.value is None:
        return Bounded(None, least if low is None else low, high)
    return Bounded(
        cell.value, cell.value if low is None else low, cell.value if high is None else high
    )


def added(parts: Iterable[Bounded]) -> Bounded:
    """The sum."""
    total = NOTHING
    for part in parts:
        total = Bounded(
            _plus(total.value, part.value), _plus(total.low, part.low), _plus(total.high, part.high)
        )
    return total


class Sum:
    """A sum of many figures, from which a part can be taken away again without adding up the
    rest.
    """

    def __init__(self, parts: Iterable[Bounded]) -> None:
        self._known = [Fraction(0)] * len(Bounded._fields)
        self._unknown = [0] * len(Bounded._fields)
        for part in parts:
            for place, number in enumerate(part):
                self._known[place] += Fraction(number or 0)
                self._unknown[place] += number is None

    def without(self, parts: Iterable[Bounded]) -> Bounded:
        """The sum of all others than these, which are among those added up."""
        taken = Sum(parts)
        unknown = [all_ - own for all_, own in zip(self._unknown, taken._unknown, strict=True)]
        known = [all_ - own for all_, own in zip(self._known, taken._known, strict=True)]
        return Bounded(
            *(None if lost else tidy(rest) for rest, lost in zip(known, unknown, strict=True))
        )


def difference(later: Bounded, earlier: Bounded) -> Bounded:
    """By how much the later is above the earlier."""
    return Bounded(
        _minus(later.value, earlier.value),
        _minus(later.low, earlier.high),
        _minus(later.high, earlier.low),
    )


def per_cent_change(later: Bounded, earlier: Bounded) -> Bounded | None:
    """The difference in per cent of the earlier; None where that may be of nought or of less, or
    where the later may be less than nought.
    """
    if earlier.low is None or later.low is None or earlier.low < 0 or later.low < 0:
        return None
    if earlier.high == 0 or earlier.value == 0:
        return None
    return Bounded(
        _growth(later.value, earlier.value),
        -100 if earlier.high is None else _growth(later.low, earlier.high),
        None if not earlier.low else _growth(later.high, earlier.low),
    )


def share(part: Bounded, rest: Bounded) -> Bounded | None:
    """The part in per cent of itself and the rest together; None where that may be less than nought
    or can be nought only.
    """
    if part.low is None or rest.low is None or part.low < 0 or rest.low < 0:
        return None
    whole = added([part, rest])
    if whole.high == 0 or whole.value == 0:
        return None
    known = None if part.value is None or whole.value is None else (part.value, whole.value)
    low, high = _least_share(part.low, rest.high), _most_share(part.high, rest.low)
    return Bounded(_ratio(*known) if known else low if low == high else None, low, high)


def share_of_whole(part: Bounded, whole: Number) -> Bounded | None:
    """The part in per cent of a whole that is known, which it cannot be above."""
    if part.low is None or part.low < 0 or whole <= 0:
        return None
    high = whole if part.high is None else min(part.high, whole)
    return Bounded(
        None if part.value is None else _ratio(part.value, whole),
        _ratio(part.low, whole),
        _ratio(max(high, part.low), whole),
    )


def share_of_part(part: Bounded, whole: Bounded) -> Bounded | None:
    """A part in per cent of the whole that holds it, both known within bounds; None where the part
    is more than the whole can be, where either may be less than nought, or the whole is nought.
    """
    if part.low is None or whole.low is None or part.low < 0 or whole.low < 0:
        return None
    if whole.high is not None and (whole.high == 0 or part.low > whole.high):
        return None
    if whole.value is not None and (not whole.value or whole.value < (part.value or 0)):
        return None
    known = None if part.value is None or whole.value is None else (part.value, whole.value)
    low = 0 if whole.high is None else _ratio(part.low, whole.high)
    high: Number = 100
    if part.high == 0:
        high = 0
    elif part.high is not None and part.high < whole.low:
        high = _ratio(part.high, whole.low)
    return Bounded(_ratio(*known) if known else low if low == high else None, low, high)


def _plus(one: Number | None, other: Number | None) -> Number | None:
    return None if one is None or other is None else tidy(one + other)


def _minus(one: Number | None, other: Number | None) -> Number | None:
    return None if one is None or other is None else tidy(one - other)


def _ratio(part: Number, whole: Number) -> Number:
    return tidy(100 * Fraction(part) / Fraction(whole))


def _growth(later: Number | None, earlier: Number | None) -> Number | None:
    if later is None or not earlier:
        return None
    return tidy(100 * (Fraction(later) - Fraction(earlier)) / Fraction(earlier))


def _least_share(part: Number, rest: Number | None) -> Number:
    if rest == 0:
        return 100
    return 0 if rest is None or not part else _ratio(part, part + rest)


def _most_share(part: Number | None, rest: Number) -> Number:
    if part == 0:
        return 0
    if part is None or not rest:
        return 100
    return _ratio(part, part + rest)
