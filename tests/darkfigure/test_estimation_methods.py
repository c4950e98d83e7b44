"""The table of methods: every option obeyed or refused, every method's figure past the gate, the
panel's reasons.

Figures of the peer's Bayesian thresholding: R package MultipleSystemsEstimation 1.2.0 (Silverman
2020, JRSS A 183, 691-736), UK table of five lists (police and National Crime Agency as one), flat
prior.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.saying import quote
from darkfigure.estimation import example, gate, methods, panel, steps
from darkfigure.estimation.bounded import Bounded, estimate_bounded
from darkfigure.estimation.capture import CaptureTable, table
from darkfigure.estimation.closed import family
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.loglinear import average, best, fit, stepwise
from darkfigure.estimation.methods import METHODS, OPTIONS, NotTaken
from darkfigure.estimation.models import model, optional_terms, parse_model
from darkfigure.estimation.profile import averaged_interval, multinomial_interval, profile_interval
from darkfigure.estimation.resampling import (
    best_estimator,
    bootstrap,
    stepwise_estimator,
    summed_up,
)
from darkfigure.estimation.result import Result
from darkfigure.estimation.sensitivity import sensitivity
from darkfigure.estimation.single import RUNS, Settings, chooser, estimate
from darkfigure.estimation.strata import over_draws, stratified
from darkfigure.estimation.thresholded import thresholded
from darkfigure.estimation.times_seen import times_of

SMALL, UK = example("artificial_3"), example("uk_2013_list_overlaps")
FIVE = UK.merge(["PF", "NCA"])
THREE = table(["A", "B", "C"], np.array([0, 120, 80, 14, 60, 9, 6, 3.0]))
EVERYBODY = CaptureTable(("A", "B", "C"), np.array([0, 0, 0, 0, 0, 0, 0, 120.0]))
APART = CaptureTable(("A", "B", "C"), np.array([0, 60, 40, 0, 30, 0, 0, 0.0]))

#: A value for each option, and another that gives another figure where the option is obeyed.
VALUES = {
    "order": (1, 2),
    "model": ("[1,2,3]", "[12,3]"),
    "replicates": (60, 90),
    "seed": (1, 2),
    "lists": (("A", "B"), ("B", "C")),
    "threshold": (0.1, 3.0),
    "prior_variance": (0.5, 4.0),
    "draws": (100, 150),
}


def needed(name):
    asked = {"model": VALUES["model"][0]} if name == "model" else {}
    return asked | ({"lists": VALUES["lists"][0]} if name == "two-lists" else {})


def said(name, **asked):
    found = estimate(THREE, name, **(needed(name) | asked))
    return found.total, found.interval, found.how, found.model, found.more


def test_every_method_has_a_run_and_every_run_a_method():
    assert set(RUNS) == set(METHODS)
    for each in METHODS.values():
        assert set(each.takes) <= set(OPTIONS)
        assert set(each.needs) <= set(each.takes)
        assert each.does
        assert each.interval


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", METHODS)
def test_an_option_is_obeyed_or_refused(name, option):
    """Walks every method with every option: what it takes changes the figure, what it does not is
    refused and named.
    """
    method = METHODS[name]
    with_seed = {"replicates": 60} if option == "seed" and method.chance == "replicates" else {}
    # With every overlap kept its prior tells.
    kept = {"threshold": 0.1} if option == "prior_variance" and option in method.takes else {}
    one, other = ({option: value} | with_seed | kept for value in VALUES[option])
    if option not in method.takes:
        with pytest.raises(NotTaken, match=OPTIONS[option]):
            estimate(THREE, name, **(needed(name) | one))
        return
    if option == "order" and name in ("bic", "aic", "average", "thresholded"):
        # Orders above that of the table leave nothing to check by.
        with pytest.raises(Unreadable, match=r"order"):
            estimate(THREE, name, order=3)
    if option == "order" and name == "thresholded":
        return
    first, second = said(name, **one), said(name, **other)
    assert first == said(name, **one)
    # The best model of this table is that of the main effects, of whatever order.
    assert first != second or (option == "order" and name in ("bic", "aic"))


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].chance == "replicates"])
def test_a_seed_without_chance_is_refused(name):
    with pytest.raises(NotTaken, match="leave --seed out"):
        estimate(THREE, name, seed=3, **needed(name))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"seed": -1, "replicates": 10}, "--seed is 0 or more"),
        ({"replicates": -5}, ("--bootstrap is 0 or more")),
        ({"order": 0}, "--order is 1 or more"),
    ],
)
def test_negative_numbers_are_refused(asked, says):
    with pytest.raises(Unreadable, match=says):
        estimate(THREE, "bic", **asked)


@pytest.mark.parametrize("name", METHODS)
def test_what_a_method_cannot_be_made_of_is_refused(name):
    method = METHODS[name]
    times = times_of({1: 50, 2: 20, 3: 4})
    two = CaptureTable(("A", "B"), np.array([0, 50, 40, 12.0]))
    bounds = Bounded(THREE, THREE.with_counts(THREE.counts + np.eye(8)[7] * 2))
    asked = {"model": "[1,2]"} if name == "model" else needed(name)
    for able, doing in (
        (method.times, lambda: estimate(times, name, **needed(name))),
        (method.least <= 2, lambda: estimate(two, name, **asked)),
        (method.bounds, lambda: estimate_bounded(bounds, name, **needed(name))),
        (method.strata, lambda: chooser(name, Settings(replicates=40, **needed(name)))(THREE)),
    ):
        if able:
            assert doing() is not None
        else:
            with pytest.raises(NotTaken):
                doing()


def test_methods_that_are_none():
    with pytest.raises(UnknownName, match=r"'nonsense' is not a method\. Known are bic"):
        estimate(THREE, "nonsense")
    with pytest.raises(NotTaken, match="model needs --model"):
        estimate(THREE, "model")
    with pytest.raises(
        NotTaken,
        match=r"two-lists takes two of the 3 lists: say which with --lists A,B\. They are A, B, C",
    ):
        estimate(THREE, "two-lists")
    with pytest.raises(Unreadable, match="term of all 3 lists"):
        estimate(THREE, "model", model="[123]")
    with pytest.raises(Unreadable, match="does not name different lists"):
        parse_model("[1!]", 3)


# The gate


@pytest.mark.parametrize("name", METHODS)
def test_everybody_on_every_list_is_said_in_plain_words(name):
    with pytest.raises(NoEstimate, match=r"Everybody \(120 persons\) is on every list") as caught:
        estimate(EVERYBODY, name, **needed(name))
    assert caught.value.reason is Reason.EVERYBODY


@pytest.mark.parametrize("name", METHODS)
def test_nobody_on_two_lists_is_said_in_plain_words(name):
    with pytest.raises(NoEstimate, match="No person is on two lists"):
        estimate(APART, name, **needed(name))


def test_a_model_without_an_estimate_is_refused_with_its_terms_at_minus_infinity():
    with pytest.raises(NoEstimate) as caught:
        estimate(SMALL, "model", model="[12,3]")
    assert caught.value.reason is Reason.NOT_EXISTING
    assert caught.value.infinite == ()
    with pytest.raises(NoEstimate, match="Terms at minus infinity: A&C, B&C") as caught:
        estimate(SMALL, "model", model="[12,13,23]")
    assert caught.value.reason is Reason.NOT_IDENTIFIABLE
    for interval in (profile_interval, multinomial_interval):
        with pytest.raises(NoEstimate):
            interval(fit(SMALL, parse_model("[12,3]", 3)))


@pytest.mark.parametrize(
    ("total", "interval", "says"),
    [
        (float("nan"), None, "not finite"),
        (inf, None, "not finite"),
        (3_101_530_558_247_978.0, None, "more than there are people"),
        (95.0, None, "below the 100 persons known"),
        (500.0, (90.0, 900.0), "lower limit falls below the 100 known"),
        (500.0, (600.0, 900.0), "do not hold the estimate"),
        (500.0, (200.0, inf), "sets no upper limit"),
        (500.0, (292.0, 2.5e31), "sets no upper limit"),
        (900.0, (900.0, 900.0), "no measure of doubt"),
    ],
)
def test_no_result_can_be_made_of_a_figure_that_is_none(total, interval, says):
    with pytest.raises(NoEstimate, match=says):
        Result("any", 100, total, interval, "", "", None, "", 0.0)


def test_replicates_are_counted_and_not_replaced():
    """313 of 1,000 replicates of a table of 14 persons have no overlap: no limit is made of the
    others.
    """
    few = CaptureTable(("A", "B", "C"), np.array([0, 6, 4, 1, 3, 0, 0, 0.0]))
    found = estimate(few, "bic", replicates=1000)
    assert found.total == pytest.approx(69.48896879)
    assert (found.replicates, found.without) == (1000, 313)
    assert found.interval is None
    assert (
        str(found.how)
        == "no interval: 313 of 1,000 replicates have no estimate; they count as above every other"
    )


def test_a_replicate_without_an_estimate_counts_as_above_every_other():
    totals = np.array([*np.linspace(200, 300, 96), np.nan, np.nan, np.nan, np.nan])
    run = summed_up(100, 250.0, totals, [(np.zeros(1), np.ones(1))], (0.8, 0.95))
    assert run.without == 4
    # 4% failed: the upper 2.5% are among them, the upper 10% are not.
    assert run.intervals[0.95] is None
    low, high = run.intervals[0.8]
    assert 200 < low < 250 < high < 300
    every = summed_up(
        100,
        250.0,
        np.where(np.isfinite(totals), totals, 1e9),
        [(np.zeros(1), np.ones(1))],
        (0.8, 0.95),
    )
    assert every.intervals[0.8] == run.intervals[0.8]
    with pytest.raises(NoEstimate, match="None of 5 replicates"):
        summed_up(1, 2.0, np.full(5, np.nan), [], (0.8,))


def test_an_average_that_is_one_model_says_so():
    counts = np.array([0, 3000, 2500, 900, 2000, 700, 600, 180.0])
    mean = average(table(["A", "B", "C"], counts))
    assert sum(weight for _, weight in mean.heavy) == pytest.approx(1, abs=2e-3)
    found = estimate(table(["A", "B", "C"], counts), "average")
    assert mean.models[0][1] > 0.95
    assert "has 0.9" in str(found.remarks[0]) or "has 1.0" in str(found.remarks[0])
    assert "one model" in str(found.remarks[0])


def test_limits_of_an_average_hold_sampling_as_well_as_choice():
    """One model alone gives the log-normal limits of its own; several reach at least as far as
    limits between models.
    """
    mean = average(UK)
    low, high = averaged_interval(UK, mean)
    assert low < mean.low < mean.high < high
    (heaviest, _), *_ = mean.heavy
    alone = averaged_interval(UK, replace(mean, heavy=((heaviest, 1.0),)))
    found = fit(UK, heaviest)
    assert np.sqrt((alone[0] - UK.known) * (alone[1] - UK.known)) == pytest.approx(
        found.dark_figure, rel=1e-6
    )
    assert alone == pytest.approx(multinomial_interval(found), rel=0.02)


def test_fits_at_a_boundary_are_refused_and_say_so():
    found = {each.method: each for each in family(SMALL)}
    for name in (
        "Mh Poisson2",
        "Mh Darroch",
        "Mh Gamma3.5",
        "Mth Poisson2",
        "Mth Darroch",
        "Mth Gamma3.5",
    ):
        assert np.isnan(found[name].total)
        assert "runs to a boundary" in str(found[name].why)
    rows = estimate(SMALL, "family").beside
    assert len(rows) == 10
    assert sum(each.total is None for each in rows) == 6
    assert all(
        each.bic is not None and each.aic is not None and each.deviance is not None
        for each in rows
        if each.total
    )


def test_two_lists_alone_warn_that_nothing_checks_them():
    two = CaptureTable(("A", "B"), np.array([0, 120, 80, 14.0]))
    for name in ("bic", "stepwise", "two-lists", "chao"):
        found = estimate(two, name)
        assert "nothing in the table checks" in str(found.remarks[0])
    assert estimate(two, "bic").total == pytest.approx(134 * 94 / 14)
    assert estimate(two, "bic", replicates=50).replicates == 50
    pair = estimate(THREE, "two-lists", lists=("A", "B"))
    # Lists A and B alone: 232 known, Chapman.
    assert (pair.known, round(pair.dark_figure)) == (232, 616)


def test_an_order_that_the_table_does_not_allow_is_refused():
    two = CaptureTable(("A", "B"), np.array([0, 120, 80, 14.0]))
    for held, order in ((two, 2), (two, 3), (THREE, 3)):
        for name in ("bic", "aic"):
            with pytest.raises(Unreadable, match="order can be from 1 to"):
                estimate(held, name, order=order)


def test_plausible_tables_of_two_lists_have_an_estimate():
    """What linkage hands over: two lists, drawn several times, some with more doubt than others."""
    tables = [
        CaptureTable(("A", "B"), np.array([0, 120 - each, 80 - each, 14 + each], dtype=float))
        for each in range(4)
    ]
    found = over_draws(
        tables, lambda held: best_estimator(held, 2), lambda held: best(held, order=2).fit, 60
    )
    assert found.intervals[0.95][0] < found.total < found.intervals[0.95][1]
    assert found.without == 0
    assert sum(found.shares.values()) == pytest.approx(1)
    few = CaptureTable(("A", "B"), np.array([0, 9, 8, 1.0]))
    sparse = over_draws(
        [few, few], lambda held: best_estimator(held, 2), lambda held: best(held, order=2).fit, 60
    )
    assert sparse.intervals[0.95] is None
    assert f"{sparse.without} of 120 replicates have no estimate" in str(sparse.why[0.95])
    assert sparse.total >= few.known
    with pytest.raises(NoEstimate, match="Everybody"):
        over_draws(
            [EVERYBODY],
            lambda held: best_estimator(held, 2),
            lambda held: best(held, order=2).fit,
            60,
        )


def test_strata_use_the_intervals_one_table_uses():
    """The sum of one stratum and a nearly empty other is the interval of the one; moves of every
    person go into the skew.
    """
    alone = bootstrap(THREE, stepwise_estimator(THREE), 300, 5)
    found = stratified({"a": THREE, "b": THREE}, stepwise_estimator, 300, 5)
    assert found.strata[0].intervals == alone.intervals
    assert found.all.total == pytest.approx(2 * found.strata[0].total)
    low, high = found.all.intervals[0.95]
    wide = alone.intervals[0.95][1] - alone.intervals[0.95][0]
    # Two independent halves: the spread of the sum is about the root of two of that of one.
    assert 1.1 * wide < high - low < 1.7 * wide


def test_a_stratum_that_fails_is_named_and_there_is_no_total():
    found = stratified(
        {"women.csv": THREE, "men.csv": EVERYBODY},
        stepwise_estimator,
        50,
        failed={"x.csv": quote("unread")},
    )
    assert [each.name for each in found.strata] == ["women.csv"]
    assert found.all is None
    assert str(dict(found.failed)["x.csv"]) == "unread"
    assert "Everybody" in str(dict(found.failed)["men.csv"])


# Intervals


def test_profile_intervals_against_the_likelihood_written_out():
    """Independence of two lists: the multinomial profile is that of the hypergeometric-like
    product, by a search of our own.
    """
    from scipy.optimize import brentq
    from scipy.special import gammaln

    n1, n2, both = 134.0, 94.0, 14.0
    seen = n1 + n2 - both

    def likelihood(total):
        p, q = n1 / total, n2 / total
        return (
            gammaln(total + 1)
            - gammaln(total - seen + 1)
            + n1 * np.log(p)
            + (total - n1) * np.log1p(-p)
            + n2 * np.log(q)
            + (total - n2) * np.log1p(-q)
        )

    grid = np.linspace(seen + 1, 4000, 40_000)
    top = grid[np.argmax(likelihood(grid))]
    drop = 3.841458820694124 / 2
    low = brentq(lambda total: likelihood(top) - likelihood(total) - drop, seen + 1e-6, top)
    high = brentq(lambda total: likelihood(top) - likelihood(total) - drop, top, 1e5)
    two = CaptureTable(("A", "B"), np.array([0, 120, 80, 14.0]))
    found = multinomial_interval(fit(two, model(2)))
    assert found == pytest.approx((low, high), rel=1e-4)
    narrow = profile_interval(fit(two, model(2)))
    assert found[0] < narrow[0] < narrow[1]


def test_criteria_stand_beside_each_log_linear_figure():
    found = estimate(UK, "bic")
    assert found.bic == pytest.approx(244.1193457, abs=5e-8)
    assert found.aic == pytest.approx(found.bic - 13 * np.log(2744) + 26)
    assert found.degrees == 63 - 13
    assert found.deviance > 0


# Bayesian thresholding


def test_thresholding_is_the_peers_within_monte_carlo_error():
    """The peer ran one chain of 10,000 steps; 40 runs of that length of our own walk say how far
    such a chain can be off.
    """
    module = importlib.import_module("darkfigure.estimation.thresholded")
    found = thresholded(FIVE, prior_variance=inf)
    assert set(found.retained) == {"GO&GP", "LA&NG", "LA&PF+NCA", "NG&GP", "PF+NCA&GP"}
    assert found.infinite == ("LA&GP",)
    published = {0.025: 10609.25, 0.1: 11083.69, 0.5: 12163.46, 0.9: 13266.99, 0.975: 13694.40}
    kept = [mask for mask in map(int, optional_terms(5, 2)) if FIVE.label(mask) in found.retained]
    gone = [mask for mask in map(int, optional_terms(5, 2)) if FIVE.label(mask) in found.infinite]
    short = []
    before = module.THIN, module.BURN
    try:
        module.THIN, module.BURN = 1, 1000
        for seed in range(10):
            chains = module._Asked(FIVE, inf, 10_000, seed).walks(kept, gone, 0)
            short += [FIVE.known + np.exp(chain[:, 0]) for chain in chains]
    finally:
        module.THIN, module.BURN = before
    for share, figure in published.items():
        ours = float(np.quantile(found.posterior.draws, share))
        spread = float(np.std([np.quantile(each, share) for each in short]))
        assert abs(ours - figure) < 3 * spread
        assert spread < 0.03 * figure


def test_the_median_stands_everywhere():
    found = estimate(FIVE, "thresholded")
    posterior = thresholded(FIVE).posterior
    assert found.total == posterior.median
    assert found.interval == (posterior.low, posterior.high)
    assert ("minus infinity", "none") in [(str(name), str(each)) for name, each in found.more]
    flat = estimate(FIVE, "thresholded", prior_variance=inf)
    assert ("minus infinity", "LA&GP") in [(str(name), str(each)) for name, each in flat.more]
    assert flat.infinite == ("LA&GP",)
    assert any("improper" in str(each) for each in flat.remarks)


def test_thresholding_by_order_three_weighs_triples_whose_pairs_are_kept():
    chance = np.random.default_rng(5)
    on = chance.random((4000, 4)) < [0.4, 0.35, 0.3, 0.3]
    on[:, 1] |= on[:, 0] & (chance.random(4000) < 0.5)
    on[:, 2] |= on[:, 0] & on[:, 1] & (chance.random(4000) < 0.7)
    counts = np.bincount(on @ (1 << np.arange(4)), minlength=16).astype(float)
    counts[0] = 0
    held = table(list("ABCD"), counts)
    two, three = thresholded(held, threshold=1.0), thresholded(held, order=3, threshold=1.0)
    assert {name for name in three.ratios if name.count("&") == 2} <= {
        "&".join(sorted({*a.split("&"), *b.split("&")})) for a in two.retained for b in two.retained
    }
    assert any(name.count("&") == 2 for name in three.ratios)
    with pytest.raises(Unreadable, match="order 2 or 3"):
        thresholded(held, order=4)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"threshold": -1.0}, "threshold"),
        ({"prior_variance": 0.0}, "prior variance"),
        ({"prior_variance": -1.0}, "prior variance"),
        ({"draws": 5}, "Draws must be 100"),
    ],
)
def test_settings_that_make_no_sense(asked, says):
    with pytest.raises(Unreadable, match=says):
        thresholded(SMALL, **asked)


def test_a_flat_prior_needs_an_estimate_of_the_model_of_all_overlaps():
    with pytest.raises(NoEstimate, match="With a flat prior"):
        thresholded(SMALL, prior_variance=inf)


def test_graphs_are_weighed_with_the_widths_of_the_grid():
    """Weights of graphs on the grid against the sum over every number unseen."""
    from darkfigure.estimation import bayes_engine
    from darkfigure.estimation.bayesian import graphs

    every = np.arange(1.0, 200_001)
    _, exact, _ = bayes_engine.decomposable(SMALL.counts, 3, every, np.ones(len(every)), 2.0**-3)
    gridded = dict(graphs(SMALL).models)
    for name, weight in gridded.items():
        pairs = [(0, 1), (0, 2), (1, 2)]
        bits = sum(1 << place for place, (i, j) in enumerate(pairs) if f"{i + 1}{j + 1}" in name)
        assert weight == pytest.approx(exact[bits], abs=0.01)


# The panel and how estimates move


def test_the_panel_says_for_each_method_why_it_is_absent():
    two = CaptureTable(("A", "B"), np.array([0, 120, 80, 14.0]))
    for held in (SMALL, two):
        found = panel(held, replicates=60, simulations=4)
        for line in found.lines:
            assert (line.total is None) == str(line.remark).startswith("absent: ")
            if line.total is not None:
                gate.stand(0, line.total, None if line.low is None else (line.low, line.high))
        assert len(found.lines) >= 10
        assert found.sentences
    with pytest.raises(NoEstimate, match="Everybody"):
        panel(EVERYBODY)


def test_a_panel_of_a_table_that_few_methods_can_estimate():
    from darkfigure.writing.estimates import as_html, as_json, as_text
    from darkfigure.writing.estimates.shown import SideBySide

    sparse = CaptureTable(("A", "B", "C"), np.array([0, 9, 7, 0, 5, 0, 0, 2.0]))
    found = panel(sparse, replicates=60, simulations=4)
    assert any(line.total is None for line in found.lines)
    shown = SideBySide(found, "test")
    text, page = as_text.write_panel(shown), as_html.write_panel(shown)
    for line in found.lines:
        named = str(line.method)[:20]
        assert named in text.replace("\n", " ") or named in page
    assert "nan" not in text.lower().split()
    assert as_json.panel_data(found)["methods"]


@pytest.mark.parametrize("lists", [2, 3, pytest.param(4, marks=pytest.mark.long)])
def test_a_panel_tells_each_step_and_how_many_there_are(lists):
    names = tuple("ABCD"[:lists])
    counts = np.array([0, *(12.0 + 7 * (at % 5) for at in range(2**lists - 1))])
    table, told = CaptureTable(names, counts), []
    panel(table, replicates=40, simulations=2, progress=lambda *step: told.append(step))
    assert [step for _, step, _ in told] == list(range(1, steps.steps(table) + 1))
    assert {of for *_, of in told} == {steps.steps(table)}
    assert len({str(doing) for doing, *_ in told}) == len(told)
    said = steps.beforehand(table, 1000)
    assert (said is None) == (lists < steps.LONG)
    if said:
        assert str(said).startswith("4 lists with 1,000 replicates, in 10 steps: this takes")


def test_sensitivity_leaves_out_each_list_and_merges_every_two():
    rows = sensitivity(THREE, "stepwise")
    assert [str(row.change) for row in rows] == [
        "as it is",
        "without A",
        "without B",
        "without C",
        "A and B as one",
        "A and C as one",
        "B and C as one",
    ]
    assert rows[0].total == pytest.approx(stepwise(THREE).total)
    assert rows[1].total == pytest.approx(stepwise(THREE.omit("A")).total)
    assert rows[4].total == pytest.approx(best(THREE.merge(["A", "B"]), 2).fit.total)
    held = CaptureTable(("A", "B", "C"), np.array([0, 20, 15, 6, 9, 0, 0, 0.0]))
    apart = {str(row.change): row for row in sensitivity(held, "bic")}
    assert apart["without A"].total is None
    assert "No person is on two lists" in str(apart["without A"].why)


def test_every_method_is_told_in_help():
    text = methods.in_words()
    assert all(f"{name}: " in text for name in METHODS)
    with pytest.raises(DarkfigureError):
        methods.find("")
