"""Code lists, measures, requirements, readings and example files: data that must hold together."""

from __future__ import annotations

from datetime import date

import pytest

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for, read_combined
from darkfigure.reading import read_file, recognise
from darkfigure.reading.manifest import examples
from darkfigure.reading.original import original_row
from darkfigure.tables.measures import all_measures, measure_named
from darkfigure.tables.reconcile import watched
from support import NEEDS, SOURCES

RECEIVED = date(2026, 11, 23)


@pytest.mark.parametrize("dimension", [*DIMENSIONS, "agency", "population"])
def test_names_of_a_code_list_are_not_ambiguous(dimension):
    listed = codes_for(dimension)
    for code in listed.codes.values():
        for name in code.names:
            assert listed.find(name) == code.code, f"{name} also names {listed.find(name)}"
        assert code.source or code.code == "not_stated"


@pytest.mark.parametrize(
    ("dimension", "text", "stored"),
    [
        ("exploitation", "Labour, Domestic & Criminal", "labour+domestic+criminal"),
        ("exploitation", "Criminal & Labour", "labour+criminal"),
        ("nationality", "Albanian Greek", "Albanian+Greek"),
        ("nationality", "Congolese Drc UK", "Congolese (DRC)+UK"),
        ("nationality", "Saudi Arabian", "Saudi Arabian"),
        ("nationality", "South Sudanese Sudanese", "South Sudanese+Sudanese"),
        ("nationality", "Albanian Martian", None),
        ("sex", "Male & Female", None),
    ],
)
def test_combined_values_are_read_only_where_every_part_is_known(dimension, text, stored):
    assert read_combined(dimension, text) == stored


def test_every_nationality_of_the_example_is_read():
    path = SOURCES / "nrm_referrals_cells.csv.gz"
    submissions = read_file(path, recognise(path), RECEIVED)
    rows = sum(batch.height for submission in submissions for batch in submission.batches)
    assert (rows, sum(submission.problem_total for submission in submissions)) == (6334, 0)


def test_measures_hold_together():
    for measure in all_measures().values():
        assert set(measure.dimensions) <= set(DIMENSIONS)
        assert all(holder in codes_for("agency").codes for holder in measure.holders)
        for other in (measure.part_of, *measure.narrower):
            assert not other or other in all_measures()
    assert measure_named("Reasonable grounds").code == "reasonable_grounds_decisions"
    with pytest.raises(UnknownName, match="victims_recovered"):
        measure_named("victims_recoverd")


@pytest.mark.parametrize("reason", list(CellReason))
def test_every_gap_has_a_requirement_that_would_close_it(reason):
    for measure in all_measures():
        assert NEEDS.closing(measure, reason).closes_when


EXPECTED = {
    # What the reconciliation finds by itself in the examples, as known from the sources.
    "nrm_vintages.csv": [
        (
            "reasonable_grounds_decisions, 2023 Q1 to Q2: stated 7,263; its 2 periods make 7,117 "
            "(+146)"
        ),
        (
            "conclusive_grounds_decisions, 2023 Q1 to Q2: stated 4,678; its 2 periods make 4,345 "
            "(+333)"
        ),
    ],
    "nrm_referrals_cells.csv.gz": [
        "release 2023Q4: the cells add up to 4,141; the release's headline is 4,142 (-1)"
    ],
    "police_recorded_crime_2017_18.csv.gz": [
        "528 rows repeat the cell of another; they are added together"
    ],
    "pentameter_statements.csv": [],
    "parliamentary_answers.json": [
        (
            "1 row: stated before the period had ended: it is a figure so far, at statements[4]. "
            "Nothing is to be done where it is a figure so far; else correct stated_on or the "
            "period."
        )
    ],
    "uk_hidden_victim_estimates.csv": [],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_reconciliation_finds_the_known_faults(name):
    submissions = read_file(SOURCES / name, recognise(SOURCES / name), RECEIVED)
    for submission in submissions:
        assert list(watched(submission))
    found = {
        submission.file_name: [str(remark.text) for remark in submission.remarks]
        for submission in submissions
    }
    texts = [text for remarks in found.values() for text in remarks]
    assert set(EXPECTED[name]) <= set(texts)
    if not EXPECTED[name]:
        assert texts == []
    totals = [
        submission.file_name
        for submission in submissions
        for remark in submission.remarks
        if remark.rule != "odd"
    ]
    assert not any("Q1" in name for name in totals), "every other sum holds"


def test_every_example_states_origin_and_licence():
    assert {example.name for example in examples()} == {
        path.name for path in SOURCES.iterdir() if path.suffix != ".toml"
    }
    for example in examples():
        assert example.licence
        assert example.origin
        assert example.attribution


def test_an_original_row_is_found_again_in_a_packed_file():
    content = (SOURCES / "police_recorded_crime_2017_18.csv.gz").read_bytes()
    pieces = (content[start : start + 1000] for start in range(0, len(content), 1000))
    row = dict(original_row((SOURCES / "police_recorded_crime_2017_18.csv.gz"), pieces, 2, ""))
    assert (row["Force Name"], row["Number of Offences"]) == ("Action Fraud", " 66776 ")
