"""The attackers of the room `disclosure`, one by one, on sums small enough to be seen through."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from darkfigure.disclosure.cube import Cube, dimension
from darkfigure.disclosure.elementary import ENDLESS
from darkfigure.disclosure.engine import PRIME, inverse_of
from darkfigure.disclosure.exact import Decided, any_table, decide, extent
from darkfigure.disclosure.knowledge import Knowledge, of_cube
from darkfigure.disclosure.own_record import exposed
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.span import combination, follows
from darkfigure.disclosure.suppress import suppress
from darkfigure.disclosure.witness import Difference, Outcome, settle, verified


def rows(*lines):
    return sparse.csr_array(np.array(lines, dtype=np.int64))


def knowing(lines, totals, wanted, least=0):
    """Sums that are known exactly, of numbers no less than `least`."""
    made = rows(*lines)
    totals = np.array(totals, dtype=np.int64)
    count = made.shape[1]
    sought = rows(*wanted)
    return Knowledge(
        made,
        totals,
        totals,
        np.full(count, least, dtype=np.int64),
        np.full(count, ENDLESS, dtype=np.int64),
        np.arange(made.shape[0]),
        sought,
        np.zeros(sought.shape[0], dtype=np.int64),
        np.arange(sought.shape[0]),
    )


def test_what_follows_is_a_combination_that_can_be_read():
    known = rows([1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0])
    wanted = rows([0, 1, 0, 1], [1, 0, 0, 0])
    assert follows(known, wanted).tolist() == [True, False]
    places, times = combination(known, wanted[[0]])
    assert dict(zip(places.tolist(), times.tolist(), strict=True)) == {0: 1, 1: 1, 2: -1}
    assert not len(combination(known, wanted[[1]])[0])


@pytest.mark.parametrize("number", [1, 2, 1_000_003, PRIME - 1])
def test_an_inverse_is_one(number):
    assert number * inverse_of(number) % PRIME == 1


def test_a_range_with_one_whole_number_is_told_though_a_programme_passes_it():
    """x + y + z = 4 and 2x - y = 1 with all at least 1: x is 1, though real numbers reach 4/3."""
    known = knowing([[1, 1, 1], [2, -1, 0]], [4, 1], [[1, 0, 0]], least=1)
    truth = any_table(known)
    assert truth.tolist() == [1, 1, 2]
    assert settle(known, truth).outcome == ["told"]
    assert extent(known, truth, 0) == (1, 1, True)


def test_numbers_that_cannot_be_are_none():
    assert any_table(knowing([[1, 1], [1, 1]], [3, 4], [[1, 0]])) is None
    assert any_table(knowing([[2, 2]], [3], [[1, 0]])) is None


def test_there_is_one_or_there_is_none():
    zero = np.zeros(1, dtype=np.int64)
    bounds = (np.array([-2, -2]), np.array([2, 2]))
    found = decide(rows([1, 1]), (zero, zero), bounds, rows([1, 0]), (-3, 2))
    assert found.decided is Decided.FOUND
    assert found.by.tolist() == [2, -2]
    none = decide(rows([1, 1]), (zero, zero), bounds, rows([1, 0]), (-3, 3))
    assert none.decided is Decided.NONE


def test_who_is_alone_in_a_cell_takes_it_away():
    """Two by two, margins shown, all four cells hidden: one record tells the other three."""
    cube = Cube(
        [dimension("a", "xy"), dimension("b", "pq")],
        np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
        np.array([1, 4, 4, 3], dtype=np.int64),
    )
    shown = np.ones(cube.figures, dtype=bool)
    shown[cube.base] = False
    known, truth = of_cube(cube, shown)
    settled = settle(known, truth)
    assert set(settled.outcome) == {"protected"}
    sought = np.ones(4, dtype=bool)
    told = {cube.values[known.wanted_name[each]] for each in exposed(known, truth, settled, sought)}
    assert told == {3, 4}


@pytest.fixture(scope="module")
def made():
    """A table of many small counts, protected with its witnesses. SYNTHETIC."""
    random = np.random.default_rng(11)
    dimensions = [dimension(name, [f"{name}{at}" for at in range(8)]) for name in "abc"]
    codes = random.integers(0, 8, size=(900, 3))
    return suppress(Cube(dimensions, codes, np.ones(900, dtype=np.int64)), Rule())


def known_of(made):
    return of_cube(made.cube, ~made.hidden)


def test_a_certificate_is_verified_without_a_solver(made):
    """Its witnesses prove every number that must be hidden, and one that is forged is refused."""
    knowledge, truth = known_of(made)
    least, most = verified(knowledge, truth, made.settled.differences)
    assert made.primary.sum() > 100
    assert ((most > least) | ~made.primary[knowledge.wanted_name]).all()
    first = made.settled.differences[0]
    forged = Difference(first.unknowns, first.by + (np.arange(len(first.by)) == 0))
    with pytest.raises(ValueError, match="does not agree"):
        verified(knowledge, truth, [forged])
    below = Difference(first.unknowns, first.by - 1_000)
    with pytest.raises(ValueError, match="does not agree"):
        verified(knowledge, truth, [below])


def test_no_figure_is_hidden_that_proves_nothing(made):
    """What need not be hidden is moved by a witness, without which a number would be bare."""
    knowledge, truth = known_of(made)
    must = made.primary[knowledge.wanted_name]
    each = [verified(knowledge, truth, [one]) for one in made.settled.differences]
    moves = np.array([most > least for least, most in each])
    assert moves.any(axis=0).all()
    alone = moves & (moves.sum(axis=0) == 1) & must
    # every witness that moves what need not be hidden is the only one of something
    spare = (moves & ~must).any(axis=1)
    assert alone.any(axis=1)[spare].all()


def test_where_the_time_is_up_nothing_is_shown_again(made, monkeypatch):
    """What is not proved may be kept by what need not be hidden."""
    monkeypatch.setattr("darkfigure.disclosure.suppress.LEAST_SECONDS", 0.0)
    hurried = suppress(made.cube, Rule(), seconds=0.0)
    assert len(hurried.of(Outcome.UNPROVED))
    assert hurried.hidden_cells == suppress(made.cube, Rule(), prove=False).hidden_cells
