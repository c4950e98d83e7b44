"""What is written for spreadsheets does nothing there, wherever it is written."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.basis import inert as cells
from darkfigure.basis.inert import InertRecords, InertRows, inert, plain
from darkfigure.writing.answers import as_ods

ROOT = Path(__file__).parents[2] / "src"
#: Where a table goes to COPY of the database, never to a spreadsheet.
TO_THE_STORE = "darkfigure_hub/store/queries"
#: What is made up has nothing that begins as a formula.
MADE_UP = "darkfigure/synthetic"
#: Lines of JSON as text for our own reader: what an agency sent stays as it was.
AS_SENT = "darkfigure/reading/record_lines.py"
FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\n=1+1",
    "\ufeff=1+1",
    "＝1+1",
    '=HYPERLINK("http://example.invalid","x")',
    "-",
]


def calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, ast.unparse(node.func.value)


def test_every_table_written_for_others_is_inert():
    raw = [
        f"{path.relative_to(ROOT)}: {owner}.{name}"
        for path in ROOT.rglob("*.py")
        for name, owner in calls(path)
        if (owner == "csv" and name in ("writer", "DictWriter")) or name in ("write_csv", "to_csv")
        if not str(path.relative_to(ROOT)).startswith((TO_THE_STORE, MADE_UP, AS_SENT))
    ]
    assert sorted(raw) == [
        "darkfigure/basis/inert.py: csv.writer",
        "darkfigure_hub/commands/linking.py: table.with_columns(safe).write_csv",
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text_and_can_be_read_back(text):
    assert inert(text) == f"'{text}"
    assert plain(inert(text)) == text


@pytest.mark.parametrize(
    "number", ["-1", "+146", "-1.5", "1e5", "-2,345", "-12%", 0, -3, 2.5, None]
)
def test_a_number_is_left_as_it_is(number):
    assert inert(number) == number


@given(st.text())
def test_nothing_is_lost(text):
    assert plain(str(inert(text))) == text or (text.startswith("'") and inert(text) == text)


@given(st.lists(st.sampled_from([*FORMULAS, "Kent", "", "12"]), min_size=1, max_size=6))
def test_rows_and_records_are_inert(row):
    out, again = io.StringIO(newline=""), io.StringIO(newline="")
    InertRows(out).writerow(row)
    names = [f"c{at}" for at in range(len(row))]
    target = InertRecords(again, names)
    target.writeheader()
    target.writerow(dict(zip(names, row, strict=True)))
    (read,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    (_, recorded) = csv.reader(io.StringIO(again.getvalue(), newline=""))
    assert read == recorded == [str(inert(cell)).replace("\r", "\n") for cell in row]


def test_a_record_has_no_field_beyond_the_heading():
    with pytest.raises(ValueError, match="b is not in the heading"):
        InertRecords(io.StringIO(), ["a"]).writerow({"b": 1})


def test_cells_of_a_spreadsheet_go_through_the_same(monkeypatch):
    """Every cell of ODS is written by one function, and that one makes it inert."""
    source = Path(as_ods.__file__).read_text()
    assert source.count("TableCell(") == 2
    assert "inert(value)" in source
    assert cells.MARK == "'"
