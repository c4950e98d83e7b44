"""Files of tables as sheets of cells in text: every form the same, broken ones refused."""

from __future__ import annotations

from datetime import date, datetime, time
from zipfile import ZipFile

import polars as pl
import pyreadstat
import pytest

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.basis.place import PACKED, Place, letters, line_of, packed, place_of
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.submission import Submission
from darkfigure.codes.uncoded import as_received, is_uncoded, uncoded
from darkfigure.reading import decoding
from darkfigure.reading.choosing import packaged
from darkfigure.reading.coding import Coding
from darkfigure.reading.figures import REQUIRED
from darkfigure.reading.grids import Grids
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.located import locate, tables_of
from darkfigure.reading.sheets import (
    archives,
    columnar,
    documents,
    open_workbook,
    opening,
    surveys,
    text,
)
from darkfigure.reading.sheets.workbook import text_of_cell
from darkfigure.reading.totals import is_total_word
from tables_written import COLUMNAR, SHEETS, written

ROWS = [["Area", "Count", "Note"], ["Kent", "12", "SYNTHETIC é"], ["Essex", "0.5", ""]]


@pytest.mark.parametrize("form", [*SHEETS, *COLUMNAR])
def test_a_table_is_the_same_in_every_form(tmp_path, form):
    (sheet,) = open_workbook(written(tmp_path, ROWS, form)).sheets
    width = len(ROWS[0])
    for _ in range(2):  # rows are read anew; empty cells at the end of a line may be left out
        rows = [list(row) for _, row in sheet.rows()]
        assert [[*row, *[""] * (width - len(row))] for row in rows] == ROWS


@pytest.mark.parametrize("ending", ["dta", "sav", "xpt"])
def test_files_of_survey_programs(tmp_path, ending):
    frame = pl.DataFrame({"area": ["Kent", "Essex"], "n": [12.0, 3.0]})
    path = tmp_path / f"synthetic.{ending}"
    writer = {"dta": "write_dta", "sav": "write_sav", "xpt": "write_xport"}[ending]
    getattr(pyreadstat, writer)(frame, str(path))
    (sheet,) = open_workbook(path).sheets
    heading, *rows = [[cell.strip() for cell in row] for _, row in sheet.rows()]
    assert [name.casefold() for name in heading] == ["area", "n"]
    assert rows == [["Kent", "12"], ["Essex", "3"]]


def test_values_of_survey_files_are_their_labels(tmp_path):
    frame = pl.DataFrame({"sex": [1.0, 2.0]})
    path = tmp_path / "synthetic.sav"
    pyreadstat.write_sav(
        frame, str(path), variable_value_labels={"sex": {1.0: "Female", 2.0: "Male"}}
    )
    assert surveys.frame_of(path)["sex"].to_list() == ["Female", "Male"]
    assert columnar.read_survey(path, "s").sheets[0].typed


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (12345678.0, "12345678"),
        (float("nan"), ""),
        (True, "yes"),
        (False, "no"),
        (datetime(2023, 4, 1), "2023-04-01"),
        (datetime(2023, 4, 1, 9, 30), "2023-04-01 09:30:00"),
        (date(2023, 4, 1), "2023-04-01"),
        (time(9, 30), "09:30:00"),
        ("as it is", "as it is"),
    ],
)
def test_a_typed_cell_is_what_a_person_sees(value, said):
    assert text_of_cell(value) == said


def test_a_place_is_one_number_and_back():
    assert place_of(7) == Place(1, 7, 0)
    assert line_of(7) == 7
    for place in (Place(1, 1, 1), Place(3, 1_048_576, 16_384), Place(1000, 2**32 - 1, 65_535)):
        number = packed(place.line, place.column, place.sheet)
        assert PACKED <= number < 2**63
        assert place_of(number) == place
    assert [letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_value_without_a_code_is_kept_as_it_came():
    assert uncoded(" New  town ") == "?New town"
    assert is_uncoded(uncoded("Kent"))
    assert as_received(uncoded("New town")) == "New town"
    assert not is_uncoded("Kent")


@pytest.mark.parametrize(
    ("word", "is_total"),
    [
        ("Total", True),
        ("TOTAL:", True),
        ("Grand total", True),
        ("All ages", True),
        ("England and Wales", True),
        ("Kent total", True),
        ("Cyfanswm", True),
        ("Kent", False),
        ("Totland", False),
        ("Allerdale", False),
        ("Female", False),
    ],
)
def test_words_that_say_all_of_them(word, is_total):
    assert is_total_word(word) is is_total


def test_texts_are_told_from_their_bytes():
    assert decoding.decoded("é".encode(), "x").encoding == "utf-8"
    assert decoding.decoded("aé\n".encode("cp1252"), "x").encoding == "windows-1252"
    assert decoding.separator('"a,b;c";d') == ";"
    with pytest.raises(Unreadable):
        decoding.decoded("Имя".encode("cp1251"), "x")
    with pytest.raises(ReturnRefused) as caught:
        text.text_in(b"a,b\n\x00", "x")
    assert caught.value.problems[0].line == 2


def test_a_large_text_is_streamed(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "MOST_WHOLE", 10)
    for form in ("csv", "csv with a mark", "tabs"):
        (sheet,) = open_workbook(written(tmp_path, ROWS, form)).sheets
        assert [list(row) for _, row in sheet.rows()] == ROWS
    path = tmp_path / "western.csv"
    path.write_bytes("area,b\nx,é\n".encode("cp1252"))
    with pytest.raises(ReturnRefused):
        list(open_workbook(path).sheets[0].rows())


@pytest.mark.parametrize("place", ['"x": "a\\ud800"', '"x\\udfff": "a"', '"x": {"y": "\\ud800"}'])
def test_half_a_character_written_as_an_escape_is_no_text(tmp_path, place):
    path = tmp_path / "records.json"
    path.write_text(f'{{"period": "2006", "x": "b"}}\n{{{place}}}\n', encoding="utf-8")
    with pytest.raises(ReturnRefused, match="characters that no text has"):
        [*open_workbook(path).sheets[0].rows()]


def test_what_unpacks_too_far_is_refused():
    opening.refuse_bomb("x", 10, 1)
    for unpacked, packed_size in ((2**40, 2**39), (2**30, 1000)):
        with pytest.raises(ReturnRefused):
            opening.refuse_bomb("x", unpacked, packed_size)


def test_tables_of_a_file_are_found_by_the_headings_of_a_reading(tmp_path):
    (own,) = (each for each in packaged() if each.name == "statements.toml")
    rows = [REQUIRED, ["arrests", "2022", "5", "2024-08-01", "HO", "SYNTHETIC"]]
    book = open_workbook(written(tmp_path, rows, "ods"))
    (table,), told = locate(book, own)
    assert [each.area.names for each in tables_of(book)] == [tuple(REQUIRED)]
    assert table.column("STATED ON") == 4
    assert told == []
    with pytest.raises(ReturnRefused, match="missing: measure"):
        locate(open_workbook(written(tmp_path, ROWS, "csv")), own)


def test_labels_written_once_are_repeated_down(tmp_path):
    rows = [["Area", "Sex", "2022"], ["Kent", "F", "1"], ["", "M", "2"], ["Essex", "F", "3"]]
    path = written(tmp_path, rows, "xlsx")
    book = open_workbook(path)
    (table,) = tables_of(book)
    submission = Submission("statements", path.name, whole=False)
    (grid,) = Grids(path, book, table, submission, down=(1,))
    assert grid["c1"].to_list() == ["Kent", "Kent", "Essex"]
    assert grid["line"].to_list() == [2, 3, 4]


def test_texts_become_codes_totals_nothing_and_the_rest_is_kept():
    submission = Submission("statements", "synthetic", whole=False)
    coding = Coding(reading_of("[codes.area]\nGM = 'Kent'", "synthetic"), submission, str)
    given = {name: [""] * 4 for name in DIMENSIONS} | {"area": ["gm", "Essex", "Total", "Sark"]}
    coded = coding.coded(pl.DataFrame({**given, "row": [2, 3, 4, 5]}))
    assert coded["area"].to_list() == ["Kent", "Essex", None, uncoded("Sark")]
    coding.tell()
    assert [remark.rule for remark in submission.remarks] == ["not coded"]


def test_what_is_packed_twice_is_not_opened(tmp_path):
    once = written(tmp_path, ROWS, "zip")
    twice = tmp_path / "twice.zip"
    with ZipFile(twice, "w") as archive:
        archive.write(once, "once.zip")
    with pytest.raises(ReturnRefused):
        archives.read(twice, "twice.zip")


def test_lists_of_records_in_a_document_are_sheets(tmp_path):
    path = tmp_path / "synthetic.json"
    path.write_text('{"a": [{"x": 1, "y": "z"}, {"x": null}], "b": [{"q": [1]}], "c": 3}')
    book = documents.read(path, path.name)
    assert [sheet.name for sheet in book.sheets] == ["a", "b"]
    assert [list(row) for _, row in book.sheets[0].rows()] == [["x", "y"], ["1", "z"], ["", ""]]
