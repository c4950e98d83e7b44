"""How far graders agree: held to an independent program and to what must be so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.intelligence.agreement import (
    SHARE,
    agreement,
    agreements,
    is_graded_twice,
    places,
)

SCALE = "ABCDE"
PAIRS = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=1, max_size=60)


def expected_by_hand(pairs):
    """Weighted kappa in the plainest way: every grade of one beside every grade of the other."""

    def apart(one, two):
        return abs(SCALE.index(one) - SCALE.index(two))

    seen = sum(apart(*pair) for pair in pairs) / len(pairs)
    chance = sum(apart(one, two) for one, _ in pairs for _, two in pairs) / len(pairs) ** 2
    return None if chance == 0 else 1 - seen / chance


@given(PAIRS)
def test_kappa_is_what_chance_leaves(pairs):
    found, wanted = agreement(pairs, SCALE), expected_by_hand(pairs)
    assert found.number == len(pairs)
    assert found.same == pytest.approx(sum(one == two for one, two in pairs) / len(pairs))
    if wanted is None:
        assert found.kappa is None
    else:
        assert found.kappa == pytest.approx(wanted, abs=1e-9)
        assert -1 <= found.low <= found.kappa + 1e-9
        assert found.kappa - 1e-9 <= found.high <= 1


@given(PAIRS)
def test_who_is_called_first_does_not_matter(pairs):
    one, two = agreement(pairs, SCALE), agreement([pair[::-1] for pair in pairs], SCALE)
    assert (one.kappa, one.low) == pytest.approx(
        (two.kappa, two.low), abs=1e-9
    ) or one.kappa is None


@given(PAIRS)
def test_it_is_what_another_program_works_out(pairs):
    """Value and standard error beside those of statsmodels, where the interval is cut nowhere."""
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    found = agreement(pairs, SCALE)
    if found.kappa is None or found.low == -1 or found.high == 1:
        return
    table = np.zeros((5, 5))
    for one, two in pairs:
        table[SCALE.index(one), SCALE.index(two)] += 1
    with np.errstate(all="ignore"):  # of a spread of nought it takes the root of -1e-17
        other = cohens_kappa(table, wt="linear")
    assert found.kappa == pytest.approx(other.kappa, abs=1e-9)
    spread = max(other.var_kappa, 0) ** 0.5
    assert found.high - found.kappa == pytest.approx(1.959964 * spread, abs=1e-6)


def test_the_interval_holds_the_truth_nineteen_times_of_twenty():
    """Two graders who agree by a known rule; the truth is kappa over very many items."""
    import numpy as np

    chance = np.random.default_rng(7)

    def graded(number):
        true = chance.integers(0, 5, number)
        one = np.where(chance.random(number) < 0.7, true, chance.integers(0, 5, number))
        two = np.where(chance.random(number) < 0.7, true, chance.integers(0, 5, number))
        return [(SCALE[a], SCALE[b]) for a, b in zip(one, two, strict=True)]

    truth = agreement(graded(200_000), SCALE).kappa
    held = sum(
        found.low <= truth <= found.high
        for found in (agreement(graded(100), SCALE) for _ in range(400))
    )
    assert 365 <= held <= 395


def test_about_a_fifth_is_graded_twice_and_it_never_changes():
    names = [f"kent SYN-{n}/{n % 3}" for n in range(5000)]
    twice = [name for name in names if is_graded_twice(name)]
    assert 0.9 * SHARE < len(twice) / len(names) < 1.1 * SHARE
    assert twice == [name for name in names if is_graded_twice(name)]


def test_each_place_of_a_grade_is_compared():
    found = agreements([("2BP", "2BP"), ("1AC", "3AP")])
    assert list(found) == list(places())
    assert (found["source"].same, found["information"].same) == (0.5, 1.0)
    assert agreements([])["source"].number == 0
