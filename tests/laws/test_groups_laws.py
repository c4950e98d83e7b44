"""Groups of nationalities worked out from nationalities: whatever the truth is of those whose
nationality is not known, each group's bounds hold it, and no narrower ones would. All made up.
"""

from __future__ import annotations

import tempfile
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.codes import codes_for
from darkfigure.codes.nationality_groups import (
    REST,
    belongs,
    nationality_groups,
    unions,
)
from darkfigure.publication import answer, answer_from_cases, ask
from darkfigure.reading import evidence_from
from darkfigure.tables.groups import of_groups
from darkfigure.writing.words import ENGLISH

DAY = date(2026, 11, 23)
PARTS = [*nationality_groups(), REST]
NATIONALITIES = ["Romanian", "Croatian", "British", "Nigerian", "Vietnamese", "Albanian"]
OPEN = ["Unknown", "Romanian & Nigerian", "Croatian & British"]
places = st.tuples(
    st.sampled_from([*NATIONALITIES, *OPEN, "Romanian & Polish"]),
    st.sampled_from(["female", "male"]),
)
tables = st.dictionaries(places, st.integers(0, 20), min_size=1, max_size=7)


def evidence_of(table):
    lines = ["measure,period,nationality,sex,value,stated_on,stated_by,source"]
    lines += [
        f"charged,2016,{nationality},{sex},{value},2017-01-01,HO,SYNTHETIC"
        for (nationality, sex), value in table.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return evidence_from([path], DAY)


def may_be(nationality, group):
    """What a person so recorded may truly be, looked at by hand: no, yes, or either."""
    members = unions().get(group) or nationality_groups().get(group)
    listed = {name for each in nationality_groups().values() for name in each}
    if nationality == "Unknown":
        return {False, True}
    return {
        name in members if members else name not in listed
        for name in nationality.replace(" & ", "+").split("+")
    }


@given(tables, st.sampled_from([*PARTS, *unions()]))
def test_a_group_kept_to_holds_the_truth_and_no_less(table, group):
    found = answer(ask("charged", DAY, where=[f"nationality_group={group}"]), evidence_of(table))
    truths = {
        sum(value for value, within in zip(table.values(), each, strict=True) if within)
        for each in product(*(may_be(nationality, group) for nationality, _ in table))
    }
    if not found.cells:
        assert truths == {0}
        return
    (cell,) = found.cells
    assert (cell.low, cell.high) == (min(truths), max(truths))
    assert (cell.value is not None) == (len(truths) == 1)


@given(tables, st.booleans())
def test_by_group_every_row_holds_what_may_be_of_it(table, by_sex):
    by = ["nationality_group", *(["sex"] if by_sex else [])]
    found = answer(ask("charged", DAY, by=by), evidence_of(table))
    rows = {(cell.dims["nationality_group"], cell.dims.get("sex")): cell for cell in found.cells}
    for group, sex in product(PARTS, ["female", "male"] if by_sex else [None]):
        spoken = [
            (value, may_be(name, group)) for (name, of), value in table.items() if sex in (None, of)
        ]
        low = sum(value for value, ways in spoken if ways == {True})
        high = sum(value for value, ways in spoken if True in ways)
        cell = rows.get((group, sex))
        assert (cell.low, cell.high) == (low, high) if cell else high == 0
    assert {group for group, _ in rows} <= set(PARTS)


@given(tables)
def test_figures_by_nationality_are_as_they_were(table):
    evidence = evidence_of(table)
    question = ask("charged", DAY, by=["nationality"])
    assert of_groups(question, evidence) is evidence
    said = " ".join(map(ENGLISH.say, answer(question, evidence).notes))
    assert "worked out" not in said


def test_where_figures_are_held_by_group_none_are_worked_out(tmp_path):
    path = tmp_path / "synthetic.csv"
    heading = "measure,period,nationality,nationality_group,value,stated_on,stated_by,source"
    rows = ["charged,2016,Romanian,,5", "charged,2016,,eu,9"]
    lines = [f"{row},2017-01-01,HO,SYNTHETIC" for row in rows]
    path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    evidence = evidence_from([path], DAY)
    (cell,) = answer(ask("charged", DAY, where=["nationality_group=eu"]), evidence).cells
    assert cell.value == 9


@pytest.mark.parametrize(
    ("nationality", "eu", "eu_28", "eu_27_2020"),
    [
        ("Romanian", True, True, True),
        ("Croatian", False, True, True),
        ("British", True, True, False),
        ("Nigerian", False, False, False),
        ("Unknown", None, None, None),
        ("Romanian+Nigerian", None, None, None),
        ("?Hills", None, None, None),
    ],
)
def test_a_union_of_states_has_the_members_of_its_days(nationality, eu, eu_28, eu_27_2020):
    found = [belongs(nationality, each) for each in ("eu", "eu_28", "eu_27_2020")]
    assert found == [eu, eu_28, eu_27_2020]


def test_every_member_is_a_nationality_and_every_group_a_code():
    known = codes_for("nationality").codes
    members = [*nationality_groups().values(), *unions().values()]
    assert {name for each in members for name in each} <= set(known)
    assert {*PARTS, *unions()} == set(codes_for("nationality_group").codes)
    assert [len(unions()[each]) - len(nationality_groups()["eu"]) for each in unions()] == [1, -6]


def test_case_records_are_kept_to_a_union_by_the_nationalities_of_persons(records):
    def figure(*where):
        asked = ask("victims_recovered", DAY, where=where, evidence="cases")
        (cell,) = answer_from_cases(asked, records).cells
        return cell.low, cell.high

    by = ask("victims_recovered", DAY, by=["nationality"], evidence="cases")
    cells = answer_from_cases(by, records).cells
    within = [cell for cell in cells if belongs(cell.dims["nationality"] or "Unknown", "eu_28")]
    assert within
    low, high = figure("nationality_group=eu_28")
    assert low == sum(cell.low for cell in within)
    assert high >= low
