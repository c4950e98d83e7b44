"""Several tables on one sheet, and days that can be two: proposed, asked and told. Made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.given import Given
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from darkfigure.reading.said_numbers import above_nought, lines_said, place_said
from darkfigure.reading.seen import Seen, can_be_two, in_order, is_quarter, order_of_days

TWO_TABLES = """SYNTHETIC arrests
Year,Force,Number
2016,Kent,5
2016,Essex,6

SYNTHETIC charges
Year,Force,Number
2016,Kent,3
2016,Essex,2
"""


def of_table(path, number, measure):
    """The figures that the reading proposed of a table of a file gives."""
    proposal = propose(path, table=number)
    always = {"measure": measure, "stated_on": "2017-01-01", "stated_by": "HO"}
    given = replace(proposal.reading, always={**always, "source": "SYNTHETIC"})
    text = text_of(replace(proposal, reading=given, ask=()))
    (read,) = read_figures(path, reading_of(text, "synthetic.toml"))
    rows = pl.concat(read.batches)
    assert not read.problem_total
    return rows["value"].to_list()


def test_each_of_several_tables_of_a_sheet_can_be_named(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(TWO_TABLES, encoding="utf-8")
    assert of_table(path, 1, "arrests") == ["5", "6"]
    assert of_table(path, 2, "charged") == ["3", "2"]
    path.write_text(
        TWO_TABLES.replace("SYNTHETIC charges\n", "").replace("SYNTHETIC arrests\n", "")
    )
    assert of_table(path, 2, "charged") == ["3", "2"]
    with pytest.raises(UnknownName, match="there are 2"):
        propose(path, table=3)


def test_a_table_beneath_that_is_not_read_is_told(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(TWO_TABLES.replace("Number", "Arrests", 1), encoding="utf-8")
    proposal = propose(path)
    always = {"stated_on": "2017-01-01", "stated_by": "HO", "source": "SYNTHETIC"}
    given = replace(proposal.reading, always={"measure": "arrests", **always})
    (read,) = read_figures(path, given)
    assert pl.concat(read.batches)["value"].to_list() == ["5", "6"]
    told = " ".join(str(remark.text) for remark in read.remarks)
    assert "1 other table stands on the sheet (from line 7)" in told


TWO_DAYS = "Measure,Period,Number,Date published,Published by,Source\n"


@pytest.mark.parametrize(
    ("days", "asked", "order"),
    [
        (["02/07/2017", "03/08/2017"], True, ""),
        (["02/07/2017", "13/08/2017"], False, "day first"),
        (["02/07/2017", "08/13/2017"], False, "month first"),
        (["02/02/2017", "2017-08-03"], False, ""),
    ],
)
def test_days_that_can_be_two_are_asked_about_where_nothing_tells(tmp_path, days, asked, order):
    path = tmp_path / "days.csv"
    lines = [f"Arrests,201{at},5,{day},Home Office,SYNTHETIC" for at, day in enumerate(days, 4)]
    path.write_text(TWO_DAYS + "\n".join(lines) + "\n", encoding="utf-8")
    proposal = propose(path)
    assert ("days" in proposal.ask) == asked
    (column,) = [each for each in proposal.columns if each.is_ == "stated_on"]
    assert len(column.unknown) == (2 if asked else 0)
    text = text_of(proposal)
    (read,) = read_figures(path, reading_of(text, "days.toml"))
    frames = list(read.batches)
    assert bool(read.problem_total) == asked
    if asked:
        assert "a day that can be two" in str(read.problems[0])
        mended = text.replace('periods.days = ""', 'periods.days = "day first"')
        (read,) = read_figures(path, reading_of(mended, "days.toml"))
        frames = list(read.batches)
        assert not read.problem_total
        assert read.heads[0].stated_on == date(2017, 7, 2)
    elif order:
        assert f'periods.days = "{order}"' in text
    assert frames


def test_a_column_of_days_is_as_sure_as_its_order():
    seen = Seen("Date", "stated_on", 0.95, known=2)
    assert in_order(seen, ["02/07/2017", "2017-08-03"]).known == 1
    assert in_order(seen, ["02/02/2017"]) == seen
    assert in_order(replace(seen, is_="area"), ["02/07/2017"]).known == 2
    assert can_be_two([in_order(seen, ["02/07/2017"])])
    assert not can_be_two([seen])
    assert order_of_days([seen], [["02/07/2017", "13/07/2017"]]) == "day first"
    assert [is_quarter(text) for text in ("Q3", "Jan to Mar", "2017", "5")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('[table]\nplace = "two"', "table.place"),
        ("[table]\nplace = -1", "table.place"),
        ("[numbers]\nscale = 0", "numbers.scale"),
        ("leave_lines = 4", "leave_lines"),
    ],
)
def test_a_number_of_a_reading_that_is_none_is_a_fault(said, fault):
    with pytest.raises(ReturnRefused, match=fault):
        reading_of(f'form = "figures"\n{said}\n', "synthetic.toml")


def test_numbers_of_a_reading():
    given = Given({"leave_lines": [4, 5]}, {"leave_lines"})
    assert lines_said(given) == (4, 5)
    assert place_said(given, {"place": 2}) == 2
    assert above_nought(given, {"scale": 100}, "scale") == 100.0
    assert not given.problems
