"""What was not found is known by its number: on SYNTHETIC lists whose truth is known, beside
Splink, and by formula.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.estimation import corrected
from darkfigure.estimation.gate import NoEstimate
from darkfigure.linkage import DuckEngine, Index, as_list, link, missed, overlaps, prepared
from darkfigure.linkage.quality import against_truth, calibration, expected, links_between
from darkfigure.linkage.weighing import Scales
from darkfigure.synthetic.agency_lists import synthetic_population


@pytest.fixture(scope="module")
def engine():
    held = DuckEngine()
    yield held
    held.close()


@pytest.fixture(scope="module")
def records():
    made = synthetic_population(1500, 4711, lists=4, quality="usual")
    return as_list(made.records, "made-up", truth="person")


@pytest.fixture(scope="module")
def linked(engine, records):
    return link(records, engine)


def truth_of(linked):
    names = linked.records["truth"].to_list()
    first = {}
    return np.array([first.setdefault(name, at) for at, name in enumerate(names)])


def test_the_range_of_persons_holds_the_truth_and_what_is_expected_is_right(linked):
    counts = linked.draws(200).counts()
    known = linked.records["truth"].n_unique()
    low, high = np.quantile(counts, [0.025, 0.975])
    assert low <= known <= high
    assert abs(counts.mean() / known - 1) < 0.02
    found = against_truth(linked.found.decided, linked.records["truth"])
    told = expected(linked.found.decided, linked.draws(40).each())
    assert found.precision == pytest.approx(told.precision, abs=0.03)
    assert found.recall == pytest.approx(told.recall, abs=0.03)
    assert found.recall >= 0.9
    assert found.precision >= 0.95


def test_pairs_are_one_persons_as_often_as_they_say(linked):
    bands = calibration(linked.pairs, linked.records["truth"], linked.missed.matches)
    every = sum(band.expected for band in bands)
    assert every == pytest.approx(sum(band.true for band in bands), rel=0.04)
    assert sum(band.pairs for band in bands) == 1500 * 1499 // 2
    for band in bands[:-1]:
        assert (
            abs(band.true - band.expected) < 4 * np.sqrt(max(band.expected, 1)) + 0.03 * band.pairs
        )


def test_overlaps_drawn_are_those_of_the_truth(linked):
    lists = linked.records["list"]
    names, of = np.unique(lists, return_inverse=True)
    true = np.zeros(1 << len(names))
    for person in np.unique(truth := truth_of(linked)):
        true[sum(1 << place for place in set(of[truth == person]))] += 1
    drawn = np.array([each.counts for each in overlaps(linked.draws(100), lists)])
    on_two = [mask for mask in range(len(true)) if mask.bit_count() >= 2]
    assert drawn[:, on_two].sum(axis=1).mean() == pytest.approx(true[on_two].sum(), rel=0.04)


def test_any_pair_weighs_what_splink_says(linked, engine):
    model = linked.model.with_lists({})
    frame = prepared(linked.records)
    some = linked.pairs.sample(300, seed=3)
    with Scales(frame, model) as scales:
        ours = scales.weigh(some["left"].to_numpy(), some["right"].to_numpy())
    again = missed.adjusted(ours, linked.records["list"], linked.model)
    assert np.allclose(again["weight"].to_numpy(), some["weight"].to_numpy(), atol=1e-6)


@pytest.mark.long
def test_a_sample_expects_as_many_as_weighing_every_pair(engine, records, monkeypatch):
    """Where records are too many to weigh every pair, a sample says about as much: on records where
    both can be done.
    """
    held = link(records, engine)
    frame, lists = prepared(held.records), held.records["list"]
    strong = held.pairs.filter(pl.col("probability") > 0.9)
    with Scales(frame, held.model) as scales:
        whole = missed.look_again(frame, lists, with_kin(strong), held.model, scales)
        monkeypatch.setattr(missed, "EVERY", 1000)
        told = [
            missed.look_again(frame, lists, with_kin(strong), held.model, scales, seed=seed)
            for seed in range(3)
        ]
    rest = (
        whole.pairs.join(strong, on=["left", "right"], how="anti")["probability"].sum()
        + whole.missed.matches
    )
    for each in told:
        spread = float(np.sqrt((each.missed.spread**2).sum()))
        assert each.pairs.height == strong.height
        assert abs(each.missed.matches - rest) < 4 * spread + 0.05 * rest
        assert spread < 0.25 * rest


def with_kin(pairs):
    return pairs.with_columns(kin=pl.lit(0.0))


@pytest.mark.long
@pytest.mark.parametrize("new", [1, 40])
def test_new_records_are_put_where_they_would_be_had_all_come_together(
    engine, linked, records, new
):
    late = records.sample(new, seed=5)
    before = records.join(late.select("list", "record"), on=["list", "record"], how="anti")
    held = link(before, engine, model=linked.model)
    added = Index(held, engine).add(late)
    anew = link(records, engine, model=linked.model)
    assert added.records.select("list", "record").equals(anew.records.select("list", "record"))
    differing = (added.found.decided != anew.found.decided).mean()
    # Rarity stays as it was when the index was made; with one record it is the same to the last bit
    # or nearly so.
    assert differing <= 0.02
    assert added.missed.of.tolist() == anew.missed.of.tolist()


@given(
    st.integers(200, 3000),
    st.integers(200, 3000),
    st.floats(0.05, 0.6),
    st.floats(0.4, 1.0),
    st.floats(0.0, 0.2),
)
def test_the_formula_undoes_what_wrong_links_do(first, second, share, recall, false):
    both = share * min(first, second)
    linked = recall * both + false * (first - both)
    assert corrected(linked, first, second, recall, false) == pytest.approx(first * second / both)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 100))
def test_the_formula_gives_a_total_that_stands_or_a_reason(recall, false, linked):
    try:
        total = corrected(linked, 100, 80, recall, false)
    except NoEstimate:
        assert recall <= false or linked - false * 100 <= 100 * 80 * (recall - false) / 1e10
    else:
        assert 100 <= total < float("inf")


def test_errors_between_two_lists_are_those_of_the_truth_when_it_is_drawn(linked):
    of = linked.records["list"].to_numpy()
    first, second = np.flatnonzero(of == "home_office"), np.flatnonzero(of == "police")
    truth = truth_of(linked)
    told = links_between(linked.found.decided, [truth], first, second)
    both = np.isin(truth[first], truth[second])
    mine = np.isin(linked.found.decided[first], linked.found.decided[second])
    assert told.recall == pytest.approx(mine[both].mean())
    assert corrected(
        told.linked, told.first, told.second, told.recall, told.false
    ) == pytest.approx(len(first) * len(second) / both.sum())
