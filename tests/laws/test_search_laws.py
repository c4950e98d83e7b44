"""Laws of the search where there are too many models to go through: what it proves is so, and what
it leaves open it bounds truly, whatever the work it is given.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.estimation import engine, existence, narrowing, proving, search
from darkfigure.estimation.capture import CaptureTable, table
from darkfigure.estimation.loglinear import best, check, fit, stepwise
from darkfigure.estimation.methods import MOST_LISTS, NotTaken
from darkfigure.estimation.models import Model, all_models, from_bits, parse_model, terms_up_to
from darkfigure.estimation.proof import Proof
from darkfigure.estimation.resampling import climbed_beside_proof
from darkfigure.estimation.single import estimate
from support import examples

pytestmark = pytest.mark.program
lawful = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
#: What a criterion may be off by: that of a fit made to compare.
FITTED = 2e-3


def drawn(lists: int, persons: int, seed: int, pairs: int, most: float = 0.15) -> CaptureTable:
    """A synthetic table: persons on lists by chance, some pairs of lists drawing them together or
    apart.
    """
    chance = np.random.default_rng(seed)
    rate = chance.uniform(0.02, most, lists)
    together = np.zeros((lists, lists))
    every = [(a, b) for a in range(lists) for b in range(a + 1, lists)]
    for place in chance.choice(len(every), min(pairs, len(every)), replace=False):
        a, b = every[place]
        together[a, b] = together[b, a] = chance.choice([-1.2, 1.0, 1.5])
    on = (chance.random((persons, lists)) < rate).astype(float)
    for _ in range(20):
        for each in range(lists):
            pull = np.log(rate[each] / (1 - rate[each])) + on @ together[:, each]
            on[:, each] = chance.random(persons) < 1 / (1 + np.exp(-pull))
    masks = (on.astype(int) << np.arange(lists)).sum(axis=1)
    counts = np.bincount(masks, minlength=1 << lists).astype(float)
    counts[0] = 0
    return CaptureTable(tuple(f"L{each + 1}" for each in range(lists)), counts)


@lawful
@given(
    st.integers(3, 5),
    st.integers(2, 3),
    st.sampled_from([20, 60, 300, 2000]),
    st.integers(0, 10**6),
    st.integers(0, 5),
    st.sampled_from([0.1, 0.3, 0.6]),
    st.booleans(),
    st.sampled_from([10**11, 3 * 10**6, 2 * 10**5, 1]),
)
def test_what_is_proved_or_left_open_is_so(lists, order, persons, seed, pairs, most, bic, work):
    """Held to every model fitted."""
    held = drawn(lists, persons, seed, pairs, most)
    if held.known < 2:
        return
    order = min(order, lists - 1)
    optional = terms_up_to(lists, order)
    penalty = float(np.log(held.known)) if bic else 2.0
    members = all_models(lists, order)
    every = engine.fit_many(held.counts, lists, optional, members, 256)
    sizes = 1 + lists + np.array([int(bits).bit_count() for bits in members])
    criteria = penalty * sizes - 2 * every.likelihoods
    able = every.codes == engine.OK
    found = proving.best_proved(held.counts, lists, optional, penalty, work=work, together=False)
    if not able.any():
        assert found.best is None
        return
    least = float(criteria[able].min())
    assert found.proof.least <= least + FITTED
    if found.proof.proved:
        assert found.best is not None
        assert found.best.criterion == pytest.approx(least, abs=FITTED)
        assert found.proof.gap == 0.0
    elif found.best is not None:
        assert found.best.criterion >= least - FITTED
        assert found.best.criterion - found.proof.gap <= least + FITTED
        assert found.proof.left >= 1


@lawful
@given(st.integers(3, 5), st.integers(0, 10**6), st.integers(0, 1023), st.integers(40, 900))
def test_where_every_term_is_decided_the_bound_is_the_model_and_limits_hold_it(
    lists, seed, bits, persons
):
    """The relaxed problem of one model is that model; below a cutoff a little above it, no limit of
    its coefficients leaves them out.
    """
    held = drawn(lists, persons, seed, 2, 0.5)
    if held.known < 2:
        return
    optional, penalty = terms_up_to(lists, 2), float(np.log(held.known))
    bits %= 1 << len(optional)
    model = fit(held, from_bits(lists, optional, bits))
    if not model.checks.passed or model.checks.infinite:
        return
    terms = np.concatenate([[0], 1 << np.arange(lists), optional])
    overlaps = engine.table_of(held.counts, lists).overlaps
    inside = np.array([term in model.model.terms for term in terms])
    state = np.where(inside, search.IN, search.OUT).astype(np.int8)
    wide = np.full(len(terms), np.inf)
    decided = narrowing.Decided(state, -wide, wide)
    space = narrowing.Table(held.counts, overlaps, lists, terms, penalty)
    values = np.where(inside, model.coefficients[terms], 0.0)
    lowest = narrowing.relaxed(space, decided, values * 0.9, 0 * values, -1, np.inf, 1e-6)
    value = model.bic - -2.0 * engine.likelihood_constant(held.counts)
    assert lowest.bound <= value + 1e-6
    assert lowest.bound == pytest.approx(value, abs=1e-3)
    for place in np.flatnonzero(inside[1 + lists :]) + 1 + lists:
        low, high, _ = narrowing.narrowed(space, decided, values, place, value + 5.0, False)
        assert low <= min(values[place], 0.0) + 1e-3
        assert high >= max(values[place], 0.0) - 1e-3


def test_a_proof_says_how_much_better_a_model_could_be():
    assert (Proof(10.0, 10.0, 0, 5).proved, Proof(10.0, 10.0, 0, 5).gap) == (True, 0.0)
    left = Proof(10.0, 7.5, 9, 5)
    assert (left.proved, left.gap, left.doublings) == (False, 2.5, 4)


@lru_cache
def ten() -> CaptureTable:
    return drawn(10, 6000, 3, 10)


def test_ten_lists_are_proved_and_no_model_tried_at_random_is_better():
    held = ten()
    optional, penalty = terms_up_to(10, 2), float(np.log(held.known))
    found = proving.best_proved(held.counts, 10, optional, penalty)
    assert found.proof.proved
    chance = np.random.default_rng(5)
    bits = found.best.bits
    for _ in range(60):
        changed = bits
        for place in chance.choice(45, int(chance.integers(1, 6)), replace=False):
            changed ^= 1 << int(place)
        assert fit(held, from_bits(10, optional, changed)).bic >= found.best.criterion - FITTED


@pytest.mark.parametrize("work", [10**7, 10**9, 10**10])
def test_what_is_left_open_at_twelve_lists_is_never_above_a_model(work):
    """The truth it was drawn from, the model stepwise ends with, and models at random."""
    held = drawn(12, 4000, 8, 12, 0.08)
    optional, penalty = terms_up_to(12, 2), float(np.log(held.known))
    found = proving.best_proved(held.counts, 12, optional, penalty, work=work)
    assert found.proof.least <= stepwise(held).bic + FITTED
    chance = np.random.default_rng(work)
    for _ in range(30):
        bits = sum(1 << int(each) for each in chance.choice(66, 12, replace=False))
        assert fit(held, from_bits(12, optional, bits)).bic >= found.proof.least - FITTED


def test_the_same_table_gives_the_same_answer_on_one_core_and_on_all():
    held = drawn(10, 2500, 4, 9, 0.08)
    optional, penalty = terms_up_to(10, 2), float(np.log(held.known))
    answers = {
        proving.best_proved(held.counts, 10, optional, penalty, work=10**9, together=together)
        for together in (True, False, True)
    }
    assert len(answers) == 1


def test_sixteen_lists_have_pairs_beyond_a_word_of_bits_and_seventeen_are_refused():
    """The last two of thirteen lists hold the same persons more often than by chance: their pair is
    the 78th.
    """
    held = drawn(13, 6000, 2, 0, 0.1)
    counts = held.counts.copy()
    both = (1 << 11) | (1 << 12)
    counts[both] += 150
    held = held.with_counts(counts)
    wanted = Model(13, frozenset({both}))
    assert both in stepwise(held).model.terms
    found = best(held)
    assert both in found.fit.model.terms
    assert found.proof.least <= found.fit.bic + FITTED
    assert "cd" in found.fit.model.formula
    assert wanted.lists == parse_model("[12,cd]", 13).lists
    with pytest.raises(Exception, match="17 lists are more than can be handled"):
        table([f"L{each}" for each in range(MOST_LISTS + 1)], np.ones(1 << (MOST_LISTS + 1)))
    with pytest.raises(NotTaken, match="12 lists at most"):
        estimate(held, "thresholded")


def test_a_figure_of_many_lists_says_whether_its_model_is_proved():
    shown = estimate(ten())
    assert shown.proof is not None
    assert shown.proof.proved
    assert any("no other model" in str(text) for _, text in shown.more)


def test_replicates_of_many_lists_say_how_sure_their_models_are():
    held = ten()
    tried, proved, same = climbed_beside_proof(held, 2, "bic", 40, 1)
    assert tried == 20
    assert 0 <= same <= proved <= tried
    assert proved > 0
    shown = estimate(held, replicates=40)
    assert any("climbed to" in str(text) for _, text in shown.more)
    assert climbed_beside_proof(drawn(4, 500, 1, 2), 2, "bic", 40, 1) is None


@lawful
@given(st.integers(3, 4), st.integers(0, 10**6), st.integers(0, 63), st.integers(5, 60))
def test_faces_say_what_the_programme_says_of_an_estimate(lists, seed, bits, persons):
    held = drawn(lists, persons, seed, 2, 0.5)
    if not held.known:
        return
    pairs = terms_up_to(lists, 2)
    model = from_bits(lists, pairs, bits % (1 << len(pairs)))
    said = check(held, model)
    masks = np.arange(1, 1 << lists)
    gone = [t for t in model.terms if not held.counts[1:][masks & t == t].sum()]
    kept = np.array([m for m in masks if not any(m & t == t for t in gone)])
    active = np.array([t for t in model.masks if t not in gone])
    if not len(active):
        return
    design = (kept[:, None] & active[None, :] == active).astype(float)
    assert existence.by_faces(design, held.counts[kept] > 0) == said.exists
