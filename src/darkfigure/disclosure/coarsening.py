"""Values merged until no count is small: by a person's choice, or the rarest of each dimension
first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from darkfigure.disclosure.cube import Cube, Dimension, Whole, dimension
from darkfigure.disclosure.rules import Rule

OTHER = "All other"


@dataclass(frozen=True)
class Coarsened:
    """A table with values merged: what each merged value is called now, by dimension; dimensions
    left out; and how much of what the table told is kept (1 all, 0 nothing), by entropy.
    """

    cube: Cube
    merged: Mapping[str, Mapping[str, str]]
    dropped: tuple[str, ...]
    kept: float


def merged(cube: Cube, chosen: Mapping[str, Mapping[str, str]]) -> Coarsened:
    """A table with values merged as somebody chose: value to group, by dimension."""
    made = _remade(cube, chosen, ())
    return Coarsened(made, chosen, (), _kept(cube, made))


def coarsened(cube: Cube, rule: Rule) -> Coarsened:
    """A table merged until nothing in it, margins included, must be hidden.

    Each step merges the rarest values of the dimension where that leaves most of what the table
    tells, for the small counts that go; a dimension of which nothing is left is left out.
    """
    chosen: dict[str, dict[str, str]] = {axis.name: {} for axis in cube.dimensions}
    limit = dict.fromkeys(chosen, max(rule.threshold // 2, 1))
    dropped: tuple[str, ...] = ()
    now = cube
    while rule.must_hide(now).any() and len(dropped) < len(cube.dimensions):
        tried = [
            _tried(cube, now, chosen, axis.name, limit, rule, dropped)
            for axis in cube.dimensions
            if axis.name not in dropped
        ]
        best = max(tried, key=lambda axis: (axis.worth, axis.name))
        limit[best.name] *= 2
        chosen[best.name] = best.groups
        if not best.groups_left:
            dropped = (*dropped, best.name)
        now = best.cube
    groups_by_name = {
        name: groups for name, groups in chosen.items() if groups and name not in dropped
    }
    return Coarsened(now, groups_by_name, dropped, _kept(cube, now))


@dataclass(frozen=True)
class _Tried:
    name: str
    groups: dict[str, str]
    groups_left: bool
    cube: Cube
    worth: float


def _tried(
    cube: Cube,
    now: Cube,
    chosen: Mapping[str, dict[str, str]],
    name: str,
    limit: Mapping[str, int],
    rule: Rule,
    dropped: Sequence[str],
) -> _Tried:
    place = [axis.name for axis in cube.dimensions].index(name)
    values = cube.dimensions[place].levels[0]
    totals = np.bincount(cube.codes[:, place], cube.counts, minlength=len(values))
    rare = [value for value, total in zip(values, totals, strict=True) if total < 2 * limit[name]]
    groups = dict.fromkeys(rare, OTHER)
    left = len(values) - len(rare) > (0 if rare else 1)
    again = {**chosen, name: groups}
    made = _remade(cube, again, dropped if left else (*dropped, name))
    gone = _small(now, rule) - _small(made, rule)
    lost = _entropy_of(now.counts) - _entropy_of(made.counts)
    return _Tried(name, groups, left, made, gone / max(lost, 1e-6))


def _small(cube: Cube, rule: Rule) -> int:
    return int(rule.must_hide(cube)[cube.figure_of].sum())


def _remade(cube: Cube, chosen: Mapping[str, Mapping[str, str]], dropped: Sequence[str]) -> Cube:
    dimensions: list[Dimension] = []
    columns = []
    behind: dict[str, list[Whole]] = {name: [] for name in cube.behind}
    for place, axis in enumerate(cube.dimensions):
        if axis.name in dropped:
            continue
        groups = chosen.get(axis.name, {})
        named = [groups.get(value, value) for value in axis.levels[0]]
        made = dimension(axis.name, named)
        places = {value: at for at, value in enumerate(made.levels[0])}
        dimensions.append(made)
        now = np.array([places[value] for value in named])
        columns.append(now[cube.codes[:, place]])
        for name, rows in cube.behind.items():
            behind[name].append(now[rows.codes[:, place]])
    made_of = {
        name: replace(rows, codes=_stacked(behind[name], len(rows.counts)))
        for name, rows in cube.behind.items()
    }
    codes = _stacked(columns, len(cube.counts))
    return Cube(dimensions, codes, cube.counts, behind=made_of)


def _stacked(columns: Sequence[Whole], rows: int) -> Whole:
    made = np.stack(columns, axis=1) if columns else np.zeros((rows, 0))
    return made.astype(np.int64)


def _kept(before: Cube, after: Cube) -> float:
    return kept_of(before.counts, after.counts)


def kept_of(before: Whole, after: Whole) -> float:
    """How much of what the finest counts of a table told coarser ones of the same people tell (1
    all, 0 nothing), by entropy.
    """
    told, left = (_entropy_of(counts[counts > 0]) for counts in (before, after))
    return left / told if told > 0 else 1.0


def _entropy_of(counts: Whole) -> float:
    share = counts / counts.sum()
    return float(-(share * np.log2(share)).sum())
