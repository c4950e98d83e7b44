"""What a spreadsheet shows as per cent is a share of so many per cent. All of it synthetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import polars as pl
import pytest

from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.percentages import as_shown
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.sheets.shares import Run, Shares, shares_of
from tables_written import Share, delimited, ods, written

READING = """
columns = { Operation = "operation", Share = "value" }
[always]
measure = "arrests_no_further_action"
period = "2023"
stated_by = "HO"
source = "synthetic table"
"""
ROWS = [
    ["Operation", "Share"],
    ["Pentameter 1", Share(0.35)],
    ["Pentameter 2", Share(0.3478)],
    ["Acumen", 0.5],
    ["Golf", "62%"],
]
FORMS = pytest.mark.parametrize("form", ["xlsx", "ods"])


def read(path, text):
    (found,) = read_figures(path, reading_of(text, "synthetic"), stated_on=date(2024, 1, 1))
    values = [value for frame in found.batches for value in frame["value"].to_list()]
    assert not found.problem_total, found.problems
    return [Decimal(value) for value in values], [str(each.text) for each in found.remarks]


@FORMS
def test_as_per_cent_where_the_measure_is_counted_so(tmp_path, form):
    values, told = read(written(tmp_path, ROWS, form), READING)
    assert values == [35, Decimal("34.78"), Decimal("0.5"), 62]
    assert "3 figures are read as per cent, as the file shows them" in told


@FORMS
def test_a_scale_of_the_reading_wins(tmp_path, form):
    scaled = f"{READING}[numbers]\nscale = 100"
    values, told = read(written(tmp_path, ROWS, form), scaled)
    assert values == [35, Decimal("34.78"), 50, 62]
    assert not any("per cent" in each for each in told)
    as_kept = f"{READING}[numbers]\nscale = 1"
    assert read(written(tmp_path, ROWS[:3], form), as_kept)[0] == [
        Decimal("0.35"),
        Decimal("0.3478"),
    ]


@FORMS
def test_as_kept_where_the_measure_is_counted_otherwise(tmp_path, form):
    other = READING.replace("arrests_no_further_action", "arrests")
    values, told = read(written(tmp_path, ROWS[:3], form), other)
    assert values == [Decimal("0.35"), Decimal("0.3478")]
    assert not any("per cent" in each for each in told)


def test_text_is_read_as_it_is_written(tmp_path):
    rows = [["Operation", "Share"], ["Pentameter 1", "35%"], ["Pentameter 2", "34.78 %"]]
    values, told = read(delimited(tmp_path / "synthetic.csv", rows), READING)
    assert values == [35, Decimal("34.78")]
    assert not any("per cent" in each for each in told)


def test_cells_that_are_repeated_in_a_document(tmp_path):
    """Rows and cells alike are written once, with how often they stand."""
    path = ods(tmp_path / "synthetic.ods", {"A": [["x"]], "B": [["y"]]})
    share = '<table:table-cell office:value-type="percentage" office:value="0.25"{}/>'
    number = '<table:table-cell office:value-type="float" office:value="0.25"/>'
    twice = share.format(' table:number-columns-repeated="2"')
    row = "<table:table-row{}>{}</table:table-row>"
    body = (
        row.format(' table:number-rows-repeated="2"', "<table:table-cell/>")
        + row.format(' table:number-rows-repeated="2"', number + twice)
        + row.format("", number + number + share.format(""))
    )
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    before, start, rest = parts["content.xml"].decode().partition('<table:table table:name="B">')
    assert start
    rest = rest.partition("</table:table>")[2]
    parts["content.xml"] = f"{before}{start}{body}</table:table>{rest}".encode()
    with ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    shown = {"B": [Run(3, 4, ((2, 3),)), Run(5, 5, ((3, 3),))]}
    assert {name: runs for name, runs in shares_of(path).items() if runs} == shown
    first, second = open_workbook(path).sheets
    assert [*first.rows()] == [(1, ["x"])]
    assert [*second.rows()] == [
        (3, ["0.25", "25%", "25%"]),
        (4, ["0.25", "25%", "25%"]),
        (5, ["0.25", "0.25", "25%"]),
    ]


def test_shares_are_asked_for_from_the_top():
    shares = Shares([Run(2, 3, ((1, 1), (4, 9))), Run(6, 6, ((2, 2),))])
    found = {number: [*shares.in_row(number, 5)] for number in range(1, 8)}
    assert found == {1: [], 2: [0, 3, 4], 3: [0, 3, 4], 4: [], 5: [], 6: [1], 7: []}


def test_what_is_no_open_document_shows_no_shares(tmp_path):
    assert shares_of(delimited(tmp_path / "synthetic.csv", [["x"]])) == {}
    assert shares_of(written(tmp_path, [["x", Share(0.5)]], "xlsx")) == {}


def test_the_unit_is_said_by_row(tmp_path):
    how = reading_of('columns = { A = "value" }\n[codes.unit]\n"in %" = "percent"', "synthetic")
    rows = pl.DataFrame(
        {
            "measure": ["arrests", "arrests", "no such measure", None],
            "unit": ["in %", "", "", ""],
            "cell": ["35%", "35%", "35%", "12"],
        }
    )
    found, taken = as_shown(rows, how, as_kept=False)
    assert found["cell"].to_list() == ["35", "0.35", "0.35", "12"]
    assert taken == 1
