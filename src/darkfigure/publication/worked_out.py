"""What can be worked out of counts that are told and counts that are told as ranges, by linear
programme: the least and the most that a hidden count can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, eye, hstack
from scipy.sparse.csgraph import connected_components

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
#: A count, or one less another: the weight of each count in a sum.
Sum = tuple[tuple[int, float], ...]
#: Solutions are exact to less than this.
SLACK = 1e-6


@dataclass
class Worked:
    """The least and the most that a sum of counts can be; `binding` are counts that it follows
    from.
    """

    low: float
    high: float
    binding: frozenset[int] = frozenset()


class Counts:
    """Counts that are sums of the same atoms: `low` and `high` are what is told of each.

    `fitted` are the counts as they would be if they added up exactly, nearest to those that are
    given: persons counted in two places make cells that do not.
    """

    def __init__(self, members: Sequence[Sequence[int]], atoms: int, given: Sequence[float]):
        rows = [row for row, atoms_of_count in enumerate(members) for _ in atoms_of_count]
        columns = [atom for atoms_of_count in members for atom in atoms_of_count]
        self.sums = csr_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(len(members), atoms), dtype=float
        )
        self.fitted = self._fit(np.asarray(given, dtype=float))
        self.low = self.fitted.copy()
        self.high = self.fitted.copy()
        self._seen: list[Vector] = []

    def _fit(self, given: Vector) -> Vector:
        count, atoms = self.sums.shape
        apart = hstack([self.sums, eye(count), -eye(count)], format="csr")
        solved = linprog(
            np.concatenate([np.zeros(atoms), np.ones(2 * count)]),
            A_eq=apart,
            b_eq=given,
            bounds=(0, None),
            method="highs",
        )
        fitted = np.asarray(self.sums @ solved.x[:atoms], dtype=float)
        return np.where(np.abs(fitted - given) < SLACK, given, fitted)

    def tell(self, place: int, low: float, high: float) -> None:
        """Tell a count as a range, or wider than that where it does not lie within."""
        self.low[place] = min(low, self.fitted[place])
        self.high[place] = max(high, self.fitted[place])

    def is_open(self, sought: Sum, width: float) -> Worked | None:
        """None where a sum can be worked out to within no less than a width; else to within what,
        and what from.
        """
        self._seen = [solution for solution in self._seen if self._allowed(solution)]
        reached = [
            sum(weight * solution[place] for place, weight in sought) for solution in self._seen
        ]
        if reached and max(reached) - min(reached) >= width - SLACK:
            return None
        least, from_least = self._end(sought, 1.0)
        most, from_most = self._end(sought, -1.0)
        if most - least >= width - SLACK:
            return None
        return Worked(least, most, from_least | from_most)

    def _allowed(self, seen: Vector) -> bool:
        return bool(np.all(seen >= self.low - SLACK) and np.all(seen <= self.high + SLACK))

    def _end(self, sought: Sum, sign: float) -> tuple[float, frozenset[int]]:
        """One end of what a sum can be, and the counts that keep it there."""
        weights = np.zeros(self.sums.shape[0])
        for place, weight in sought:
            weights[place] = sign * weight
        bounded = np.isfinite(self.high)
        solved = linprog(
            self.sums.T @ weights,
            A_ub=_stacked(self.sums[bounded], -self.sums),
            b_ub=np.concatenate([self.high[bounded], -self.low]),
            bounds=(0, None),
            method="highs",
        )
        if solved.status == 3:  # without bound
            return -sign * float("inf"), frozenset()
        self._seen.append(np.asarray(self.sums @ solved.x, dtype=float))
        weight_of = np.zeros(len(weights))
        upper = solved.ineqlin.marginals
        weight_of[bounded] = np.abs(upper[: int(bounded.sum())])
        weight_of += np.abs(upper[int(bounded.sum()) :])
        return sign * float(solved.fun), frozenset(np.flatnonzero(weight_of > SLACK).tolist())


def _stacked(above: csr_matrix, below: csr_matrix) -> csr_matrix:
    from_above = csr_matrix(above)
    return csr_matrix(
        (
            np.concatenate([from_above.data, below.data]),
            np.concatenate([from_above.indices, below.indices]),
            np.concatenate([from_above.indptr, from_above.indptr[-1] + below.indptr[1:]]),
        ),
        shape=(from_above.shape[0] + below.shape[0], below.shape[1]),
    )


def apart(members: Sequence[Sequence[int]], atoms: int) -> Iterator[list[int]]:
    """Counts by the sets of them that share atoms."""
    rows = [row for row, atoms_of_count in enumerate(members) for _ in atoms_of_count]
    columns = [len(members) + atom for atoms_of_count in members for atom in atoms_of_count]
    size = len(members) + atoms
    joined = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    _, named = connected_components(joined, directed=False)
    together: dict[int, list[int]] = {}
    for place in range(len(members)):
        together.setdefault(int(named[place]), []).append(place)
    yield from together.values()


def nested(members: Sequence[Sequence[int]], given: Sequence[float], most: float) -> Iterable[Sum]:
    """One count less another that lies within it, where so few lie between."""
    sets = [frozenset(each) for each in members]
    values = np.asarray(given, dtype=float)
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    for place, value in enumerate(values):
        first = np.searchsorted(sorted_values, value, side="right")
        last = np.searchsorted(sorted_values, value + most, side="right")
        for wider in order[first:last].tolist():
            if sets[place] < sets[wider]:
                yield (wider, 1.0), (place, -1.0)
