"""Cells from counted groups: what is certain, what is possible, and why the two differ.

A group is a combination of breakdown values, some of them unknown ("?" and a reason), with how many
units have it. A unit that has several groups is known by number where any of them is unknown, so
that nobody is counted twice in a bound.

Bounds are sharp for each cell alone: `low` is reached if every unknown lies elsewhere, `high` if
every unknown that could lie in the cell does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from darkfigure.basis.status import CellReason
from darkfigure.tables.counted import UNKNOWN, YES

Group = tuple[str, ...]
Numbers = np.ndarray[tuple[int], np.dtype[np.uint32]]
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Counts:
    """Units by group. `shared` numbers, for each group, its units that have another group too,
    where any of theirs is unknown in part.

    A group's first `width` values are the breakdown asked for; those after it are conditions, "yes"
    where met.
    """

    width: int
    units: Mapping[Group, int]
    shared: Mapping[Group, Numbers] = field(default_factory=dict)


@dataclass
class Bounded:
    """A cell: units certain to be in it, and those that could be, by reason."""

    key: Key
    low: int
    high: int
    unknown: dict[CellReason, int] = field(default_factory=dict)

    @property
    def value(self) -> int | None:
        """The figure as recorded; None where nothing is certain and something is possible."""
        return None if self.low == 0 < self.high else self.low


def bounded_cells(counts: Counts, expected: Iterable[Key] = ()) -> list[Bounded]:
    """The cells of a breakdown, with bounds; `expected` cells are there even where nothing is
    certain.
    """
    plan = _Plan(counts)
    keys = {
        plan.key(group)
        for group in counts.units
        if not any(map(_is_unknown, group[counts.width :]))
    }
    complete = [key for key in {*keys, *expected} if None not in key]
    return [plan.cell(key) for key in complete] + [plan.rest(key) for key in keys if None in key]


def pending_cells(counts: Counts, place: int) -> dict[Key, int]:
    """Units whose condition at `place` is not concluded, by cell, for rows of their own."""
    plan = _Plan(counts)
    groups: dict[Key, list[Group]] = defaultdict(list)
    for group in counts.units:
        others = [value for at, value in enumerate(group) if at >= counts.width and at != place]
        if group[place] == UNKNOWN + CellReason.NOT_CONCLUDED and not any(map(_is_unknown, others)):
            groups[plan.key(group)].append(group)
    return {key: plan.union(found) for key, found in groups.items()}


class _Plan:
    """The groups, found by what they know and by the units that share them."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._marks = np.zeros(
            1 + max((int(each.max()) for each in counts.shared.values()), default=0), dtype=bool
        )
        self._masks: set[tuple[bool, ...]] = set()
        self._open: dict[Key, list[Group]] = defaultdict(list)
        for group in counts.units:
            if any(map(_is_unknown, group)):
                key = self.key(group)
                self._masks.add(tuple(value is None for value in key))
                self._open[key].append(group)

    def key(self, group: Group) -> Key:
        """The cell a group belongs to, None where it does not say."""
        return tuple(None if _is_unknown(value) else value for value in group[: self._counts.width])

    def cell(self, key: Key) -> Bounded:
        """A complete cell: certain are those wholly known to be in it, possible those that nothing
        puts elsewhere.
        """
        exact = tuple(str(value) for value in key) + (YES,) * self._conditions()
        certain = [exact] if exact in self._counts.units else []
        wider = {
            tuple(None if hidden else value for hidden, value in zip(mask, key, strict=True))
            for mask in self._masks
        }
        possible = [group for other in wider for group in self._open.get(other, ())]
        return Bounded(
            key, self.union(certain), self.union([*certain, *possible]), self._reasons(possible)
        )

    def rest(self, key: Key) -> Bounded:
        """Those whose place among the cells is not known in part: a row of their own."""
        width = self._counts.width
        found = [group for group in self._open[key] if not any(map(_is_unknown, group[width:]))]
        count = self.union(found)
        return Bounded(key, count, count, self._reasons(found))

    def union(self, groups: Sequence[Group]) -> int:
        """How many units have at least one of the groups."""
        total = sum(self._counts.units[group] for group in groups)
        shared = [self._counts.shared[group] for group in groups if group in self._counts.shared]
        if len(shared) < 2:
            return total
        for numbers in shared:
            self._marks[numbers] = True
        together = int(np.count_nonzero(self._marks))
        for numbers in shared:
            self._marks[numbers] = False
        return total - sum(map(len, shared)) + together

    def _conditions(self) -> int:
        return len(next(iter(self._counts.units), ())) - self._counts.width

    def _reasons(self, groups: Sequence[Group]) -> dict[CellReason, int]:
        by_reason: dict[CellReason, list[Group]] = defaultdict(list)
        for group in groups:
            for reason in {CellReason(value[1:]) for value in group if _is_unknown(value)}:
                by_reason[reason].append(group)
        return {reason: self.union(found) for reason, found in sorted(by_reason.items())}


def _is_unknown(value: str) -> bool:
    return value.startswith(UNKNOWN)
