"""Why there is no figure: whatever is held and asked, there is an answer where brute force over the
statements finds one; else the reason is what it finds, and what is named as nearest is nearest.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.basis.period import bucket, parse_period
from darkfigure.basis.status import CellReason
from darkfigure.publication import answer, ask
from darkfigure.publication.nothing_held import why_nothing
from darkfigure.reading import evidence_from
from darkfigure.tables.nearest import Kind, nearest, things_asked, without
from darkfigure.writing.commands import asking
from support import examples

DAY = date(2026, 11, 23)
PERIODS = ["2016", "2017", "2016Q1", "2016Q3", "2015..2016", "2018-02", "2016/17"]
VALUES = {"sex": ("female", "male"), "nationality": ("Albanian", "Romanian")}
#: Added up, in two units.
MEASURE, UNITS = "convictions", ("persons", "convictions")
HEADING = "measure,stated_by,source,stated_on,unit,period,sex,nationality,value"

places = st.tuples(
    st.sampled_from(UNITS),
    st.sampled_from(PERIODS),
    *(st.sampled_from(("", *values)) for values in VALUES.values()),
)
tables = st.dictionaries(places, st.integers(1, 40), min_size=1, max_size=6)


@st.composite
def questions(draw):
    """A question that may well have no answer."""
    by = draw(st.sampled_from([(), ("sex",), ("nationality",), ("area",), ("sex", "area")]))
    cut = draw(st.sampled_from(["", "", "year", "quarter"]))
    where = draw(st.dictionaries(st.sampled_from(list(VALUES)), st.integers(0, 1), max_size=2))
    return ask(
        MEASURE,
        DAY,
        by=[*by, *([cut] if cut else [])],
        where=[f"{name}={VALUES[name][at]}" for name, at in where.items() if name not in by],
        period=draw(st.sampled_from([None, *PERIODS, "2014", "2019"])),
        unit=draw(st.sampled_from([None, *UNITS])),
    )


def evidence_of(table):
    """A file, made up here, that states a table."""
    rows = [
        ",".join([MEASURE, "Home Office", "SYNTHETIC", "2020-01-01", *place, str(value)])
        for place, value in table.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
        return evidence_from([path], DAY)


def could_answer(question, table):
    """The rows that could answer a question, looked at one by one."""
    spoken = [
        (unit, parse_period(period), dict(zip(VALUES, values, strict=True)))
        for unit, period, *values in table
    ]
    meeting = [each for each in spoken if question.period is None or each[1].meets(question.period)]
    unit = question.unit or next((u for u in UNITS if any(u == each[0] for each in meeting)), "")
    return [
        (period, dims)
        for of, period, dims in meeting
        if of == unit
        and (question.period is None or question.period.covers(period))
        and (not question.cut or bucket(period, question.cut))
        and all(dims.get(each.dimension) == each.code for each in question.where)
        and (not question.by or any(dims.get(name) for name in question.by))
    ]


@settings(max_examples=examples(200))
@given(tables, questions())
def test_there_is_an_answer_where_a_row_could_give_one(table, question):
    found = answer(question, evidence_of(table))
    assert bool(found.cells) == bool(could_answer(question, table))


def nameless(cells):
    """Cells without their ids: those of what is named nearest are of no answer given."""
    return [cell._replace(id="") for cell in cells]


@settings(max_examples=examples(300))
@given(tables, questions())
def test_what_is_named_is_nearest_and_the_reason_is_true(table, question):
    held_to_brute_force(table, question)


def held_to_brute_force(table, question):
    """Asks, and compares with what is found row by row. Gives what became of the question: how
    many figures, or the reason and how many things the nearest gives up.
    """
    evidence = evidence_of(table)
    found = answer(question, evidence)
    assert bool(found.cells) == bool(could_answer(question, table))
    if found.cells:
        assert not any(refusal.nearest for refusal in found.cannot)
        return "answered", 0
    near = nearest(question, evidence)
    in_unit = ask_in_unit(question, table)
    fewest = fewest_given_up(in_unit, table)
    assert near
    assert {len(each.given_up) for each in near} == {fewest}
    for each in near:
        assert could_answer(each.question, table), asking(each.question)
        assert nameless(answer(each.question, evidence).cells) == nameless(each.cells)
        if Kind.PERIOD in each.kinds:
            same = could_answer(without(in_unit, each.given_up), table)
            assert each.crossing == any(
                period.meets(question.period) and not question.period.covers(period)
                for period, _ in same
            )
    (refusal,) = found.cannot
    held = evidence.blocks(MEASURE)
    assert why_nothing(question, held, evidence)[:2] == (refusal.reason, refusal.detail)
    assert refusal.nearest == tuple(each.question for each in near)
    assert refusal.reason is reason_by_hand(in_unit, near[0], table)
    return str(refusal.reason), fewest


def fewest_given_up(question, table):
    """How many of the things asked must be given up before a row answers, trying every choice."""
    asked = things_asked(question)
    return next(
        count
        for count in range(1, len(asked) + 1)
        if any(
            could_answer(without(question, given_up), table)
            for given_up in combinations(asked, count)
        )
    )


def ask_in_unit(question, table):
    """The question in the unit that it is answered in, where something meets its time."""
    units = [
        place[0]
        for place in table
        if question.period is None or parse_period(place[1]).meets(question.period)
    ]
    if question.unit or not units:
        return question
    return replace(question, unit=next(unit for unit in UNITS if unit in units))


def reason_by_hand(question, near, table):
    """Nothing returned for the time; a value in no row; or held, and not divided so."""
    rest = could_answer(without(question, near.given_up), table)
    if Kind.PERIOD in near.kinds and not any(period.meets(question.period) for period, _ in rest):
        return CellReason.NO_RETURN
    at_the_time = could_answer(near.question, table)
    names = [each.condition.dimension for each in near.given_up if each.condition]
    if any(dims.get(name) for name in names for _, dims in at_the_time):
        return CellReason.NOT_KNOWN
    return CellReason.NOT_DIVIDED
