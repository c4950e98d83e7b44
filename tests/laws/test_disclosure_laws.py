"""Disclosure: what is said to be told is told, what is said to be protected is not; by brute force.

Tables are small enough that every whole table can be tried. What a method hides or rounds, and what
a check of published tables says, is held to all tables that agree with what was published.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.averaging import averaged, named_rightly
from darkfigure.disclosure.check import Meets, check
from darkfigure.disclosure.coarsening import coarsened
from darkfigure.disclosure.cube import Cube, dimension
from darkfigure.disclosure.dominance import CONTRIBUTOR
from darkfigure.disclosure.elementary import ENDLESS, bounded, read_back
from darkfigure.disclosure.forced import told_by_programme
from darkfigure.disclosure.knowledge import figures_over, of_cube
from darkfigure.disclosure.noise import checked_epsilon
from darkfigure.disclosure.perturbation import RECORD, Noise, perturbed
from darkfigure.disclosure.protect import Method, protect, table_of
from darkfigure.disclosure.published import PublishedCell, PublishedTable
from darkfigure.disclosure.rounding import rounded
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.suppress import suppress
from darkfigure.disclosure.together import together
from darkfigure.disclosure.witness import Outcome, settle
from support import examples

SHAPES = ((2, 3), (3, 3), (2, 2, 2), (2, 4))


@st.composite
def cubes(draw: st.DrawFn, most: int = 5) -> Cube:
    """A small table with all its margins, some of its cells empty."""
    shape = draw(st.sampled_from(SHAPES))
    every = list(product(*(range(size) for size in shape)))
    counts = draw(st.lists(st.integers(0, most), min_size=len(every), max_size=len(every)))
    if not any(counts):
        counts[0] = 1
    dimensions = [
        dimension(name, [f"{name}{value}" for value in range(size)])
        for name, size in zip("abc", shape, strict=False)
    ]
    return Cube(dimensions, np.array(every, dtype=np.int64), np.array(counts, dtype=np.int64))


#: Where nothing bounds a number it is tried up to here; of more tables than so many none are tried.
MOST, TABLES = 16, 200_000


def every_table(knowledge):
    """All whole tables that agree: one unknown after another, without those that are too much by
    now. None where there are too many.
    """
    rows = knowledge.rows.toarray()
    left = rows * knowledge.least
    made = np.zeros((1, 0), dtype=np.int64)
    for place in range(knowledge.unknowns):
        least = int(knowledge.least[place])
        numbers = np.arange(least, min(MOST, int(knowledge.most[place])) + 1)
        made = np.hstack(
            [np.repeat(made, len(numbers), axis=0), np.tile(numbers, len(made))[:, None]]
        )
        rest = left[:, place + 1 :].sum(axis=1)
        so_far = made @ rows[:, : place + 1].T + rest
        made = made[(so_far <= knowledge.high).all(axis=1)]
        if len(made) > TABLES:
            return None
    return made[(made @ rows.T >= knowledge.low).all(axis=1)]


def every_value(knowledge):
    """The values that each wanted sum has in all whole tables (a column each); None of too many."""
    tables = every_table(knowledge)
    return None if tables is None else tables @ knowledge.wanted.toarray().T + knowledge.beside


@settings(max_examples=examples(40))
@given(cubes(), st.data())
def test_what_is_settled_is_so(cube, data):
    """Any figures hidden: told is one value in all tables, protected another in one, ranges are."""
    flags = data.draw(st.lists(st.booleans(), min_size=cube.figures, max_size=cube.figures))
    shown = ~np.array(flags)
    shown[cube.figure_of[-1]] = True
    noughts = data.draw(st.booleans())
    knowledge, truth = of_cube(cube, shown, noughts)
    values = every_value(knowledge)
    if values is None or not knowledge.unknowns:
        return
    settled = settle(knowledge, truth)
    for place, outcome in enumerate(settled.outcome):
        alone = len(set(values[:, place])) == 1
        assert outcome is (Outcome.TOLD if alone else Outcome.PROTECTED)
    for each in settled.differences:
        other = truth.copy()
        other[each.unknowns] += each.by
        assert knowledge.agrees(other)
    # weaker reasoning tells nothing else
    told = {int(each) for each in knowledge.wanted_name[settled.places(Outcome.TOLD)]}
    by_lp = {int(each) for each in knowledge.wanted_name[told_by_programme(knowledge, truth)]}
    assert by_lp <= told
    least = cube.members if noughts else np.zeros_like(cube.members)
    read = read_back(cube.sums, shown, cube.values, least)
    assert set(np.flatnonzero(read.told)) <= told
    assert (read.value[read.told] == cube.values[read.told]).all()
    ranges = bounded(
        cube.sums, np.where(shown, cube.values, least), np.where(shown, cube.values, ENDLESS)
    )
    hidden = knowledge.wanted_name
    assert (ranges.low[hidden] <= values.min(axis=0)).all()
    assert (ranges.high[hidden] >= values.max(axis=0)).all()


@settings(max_examples=examples(50))
@given(cubes(), st.sampled_from((3, 5)), st.booleans(), st.sampled_from((1, 2)))
def test_nothing_that_was_protected_can_be_worked_out(cube, threshold, noughts, width):
    rule = Rule(threshold=threshold, width=width, noughts_shown=noughts)
    try:
        made = suppress(cube, rule)
    except Unreadable:
        # only where there is nothing to be hidden besides
        assert cube.figures < 2 or cube.values.max() < threshold + width
        return
    assert (made.hidden | ~made.primary).all()
    knowledge, _ = of_cube(cube, ~made.hidden, noughts)
    values = every_value(knowledge)
    if values is None:
        return
    for place, figure in enumerate(knowledge.wanted_name):
        apart = values[:, place].max() - values[:, place].min()
        assert apart >= width or not made.primary[figure]


@settings(max_examples=examples(30))
@given(cubes(most=4))
def test_one_s_own_record_tells_nothing_of_others(cube):
    rule = Rule(threshold=3, own_record=True)
    try:
        made = suppress(cube, rule)
    except Unreadable:
        return
    knowledge, truth = of_cube(cube, ~made.hidden)
    if knowledge.unknowns > 8 or not len(knowledge.wanted_name):
        return
    for person in np.flatnonzero(truth == 1):
        tables = every_table(knowledge.knowing(person, 1))
        if tables is None:
            continue
        values = tables @ knowledge.wanted.toarray().T
        for place, figure in enumerate(knowledge.wanted_name):
            own = knowledge.wanted[[place]].indices.tolist() == [person]
            if made.primary[figure] and not own:
                assert len(set(values[:, place])) > 1


@given(cubes(most=12), st.sampled_from((3, 5)))
def test_rounded_tables_add_up_and_stay_near(cube, base):
    made = rounded(cube, base)
    assert (made.published % base == 0).all()
    sums = cube.sums
    for at, whole in enumerate(sums.whole):
        parts = sums.parts[sums.start[at] : sums.start[at + 1]]
        assert made.published[parts].sum() == made.published[whole]
    assert (np.abs(made.off[cube.base]) < base).all()
    least, most = made.ranges()
    # any base cell by itself may be less than a base away from what is published
    for place, figure in enumerate(cube.base):
        told = int(made.published[figure])
        assert (least[figure], most[figure]) == (max(told - base + 1, 0), told + base - 1), place
    assert ((least <= cube.values) & (cube.values <= most)).all()
    assert (most - least >= base - 1).all()


@given(cubes(), st.sampled_from((2, 3, 5)))
def test_what_is_coarsened_has_no_small_count(cube, threshold):
    rule = Rule(threshold=threshold)
    made = coarsened(cube, rule)
    assert made.cube.counts.sum() == cube.counts.sum()
    assert not rule.must_hide(made.cube).any() or not made.cube.dimensions
    assert 0 <= made.kept <= 1 + 1e-9


def published(name, cube, hidden, dims, values=None):
    """A table of some dimensions of a cube, as it would be published, with figures hidden."""
    names = [each.name for each in cube.dimensions]
    cells = []
    for line, (told, figure) in enumerate(cube.rows(), 2):
        if any(told[each] != "Total" for each in names if each not in dims):
            continue
        kept = {each: told[each] for each in dims if told[each] != "Total"}
        number = int((cube.values if values is None else values)[figure])
        low, high = (1, ENDLESS) if hidden[figure] else (number, number)
        cells.append(PublishedCell(kept, low, high, line))
    return PublishedTable(name, tuple(dims), tuple(cells))


def _planted(cube, data):
    """A protected table, and beside it a part of it with some hidden figures shown: a total that
    was released late, an answer by freedom of information. Held to all whole tables.
    """
    rule = Rule(threshold=4)
    try:
        made = suppress(cube, rule)
    except Unreadable:
        return
    if not made.hidden.any():
        return
    names = [each.name for each in cube.dimensions]
    first = published("table.csv", cube, made.hidden, names)
    leaks = np.flatnonzero(made.hidden)
    leaked = data.draw(st.sets(st.sampled_from([int(each) for each in leaks]), max_size=2))
    still = made.hidden.copy()
    still[sorted(leaked)] = False
    second = published("answer.csv", cube, still, names)
    told = together([first, second], rule)
    found = check(told, rule)
    knowledge, _ = of_cube(cube, ~still)
    cells = {tuple(each.cell.values): each for each in found.found}
    values = every_value(knowledge)
    if values is None:
        return
    for place, figure in enumerate(knowledge.wanted_name):
        called = {key: value for key, value in cube.name(int(figure)).items() if value != "Total"}
        same = [
            each
            for each in cells.values()
            if any(
                dict(each.cell.values)
                == {key: value for key, value in cube.named(int(cell)).items() if value != "Total"}
                for cell in np.flatnonzero(cube.figure_of == figure)
            )
        ]
        assert same, called
        alone = len(set(values[:, place])) == 1
        for each in same:
            assert (each.meets is Meets.TOLD) is alone
            assert each.low == values[:, place].min()
            most = values[:, place].max()
            assert each.high == most or each.high > most >= MOST
    given_away = {each.cell.values for each in found.found if each.by and len(each.by) == 1}
    for figure in leaked:
        hidden_cells = np.flatnonzero(cube.figure_of == figure)
        assert any(
            tuple((key, value) for key, value in cube.named(int(cell)).items() if value != "Total")
            in given_away
            for cell in hidden_cells
        )


@settings(max_examples=examples(40))
@given(cubes(most=7), st.data())
def test_planted_mistakes_are_found_and_nobody_else_accused(cube, data):
    _planted(cube, data)


@pytest.mark.long
@settings(max_examples=examples(200), deadline=None)
@given(cubes(most=7), st.data())
def test_mistakes_planted_in_200_histories(cube, data):
    _planted(cube, data)


def test_tables_of_other_people_are_told_apart():
    cube = Cube(
        [dimension("a", ["x", "y"])], np.array([[0], [1]]), np.array([6, 7], dtype=np.int64)
    )
    nothing = np.zeros(cube.figures, dtype=bool)
    other = Cube(cube.dimensions, cube.codes, np.array([6, 8], dtype=np.int64))
    with pytest.raises(Unreadable, match="cannot both be so"):
        together(
            [
                published("march.csv", cube, nothing, ["a"]),
                published("june.csv", other, nothing, ["a"]),
            ],
            Rule(),
        )


@settings(max_examples=examples(60), deadline=None)
@given(cubes(most=12), st.integers(0, 10**6))
def test_an_attacker_averages_all_that_is_published(cube, seed):
    """As the least squares of the whole table do; without noise every figure is named."""
    noise = np.random.default_rng(seed).integers(-3, 4, cube.figures)
    noisy = np.maximum(cube.values + noise, 0)
    rows = figures_over(cube, np.arange(len(cube.base))).toarray().astype(float)
    weights = np.sqrt(cube.cells_of_figure.astype(float))
    solved = np.linalg.lstsq(rows * weights[:, None], noisy * weights, rcond=None)[0]
    assert np.allclose(averaged(cube, noisy), rows @ np.maximum(solved, 0), atol=1e-4)
    assert np.allclose(averaged(cube, cube.values), cube.values, atol=1e-4)
    small = cube.values < 5
    assert named_rightly(cube, cube.values, small) == (small.sum(), small.sum())


def of_rows(rows, by, kind=""):
    """A table of rows: values of `by`, and the last of each says whose it is."""
    frame = pl.DataFrame(rows, schema=[*"abcd"[: len(rows[0]) - 2], "who", "count"], orient="row")
    return table_of(frame, by, "count", behind={kind: "who"} if kind else {})


ROWS_OF_TWO = st.lists(
    st.tuples(
        st.sampled_from("xyz"), st.sampled_from("uv"), st.sampled_from("ABCD"), st.integers(0, 30)
    ),
    min_size=1,
    max_size=14,
).filter(lambda rows: any(row[-1] for row in rows))


def shares_of(rows, values):
    """What each contributor has of a cell, the most first, added up by hand."""
    held = {}
    for *codes, who, count in rows:
        if all(value in (code, "Total") for code, value in zip(codes, values, strict=True)):
            held[who] = held.get(who, 0) + count
    return sorted(held.values(), reverse=True)


@settings(max_examples=examples(80))
@given(ROWS_OF_TWO, st.integers(1, 3), st.integers(40, 100), st.integers(1, 60))
def test_what_a_contributor_dominates_is_what_adding_up_by_hand_says(rows, many, share, percent):
    cube = of_rows(rows, ["a", "b"], CONTRIBUTOR)
    by_share = Rule(threshold=0, dominance=(many, share)).must_hide(cube)
    by_percent = Rule(threshold=0, percent=percent).must_hide(cube)
    for values, figure in cube.rows():
        held = shares_of(rows, values.values())
        total, first, second = sum(held), held[0], sum(held[1:2])
        assert by_share[figure] == (100 * sum(held[:many]) > share * total)
        assert by_percent[figure] == (100 * (total - first - second) < percent * first)


@settings(max_examples=examples(25))
@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.sampled_from("uv"), st.sampled_from("ABC"), st.just(1)
        ),
        min_size=3,
        max_size=14,
    ),
    st.integers(5, 40),
)
def test_a_dominated_count_is_not_told_to_within_what_the_rule_allows(rows, percent):
    cube = of_rows(rows, ["a", "b"], CONTRIBUTOR)
    rule = Rule(threshold=2, percent=percent)
    try:
        found = protect(cube, rule, Method.SUPPRESS)
    except Unreadable:
        return
    if not found.safe:
        return
    must, needed = rule.must_hide(cube), rule.uncertain_by(cube)
    assert found.hidden[must].all()
    knowledge, _ = of_cube(cube, ~found.hidden)
    values = every_value(knowledge)
    for at, figure in enumerate(knowledge.wanted_name if values is not None else ()):
        if must[figure] and values[:, at].max() < MOST:
            assert values[:, at].max() - values[:, at].min() >= needed[figure]


SECRET = b"a secret of sixteen bytes"


@settings(max_examples=examples(60))
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("uvw"), st.sampled_from("mn")),
        min_size=2,
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_the_same_records_get_the_same_noise_in_any_table(people, random):
    rows = [(*person, f"record {at}", 1) for at, person in enumerate(people)]
    told = {}
    for by in (["a"], ["b", "a"], ["a", "b", "c"], ["c"]):
        random.shuffle(rows)
        cube = of_rows(rows, by, RECORD)
        made = perturbed(cube, SECRET, Noise())
        for values, figure in cube.rows():
            within = frozenset(
                row[3]
                for row in rows
                if all(values[name] in (row["abc".index(name)], "Total") for name in by)
            )
            assert told.setdefault(within, made[figure]) == made[figure]


def test_averaging_tables_of_the_same_records_takes_no_noise_away():
    """The attack: equal questions asked otherwise, averaged. Of records keyed by themselves each
    says the same; of others averaging gets nearer to the truth.
    """
    random = np.random.default_rng(7)
    people = [
        (f"{random.integers(4)}", f"{random.integers(3)}", f"{random.integers(5)}")
        for _ in range(60)
    ]
    rows = [(*person, f"record {at}", 1) for at, person in enumerate(people)]
    asked = (["a", "b"], ["a", "c"], ["a", "b", "c"])
    keyed, loose = [], []
    for by in asked:
        for kind, told in ((RECORD, keyed), ("", loose)):
            cube = of_rows(rows, by, kind)
            made = perturbed(cube, SECRET, Noise())
            told.append(
                [
                    made[figure]
                    for values, figure in cube.rows()
                    if all(values[name] == "Total" for name in by if name != "a")
                ]
            )
    assert keyed[0] == keyed[1] == keyed[2]
    assert not loose[0] == loose[1] == loose[2]


def test_a_record_that_stands_twice_is_refused():
    with pytest.raises(Unreadable, match="stands in several rows"):
        perturbed(of_rows([("x", "r", 1), ("y", "r", 1)], ["a"], RECORD), SECRET)


@settings(max_examples=examples(25))
@given(cubes(), st.sampled_from([0.5, 2.0, 20.0]))
def test_a_table_with_noise_is_a_whole_table(cube, epsilon):
    try:
        made = protect(cube, Rule(), Method.NOISE, epsilon=epsilon)
    except Unreadable:  # the noise leaves nobody
        return
    assert made.safe
    assert (made.published > 0).all()
    with pytest.raises(Unreadable, match="above 0 and no more than 20"):
        checked_epsilon(epsilon - 20.5)
    sums = made.cube.sums
    for at, whole in enumerate(sums.whole):
        parts = sums.parts[sums.start[at] : sums.start[at + 1]]
        assert made.published[parts].sum() == made.published[whole]
