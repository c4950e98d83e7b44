"""The law of all that went out: whatever was released on whichever days, no count that is hidden
can be worked out of all of it to within fewer than four whole numbers, no small difference of two
counts, and no small difference between two days; and what is said to come out does.

Held by integer programmes of its own over the whole table. Everything is synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from darkfigure.basis.saying import say
from darkfigure.publication.all_released import Fault, Out, attack, guarded_with_all
from darkfigure.publication.answer import is_hidden
from darkfigure.publication.small_counts import THRESHOLD, guarded_together
from darkfigure.tables.measures import measure_named
from support import examples
from tables_drawn import THINKABLE, UNITS, answered, parts, tables

DAYS = date(2009, 1, 12), date(2009, 2, 24)
few_parts = parts.map(lambda asked: asked[:3])
#: What became known later: a few units are recorded more or fewer.
later = st.dictionaries(
    st.integers(0, len(UNITS) - 1), st.sampled_from([-2, -1, 1, 2, 3, 12]), max_size=4
)
released = st.lists(st.tuples(st.integers(0, 1), few_parts), min_size=2, max_size=3)


class Known:
    """What is published of one day: cells with the units that each counts."""

    def __init__(self):
        self.cells, self.none = [], set()

    def add(self, guarded, answers):
        for told, (_, members, out) in zip(guarded, answers, strict=True):
            self.cells += zip(told.cells, members, strict=True)
            self.none |= set(out)

    def ends(self, within):
        """The least and the most that some units can hold together, in whole numbers."""
        rows = np.zeros((len(self.cells), len(THINKABLE)))
        low, high = np.zeros(len(self.cells)), np.full(len(self.cells), np.inf)
        for place, (cell, units) in enumerate(self.cells):
            rows[place, units] = 1
            low[place] = cell.low if cell.value is None else cell.value
            high[place] = np.inf if cell.high is None else cell.high
        most = np.full(len(THINKABLE), np.inf)
        most[[*self.none]] = 0
        aim = np.isin(range(len(THINKABLE)), [*within]).astype(float)
        ends = []
        for sign in (1, -1):
            # nobody counts more than this here
            solved = milp(
                sign * aim,
                constraints=LinearConstraint(rows, low, high),
                bounds=Bounds(0, np.minimum(most, 10_000)),
                integrality=np.ones(len(THINKABLE)),
            )
            assert solved.status == 0
            ends.append(round(sign * solved.fun))
        return ends


def test_what_stands_in_no_release_is_found_by_the_one_after():
    """A table by sex goes out; then one by exploitation, of which a sum tells what was hidden."""
    table = [0] * len(UNITS)
    table[0], table[4], table[12] = 3, 30, 40
    first, second = answered(table, ["sex", "exploitation"], {}), answered(table, ["sex"], {})
    hidden = guarded_together([first[0]])
    assert any(map(is_hidden, hidden[0].cells))
    gone = [Out("March", hidden[0])]
    now = guarded_together([second[0]])
    assert attack([Out("June", now[0])], gone).given
    told, attacked = guarded_with_all(["June"], [second[0]], gone)
    assert attacked.passes
    assert any(map(is_hidden, told[0].cells))


def as_arrests(answer, measure="arrests", unit="arrests", **more):
    """A made-up answer, as one of arrests."""
    question = replace(answer.question, measure=measure_named(measure), **more)
    return replace(answer, question=question, unit=unit)


def test_a_share_tells_how_many_it_is_of():
    """Three women were arrested and twelve men, and both are hidden; half of twelve men is told."""
    table = [0] * len(UNITS)
    table[0], table[12] = 3, 12
    by_sex, whole = (as_arrests(answered(table, by, {})[0]) for by in (["sex"], []))
    counts = guarded_together([by_sex, whole])
    assert [cell.value for cell in counts[0].cells] == [None, None]
    gone = [Out(f"table {number}", told) for number, told in enumerate(counts)]
    men = by_sex.cells[1]._replace(
        value=50, low=50, high=50, notes=(say("cases.share", part=6, whole=12),)
    )
    share = as_arrests(by_sex, "arrests_no_further_action", "percent")
    share = replace(share, cells=(men,))
    (given, *_) = attack([Out("shares", share)], gone).given
    assert (given.low, given.high) == (12, 12)
    (told,), attacked = guarded_with_all(["shares"], [share], gone)
    assert attacked.passes
    assert told.cells[0].value is None
    # the other way round: what is out already tells what the counts would hide
    assert not attack(gone, [Out("shares", share)]).passes


def test_a_difference_between_two_days_is_hidden():
    table = [20] * len(UNITS)
    before = answered(table, ["sex"], {}, DAYS[0])
    table[0] += 1
    after = answered(table, ["sex"], {}, DAYS[1])
    gone = [Out("v1", before[0])]
    attacked = attack([Out("v2", after[0])], gone)
    # told of either day's count
    assert {(item.fault, item.low, item.high) for item in attacked.given} == {
        (Fault.DIFFERENCE, 1, 1)
    }
    told, attacked = guarded_with_all(["v2"], [after[0]], gone)
    assert attacked.passes
    assert [cell.value for cell in told[0].cells] == [None, None]


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(tables, later, released)
def test_nothing_protected_comes_out_of_everything(table, changes, releases):
    tables_on = {0: table, 1: [max(0, n + changes.get(at, 0)) for at, n in enumerate(table)]}
    known, gone = {0: Known(), 1: Known()}, []
    for number, (day, asked) in enumerate(releases):
        answers = [answered(tables_on[day], by, where, DAYS[day], THINKABLE) for by, where in asked]
        names = [f"release {number}, table {place}" for place in range(len(answers))]
        told, attacked = guarded_with_all(names, [made for made, _, _ in answers], gone)
        trial = Known()
        trial.cells, trial.none = [*known[day].cells], {*known[day].none}
        trial.add(told, answers)
        if not attacked.passes:
            _true_accusations(attacked, trial, names, told, answers)
            return
        known[day] = trial
        gone += [Out(name, answer) for name, answer in zip(names, told, strict=True)]
        _nothing_comes_out(trial, known[1 - day])


def _true_accusations(attacked, trial, names, told, answers):
    for item in attacked.given:
        if item.fault in (Fault.TOLD, Fault.NARROW) and item.cell.table in names:
            place = names.index(item.cell.table)
            low, high = trial.ends(answers[place][1][item.cell.place])
            assert (low, high) == (item.low, min(item.high, high))
            assert high - low < THRESHOLD - 2
        assert item.fault is not Fault.UNPROVED


def _nothing_comes_out(trial, other_day):
    shown = [
        (cell.value, frozenset(units)) for cell, units in trial.cells if cell.value is not None
    ]
    for cell, units in trial.cells:
        if cell.value is None and units:
            low, high = trial.ends(units)
            assert high - low >= THRESHOLD - 2
    for number, units in shown:
        for least, part in shown:
            assert not (part < units and 0 < number - least < THRESHOLD)
        if other_day.cells and units:
            low, high = other_day.ends(units)
            close = high - low < THRESHOLD - 2
            assert not (close and 0 < max(abs(number - low), abs(number - high)) < THRESHOLD)
