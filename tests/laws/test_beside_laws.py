"""Several measures side by side say of each what its own answer says, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import TableCell

from darkfigure.basis.errors import UnknownName
from darkfigure.publication import answer, compare
from darkfigure.publication.beside import beside
from darkfigure.reading import evidence_from
from darkfigure.tables.several_measures import MOST, questions_from_words
from darkfigure.writing import registry
from darkfigure.writing.beside import as_csv, as_html, as_json, as_ods, as_text
from darkfigure.writing.beside.columns import columns_of, note_lines
from darkfigure.writing.wording import figure
from support import SOURCES, examples, statement, statement_file

THE_DAY = date(2008, 12, 17)
MEASURES = ("victims_recovered", "arrests", "charged")
QUESTIONS = [
    {"by": "operation"},
    {"by": "operation,year"},
    {"by": "quarter"},
    {"by": "period"},
    {},
    {"where": ["operation=Pentameter 1"]},
    {"by": "operation", "strict": True},
]

records = st.builds(
    lambda measure, period, operation, value, high, unknown: statement(
        measure=measure,
        period=period,
        operation=operation,
        **(
            {"reason": "suppressed", "low": value, "high": value + high, "note": "few"}
            if unknown
            else {"value": value}
        ),
    ),
    st.sampled_from(MEASURES),
    st.sampled_from(["2006", "2006Q1", "2006Q2", "2006Q3", "2007", "2007-08"]),
    st.sampled_from(["", "Pentameter 1", "Pentameter 2"]),
    st.integers(0, 500),
    st.integers(1, 9),
    st.integers(0, 4).map(lambda number: number == 0),
)
files = st.lists(
    records,
    min_size=1,
    max_size=14,
    unique_by=lambda each: (each["measure"], each["period"], each["operation"]),
)
relaxed = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def together(content, asked, measures=MEASURES):
    """The single answers, and the table made of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = statement_file(Path(folder) / "synthetic.csv", *content)
        evidence = evidence_from([path], date(2026, 11, 23))
        questions = questions_from_words(",".join(measures), THE_DAY, **asked)
        answers = [answer(question, evidence) for question in questions]
    return answers, beside(answers)


@relaxed
@given(files, st.sampled_from(QUESTIONS))
def test_each_column_is_the_single_answer(content, asked):
    answers, table = together(content, asked)
    for place, single in enumerate(answers):
        column = [row.cells[place] for row in table.rows if row.cells[place] is not None]
        assert column == list(single.cells)
    for row in table.rows:
        assert row.present
        assert all(cell.dims == row.dims for cell in row.present)
    places = [(tuple(row.dims.items()), row.in_progress) for row in table.rows]
    assert len(set(places)) == len(places)


@relaxed
@given(files, st.sampled_from(QUESTIONS))
def test_every_figure_is_written_once_with_its_time(content, asked):
    answers, table = together(content, asked)
    columns = columns_of(table)
    for row, (labels, entries) in zip(table.rows, columns.rows, strict=True):
        for entry in entries:
            if entry.cell is None:
                continue
            assert figure(entry.cell) in entry.text
            shown = [*labels, entry.text]
            if not table.cut_by_time:
                assert any(entry.cell.period in text for text in shown)
            if entry.cell.partly:
                assert entry.cell.period in entry.text
        marks = {mark for entry in entries for mark in entry.marks}
        assert all(
            mark <= len({note for cell in table.cells for note in cell.notes}) for mark in marks
        )
        assert bool(row.period) == (len({cell.period for cell in row.present}) == 1)
    ids = [cell.id for single in answers for cell in single.cells]
    for name in ("text", "html", "csv"):
        made = registry.write("beside", name, table)
        assert [made.count(each) for each in ids] == [1] * len(ids)


@relaxed
@given(files, st.sampled_from(QUESTIONS))
def test_nothing_said_beneath_is_lost_or_said_twice(content, asked):
    answers, table = together(content, asked)
    lines = note_lines(table)
    assert len(lines) == len(set(lines))
    told = json.loads(as_json.write_beside(table))
    assert {note["note"] for note in told["notes"]} == {
        str(note) for single in answers for note in single.notes
    }
    assert [len(each["cannot"]) for each in told["answers"]] == [
        len(single.cannot) for single in answers
    ]
    rows = list(csv.DictReader(io.StringIO(as_csv.write_beside(table))))
    refused = [(row["measure"], row["said"]) for row in rows if row["line"] == "cannot be said"]
    assert len(refused) == sum(len(single.cannot) for single in answers)
    for single, code in zip(answers, MEASURES, strict=True):
        stated = [row for row in rows if row["line"] == "figures" and row[f"{code}_cell"]]
        assert [row[f"{code}_value"] for row in stated] == [
            "" if cell.value is None else str(cell.value) for cell in single.cells
        ]


def test_figures_of_one_row_for_different_times_keep_their_own():
    content = [
        statement(measure="arrests", operation="Pentameter 2", period="2007/08", value=528),
        statement(measure="charged", operation="Pentameter 2", period="2007", value=66),
        statement(measure="arrests", operation="Pentameter 1", period="2006", value=232),
        statement(measure="charged", operation="Pentameter 1", period="2006", value=134),
    ]
    _, table = together(content, {"by": "operation"}, ("arrests", "charged"))
    assert [row.period for row in table.rows] == ["2006", ""]
    shown = [
        [*labels, *(entry.text for entry in entries)] for labels, entries in columns_of(table).rows
    ]
    assert shown == [
        ["2006", "Pentameter 1", "232", "134"],
        ["different", "Pentameter 2", "528, for 2007/08", "66, for 2007"],
    ]
    assert note_lines(table)[0].startswith("Figures of one row are for different times here")


def test_headings_say_title_and_unit(memory):
    asked = questions_from_words(
        "arrests,convictions,premises_visited", THE_DAY, by="operation", unit="convictions"
    )
    table = beside([answer(question, memory) for question in asked])
    assert columns_of(table).measures == [
        "Arrests (arrests)",
        "Convictions for trafficking (convictions)",
        "Premises visited (premises)",
    ]


@pytest.mark.parametrize(
    ("measures", "asked", "said"),
    [
        (
            "arrests,premises_visited,convictions",
            {"by": "operation,sex"},
            r"^premises_visited is not held by sex\. All of arrests, premises_visited and "
            r"convictions are held by operation, area, and by time \(period, month,",
        ),
        (
            "intelligence_reports,arrests,premises_visited",
            {"where": ["age-group~child"]},
            r"^intelligence_reports and premises_visited are not held by age_group\. All of",
        ),
        ("arrests,convicions", {}, "'convicions' is not a measure"),
        ("arrests,charged", {"by": "colour"}, "'colour' is not a dimension"),
        ("arrests,charged", {"unit": "premises"}, "None of these is counted in 'premises'"),
        ("arrests,charged", {"rule": "persons"}, "where records are counted"),
        (",", {}, "is not a measure"),
    ],
)
def test_what_not_every_measure_has_is_refused(measures, asked, said):
    with pytest.raises(UnknownName, match=said):
        questions_from_words(measures, THE_DAY, **asked)


def test_a_measure_named_twice_stands_once_and_too_many_are_refused():
    asked = questions_from_words("convictions, convicted_of_trafficking,arrests", THE_DAY)
    assert [question.measure.code for question in asked] == ["convictions", "arrests"]
    from darkfigure.tables.measures import all_measures

    with pytest.raises(UnknownName, match=f"at most {MOST} stand side by side"):
        questions_from_words(",".join(list(all_measures())[: MOST + 1]), THE_DAY)


def test_the_files_of_the_package_side_by_side(memory):
    """As told in the manual: 528 arrests, 299 of them for trafficking, and no figure of convictions
    that could be divided by operation.
    """
    assert SOURCES.is_dir()
    asked = questions_from_words(
        "arrests,arrests_for_trafficking,convictions", THE_DAY, by="operation"
    )
    table = beside([answer(question, memory) for question in asked])
    assert [[cell and cell.value for cell in row.cells] for row in table.rows] == [
        [232, None, None],
        [528, 299, None],
    ]
    assert as_text.write_beside(table).count("Cannot be said of Convictions") == 2
    part = as_html.beside_part(table, link="/source/", asked_at=lambda near: f"/ask?{near.id}")
    opened = [cell.id for single in table.answers for cell in single.cells]
    assert [part.count(f'<a href="/source/{name}"') for name in opened] == [1] * len(opened)
    document = load(io.BytesIO(as_ods.write_beside(table)))
    numbers = [
        float(cell.getAttribute("value"))
        for cell in document.getElementsByType(TableCell)
        if cell.getAttribute("valuetype") == "float"
    ]
    # Once as read; with its bounds in the sheet of data.
    assert {numbers.count(number) for number in (232, 528, 299)} == {4}


def test_measures_that_are_compared_say_what_sets_them_apart():
    content = [
        statement(measure="arrests", operation="Pentameter 1", period="2006", value=232),
        statement(
            measure="charged",
            operation="Pentameter 1",
            period="2006Q1",
            value=134,
            stated_by="UKHTC",
        ),
        statement(measure="victims_recovered", operation="Pentameter 1", value=88),
        statement(measure="victims_identified", operation="Pentameter 1", value=90),
    ]
    answers, _ = together(content, {"by": "operation"}, ("arrests", "charged"))
    told = compare(["arrests", "charged"], answers)
    assert [each.code for each in told.apart] == [
        f"compared.{what}" for what in ("units", "definitions", "times", "bodies")
    ]
    assert str(told.apart[0]) == (
        "They count different things: Arrests: arrests; Persons charged: persons."
    )
    assert str(told.apart[2]) == (
        "Pentameter 1: they are for different times (Arrests: 2006; Persons charged: 2006 Q1)."
    )
    for name in ("text", "html", "csv", "json"):
        assert "They count different things" in registry.write("comparison", name, told)
    nested, _ = together(content, {"by": "operation"}, ("victims_recovered", "victims_identified"))
    parts = compare(["one", "other"], nested).apart
    assert [each.code for each in parts] == ["compared.definitions", "compared.part_of"]
    assert compare(["one", "again"], [nested[0], nested[0]]).apart == ()
