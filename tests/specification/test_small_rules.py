"""Modules with a rule or two of their own, each said plainly. All that is read is SYNTHETIC."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.problem import Problem, Remark
from darkfigure.basis.saying import quote, say
from darkfigure.cases.checks import Doubles, check_numbers, clean_number, resolve_codes
from darkfigure.cases.submission import Submission
from darkfigure.estimation.convergence import agreement
from darkfigure.estimation.existence import margin
from darkfigure.evidence.snapshots import tables
from darkfigure.intelligence.set_schema import faults
from darkfigure.linkage.comparisons import usable
from darkfigure.linkage.places import both_sides, places_of
from darkfigure.publication import ask
from darkfigure.publication.vintages import vintages
from darkfigure.reading import evidence_from
from darkfigure.reading.list_text import read_table
from darkfigure.reading.marks import find_orphans, fused, split_marks
from darkfigure.reading.readings import head_for, operation_period, readings
from darkfigure.synthetic import published
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.flow import Flow, Step
from darkfigure.tables.snapshot_schema import arrow_schema
from darkfigure.writing.flow.as_csv import write_flow
from darkfigure.writing.terminal import console, written
from support import statement, statement_file

DAY = date(2026, 11, 23)


# basis/problem


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({}, "Wrong. Right."),
        ({"line": 3}, "line 3: Wrong. Right."),
        ({"column": "age"}, "column 'age': Wrong. Right."),
        ({"line": 0, "column": "age", "value": ""}, "line 0, column 'age': Wrong (''). Right."),
    ],
)
def test_a_fault_says_where_what_and_what_would_be_right(given_, said):
    assert str(Problem("Wrong", "Right.", **given_)) == said


def test_a_remark_names_its_line_where_it_has_one():
    assert str(Remark("sum", "It is off.", 0)) == "line 0: It is off."
    assert str(Remark("sum", "It is off.")) == "It is off."


# cases/checks


def submission(limit=1000):
    return Submission("synthetic", "synthetic.csv", whole=False, limit=limit)


def test_a_number_is_kept_without_padding():
    texts = pl.DataFrame({"value": [" 007", "-00", "0.0", "", "-012", "10", "0.5"]})
    cleaned = texts.select(clean_number("value"))["value"].to_list()
    assert cleaned == ["7", "0", "0", None, "-12", "10", "0.5"]


def test_what_is_no_number_is_reported_with_its_line_and_emptied():
    rows = pl.DataFrame({"row": [2, 3, 4, 5], "value": ["7", "1,000", "-3", None]})
    received = submission()
    kept = check_numbers(received, rows, "value", may_be_negative=pl.lit(False), named="Count")
    assert kept["value"].to_list() == ["7", None, None, None]
    assert [(each.line, each.column, each.rule) for each in received.problems] == [
        (3, "Count", "number"),
        (4, "Count", "not-negative"),
    ]
    received = submission()
    kept = check_numbers(received, rows, "value", may_be_negative=pl.lit(True))
    assert (kept["value"].to_list(), received.problem_total) == (["7", None, "-3", None], 1)


def test_of_many_faults_the_first_are_kept_and_all_are_counted():
    rows = pl.DataFrame({"row": list(range(2, 12)), "value": ["x"] * 10})
    received = submission(limit=3)
    check_numbers(received, rows, "value", may_be_negative=pl.lit(False))
    assert ([each.line for each in received.problems], received.problem_total) == ([2, 3, 4], 10)


def test_texts_become_codes_and_what_is_none_is_reported_for_each_row():
    rows = pl.DataFrame({"row": [2, 3, 4, 5], "sex": ["Female", "martian", None, "martian"]})
    received = submission()
    kept = resolve_codes(received, rows, "sex", "sex")
    assert kept["sex"].to_list() == ["female", None, None, None]
    assert [(each.line, each.rule, str(each.wrong)) for each in received.problems] == [
        (3, "code", "not a known sex"),
        (5, "code", "not a known sex"),
    ]


@given(st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=6))
def test_a_statement_made_twice_is_found_in_whatever_batch_it_comes(batches):
    seen, doubles, row = set(), Doubles(), itertools.count(2)
    for batch in batches:
        rows = pl.DataFrame(
            {"row": [next(row) for _ in batch], "key": batch},
            schema_overrides={"row": pl.Int64, "key": pl.Int64},
        )
        expected = []
        for line, key in rows.iter_rows():
            if key in seen:
                expected.append(line)
            seen.add(key)
        assert doubles.find(rows, ["key"])["row"].to_list() == expected


# estimation/existence, estimation/convergence


def test_the_smallest_cell_is_as_large_as_the_overlaps_allow():
    each_apart = np.eye(2)
    assert margin(each_apart, [3, 5]) == pytest.approx(3)
    assert margin(each_apart, [0, 5]) == 0
    one_sum = np.ones((4, 1))
    assert margin(one_sum, [8]) == pytest.approx(2)
    # Both sums share their middle cell: it cannot be more than either.
    shared = np.array([[1, 0], [1, 1], [0, 1]])
    assert margin(shared, [4, 4]) == pytest.approx(2)
    assert margin(shared, [-1, 4]) == 0.0, "no table has such sums"


def test_chains_that_do_not_move_agree_on_nothing():
    rng = np.random.default_rng(1)
    moving = rng.normal(size=(4, 500))
    rhat, effective = agreement(moving)
    assert rhat < 1.05
    assert effective > 1000
    apart, few = agreement(moving + np.arange(4)[:, None] * 10)
    assert apart > 2 > rhat
    assert few < effective
    stuck = moving.copy()
    stuck[2] = 7.0
    endless = moving.copy()
    endless[0, 0] = np.nan
    assert agreement(stuck) == agreement(endless) == (float("inf"), 0.0)


# intelligence/set_schema


def test_every_departure_from_a_schema_is_found():
    schema = {"type": "object", "required": ["a"], "properties": {"b": {"type": "integer"}}}
    assert len(list(faults(schema, {"b": "x"}))) == 2
    assert list(faults(schema, {"a": 1, "b": 2})) == []


# linkage/places


def test_a_pair_meets_the_first_step_that_fits_and_none_where_a_side_is_silent():
    comparison = {"sex": usable(["sex"])["sex"]}
    sides = pl.DataFrame({"sex_l": ["f", "f", None], "sex_r": ["f", "m", "m"]})
    assert places_of(sides, comparison)["sex"].tolist() == [0, 1, -1]
    assert places_of(sides.clear(), comparison)["sex"].tolist() == []
    assert places_of(sides, {}) == {}


def test_both_sides_of_a_pair_stand_side_by_side():
    frame = pl.DataFrame({"sex": ["f", "m", "x"], "name": ["a", "b", "c"]})
    pairs = pl.DataFrame({"left": [0, 2], "right": [1, 0]})
    found = both_sides(frame, pairs, {"sex": usable(["sex"])["sex"]})
    assert found.to_dict(as_series=False) == {"sex_l": ["f", "x"], "sex_r": ["m", "f"]}


# publication/vintages


def test_a_vintage_is_each_day_on_which_a_figure_was_stated(tmp_path):
    rows = [
        statement(value=1, stated_on="2008-07-02"),
        statement(value=2, stated_on="2009-07-02"),
        statement(value=9, stated_on="2009-08-02", role="change", change_reason="duplicate"),
        statement(value=3, stated_on="2010-07-02"),
    ]
    evidence = evidence_from(
        [statement_file(tmp_path / f"{at}.csv", row) for at, row in enumerate(rows)], DAY
    )
    found = vintages(ask("victims_recovered", date(2010, 7, 1)), evidence)
    assert [(each.question.as_at, each.cells[0].value) for each in found] == [
        (date(2008, 7, 2), 1),
        (date(2009, 7, 2), 2),
    ]
    assert len(vintages(ask("victims_recovered", date(2010, 7, 2)), evidence)) == 3


# reading/marks, reading/readings, reading/list_text


@pytest.mark.parametrize(
    ("cell", "text", "marks"),
    [
        ("167[1]", "167", ("1",)),
        ("167 (a) [12]", "167", ("a", "12")),
        ("1,167", "1,167", ()),
        ("Total [†]", "Total", ("†",)),
        ("in [2008]", "in [2008]", ()),
        ({"figure": 1167, "marks": [1]}, "1167", ("1",)),
        (5, "5", ()),
    ],
)
def test_marks_in_brackets_are_taken_off(cell, text, marks):
    found = split_marks(cell)
    assert (found.text, found.marks) == (text, marks)


@pytest.mark.parametrize(("text", "number"), [("1,167", "1167"), ("-5", "-5"), ("2.5", "2.5")])
def test_a_figure_is_read_as_digits(text, number):
    assert split_marks(text).number() == number


@pytest.mark.parametrize("text", ["", "..", "1,16", "c. 5", "5%", "1167 2"])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(Unreadable, match="is not a figure"):
        split_marks(text).number()


def test_a_mark_that_stands_nowhere_may_be_in_a_figure_and_is_never_cut_off_by_guess():
    table = {
        "title": "Victims[3]",
        "columns": ["Year", "Number [2]"],
        "rows": [["2008", "1167"]],
        "footnotes": {"1": "", "2": "", "3": "", "a": ""},
    }
    orphans = find_orphans(table)
    assert orphans == {"1"}
    assert fused("1167", orphans) == ("1", "167")
    assert fused("671", orphans) == ("1", "67")
    for whole in ("267", "1", "1,167", {"figure": 1167}):
        assert fused(whole, orphans) is None
    assert fused("1167", set()) is None


def test_a_campaign_has_the_time_its_source_labels_it_with():
    assert operation_period("Pentameter 1").label == "2006"
    assert readings("answers") is readings("answers")


def test_a_head_takes_what_is_shared_and_what_is_particular():
    base = {
        "stated_on": DAY,
        "precision": "day",
        "stated_by": "HO",
        "stated_as": "Home Office",
        "source": "synthetic",
    }
    period = operation_period("Pentameter 2")
    plain = head_for(base, measure="Victims recovered", dims={"sex": "female"}, period=period)
    assert (plain.measure, plain.unit, plain.shape) == (
        "victims_recovered",
        "persons",
        frozenset({"sex"}),
    )
    assert (plain.population, plain.role, plain.status) == ("not_stated", "figure", "provisional")
    other = head_for(
        {**base, "population": "a", "status": "final"},
        measure="convictions",
        dims={},
        period=period,
        unit="convictions",
        role="change",
    )
    assert (other.unit, other.population, other.role, other.status) == (
        "convictions",
        "a",
        "change",
        "final",
    )


@pytest.mark.parametrize("separator", ",;\t|")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_list_is_read_in_any_encoding_and_with_any_separator(separator, encoding):
    rows = [["Name", "Town"], ["Synthetić", ""], ["", ""], ["B", '"x, y; z"']]
    text = "\r\n".join(separator.join(row) for row in rows)
    found = read_table(text.encode(encoding), "list.csv", [])
    assert found.rows() == [("Synthetić", None), ("B", "x, y; z")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "list.csv is empty"),
        ("a,b\n1\n", r"line 2: 1 cells where the first line has 2 headings"),
        ("a,b\n1,2,3\n", r"line 2: 3 cells where"),
        ("a,a\n1,2\n", "columns 1 and 2 have the same heading"),
        ("a,,b\n1,2,3\n", "column 2 has no heading, but cells below"),
        ('a,b\n"1,2\n', "the quotation marks"),
    ],
)
def test_a_list_that_is_no_table_is_refused_with_its_line_and_no_cell(text, said):
    with pytest.raises(Unreadable, match=said):
        read_table(text.encode(), "list.csv", [])


# synthetic/published


def test_what_was_published_of_the_campaign_adds_up():
    assert sum(published.ADULT_GROUPS.values()) == published.ADULTS
    assert sum(published.GIRL_GROUPS.values()) == published.GIRLS
    assert published.ADULTS + published.GIRLS + published.DUPLICATES == 167
    assert published.ANNOUNCED - published.NEVER_HAPPENED == 406
    assert round(100 * published.WOMEN / 406) == 57
    assert round(100 * published.ENDED / 406) == 25
    assert published.NATIONALITIES.keys() == published.ADULT_GROUPS.keys()
    assert "SYNTHETIC" in published.STATED


# tables/cell


def source(used, value):
    return Source(used, value, DAY, "day", "HO", "synthetic", "synthetic.csv", "a", "2008")


def test_what_a_cell_does_not_rest_on_is_its_conflict():
    sources = (source(True, 1), source(False, 2), source(False, 1))
    found = Cell("id", {}, 1, None, None, "final", (), (), sources, "2008", say("rule.latest"))
    assert found.conflicts == sources[1:]
    assert found._replace(sources=sources[:1]).conflicts == ()


# writing/flow, writing/terminal


def test_a_flow_as_lines():
    found = Flow(
        DAY,
        (),
        (Step(quote("A"), quote("B"), 3),),
        (Step(quote("C"), quote("D"), 2),),
        (),
        {"suspects": 4},
        synthetic=True,
    )
    assert write_flow(found).splitlines() == [
        "of,from,to,persons,as_at,synthetic,conditions,marking",
        "victims,A,B,3,2026-11-23,yes,,public",
        "suspects,C,D,2,2026-11-23,yes,,public",
        "suspects,,not in the flow,4,2026-11-23,yes,,public",
    ]


def test_a_console_keeps_plain_text_without_trailing_spaces():
    shown_on = console(20)
    shown_on.print("[bold]word[/]   ")
    assert written(shown_on) == "word\n"
    coloured = console(20, colour=True)
    coloured.print("[bold]word[/]")
    assert "\x1b[" in written(coloured)


@pytest.mark.parametrize("table", sorted(tables()))
def test_every_column_of_a_snapshot_has_a_kind_in_arrow(table):
    columns = tables()[table]
    assert arrow_schema(columns).names == list(columns)
