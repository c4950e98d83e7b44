"""Reasons stated for whole breakdowns, over made-up holdings: the reason that a body states is the
one given exactly where the breakdown is what fails, found by looking at each row; and no figure is
another for it.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.period import parse_period
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.reading import evidence_from
from support import examples

DAY = date(2026, 11, 23)
VALUES = {
    "sex": ("female", "male"),
    "nationality": ("Albanian", "Romanian"),
    "area": ("Kent", "Essex"),
}
PERIODS = ["2016", "2017", "2016Q1", "2015..2018", "2016/17"]
TIMES = ["2016", "2010..2016", "2017", "2015..2019"]
HEADING = "measure,stated_by,source,stated_on,period,sex,nationality,area,value,reason,note"
REASON = CellReason.NOT_COLLECTED

figures = st.dictionaries(
    st.tuples(
        st.sampled_from(PERIODS), *(st.sampled_from(("", *each)) for each in VALUES.values())
    ),
    st.integers(1, 40),
    max_size=6,
)
#: What is said of a breakdown: by which dimensions taken together, of which body, for which time.
said = st.tuples(
    st.sets(st.sampled_from(["sex", "nationality"]), min_size=1),
    st.sampled_from(["", "Kent"]),
    st.sampled_from(TIMES),
)


@st.composite
def questions(draw):
    """A question by some of the dimensions, kept to values of others."""
    by = draw(st.lists(st.sampled_from(list(VALUES)), unique=True, max_size=2))
    rest = [name for name in VALUES if name not in by]
    kept = draw(st.lists(st.sampled_from(rest), unique=True, max_size=2))
    return ask(
        "convictions",
        DAY,
        by=by,
        where=[f"{name}={draw(st.sampled_from(VALUES[name]))}" for name in kept],
        period=draw(st.sampled_from([None, *PERIODS, "2012"])),
    )


def evidence_of(table, statement=None):
    """A file, made up here, of figures and of what is said of a breakdown."""
    rows = [["2020-01-01", *place, str(value), "", ""] for place, value in table.items()]
    if statement:
        by, area, time = statement
        stars = ["*" if name in by else "" for name in ("sex", "nationality")]
        rows.append(["2020-01-01", time, *stars, area, "", REASON, "SYNTHETIC: no such field."])
    lines = [",".join(["convictions", "Home Office", "SYNTHETIC", *row]) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([HEADING, *lines, ""]), encoding="utf-8")
        return evidence_from([path], DAY)


def fails(question, table, statement):
    """Whether the breakdown is what fails, looked for row by row: it is asked for, of what was said
    of, and no figure is so divided for the time of which it was said and is asked.
    """
    by, area, time = statement
    kept = {each.dimension: each.code for each in question.where}
    spoken, asked = parse_period(time), question.period
    if not by <= {*question.by, *kept} or (asked and not asked.meets(spoken)):
        return False
    if area and "area" not in question.by and kept.get("area") != "Kent":
        return False
    return not any(
        parse_period(period).meets(spoken)
        and (asked is None or parse_period(period).meets(asked))
        and all(dict(zip(VALUES, values, strict=True))[name] for name in by)
        and (not area or values[2] == area)
        for period, *values in table
    )


def given_as_stated(found):
    return [each for each in found.cannot if "no such field" in str(each.detail)]


@settings(max_examples=examples(200))
@given(figures, said, questions())
def test_the_stated_reason_is_given_exactly_where_the_breakdown_fails(table, statement, question):
    given_reasons = given_as_stated(answer(question, evidence_of(table, statement)))
    assert [each.reason for each in given_reasons] == [REASON] * fails(question, table, statement)


@settings(max_examples=examples(100))
@given(figures.filter(bool), said, questions())
def test_no_figure_is_another_for_what_is_said_of_a_breakdown(table, statement, question):
    with_reason = answer(question, evidence_of(table, statement))
    without = answer(question, evidence_of(table))
    assert [(cell.dims, cell.value, cell.low, cell.high) for cell in with_reason.cells] == [
        (cell.dims, cell.value, cell.low, cell.high) for cell in without.cells
    ]
    assert with_reason.notes == without.notes


@settings(max_examples=examples(100))
@given(figures.filter(bool), said, questions())
def test_what_is_named_beside_it_has_an_answer(table, statement, question):
    evidence = evidence_of(table, statement)
    found = answer(question, evidence)
    for refusal in given_as_stated(found):
        assert bool(refusal.nearest) != bool(found.cells)
        for near in refusal.nearest:
            assert answer(near, evidence).cells
