"""Views over answers: what is derived holds the truth, whatever that is within the bounds of the
cells, and is exact where all is known; a pivot, an order and a choice lose and double nothing.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import tempfile
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.publication import answer, ask
from darkfigure.publication.views import Kind, viewed, wishes_for
from darkfigure.publication.views.adding import categories, rank_of
from darkfigure.reading import evidence_from
from darkfigure.tables.intervals import (
    Bounded,
    Sum,
    added,
    difference,
    per_cent_change,
    share,
    share_of_whole,
)
from darkfigure.writing import registry
from darkfigure.writing.views import as_csv, as_json
from darkfigure.writing.views.columns import columns_of
from darkfigure.writing.views.grid import grid_of
from support import examples, statement, statement_file

THE_DAY = date(2012, 6, 1)
YEARS = ("2008", "2009", "2010", "2011")
OPERATIONS = ("Pentameter 1", "Pentameter 2")
TYPES = ("sexual", "labour", "domestic", "sexual & labour")
NEAR = 1e-9
relaxed = settings(
    max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def figures(draw):
    """The truth, and what is stated of it: itself, or bounds that hold it."""
    truth = draw(st.integers(0, 40))
    if draw(st.integers(0, 2)):
        return truth, {"value": truth}
    low = draw(st.integers(0, truth))
    bounds = {"low": low, "high": draw(st.integers(truth, 60))}
    return truth, {"reason": "suppressed", "note": "few", **bounds}


places = st.tuples(st.sampled_from(YEARS), st.sampled_from(OPERATIONS), st.sampled_from(TYPES))
tables = st.dictionaries(places, figures(), min_size=1, max_size=16)


def evidence_of(table):
    """Evidence in memory of a table of (year, operation, type) and what is stated."""
    rows = [
        statement(
            stated_on="2012-03-01", period=year, operation=operation, exploitation=kind, **stated
        )
        for (year, operation, kind), (_, stated) in table.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = statement_file(Path(folder) / "synthetic.csv", *rows)
        return evidence_from([path], date(2026, 11, 23))


def seen(table, by, **wanted):
    """A view of the table, and the truth by the id of each cell."""
    evidence = evidence_of(table)
    question = ask("victims_recovered", THE_DAY, by=by)
    made = viewed(question, wishes_for(question, **wanted), lambda each: answer(each, evidence))
    truths = {}
    for cell in made.answer.cells:
        truths[cell.id] = sum(
            truth for place, (truth, _) in table.items() if within(place, cell.dims)
        )
    return made, truths


def within(place, dims):
    year, operation, kind = place
    held = {"year": year, "operation": operation, "exploitation": kind.replace(" & ", "+")}
    return all(same(name, held[name], value) for name, value in dims.items())


def same(name, stated, code):
    if name == "exploitation":
        from darkfigure.codes import read_combined

        return str(read_combined(name, stated.replace("+", " & "))) == code
    return stated == code


def holds(figure, truth):
    assert figure.low is None or figure.low - NEAR <= truth
    assert figure.high is None or truth <= figure.high + NEAR
    if figure.value is not None and figure.exact:
        assert abs(figure.value - truth) < NEAR


CUTS = [["operation", "year"], ["exploitation", "year"], ["operation", "exploitation", "year"]]
ALL = [*CUTS, ["year"], ["operation", "exploitation"], ["exploitation"]]


@relaxed
@given(tables, st.sampled_from(ALL), st.sampled_from([None, 1, 2, 3]))
def test_totals_and_all_others_hold_the_truth(table, by, top):
    made, truths = seen(table, by, total=True, top=top)
    for row in made.rows:
        if row.kind is not Kind.UNDIVIDED:
            holds(row.figure, sum(truths[name] for name in row.of))
            known = all(cell.value is not None for cell in row.members)
            assert known == (row.figure.value is not None)
    shown = Counter(
        name for row in made.rows if row.kind in (Kind.CELL, Kind.OTHERS) for name in row.of
    )
    totals = Counter(name for row in made.rows if row.kind is Kind.TOTAL for name in row.of)
    every = Counter(cell.id for cell in made.answer.cells)
    assert shown == totals == every


@relaxed
@given(tables, st.sampled_from(ALL), st.integers(1, 4))
def test_the_largest_are_those_shown(table, by, top):
    made, _ = seen(table, by, top=top)
    across = ("year",) if len(by) > 1 and "year" in by else ()
    every = categories(made.answer.cells, across)
    kept = {row.of[0] for row in made.rows if row.kind is Kind.CELL}
    ranks = {part.values: rank_of(made.answer.question, part) for part in every}
    shown = [part for part in every if part.cells[0].id in kept]
    hidden = [part for part in every if part.cells[0].id not in kept]
    assert len(shown) >= min(top, len(every))
    lowest = min(ranks[part.values] for part in shown)
    assert all(ranks[part.values] < lowest for part in hidden)
    tied = [part for part in shown if ranks[part.values] == lowest]
    assert len(shown) - len(tied) < top


@relaxed
@given(tables, st.sampled_from(CUTS))
def test_shares_hold_the_truth_and_are_exact_where_all_is_known(table, by):
    made, truths = seen(table, by, share=True, total=True)
    for row in made.rows:
        if row.share is None or row.share.why:
            continue
        alike = [cell for cell in made.answer.cells if cell.dims["year"] == row.dims["year"]]
        whole = sum(truths[cell.id] for cell in alike)
        if not whole:
            continue
        assert Counter(made.wholes[row.share.whole]) == Counter(cell.id for cell in alike)
        truth = Fraction(100 * sum(truths[name] for name in row.of), whole)
        holds(row.share.figure, truth)
        if all(cell.value is not None for cell in alike):
            assert row.share.figure.exact
            assert abs(row.share.figure.value - truth) < NEAR
        assert 0 <= row.share.figure.low <= row.share.figure.high <= 100
    for year in YEARS:
        parts = [row for row in made.rows if row.kind is Kind.CELL and row.dims["year"] == year]
        values = [row.share.figure.value for row in parts if row.share and not row.share.why]
        if values and len(values) == len(parts) and None not in values:
            assert abs(sum(values) - 100) < NEAR


@relaxed
@given(tables, st.sampled_from([*CUTS, ["year"]]))
def test_changes_hold_the_truth_and_are_exact_where_all_is_known(table, by):
    made, truths = seen(table, by, change=True, total=len(by) > 1)
    for row in made.rows:
        before = str(int(row.dims["year"]) - 1)
        others = {name: value for name, value in row.dims.items() if name != "year"}
        earlier = [
            each
            for each in made.rows
            if each.kind is row.kind and each.dims == {**others, "year": before}
        ]
        if row.change.why:
            assert row.change.figure == row.change_per_cent.figure == Bounded(None, None, None)
            if row.kind is Kind.CELL:
                assert not earlier
            continue
        (one,) = earlier
        assert row.change.of == (*one.of, *row.of)
        if row.kind is Kind.UNDIVIDED:
            continue
        now, then = (sum(truths[name] for name in each.of) for each in (row, one))
        holds(row.change.figure, now - then)
        known = row.figure.value is not None and one.figure.value is not None
        assert known == (row.change.figure.value is not None)
        if then and not row.change_per_cent.why:
            holds(row.change_per_cent.figure, Fraction(100 * (now - then), then))
            assert known == (row.change_per_cent.figure.value is not None)


@relaxed
@given(
    tables,
    st.sampled_from(ALL),
    st.sampled_from(["", "figure", "label"]),
    st.booleans(),
    st.sampled_from([None, 2]),
    st.data(),
)
def test_a_pivot_and_an_order_lose_and_double_nothing(table, by, sort, total, top, data):
    across = data.draw(st.sampled_from(by))
    flat, _ = seen(table, by, sort=sort)
    assert Counter(row.of[0] for row in flat.rows) == Counter(cell.id for cell in flat.answer.cells)
    made, _ = seen(table, by, sort=sort, total=total, top=top, pivot=across)
    grid = grid_of(made)
    placed = [id(entry) for line in grid.rows for entry in line.entries if entry is not None]
    assert sorted(placed) == sorted(map(id, made.rows))
    for line in grid.rows:
        for value, entry in zip(grid.columns, line.entries, strict=True):
            assert entry is None or entry.dims.get(across) == value
    columns = columns_of(made)
    written = [entry for _, entries in columns.rows for entry in entries if entry.row]
    assert [id(entry.row) for entry in written] == placed
    rows = list(csv.DictReader(io.StringIO(as_csv.write_view(made))))
    ids = [text for row in rows for name, text in row.items() if name.endswith(" cell") and text]
    assert Counter(ids) == Counter(row.cell.id for row in made.rows if row.cell)
    told = json.loads(as_json.write_view(made))["view"]
    numbers = [number for row in told["across"]["rows"] for number in row["rows"]]
    assert sorted(number for number in numbers if number is not None) == [*range(len(made.rows))]
    for name in ("text", "html"):
        text = registry.write("view", name, made)
        assert all(text.count(row.cell.id) >= 1 for row in made.rows if row.cell)


@relaxed
@given(tables, st.sampled_from(["exploitation", "operation"]))
def test_the_largest_come_first_and_labels_in_order(table, by):
    made, _ = seen(table, [by], sort="figure")
    ranks = [row.figure.low if row.figure.value is None else row.figure.value for row in made.rows]
    assert ranks == sorted(ranks, reverse=True)
    made, _ = seen(table, [by], sort="label")
    labels = [labels[1].casefold() for labels, _ in columns_of(made).rows]
    assert labels == sorted(labels)


@relaxed
@given(tables, st.sampled_from(ALL))
def test_cells_stay_as_they_are(table, by):
    made, _ = seen(table, by, sort="figure", pivot=by[0])
    assert {row.cell.id: row.cell for row in made.rows} == {
        cell.id: cell for cell in made.answer.cells
    }
    for row in made.rows:
        assert row.figure == (row.cell.value, row.cell.low, row.cell.high)


#: Every figure that can be from 0 to 3, known or within bounds.
SMALL = [Bounded(n, n, n) for n in range(4)] + [
    Bounded(None, low, high) for low in range(3) for high in (low + 1, low + 2)
]


@pytest.mark.parametrize("one", SMALL)
@pytest.mark.parametrize("other", SMALL)
def test_every_way_of_filling_bounds_and_no_bound_wider_than_need_be(one, other):
    """By brute force: the results hold every truth, and both of their ends are reached."""
    ways = [*itertools.product(range(one.low, one.high + 1), range(other.low, other.high + 1))]
    tried = [
        (added([one, other]), [a + b for a, b in ways]),
        (difference(one, other), [a - b for a, b in ways]),
        (share(one, other), [Fraction(100 * a, a + b) for a, b in ways if a + b]),
        (per_cent_change(one, other), [Fraction(100 * (a - b), b) for a, b in ways if b]),
    ]
    for figure, truths in tried:
        if figure is None:
            assert one.high + other.high == 0 or other.high == 0
            continue
        assert all(figure.low - NEAR <= truth for truth in truths)
        assert all(figure.high is None or truth <= figure.high + NEAR for truth in truths)
        if figure.high is not None and one.low + other.low and other.low:
            assert abs(min(truths) - figure.low) < NEAR
            assert abs(max(truths) - figure.high) < NEAR
        if one.exact and other.exact:
            assert figure.exact
            assert abs(figure.value - truths[0]) < NEAR


@given(
    st.lists(st.sampled_from([*SMALL, Bounded(None, 2, None), Bounded(None, None, 4)])), st.data()
)
def test_a_sum_without_a_part_is_the_sum_of_the_rest(parts, data):
    taken = data.draw(st.integers(0, len(parts)))
    assert Sum(parts).without(parts[:taken]) == added(parts[taken:])


@pytest.mark.parametrize("part", SMALL)
@pytest.mark.parametrize("whole", [1, 2, 3, 7])
def test_a_share_of_a_whole_that_is_held(part, whole):
    truths = [Fraction(100 * a, whole) for a in range(part.low, part.high + 1) if a <= whole]
    figure = share_of_whole(part, whole)
    assert all(figure.low - NEAR <= truth <= figure.high + NEAR for truth in truths)
    assert share_of_whole(part, 0) is None


def test_what_has_no_bound_above_bounds_from_below_alone():
    open_above, three = Bounded(None, 2, None), Bounded(3, 3, 3)
    assert added([open_above, three]) == (None, 5, None)
    assert difference(three, open_above) == (None, None, 1)
    assert share(open_above, three) == (None, 40, 100)
    assert share(three, open_above) == (None, 0, 60)
    assert per_cent_change(three, open_above) == (None, -100, 50)
    assert per_cent_change(open_above, three) == (None, tidied(Fraction(-100, 3)), None)
    may_be_less = Bounded(None, None, 5)
    assert share(may_be_less, three) is share(three, may_be_less) is None
    assert per_cent_change(may_be_less, three) is None


def tidied(number):
    return float(number)
