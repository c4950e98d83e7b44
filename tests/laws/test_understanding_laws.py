"""Questions made of titles and labels are understood as what they were made of, whichever they are;
what is unknown is left out and never silently; nothing that is typed breaks anything.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis.statement import TIME_CUTS
from darkfigure.codes import codes_for
from darkfigure.tables.measures import all_measures
from darkfigure.understanding import understand

TODAY = date(2026, 11, 26)
MEASURES = sorted(all_measures().values(), key=lambda measure: measure.code)
PLACES = {
    code: (each.label or code, code)
    for code, each in codes_for("area").codes.items()
    if each.group == "police force area" and each.valid_to is None
}
PERIODS = {
    "2019": "2019",
    "2017/18": "2017/18",
    "Q2 2023": "2023 Q2",
    "March 2021": "2021-03",
    "the year ending March 2022": "2021/22",
}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_a_measure_is_understood_by_its_title(measure):
    first, *_ = understand(measure.title, TODAY)
    assert first.measure == measure
    assert not first.left_out


@st.composite
def asked(draw):
    """A question in words, and what it asks."""
    measure = draw(st.sampled_from(MEASURES))
    words, where = [measure.title], {}
    if "nationality" in measure.dimensions and draw(st.booleans()):
        code = draw(st.sampled_from(["Albanian", "Vietnamese", "Eritrean", "Romanian", "Sudanese"]))
        words.append(f"of {code} nationals")
        where["nationality"] = code
    if "area" in measure.dimensions and draw(st.booleans()):
        label, code = draw(st.sampled_from(sorted(PLACES.values())))
        words.append(f"in {label}")
        where["area"] = code
    by = []
    for dimension, said in {
        "sex": "sex",
        "age_group": "age",
        "exploitation": "type of exploitation",
    }.items():
        if dimension in measure.dimensions and draw(st.booleans()):
            words.append(f"by {said}")
            by.append(dimension)
    cut = draw(st.sampled_from(["", "year", "quarter", "month"]))
    if cut:
        words.append(f"by {cut}")
    period = draw(st.sampled_from(["", *PERIODS]))
    head, *rest = words
    rest = draw(st.permutations([*rest, *([f"in {period}"] if period else [])]))
    return (
        " ".join([head, *rest]),
        measure,
        {*by, *([cut] if cut else [])},
        where,
        PERIODS.get(period),
    )


@given(asked())
def test_what_is_asked_in_titles_is_understood(question):
    text, measure, by, where, period = question
    first, *_ = understand(text, TODAY)
    assert (first.measure, set(first.by), dict(first.where)) == (measure, by, where), text
    assert (first.period.label if first.period else None) == period, text
    assert not first.left_out
    first.question()


@given(asked(), st.from_regex(r"q[bcdfghjklmnpqrstvwxz]{4,9}", fullmatch=True), st.integers(0, 9))
def test_what_is_unknown_is_left_out_and_nothing_is_sure(question, unknown, at):
    words = question[0].split()
    at = min(at, len(words))
    text = " ".join([*words[:at], unknown, *words[at:]])
    for reading in understand(text, TODAY):
        assert not reading.sure
        assert any(unknown in left for left in reading.left_out), text


@given(st.text(max_size=300))
def test_nothing_typed_breaks_anything(text):
    for reading in understand(text, TODAY):
        assert reading.measure.code in all_measures()
        assert not set(reading.by) - {*reading.measure.dimensions, *TIME_CUTS}
