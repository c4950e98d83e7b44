"""Laws of estimation over any table: refused with a reason, or a total that may stand; the same
input and seed, the same bytes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from darkfigure.basis.errors import DarkfigureError
from darkfigure.estimation import engine, methods, search
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.gate import NoEstimate, Reason
from darkfigure.estimation.loglinear import best, check, fit, stepwise
from darkfigure.estimation.methods import METHODS
from darkfigure.estimation.models import all_models, from_bits, terms_up_to
from darkfigure.estimation.resampling import best_estimator, bootstrap, stepwise_estimator
from darkfigure.estimation.single import Settings as Asked
from darkfigure.estimation.single import chooser, estimate
from darkfigure.estimation.strata import stratified
from support import examples

ROOT = Path(__file__).parents[2]


def lawful(number):
    return settings(
        max_examples=examples(number),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


@st.composite
def tables(draw, least=2, most=7):
    """Sparse tables, full ones, lists of nobody, no overlaps, everybody on every list."""
    lists = draw(st.integers(least, most))
    cells = (1 << lists) - 1
    kind = draw(
        st.sampled_from(
            [
                "sparse",
                "sparse",
                "sparse",
                "full",
                "empty list",
                "no overlap",
                "all overlap",
                "nobody",
            ]
        )
    )
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    counts = np.zeros(1 << lists)
    if kind in ("sparse", "empty list"):
        held = chance.random(cells) < draw(st.sampled_from([0.2, 0.5, 0.9]))
        counts[1:] = held * chance.poisson(draw(st.sampled_from([1, 5, 60])), cells)
    elif kind == "full":
        shares = chance.uniform(0.05, 0.5, lists)
        on = chance.random((draw(st.sampled_from([30, 300, 3000])), lists)) < shares
        np.add.at(counts, on @ (1 << np.arange(lists)), 1)
        counts[0] = 0
    elif kind == "no overlap":
        counts[1 << np.arange(lists)] = chance.poisson(20, lists)
    elif kind == "all overlap":
        counts[-1] = draw(st.integers(1, 200))
    if kind == "empty list":
        counts[np.arange(1 << lists) & 1 == 1] = 0
    return CaptureTable(tuple(f"L{place}" for place in range(lists)), counts)


def asked_of(name, table):
    """What a method needs to be told, and as little work as it can do with."""
    asked = {}
    if name == "model":
        asked["model"] = "[12]" if table.size > 2 else "[1,2]"
    if name == "two-lists" and table.size > 2:
        asked["lists"] = table.lists[:2]
    if "draws" in METHODS[name].takes:
        asked["draws"] = 100
    if name == "jolly-seber":
        asked["replicates"] = 60
    return asked


def stands(found):
    assert np.isfinite(found.total)
    assert found.total >= found.known
    if found.interval is None:
        assert str(found.how).startswith("no interval: ")
        assert len(str(found.how)) > len("no interval: ") + 8
    else:
        low, high = found.interval
        assert np.isfinite(low + high)
        assert found.known <= low <= found.total <= high
        assert low < high
    for each in found.beside:
        assert (each.total is None) == (
            "no estimate" in str(each.words) or "boundary" in str(each.words) or each.aic is None
        )
        if each.total is not None:
            assert each.total >= found.known


def told(error):
    text = str(error)
    assert len(text) > 20
    assert text.endswith((".", ")"))
    assert "nan" not in text.split()


QUICK = [name for name in METHODS if name not in ("latent", "thresholded")]


@pytest.mark.long
@lawful(40)
@given(tables())
def test_every_method_refuses_with_a_reason_or_gives_a_figure_that_stands(table):
    for name in QUICK:
        try:
            found = estimate(table, name, **asked_of(name, table))
        except DarkfigureError as error:
            told(error)
            continue
        stands(found)


@pytest.mark.parametrize("name", ["latent", "thresholded"])
@lawful(8)
@given(tables(most=5))
def test_so_do_those_that_sample(name, table):
    try:
        found = estimate(table, name, **asked_of(name, table))
    except DarkfigureError as error:
        told(error)
    else:
        stands(found)


@pytest.mark.parametrize("name", [name for name in METHODS if METHODS[name].chance == "replicates"])
@lawful(20)
@given(tables(most=4), st.integers(0, 5))
def test_replicates_without_an_estimate_are_counted_and_never_replaced(name, table, seed):
    asked = asked_of(name, table) | {"replicates": 60, "seed": seed}
    try:
        found = estimate(table, name, **asked)
    except DarkfigureError as error:
        told(error)
        return
    stands(found)
    assert found.replicates == 60
    assert 0 <= found.without <= 60
    # The quantile at 97.5% of 60 lies on the second from the top; a correction moves none past it.
    if found.without > 1:
        assert found.interval is None
        assert f"{found.without} of 60 replicates" in str(found.how)


@lawful(25)
@given(
    st.lists(tables(least=3, most=4), min_size=2, max_size=4),
    st.sampled_from(methods.that("strata")),
)
def test_strata_add_up_or_name_the_one_that_fails(parts, name):
    held = {f"stratum {place}": table for place, table in enumerate(parts)}
    given_model = {"model": "[12]"} if name == "model" else {}
    try:
        found = stratified(held, chooser(name, Asked(replicates=40, **given_model)), 40)
    except NoEstimate as none:
        error = none
    else:
        error = None
    if error is not None:
        told(error)
        assert error.reason is Reason.NO_STRATUM
        return
    assert {each.name for each in found.strata} | {name for name, _ in found.failed} == set(held)
    assert (found.all is None) == bool(found.failed)
    if found.all:
        assert found.all.total == pytest.approx(sum(each.total for each in found.strata))
        assert found.all.known == sum(table.known for table in parts)
    for each in (*found.strata, *([found.all] if found.all else [])):
        interval = each.intervals[0.95]
        assert each.total >= each.known
        assert (interval is None and each.words) or each.known <= interval[
            0
        ] <= each.total <= interval[1]


def exists_by_brute_force(table, model):
    """Whether each cell of the table can be made positive by itself with the same overlaps: then
    all can, by their mean.
    """
    masks = np.arange(1, 1 << table.size)
    if not table.counts.sum():
        return False
    overlaps = {term: table.counts[1:][masks & term == term].sum() for term in model.terms}
    gone = [term for term, number in overlaps.items() if not number]
    kept = [int(mask) for mask in masks if not any(mask & term == term for term in gone)]
    active = [term for term in sorted(model.terms) if term not in gone]
    design = np.array([[float(mask & term == term) for mask in kept] for term in active])
    if np.linalg.matrix_rank(design) < len(active):
        return False
    for place in range(len(kept)):
        cost = np.zeros(len(kept))
        cost[place] = -1.0
        found = linprog(
            cost,
            A_eq=design,
            b_eq=[overlaps[term] for term in active],
            bounds=(0, None),
            method="highs",
        )
        if not found.success or -found.fun < 1e-7:
            return False
    return True


@lawful(40)
@given(tables(least=3, most=4), st.integers(0, 63))
def test_existence_is_what_a_brute_force_programme_says(table, bits):
    pairs = terms_up_to(table.size, 2)
    model = from_bits(table.size, pairs, bits % (1 << len(pairs)))
    assert check(table, model).passed == exists_by_brute_force(table, model)


@lawful(25)
@given(tables(least=2, most=3))
def test_every_refusal_of_a_search_agrees_with_brute_force(table):
    """What bic and stepwise refuse has no model that exists; what they show has one."""
    optional = terms_up_to(table.size, min(2, table.size - 1))
    models = [
        from_bits(table.size, optional, int(bits))
        for bits in all_models(table.size, min(2, table.size - 1))
    ]
    if not table.counts.sum():
        with pytest.raises(NoEstimate):
            best(table, min(2, table.size - 1))
        return
    able = [model for model in models if exists_by_brute_force(table, model)]
    found, error = tried(lambda: best(table, min(2, table.size - 1)).fit)
    if found is not None:
        assert found.model in able
    else:
        assert error.reason not in (Reason.NOT_EXISTING, Reason.NOT_IDENTIFIABLE) or not able
    chosen, error = tried(lambda: stepwise(table))
    if chosen is not None:
        assert chosen.model in able
    else:
        # Stepwise starts from the main effects, and ends at them where nothing better exists.
        assert error.reason is Reason.BEYOND_PEOPLE or models[0] not in able


def tried(doing):
    try:
        return doing(), None
    except NoEstimate as error:
        return None, error


# The same bytes


def junk(value):
    """Fill memory that is then given back, so that room nobody fills holds this."""
    held = [
        np.full(size, value)
        for size in (8, 12, 16, 40, 64, 96, 480, 512, 1200, 4096, 12_000)
        for _ in range(60)
    ]
    del held


SPARSE = CaptureTable(("A", "B", "C"), np.array([0, 6, 4, 1, 3, 0, 0, 0.0]))
PAIR = CaptureTable(("A", "B"), np.array([0, 6, 4, 1.0]))


@pytest.mark.parametrize("table", [SPARSE, PAIR], ids=["three lists", "two lists"])
@pytest.mark.parametrize("value", [np.nan, -1.0, 0.0, 1e300, 5e-324])
def test_what_was_in_memory_before_is_of_no_account(table, value):
    """A table of two or three lists has fewer models than are kept: the places left over must not
    pass for estimates.
    """
    junk(value)
    found = bootstrap(table, best_estimator(table, min(2, table.size - 1)), 1000, 1)
    clean = np.array(
        [
            np.any(each[[mask for mask in range(len(each)) if mask.bit_count() > 1]])
            for each in drawn(table)
        ]
    )
    assert not np.isfinite(found.totals[~clean]).any()
    assert found.without >= int(np.sum(~clean)) > 200
    junk(value)
    again = bootstrap(table, best_estimator(table, min(2, table.size - 1)), 1000, 1)
    assert again.totals.tobytes() == found.totals.tobytes()
    assert again.intervals == found.intervals == {0.8: None, 0.95: None}


def drawn(table):
    from darkfigure.estimation.resampling import replicates

    return replicates(table, 1000, 1)


@pytest.mark.parametrize("lists", [2, 3])
def test_room_that_nobody_filled_says_not_fitted(lists):
    optional = terms_up_to(lists, min(2, lists - 1))
    poisoned = (
        np.zeros(12),
        np.zeros(12, np.int64),
        np.full(12, 1e300),
        np.full(12, engine.OK, np.int64),
    )
    table = SPARSE if lists == 3 else PAIR
    search.best_of_all(table.counts, lists, optional, 2.0, 12, *poisoned)
    criteria, models, hidden, codes = poisoned
    left = models < 0
    assert left.sum() == 12 - len(all_models(lists, min(2, lists - 1)))
    assert (codes[left] == engine.NOT_FITTED).all()
    assert np.isnan(hidden[left]).all()
    assert np.isinf(criteria[left]).all()


def test_no_room_is_taken_without_being_filled():
    """`np.empty` gives whatever was there: nothing of estimation uses it."""
    for path in (ROOT / "src" / "darkfigure" / "estimation").glob("*.py"):
        assert not re.search(r"np\.empty|empty_like", path.read_text()), path


def test_in_any_order_of_work():
    """Replicates come out the same one by one, backwards and all together."""
    every = drawn(SPARSE)[:120]
    for make in (best_estimator, stepwise_estimator):
        estimator = make(SPARSE)
        together = estimator(every)
        assert estimator(np.ascontiguousarray(every[::-1]))[::-1].tobytes() == together.tobytes()
        assert (
            np.concatenate([estimator(each[None, :]) for each in every]).tobytes()
            == together.tobytes()
        )


PROGRAM = """
import numpy as np
from darkfigure.estimation import example
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.single import estimate
junk = [np.full(size, {value}) for size in (8, 12, 64, 512, 4096) for _ in range(200)]
del junk
small, sparse = example("artificial_3"), CaptureTable(("A", "B", "C"), np.array([0, 6, 4, 1, 3, 0, 0, 0.0]))
for table in (small, sparse, example("uk_2013_list_overlaps").omit("NCA")):
    for method, asked in (("bic", dict(replicates=80, seed=7)), ("stepwise", dict(replicates=80, seed=7)), ("average", {{}}),
                          ("thresholded", dict(draws=200, seed=3)), ("latent", dict(draws=100, seed=3)), ("graphs", {{}})):
        found = estimate(table, method, **asked)
        print(method, float(found.total).hex(), found.interval and [float(each).hex() for each in found.interval], found.without)
"""  # noqa: E501


@pytest.mark.long
def test_any_number_of_threads_and_fresh_processes():
    said = set()
    for threads, value in (("1", "1e300"), ("2", "0.0")):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(value=value)],
            env={**os.environ, "NUMBA_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1
    assert len(said.pop().splitlines()) == 18


@lawful(15)
@given(tables(least=3, most=4), st.sampled_from([name for name in QUICK if METHODS[name].takes]))
@example(SPARSE, "bic")
def test_the_same_seed_gives_the_same_figures(table, name):
    asked = asked_of(name, table)
    if METHODS[name].chance:
        asked |= {"replicates": 50, "seed": 4}

    def say():
        try:
            found = estimate(table, name, **asked)
        except DarkfigureError as error:
            return str(error)
        return found.total, found.interval, found.how, found.without, found.more

    first = say()
    junk(1e300)
    assert say() == first


def test_a_fit_of_one_model_is_the_same_alone_and_among_others():
    table = CaptureTable(("A", "B", "C"), np.array([0, 120, 80, 14, 60, 9, 6, 3.0]))
    pairs = terms_up_to(3, 2)
    for bits in range(8):
        model = from_bits(3, pairs, bits)
        if check(table, model).passed:
            _, codes, hidden, _ = engine.fit_many(table.counts, 3, pairs, np.array([bits]), 256)
            assert codes[0] == engine.OK
            assert table.known + hidden[0] == pytest.approx(fit(table, model).total, rel=1e-3)
