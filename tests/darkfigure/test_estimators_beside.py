"""Estimators beside the log-linear models of lists: counts of counts, behaviour, open populations.

No published figure is quoted here that could not be read at its source; each is held to the same
thing worked out another way (sums and maxima written out by brute force) or to made-up populations
of which the truth is known.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar
from scipy.special import gammaln
from scipy.stats import nbinom
from scipy.stats import poisson as poisson_law

from darkfigure.basis.errors import Unreadable
from darkfigure.estimation import example
from darkfigure.estimation.behaviour import _chances, behaviour, first_seen, removal
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.closed import log_normal
from darkfigure.estimation.counts_of_counts import (
    chao,
    negative_binomial,
    poisson,
    times_of,
    zelterman,
)
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.glm import poisson_regression
from darkfigure.estimation.open_population import design, jolly_seber, known_within, open_estimator
from darkfigure.estimation.single import estimate

UK = example("uk_2013_list_overlaps")
SEEN = {1: 15, 2: 7, 3: 4}


def histories(on):
    lists = on.shape[1]
    counts = np.bincount(on.astype(int) @ (1 << np.arange(lists)), minlength=1 << lists).astype(
        float
    )
    counts[0] = 0
    return CaptureTable(tuple("ABCDEFG"[:lists]), counts)


# Counts of counts


def test_chao_and_zelterman_by_hand():
    """15 seen once, 7 twice, 4 three times: 15 x 14 / (2 x 8) hidden by Chao; a rate of 14/15 by
    Zelterman.
    """
    assert chao(times_of(SEEN)).total == pytest.approx(26 + 15 * 14 / 16)
    assert zelterman(times_of(SEEN)).total == pytest.approx(26 / (1 - np.exp(-14 / 15)))


def test_of_a_capture_table_the_lists_are_the_times():
    times = times_of(UK)
    assert times.known == 2744
    assert times.sightings == sum(UK.totals.values())
    assert chao(UK).total == chao(times).total


def truncated(pmf, seen):
    """The conditional log likelihood of persons seen, with the law's chances."""
    often = np.array(list(seen))
    return float(np.array(list(seen.values())) @ np.log(pmf(often) / (1 - pmf(0))))


def test_poisson_is_the_maximum_of_its_likelihood():
    found = minimize_scalar(
        lambda rate: -truncated(lambda k: poisson_law.pmf(k, rate), SEEN),
        bounds=(0.01, 9),
        method="bounded",
    )
    assert poisson(times_of(SEEN)).total == pytest.approx(26 / (1 - np.exp(-found.x)), rel=1e-4)


def test_negative_binomial_is_the_maximum_of_its_likelihood():
    seen = {1: 140, 2: 60, 3: 30, 4: 16, 5: 9, 6: 4, 7: 3}

    def lost(values):
        size, mean = np.exp(values)
        return -truncated(lambda k: nbinom.pmf(k, size, size / (size + mean)), seen)

    found = minimize(
        lost,
        [0.0, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000},
    )
    size, mean = np.exp(found.x)
    none = nbinom.pmf(0, size, size / (size + mean))
    ours = negative_binomial(times_of(seen))
    assert ours.total == pytest.approx(sum(seen.values()) / (1 - none), rel=1e-3)
    assert ours.low < ours.total < ours.high


def test_the_profile_of_a_poisson_is_that_written_out():
    times = times_of(SEEN)
    known, sightings = 26, 15 + 14 + 12
    whole = np.arange(known, 400, 0.001)
    score = gammaln(whole + 1) - gammaln(whole - known + 1) - sightings * np.log(whole)
    inside = whole[score.max() - score <= 3.841458820694124 / 2]
    found = poisson(times)
    assert (found.low, found.high) == pytest.approx((inside[0], inside[-1]), abs=0.01)


def test_where_persons_do_not_differ_the_negative_binomial_is_the_poisson():
    seen = {1: 300, 2: 130, 3: 25, 4: 2}
    found = negative_binomial(times_of(seen))
    assert found.total == pytest.approx(poisson(times_of(seen)).total, rel=2e-3)
    assert "this is the Poisson law" in str(found.assumes)


def test_a_negative_binomial_that_runs_to_its_boundary_is_refused():
    with pytest.raises(NoEstimate, match="runs to the boundary") as caught:
        negative_binomial(times_of({1: 400, 2: 20, 3: 9, 4: 6, 5: 5, 8: 4, 12: 3}))
    assert caught.value.reason is Reason.BOUNDARY


@pytest.mark.parametrize("one", [chao, zelterman, poisson, negative_binomial])
def test_nobody_seen_once_or_nobody_seen_again_is_refused(one):
    with pytest.raises(NoEstimate, match="exactly once"):
        one(times_of({2: 5, 3: 1}))
    with pytest.raises(NoEstimate, match="more than once"):
        one(times_of({1: 9}))


def test_times_that_make_no_sense():
    for wrong in ({}, {0: 5}, {1: -2}, {1: 0}):
        with pytest.raises(Unreadable):
            times_of(wrong)


def test_lower_bounds_stay_below_and_the_right_law_finds_the_truth():
    """60 times 2,000 persons whose rates differ: Chao and Zelterman fall short, the negative
    binomial does not.
    """
    chance = np.random.default_rng(7)
    totals = {one.__name__: [] for one in (chao, zelterman, poisson, negative_binomial)}
    for _ in range(60):
        rates = chance.gamma(2.0, 0.5, 2000)
        times = times_of(dict(enumerate(np.bincount(chance.poisson(rates))[1:].tolist(), 1)))
        for one in (chao, zelterman, poisson, negative_binomial):
            totals[one.__name__].append(one(times).total)
    medians = {name: np.median(each) for name, each in totals.items()}
    assert medians["poisson"] < medians["chao"] < 2000
    assert medians["negative_binomial"] == pytest.approx(2000, rel=0.05)


def test_log_normal_limits():
    low, high = log_normal(100.0, 400.0)
    assert low * high == pytest.approx(100.0**2)
    assert log_normal(0.0, 1.0) == (0.0, 0.0)


# Behaviour


def test_first_lists_are_what_removal_is_made_of():
    counts = np.array([0, 5, 7, 11, 13, 17, 19, 23.0])
    assert first_seen(CaptureTable(("A", "B", "C"), counts)).tolist() == [
        5 + 11 + 17 + 23,
        7 + 19,
        13,
    ]


def test_removal_by_brute_force():
    """Two passes: first^2 / (first - second), the conditional maximum (Seber 1982, section 7.2)."""
    hidden, low, high, share = removal(np.array([90.0, 60.0]), "Mb")
    assert 150 + hidden == pytest.approx(90**2 / (90 - 60))
    assert share == pytest.approx(1 - 60 / 90)
    assert low < 150 + hidden < high
    with pytest.raises(NoEstimate, match="do not find fewer persons"):
        removal(np.array([60.0, 60.0]), "Mb")


def test_chances_of_histories_add_up():
    chances = _chances(4, np.array([0.2, 0.3, 0.4, 0.1]), np.array([0.5, 0.5, 0.6, 0.7]))
    assert chances.sum() == pytest.approx(1)
    assert chances[0] == pytest.approx(0.8 * 0.7 * 0.6 * 0.9)
    # On the first and the third list: listed, not again, again.
    assert chances[0b0101] == pytest.approx(0.2 * 0.5 * 0.6 * 0.3)


def drawn(chance, first, again, number):
    on = np.zeros((number, len(first)), dtype=bool)
    for place in range(len(first)):
        before = on.any(axis=1)
        on[:, place] = chance.random(number) < np.where(before, again[place], first[place])
    return histories(on)


@pytest.mark.parametrize(
    ("name", "first", "again"),
    [
        ("Mb", [0.3] * 5, [0.1] * 5),
        ("Mbh", [0.5, 0.25, 0.25, 0.25, 0.25], [0.15] * 5),
        # Odds of .5 on first listing, three times as high again.
        (
            "Mtb",
            [0.2, 0.35, 0.15, 0.4, 0.25],
            [3 * p / (1 - p + 3 * p) for p in (0.2, 0.35, 0.15, 0.4, 0.25)],
        ),
    ],
)
def test_behaviour_finds_a_truth_that_it_describes(name, first, again):
    chance = np.random.default_rng(11)
    truth, totals, held = 20_000, [], 0
    for _ in range(8):
        (found,) = (
            each for each in behaviour(drawn(chance, first, again, truth)) if each.method == name
        )
        totals.append(found.total)
        held += found.low <= truth <= found.high
    assert np.median(totals) == pytest.approx(truth, rel=0.04)
    assert held >= 6


def test_behaviour_lays_three_models_side_by_side():
    chance = np.random.default_rng(3)
    found = estimate(drawn(chance, [0.3] * 4, [0.1] * 4, 3000), "behaviour")
    assert [each.name for each in found.beside] == ["Mb", "Mbh", "Mtb"]
    able = [each for each in found.beside if each.total is not None]
    assert found.bic == min(each.bic for each in able)
    assert all(
        each.aic is not None and each.deviance is not None and each.degrees >= 0 for each in able
    )


# Open populations


def moving(chance, number=4000, years=6, stays=0.8, share=0.5):
    """Persons that come and go: who is present by year, and who of them is listed."""
    present = np.zeros((number, years), dtype=bool)
    came = chance.integers(0, years, number) * (chance.random(number) < 0.5)
    for person, year in enumerate(came):
        present[person, year] = True
    for year in range(1, years):
        present[:, year] |= present[:, year - 1] & (chance.random(number) < stays)
    return present, present & (chance.random(present.shape) < share)


def test_jolly_seber_finds_numbers_staying_and_coming():
    chance = np.random.default_rng(2)
    present, listed = moving(chance, 40_000)
    found = jolly_seber(histories(listed))
    assert found.years == ("B", "C", "D", "E")
    assert found.present == pytest.approx(present[:, 1:5].sum(axis=0), rel=0.04)
    assert found.listed == pytest.approx([0.5] * 4, rel=0.04)
    assert found.stayed[1:] == pytest.approx([0.8] * 3, rel=0.04)
    assert found.total == pytest.approx(present[:, 1:5].any(axis=1).sum(), rel=0.03)
    assert found.known == listed[:, 1:5].any(axis=1).sum()


def test_the_closed_forms_are_the_maximum_of_the_log_linear_model():
    """The fitted table has the sums that the estimates are made of, so that they are what its
    maximum says (Cormack 1989).
    """
    chance = np.random.default_rng(4)
    table = histories(moving(chance, 3000, years=5)[1])
    columns = design(5)
    # Years first and last listed and each year listed: 3 k - 3 parameters, as Jolly and Seber have.
    assert columns.shape[1] == 3 * 5 - 3
    fit = poisson_regression(columns, table.counts[1:])
    assert fit.settled
    fitted = np.append(0.0, np.exp(columns @ fit.values))
    again = open_estimator(table)(np.array([fitted, table.counts]))
    assert again[0] == pytest.approx(again[1], rel=1e-5)
    assert jolly_seber(table).fit.deviance == pytest.approx(fit.deviance)


def test_jolly_seber_of_three_years_is_lincoln_petersen_for_the_middle_one():
    """Nobody comes or goes in a closed population: n2 of the marked M2, by those seen on both
    sides.
    """
    counts = np.array([0, 40, 30, 20, 25, 15, 10, 12.0])
    found = jolly_seber(CaptureTable(("A", "B", "C"), counts))
    listed, before, after, across = 30 + 20 + 10 + 12, 20 + 12, 10 + 12, 15
    marked = before + listed * across / after
    assert found.present == pytest.approx((marked * listed / before,))


def test_an_open_population_by_name():
    chance = np.random.default_rng(9)
    present, listed = moving(chance, 3000)
    table = histories(listed)
    found = estimate(table, "jolly-seber", replicates=200, seed=2)
    assert found.known == known_within(table)
    assert found.interval[0] < present[:, 1:5].any(axis=1).sum() < found.interval[1]
    assert ("C", dict(found.more)["C"]) in found.more
    assert "the first and the last year" in str(found.remarks[0])


def test_a_year_that_overlaps_with_no_other_is_named():
    counts = np.zeros(16)
    counts[[1, 2, 4, 8, 0b1001, 0b1010]] = [20, 15, 12, 10, 5, 4]
    with pytest.raises(NoEstimate, match="B: nobody on it is on an earlier list"):
        jolly_seber(CaptureTable(("A", "B", "C", "D"), counts))
