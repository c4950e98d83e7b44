"""Periods that contain one another: which figures to add up so that no day counts twice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple


class Span(NamedTuple):
    """The days of one figure, both ends included, and the day it was stated."""

    start: date
    end: date
    stated_on: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days + 1


class Plan(NamedTuple):
    """Which spans to add up, and which spans are tiled exactly by others: (span, its tiles), by
    position.
    """

    chosen: tuple[int, ...]
    tiled: tuple[tuple[int, tuple[int, ...]], ...]


@lru_cache(maxsize=4096)
def plan_cover(spans: tuple[Span, ...]) -> Plan:
    """Choose spans that do not overlap and cover the most days with the fewest figures.

    A span tiled exactly by others that were all stated later is left out in their favour.
    """
    tiled = []
    dropped = set()
    for place, span in enumerate(spans):
        inside = [
            other
            for other, found in enumerate(spans)
            if other != place
            and span.start <= found.start
            and found.end <= span.end
            and found.days < span.days
        ]
        if not inside:
            continue
        parts = _longest([spans[other] for other in inside], prefer_many=True)
        tiles = tuple(inside[part] for part in parts)
        if sum(spans[tile].days for tile in tiles) == span.days:
            tiled.append((place, tiles))
            if min(spans[tile].stated_on for tile in tiles) > span.stated_on:
                dropped.add(place)
    kept = [place for place in range(len(spans)) if place not in dropped]
    chosen = tuple(
        kept[place] for place in _longest([spans[place] for place in kept], prefer_many=False)
    )
    return Plan(chosen, tuple(tiled))


def _longest(spans: Sequence[Span], *, prefer_many: bool) -> list[int]:
    """Positions of spans that do not overlap, most days first, then the most or fewest spans
    (weighted scheduling).
    """
    order = sorted(range(len(spans)), key=lambda place: (spans[place].end, spans[place].start))
    ends = [spans[place].end for place in order]
    each = 1 if prefer_many else -1
    best: list[tuple[int, int, list[int]]] = [(0, 0, [])]
    for count, place in enumerate(order, start=1):
        before = bisect_left(ends, spans[place].start, 0, count - 1)
        days, tally, taken = best[before]
        with_it = (days + spans[place].days, tally + each, [*taken, place])
        best.append(max(with_it, best[count - 1], key=lambda option: option[:2]))
    return sorted(best[-1][2], key=lambda place: spans[place].start)
