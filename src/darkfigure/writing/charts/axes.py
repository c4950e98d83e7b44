"""Scales of a drawing: figures and days, both linear, with marks that have room for their names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from darkfigure.writing.charts.canvas import WIDTH, Canvas, width_of
from darkfigure.writing.words import ENGLISH, Words

#: Months between marks on an axis of time.
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)


@dataclass(frozen=True)
class Scale:
    """Figures to places, linear."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a figure stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def marks(self, most: int, *, whole: bool = True) -> list[float]:
        """Round figures along the scale, both ends included; whole ones where parts mean
        nothing.
        """
        step = step_of(self.high - self.low, most, whole=whole)
        first = math.ceil(self.low / step - 1e-9)
        return [at * step for at in range(first, math.floor(self.high / step + 1e-9) + 1)]


def step_of(span: float, most: int, *, whole: bool = True) -> float:
    """The least round step that goes into a span at most so many times."""
    rough = span / max(most, 1)
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 5, 10, 20) if n * power >= rough * (1 - 1e-9))
    return max(1.0, step) if whole else step


def fitted(
    values: Sequence[float], start: float, end: float, *, most: int = 4, whole: bool = True
) -> Scale:
    """A scale from nought that holds all values, its end a round figure."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < 1e-9:
        high = low + 1
    step = step_of(high - low, most, whole=whole)
    return Scale(
        math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, start, end
    )


@dataclass(frozen=True)
class Days:
    """Days to places, linear in days; a day stands where it begins."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        """Where a day stands."""
        return self.at(day.toordinal())

    def at(self, ordinal: float) -> float:
        """Where a day stands by its number; of the last day, its number and one is its end."""
        whole = max(self.last.toordinal() - self.first.toordinal(), 1)
        return self.start + (ordinal - self.first.toordinal()) / whole * (self.end - self.start)

    def marks(self, words: Words = ENGLISH) -> list[tuple[date, str]]:
        """First days of months or years, as many as have room for their names; of less time the two
        ends.
        """
        for step in _STEPS:
            days = list(self._beginnings(step))
            if len(days) < 2:
                break
            # The nearest two are no further apart than all on average: tried with one name first.
            average = (self(days[-1]) - self(days[0])) / (len(days) - 1)
            if width_of(_name(days[0], step, words)) + 8 > average:
                continue
            found = [(day, _name(day, step, words)) for day in days]
            room = min(self(b) - self(a) for a, b in itertools.pairwise(days))
            if max(width_of(name) for _, name in found) + 8 <= room:
                return found
        ends = [(self.first, words.day(self.first)), (self.last, words.day(self.last))]
        if sum(width_of(name) for _, name in ends) + 8 > self.end - self.start:
            return [(day, _name(day, 1, words)) for day, _ in ends]
        return ends

    def _beginnings(self, step: int) -> Iterator[date]:
        months = self.first.year * 12 + self.first.month - 1
        if self.first.day > 1:
            months += 1
        months = math.ceil(months / step) * step
        while (day := date(months // 12, months % 12 + 1, 1)) <= self.last:
            yield day
            months += step
            if months // 12 > 9990:
                return


def _name(day: date, step: int, words: Words) -> str:
    return str(day.year) if step >= 12 else f"{words.text(f'month.{day.month}')[:3]} {day.year}"


def lay_days(canvas: Canvas, days: Days, y: float, words: Words = ENGLISH) -> None:
    """An axis of time at a height: a stroke and a name for each mark."""
    canvas.line(days.start, y, days.end, y, "axis")
    for day, name in days.marks(words):
        x, half = days(day), width_of(name) / 2
        middle = min(max(x, half), WIDTH - half)
        canvas.line(x, y, x, y + 4, "axis")
        if canvas.fits(name, middle, y + 18, "middle"):
            canvas.write(name, middle, y + 18, "quiet", "middle")


def lay_names(canvas: Canvas, days: Days, y: float, names: Iterable[tuple[float, str]]) -> None:
    """An axis of time at a height, with names at places on it."""
    canvas.line(days.start, y, days.end, y, "axis")
    for x, name in names:
        canvas.write(name, x, y + 18, "quiet", "middle")


def amount_on(value: float, *, percent: bool = False) -> str:
    """A figure as an axis writes it."""
    if percent:
        return f"{value * 100:.0f}%" if abs(value * 100 % 1) < 1e-6 else f"{value * 100:.1f}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,g}"


def lay_amounts(
    canvas: Canvas, scale: Scale, left: float, right: float, *,
    most: int = 3, whole: bool = True, percent: bool = False,
) -> None:  # fmt: skip
    """Lines across for round figures, each named at the left."""
    for value in scale.marks(most, whole=whole):
        y = scale(value)
        canvas.line(left, y, right, y, "grid")
        canvas.write(amount_on(value, percent=percent), left - 5, y + 4.5, "quiet", "end")


def room_for(scale: Scale, *, most: int = 3, whole: bool = True, percent: bool = False) -> float:
    """How much the names of round figures take at the left."""
    names = [amount_on(value, percent=percent) for value in scale.marks(most, whole=whole)]
    return max(map(width_of, names), default=0) + 6
