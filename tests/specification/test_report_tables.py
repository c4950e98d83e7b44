"""Reports and replies as tables become the documents that YAML and JSON are."""

from __future__ import annotations

import json

import pytest

from darkfigure.basis.errors import ReturnRefused
from darkfigure.reading.report_tables import document_text
from darkfigure.reading.unknown_names import not_known_here
from tables_written import written

HEAD = ["reference", "agency", "report_marking", "number", "grade", "question", "area"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_lines_of_one_number_are_one_item_with_several_links(tmp_path, form):
    rows = [
        HEAD,
        ["SYN-1", "kent", "OFFICIAL", 1, "2CP", "HT.6.4", "Kent"],
        ["", "", "", 1, "", "HT.6.4", "Essex"],
        ["", "", "", 2, "3CP", "", ""],
    ]
    assert json.loads(document_text(written(tmp_path, rows, form))) == {
        "reference": "SYN-1",
        "agency": "kent",
        "marking": "OFFICIAL",
        "items": [
            {
                "number": 1,
                "grade": "2CP",
                "links": [
                    {"question": "HT.6.4", "area": "Kent"},
                    {"question": "HT.6.4", "area": "Essex"},
                ],
            },
            {"number": 2, "grade": "3CP"},
        ],
    }


def test_a_table_with_asks_is_of_replies(tmp_path):
    rows = [
        ["Agency", "On", "Synthetic", "Ask", "Kind"],
        ["kent", "2026-07-20", "yes", "ASK-1", "nil"],
    ]
    assert json.loads(document_text(written(tmp_path, rows, "csv"))) == {
        "agency": "kent",
        "on": "2026-07-20",
        "synthetic": True,
        "replies": [{"ask": "ASK-1", "kind": "nil"}],
    }


def test_a_document_is_given_as_it_stands(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text("reference: SYN-1\n")
    assert document_text(path) == "reference: SYN-1\n"


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, ["SYN-1", "kent", "", 1, "2CP", "", ""], ["SYN-2", "kent", "", 2, "2CP", "", ""]],
        [[*HEAD[:-1], "aera"], ["SYN-1", "kent", "", 1, "2CP", "HT.6.4", "Kent"]],
    ],
)
def test_two_reports_or_a_misspelt_column_are_refused(tmp_path, rows):
    with pytest.raises(ReturnRefused):
        document_text(written(tmp_path, rows, "csv"))


def test_names_that_are_not_known_are_told_by_number():
    wrong, right = not_known_here({2: "Alba Madeup", 5: "aera"}, ["area", "sex"], sort="column")
    assert "2, 5" in str(wrong)
    assert "area" in str(right)
    assert "Madeup" not in f"{wrong}{right}"
