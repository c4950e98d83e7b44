"""The law of small counts: whatever a response says over all its parts, no count that is hidden,
and no small difference of two counts, can be worked out of it to within fewer than four numbers.

Held by a linear programme of its own over the whole table of which the parts are drawn. Everything
is synthetic.
"""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from darkfigure.basis.status import CellReason
from darkfigure.publication.answer import is_hidden
from darkfigure.publication.small_counts import THRESHOLD, guarded_together
from support import examples
from tables_drawn import NAMES, UNITS, answered, parts, tables


def width(sought, told, none, table):
    """Between which numbers a sum of units must lie, of all that is told; and of what is told as at
    least 1 though it is not small, that it is no smaller than the threshold.
    """
    above, below = [], []
    for cell, within in told:
        row = np.zeros(len(UNITS))
        row[within] = 1
        low = cell.value if cell.value is not None else cell.low
        if cell.value is None and sum(table[unit] for unit in within) >= THRESHOLD:
            low = THRESHOLD
        high = cell.value if cell.value is not None else cell.high
        above.append((-row, -low))
        if high is not None:
            below.append((row, high))
    rows, ends = zip(*above, *below, strict=True)
    bounds = [(0, 0) if unit in none else (0, None) for unit in range(len(UNITS))]
    found = []
    for sign in (1, -1):
        solved = linprog(sign * sought, A_ub=np.array(rows), b_ub=ends, bounds=bounds)
        assert solved.status in (0, 3)
        found.append(float("inf") if solved.status == 3 else sign * solved.fun)
    return abs(found[1] - found[0])


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(tables, parts)
def test_no_small_count_is_left_to_be_worked_out(table, asked):
    made = [answered(table, by, where) for by, where in asked]
    guarded = guarded_together([found for found, _, _ in made])
    told = [
        (cell, within)
        for found, (_, members, _) in zip(guarded, made, strict=True)
        for cell, within in zip(found.cells, members, strict=True)
    ]
    none = {unit for _, _, out in made for unit in out}
    sought = {}
    for cell, within in told:
        count = sum(table[unit] for unit in within)
        if cell.value is None:
            assert is_hidden(cell)
            assert cell.low <= count <= (float("inf") if cell.high is None else cell.high)
            assert (cell.low, cell.high) in ((1, THRESHOLD - 1), (1, None))
            assert "2017-01-09" not in cell.period
            assert CellReason.SUPPRESSED in cell.reasons
        else:
            assert cell.value == count
            assert not 0 < count < THRESHOLD
        if 0 < count < THRESHOLD or cell.value is None:
            sought[frozenset(within)] = np.isin(range(len(UNITS)), within).astype(float)
        for _, wider in told:
            between = sum(table[unit] for unit in wider) - count
            if set(within) < set(wider) and 0 < between < THRESHOLD:
                rest = [*set(wider) - set(within)]
                sought[frozenset(rest)] = np.isin(range(len(UNITS)), rest).astype(float)
    for within, weights in sought.items():
        assert width(weights, told, none, table) >= THRESHOLD - 2 - 1e-6, [*within]


@settings(max_examples=examples(30), deadline=None)
@given(tables, st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
def test_what_is_large_is_told_as_it_was_counted(table, by):
    found, _, _ = answered([5 * count + 5 for count in table], by, {})
    assert guarded_together([found]) == [found]
