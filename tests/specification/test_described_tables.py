"""A table with metadata of CSV on the Web beside it is proposed as they say. All synthetic."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from darkfigure.publication import answer, ask
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.described import BESIDE, described_beside
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from darkfigure.writing.answers import as_csvw
from tables_written import delimited

ROWS = [
    ["Bezeichnung", "Jahr", "Wert", "Anmerkung"],
    ["Kent", "2022", "1,5", "synthetic"],
    ["Essex", "2022", "k.A.", ""],
]
TABLE = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
    "url": "https://example.org/synthetic.csv",
    "dc:title": "SYNTHETIC arrests for trafficking",
    "dc:publisher": "Home Office",
    "dc:issued": {"@value": "2024-02-01", "@type": "date"},
    "null": ["", "k.A."],
    "tableSchema": {
        "columns": [
            {
                "titles": {"de": ["Bezeichnung"]},
                "propertyUrl": "http://purl.org/linked-data/sdmx/2009/dimension#refArea",
            },
            {"titles": "Jahr", "name": "period", "datatype": "gYear"},
            {
                "titles": "Wert",
                "name": "wert",
                "propertyUrl": "sdmx-measure:obsValue",
                "datatype": {"base": "decimal", "format": {"decimalChar": ","}},
            },
            {"titles": "Anmerkung", "propertyUrl": "rdfs:comment"},
        ]
    },
}


@pytest.fixture
def table(tmp_path):
    """A table under headings that are not known, and how its metadata are laid beside it."""
    path = delimited(tmp_path / "synthetic.csv", ROWS, sign=";")

    def describe(content):
        text = content if isinstance(content, str) else json.dumps(content)
        path.with_name(path.name + BESIDE).write_text(text, encoding="utf-8")
        return path

    return describe


def test_a_reading_is_proposed_as_the_metadata_say(table):
    path = table(TABLE)
    proposal = propose(path)
    assert [each.is_ for each in proposal.columns] == ["area", "period", "value", "note"]
    assert proposal.ask == ("measure",)
    text = text_of(proposal)
    assert 'measure = ""' in text
    reading = reading_of(text.replace('measure = ""', 'measure = "arrests"'), "synthetic")
    (found,) = read_figures(path, reading)
    (frame,) = found.batches
    assert not found.problem_total, found.problems
    assert [Decimal(value) for value in frame["value"].to_list()] == [Decimal("1.5")]
    (head,) = found.heads
    assert (head.stated_on, head.stated_by, head.source) == (
        date(2024, 2, 1),
        "HO",
        "SYNTHETIC arrests for trafficking",
    )


def test_of_several_tables_that_of_the_name_is_meant(table):
    other = {**TABLE, "url": "other.csv", "dc:title": "another"}
    group = {"@context": TABLE["@context"], "tables": [other, TABLE]}
    described = described_beside(table(group))
    assert described.always["source"] == "SYNTHETIC arrests for trafficking"
    assert described.says("bezeichnung") == "area"


@pytest.mark.parametrize(
    ("form", "days"),
    [("dd/MM/yyyy", "day first"), ("M/d/yyyy", "month first"), ("yyyy-MM-dd", "")],
)
def test_how_days_are_written(table, form, days):
    column = {"titles": "Jahr", "datatype": {"base": "date", "format": form}}
    found = described_beside(table({**TABLE, "tableSchema": {"columns": [column]}}))
    assert found.days == days


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '"x"',
        "[" * 100_000,
        {},
        {**TABLE, "@context": "http://example.org/other"},
        {**TABLE, "url": "other.csv"},
        {**TABLE, "url": 7},
        {"@context": TABLE["@context"], "tables": 7},
    ],
)
def test_what_is_no_metadata_of_the_table_says_nothing(table, content):
    assert described_beside(table(content)) is None


@pytest.mark.parametrize(
    "content",
    [
        {**TABLE, "tableSchema": 7},
        {**TABLE, "tableSchema": {"columns": 7}},
        {**TABLE, "tableSchema": {"columns": [7, {"titles": 7, "name": 7, "propertyUrl": 7}]}},
    ],
)
def test_metadata_that_say_nothing_of_columns_leave_them_to_their_headings(table, content):
    found = described_beside(table(content))
    assert dict(found.columns) == {}
    assert found.always["stated_by"] == "HO"


def test_an_answer_of_ones_own_is_described_column_by_column(memory, tmp_path):
    found = answer(ask("victims_recovered", date(2008, 12, 17), by=["operation"]), memory)
    with ZipFile(BytesIO(as_csvw.write_answer(found))) as archive:
        archive.extractall(tmp_path)
    heading = (tmp_path / "answer.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    metadata = json.loads((tmp_path / f"answer.csv{BESIDE}").read_text(encoding="utf-8"))
    columns = metadata["tableSchema"]["columns"]
    assert [each["name"] for each in columns] == heading
    assert all({"titles", "datatype"} <= set(each) for each in columns)
    described = described_beside(tmp_path / "answer.csv")
    for name in ("value", "low", "high", "operation", "period", "unit", "status"):
        assert described.says(name) == name
    assert described.says("notes") == "note"
    assert as_csvw.write_answer(found) == as_csvw.write_answer(found)
