"""Files of tables as people have them, by readings: found, understood, refused with their place."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.place import line_of, place_of
from darkfigure.codes.uncoded import uncoded
from darkfigure.reading import capture_files, read_file, recognise
from darkfigure.reading.agency_lists import read_lists
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.cases_by_reading import read_cases
from darkfigure.reading.choosing import beside, fitting
from darkfigure.reading.instructions import read_reading, reading_of
from darkfigure.reading.layout import find_areas
from darkfigure.reading.lists_by_reading import frame_by
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from darkfigure.reading.sheets import open_workbook
from tables_written import delimited, ods, written, xlsx

RECEIVED = date(2026, 11, 26)
OWN = ["measure", "period", "value", "stated_on", "stated_by", "source"]
STATED = ["2024-07-02", "HO", "SYNTHETIC"]
ALWAYS = """
[always]
measure = "arrests"
stated_on = "2024-08-01"
stated_by = "HO"
source = "SYNTHETIC"
"""


def reading(text, **tables):
    """A reading of figures from what is particular to it."""
    return reading_of(f"{text}\n{ALWAYS}\n" + "\n".join(tables.values()), "synthetic")


def figures(path, how=None, **given):
    """The figures of a file as (period, area, value, low, high, reason), and its submission."""
    kind = recognise(path) if how is None else None
    (submission,) = read_file(path, kind, RECEIVED) if kind else read_figures(path, how, **given)
    rows = [row for batch in submission.batches for row in batch.iter_rows(named=True)]
    if submission.problem_total:
        raise ReturnRefused(path.name, submission.problems, submission.problem_total)
    found = [
        (
            submission.heads[row["head"]].period.label,
            row["area"],
            *(row[name] for name in ("value", "low", "high", "reason")),
        )
        for row in rows
    ]
    return found, submission


def plain(path, how=None):
    """Period, area and value of each figure."""
    return [row[:3] for row in figures(path, how)[0]]


def refused(path, how=None):
    with pytest.raises(ReturnRefused) as caught:
        figures(path, how)
    return [str(each) for each in caught.value.problems]


@pytest.mark.parametrize("form", ["csv", "semicolons", "tabs", "bars", "western", "xlsx", "ods"])
def test_the_own_form_is_read_with_the_habits_of_spreadsheets(tmp_path, form):
    heading = ["Measure", " Period", "Value", "Stated on", "Stated By", "SOURCE"]
    rows = [
        ["SYNTHETIC table 1", *[""] * 5],
        [""] * 6,
        heading,
        ["arrests", "year ending March 2024", "1,088", *STATED],
        ["arrests", "January to March 2023", "[c]", *STATED],
        ["arrests", "2022-23", "<5", *STATED],
        ["Total", "", 1088, "", "", ""],
        [""] * 6,
    ]
    found, submission = figures(written(tmp_path, rows, form))
    assert found == [
        ("2023/24", None, "1088", None, None, None),
        ("2023 Q1", None, None, None, None, "suppressed"),
        ("2022/23", None, None, "0", "4", "suppressed"),
    ]
    told = " ".join(map(str, submission.remarks))
    assert "taken for financial years" in told
    assert "1 row is a total" in told


def test_a_dash_is_asked_about_once_and_read_as_told(tmp_path):
    rows = [OWN, ["arrests", "2021", "-", *STATED], ["arrests", "2022", "–", *STATED]]
    path = written(tmp_path, rows, "csv")
    (problem,) = refused(path)
    assert "the mark '-' stands in 2 cells" in problem
    beside(path).write_text(
        '[marks]\n"-" = "nought"\n[columns]\n' + "\n".join(f'{name} = "{name}"' for name in OWN)
    )
    assert plain(path) == [("2021", None, "0"), ("2022", None, "0")]


@pytest.mark.parametrize(
    ("days", "day"),
    [("", None), ("day first", "2008-07-02"), ("month first", "2008-02-07")],
)
def test_a_day_that_can_be_two_days_is_never_guessed(tmp_path, days, day):
    path = written(tmp_path, [["year", "n"], ["2006", "5"]], "csv")
    how = reading_of(
        f'periods.days = "{days}"\n[always]\nmeasure = "arrests"\nstated_on = "02/07/2008"\n'
        'stated_by = "HO"\nsource = "SYNTHETIC"\n[columns]\nyear = "period"\nn = "value"\n',
        "synthetic",
    )
    if day is None:
        assert "a day that can be two" in refused(path, how)[0]
    else:
        assert figures(path, how)[1].heads[0].stated_on == date.fromisoformat(day)


def test_a_day_that_can_be_one_day_only_is_that_day(tmp_path):
    rows = [OWN, ["arrests", "2006", "5", "22/07/2008", "HO", "SYNTHETIC"]]
    assert figures(written(tmp_path, rows, "csv"))[1].heads[0].stated_on == date(2008, 7, 22)


def test_values_of_formulas_are_read_and_formulas_are_not(tmp_path):
    path = xlsx(
        tmp_path / "synthetic.xlsx",
        {"A": [["Area", "2022", "2023"], ["Kent", 5, 7], ["Essex", 3, 9]]},
        formulas={(2, 3): "B2+2", (3, 3): 'HYPERLINK("http://example.invalid","9")'},
    )
    assert plain(path, reading("across = ['period']", columns='[columns]\nArea = "area"')) == [
        ("2022", "Kent", "5"),
        ("2022", "Essex", "3"),
        ("2023", "Kent", "7"),
        ("2023", "Essex", "9"),
    ]


def test_hidden_sheets_are_looked_at_last(tmp_path):
    table = [["Area", "2022", "2023"], ["Kent", 5, 7]]
    other = [["Area", "2022", "2023"], ["Kent", 500, 700], ["Essex", 1, 2], ["Surrey", 3, 4]]
    path = xlsx(tmp_path / "synthetic.xlsx", {"old": other, "new": table}, hidden=("old",))
    assert propose(path).table.sheet.name == "new"
    found = plain(path, reading("across = ['period']", columns='[columns]\nArea = "area"'))
    assert ("2022", "Kent", "5") in found


def test_one_sheet_of_several_is_named_and_each_makes_a_return(tmp_path):
    path = ods(
        tmp_path / "synthetic.ods",
        {
            "Contents": [["Table", "Title"], ["1", "SYNTHETIC"]],
            "Table 1": [["Area", "2022"], ["Kent", 5]],
            "Table 2": [["Area", "2022"], ["Kent", 6]],
        },
    )
    columns = '[columns]\nArea = "area"'
    one = reading("across = ['period']\ntable.sheet = 'table 2'", columns=columns)
    assert plain(path, one) == [("2022", "Kent", "6")]
    every = reading("across = ['period']\ntable.sheet = '*'", columns=columns)
    assert [each.file_name for each in read_figures(path, every)] == [
        "synthetic.ods#Table 1",
        "synthetic.ods#Table 2",
    ]
    first, submission = figures(path, reading("across = ['period']", columns=columns))
    assert first[0][2] == "5"
    assert "1 other table of the file has the same headings" in str(submission.remarks[0])
    absent = reading("across = ['period']\ntable.sheet = 'Table 9'", columns=columns)
    assert "no sheet of that name" in refused(path, absent)[0]


def test_several_tables_of_a_sheet_are_found(tmp_path):
    rows = [
        ["Table 1: SYNTHETIC", "", ""],
        ["Area", "2022", "2023"],
        ["Kent", 1, 2],
        ["Essex", 3, 4],
        ["", "", ""],
        ["Table 2: SYNTHETIC", "", ""],
        ["Sex", "2022", "2023"],
        ["Female", 5, 6],
        ["Male", 7, 8],
        ["Note: made up.", "", ""],
    ]
    (sheet,) = open_workbook(written(tmp_path, rows, "xlsx")).sheets
    first, second = find_areas(sheet.rows())
    assert (first.names, first.first, first.last) == (("Area", "2022", "2023"), 3, 4)
    assert (second.names, second.first, second.last) == (("Sex", "2022", "2023"), 8, 9)
    assert (second.title, second.notes) == (("Table 2: SYNTHETIC",), ("Note: made up.",))


def test_a_place_is_sheet_line_and_column(tmp_path):
    path = xlsx(tmp_path / "synthetic.xlsx", {"A": [["x"]], "B b": [["Area", "2022"], ["Kent", 5]]})
    how = reading("across = ['period']\ntable.sheet = 'B b'", columns='[columns]\nArea = "area"')
    (submission,) = read_figures(path, how)
    (row,) = [row for batch in submission.batches for row in batch.iter_rows(named=True)]
    assert row["place"] == "B b B2"
    assert place_of(row["row"]) == (2, 2, 2)
    assert line_of(row["row"]) == 2


def test_percentages_kept_as_shares_are_scaled(tmp_path):
    rows = [["Operation", "Share"], ["Pentameter 2", 0.415]]
    how = reading_of(
        '[always]\nmeasure = "arrests_no_further_action"\nperiod = "2008"\n'
        'stated_on = "2009-02-01"\nstated_by = "UKHTC"\nsource = "SYNTHETIC"\n'
        '[numbers]\nscale = 100\n[columns]\nOperation = "operation"\nShare = "value"\n',
        "synthetic",
    )
    assert plain(written(tmp_path, rows, "xlsx"), how) == [("2008", None, "41.5")]


def test_days_kept_as_serial_numbers(tmp_path):
    rows = [["Area", "Published", "Arrests"], ["Kent", 45505, 5]]
    how = reading_of(
        'periods.days = "serial"\n[always]\nmeasure = "arrests"\nperiod = "2023"\n'
        'stated_by = "HO"\nsource = "SYNTHETIC"\n[columns]\nArea = "area"\n'
        'Published = "stated_on"\nArrests = "value"\n',
        "synthetic",
    )
    assert figures(written(tmp_path, rows, "xlsx"), how)[1].heads[0].stated_on == date(2024, 8, 1)


@pytest.mark.parametrize(
    ("spelt", "code"),
    [
        ("Kent", "Kent"),
        ("KENT POLICE", "Kent"),
        ("Devon & Cornwall", "Devon and Cornwall"),
        ("Devon and Cornwall Constabulary", "Devon and Cornwall"),
        ("Avon & Somerset Constabulary", "Avon and Somerset"),
        ("Dyfed Powys", "Dyfed-Powys"),
    ],
)
def test_names_are_known_as_people_spell_them(tmp_path, spelt, code):
    path = written(tmp_path, [["Force", "2022"], [spelt, 5]], "csv")
    how = reading("across = ['period']\nunknown = 'refuse'", columns='[columns]\nForce = "area"')
    assert plain(path, how) == [("2022", code, "5")]


JERSEY = [["Area", "2022"], ["Kent", 5], ["Jersey", 3]]


def test_a_value_without_a_code_is_kept_as_received_and_told(tmp_path):
    path = written(tmp_path, JERSEY, "csv")
    how = reading("across = ['period']", columns='[columns]\nArea = "area"')
    found, submission = figures(path, how)
    assert [row[1] for row in found] == ["Kent", uncoded("Jersey")]
    assert "1 value of area is not coded and kept as received: 'Jersey' (1)" in str(
        submission.remarks[0]
    )


def test_a_value_without_a_code_is_refused_where_told_or_where_none_is_known(tmp_path):
    path = written(tmp_path, JERSEY, "csv")
    how = reading("across = ['period']\nunknown = 'refuse'", columns='[columns]\nArea = "area"')
    assert "not a known area" in refused(path, how)[0]
    names = [["Area", "2022"], ["Alba Madeup", 5], ["Bruno Madeup", 3]]
    path = written(tmp_path, names, "semicolons")
    how = reading("across = ['period']", columns='[columns]\nArea = "area"')
    told = refused(path, how)
    assert len(told) == 2
    assert not any("Madeup" in each for each in told)


def test_codes_of_the_reading_come_first_and_the_whole_is_no_value(tmp_path):
    path = written(tmp_path, [["Area", "2022"], ["GM", 5], ["Everywhere", 9]], "csv")
    how = reading(
        "across = ['period']",
        columns='[columns]\nArea = "area"',
        codes='[codes.area]\nGM = "Greater Manchester"\n"Everywhere" = ""',
    )
    assert plain(path, how) == [("2022", "Greater Manchester", "5"), ("2022", None, "9")]


def test_what_all_figures_of_a_period_are_marked_as_is_their_status(tmp_path):
    rows = [["Area", "2022", "2023"], ["Kent", "5 [r]", "7 [p]"], ["Essex", "6", "8 [p]"]]
    how = reading("across = ['period']", columns='[columns]\nArea = "area"')
    (submission,) = read_figures(written(tmp_path, rows, "csv"), how)
    notes = {
        (submission.heads[row["head"]].period.label, row["area"]): row["note"]
        for batch in submission.batches
        for row in batch.iter_rows(named=True)
    }
    assert {head.period.label: head.status for head in submission.heads} == {
        "2022": "provisional",
        "2023": "provisional",
    }
    assert len(submission.heads) == 2
    assert notes[("2022", "Kent")] == "Marked as revised in its table."
    assert notes[("2023", "Kent")] is None


def test_cells_that_have_moved_are_refused_with_their_line(tmp_path):
    rows = [OWN, ["arrests", "2021", "3", *STATED], ["arrests", "2022", "1", "088", *STATED]]
    assert refused(written(tmp_path, rows, "csv"))[0].startswith("line 3: 7 fields")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("form = 'figurs'", "form"),
        ("[colums]", "columns"),
        ("[columns]\nArea = 'aera'", "area"),
        ("[codes.area]\nX = 'Kennt'", "Kent"),
        ("[marks]\n'-' = 'zero'", "marks"),
        ("across = ['perid']", "across"),
        ("[always]\nmesure = 'arrests'", "measure"),
        ("whole = 'yes'", "whole"),
        ("[numbers]\nscale = -1", "scale"),
        ("form = ", "TOML"),
    ],
)
def test_a_reading_is_checked_in_full(text, said):
    with pytest.raises(ReturnRefused) as caught:
        reading_of(text, "synthetic")
    assert said in str(caught.value)


def test_every_fault_of_a_reading_is_told_at_once():
    with pytest.raises(ReturnRefused) as caught:
        reading_of("form = 'x'\nwhole = 3\n[columns]\nA = 'aera'\n", "synthetic")
    assert len(caught.value.problems) == 3


def test_next_months_file_needs_no_more_words(tmp_path):
    first = written(tmp_path, [["Area", "2022"], ["Kent", 5]], "csv")
    folder = tmp_path / "readings"
    folder.mkdir()
    text = text_of(propose(first))
    for key in ("measure", "stated_on", "stated_by", "source"):
        value = {"measure": "arrests", "stated_on": "2024-08-01", "stated_by": "HO"}.get(key, "S")
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    (folder / "arrests.toml").write_text(text)
    after = delimited(
        tmp_path / "next.csv",
        [["SYNTHETIC", "", ""], ["AREA", "2022", "2023"], ["Kent", "5", "6"], ["Essex", "1", "2"]],
    )
    assert fitting(after, [folder]).name == "arrests.toml"
    kind = recognise(after, folders=[folder])
    assert kind.reading == read_reading(folder / "arrests.toml")
    (submission,) = read_file(after, kind, RECEIVED)
    assert sum(batch.height for batch in submission.batches) == 4
    assert fitting(delimited(tmp_path / "x.csv", [["Town", "A"], ["x", "y"]]), [folder]) is None


def test_a_proposal_shows_nothing_of_a_list_of_persons(tmp_path):
    rows = [
        ["name", "dob", "sex", "area", "nationality"],
        ["Alba Madeup", "1999-02-28", "female", "Kent", "Invented"],
        ["Bruno Madeup", "1998-02-28", "Carla", "Essex", "Albanian"],
    ]
    found = propose(written(tmp_path, rows, "xlsx"))
    whole = text_of(found) + str(found.rows)
    assert not any(word in whole for word in ("Madeup", "Carla", "Invented", "1999", "1998"))
    bare = written(tmp_path, rows[1:], "csv")
    with pytest.raises(ReturnRefused) as caught:
        propose(bare)
    assert "Madeup" not in str(caught.value)


def test_bombs_are_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", b"a,b\n" + b"0" * 60_000_000)
    assert "would unpack" in refused(path)[0]
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("bomb.zip", path.read_bytes())
    assert refused(inner)
    book = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 60_000_000)
    assert "would unpack" in refused(book)[0]


@pytest.mark.parametrize("ending", ["xlsx", "ods", "zip", "parquet", "dta", "sav", "xls", "json"])
def test_what_is_damaged_is_refused(tmp_path, ending):
    starts = {"parquet": b"PAR1", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "json": b"[{"}
    path = tmp_path / f"synthetic.{ending}"
    path.write_bytes(starts.get(ending, b"PK\x03\x04") + b"broken" * 50)
    assert refused(path)


CASES = """
form = "cases"
kind = "recovery"
periods.days = "day first"
[always]
reported_by = "kent"
stated_on = "2024-08-01"
synthetic = "yes"
[columns]
"Ref no." = "record"
"Client" = "person"
"Found on" = "date"
"Force" = "area"
"Exploitation type" = "exploitation"
"Comments" = "nothing"
[codes.area]
GM = "Greater Manchester"
"""


@pytest.mark.parametrize("form", ["csv", "xlsx", "semicolons"])
def test_case_records_are_read_from_a_table_of_ones_own(tmp_path, form):
    rows = [
        ["SYNTHETIC export", *[""] * 5],
        ["Ref no.", "Client", "Found on", "Force", "Exploitation type", "Comments"],
        ["R-1", "P-1", "02/07/2024", "GM", "Labour", "Alba Madeup said so"],
        ["R-2", "P-2", "2024-07-03", "Kent", "Sexual", ""],
    ]
    path = written(tmp_path, rows, form)
    (submission,) = read_cases(path, reading_of(CASES, "synthetic"))
    (batch,) = list(submission.tables)
    assert not submission.problems, [str(each) for each in submission.problems]
    assert batch.versions["date"].to_list() == [date(2024, 7, 2), date(2024, 7, 3)]
    assert batch.versions["area"].to_list() == ["Greater Manchester", "Kent"]
    assert batch.versions["synthetic"].to_list() == [True, True]
    assert "Madeup" not in str(batch.versions.to_dicts())


def test_faults_of_case_records_name_line_and_column_and_no_value(tmp_path):
    rows = [
        ["Ref no.", "Client", "Found on", "Force", "Exploitation type", "Comments"],
        ["R-1", "P-1", "Alba Madeup", "Bruno Madeup", "Carla Madeup", ""],
    ]
    (submission,) = read_cases(written(tmp_path, rows, "xlsx"), reading_of(CASES, "synthetic"))
    list(submission.tables)
    told = [str(each) for each in submission.problems]
    assert len(told) >= 3
    assert not any("Madeup" in each for each in told)
    assert told[0].startswith("line 2, column 'Found on'")


def test_a_reading_of_cases_knows_the_fields_of_its_kind():
    for text in ("form = 'cases'", "form = 'cases'\nkind = 'recovery'\n[columns]\nA = 'recrod'"):
        with pytest.raises(ReturnRefused):
            reading_of(text, "synthetic")


LISTS = [["Police", "NGO", "Persons", "x"], [1, 0, 30, "a"], [0, 1, 20, "b"], [1, 1, 6, "c"]]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_lists_for_estimation_come_in_spreadsheets_and_by_a_reading(tmp_path, form):
    plain_rows = [row[:3] for row in LISTS]
    path = written(tmp_path, plain_rows, form)
    (table,) = capture_files.read(path).tables.values()
    assert table.lists == ("Police", "NGO")
    assert int(table.counts.sum()) == 56
    how = reading_of(
        'form = "lists"\n[columns]\nPolice = "list"\nNGO = "list"\nPersons = "count"\n', "synthetic"
    )
    (by,) = capture_files.read(written(tmp_path, LISTS, form), how).tables.values()
    assert (by.lists, by.counts.tolist()) == (table.lists, table.counts.tolist())


def test_rows_of_person_and_list_by_a_reading(tmp_path):
    rows = [["Case", "Known to", "Remark"], *([f"P{n % 5}", f"L{n % 3}", "x"] for n in range(15))]
    how = reading_of(
        'form = "lists"\n[columns]\nCase = "person"\n"Known to" = "list_name"\n', "synthetic"
    )
    (table,) = capture_files.read(written(tmp_path, rows, "xlsx"), how).tables.values()
    assert set(table.lists) == {"L0", "L1", "L2"}
    assert int(table.counts.sum()) == 5


def test_lists_of_persons_for_linkage_come_in_spreadsheets(tmp_path):
    rows = [["id", "forename", "surname"], ["1", "Alba", "Madeup"], ["2", "Bruno", "Madeup"]]
    frame, encoded = read_lists([written(tmp_path, rows, "xlsx")])
    assert not encoded
    assert frame.height == 2
    assert frame_by(written(tmp_path, rows, "ods")).columns == ["id", "forename", "surname"]


@pytest.mark.parametrize(
    ("dates", "labels"),
    [
        ("", ["2023-01-01", "2023-04-01", "2023-07-01"]),
        ("month", ["2023-01", "2023-04", "2023-07"]),
        ("quarter", ["2023 Q1", "2023 Q2", "2023 Q3"]),
    ],
)
def test_a_first_day_stands_for_the_whole_only_as_told(tmp_path, dates, labels):
    days = ("2023-01-01", "1 April 2023", "2023-07-01")
    rows = [["Date", "Area", "Arrests"], *([day, "Kent", 5] for day in days)]
    how = reading(
        f"periods.dates = '{dates}'",
        columns='[columns]\nDate = "period"\nArea = "area"\nArrests = "value"',
    )
    found, submission = figures(written(tmp_path, rows, "csv"), how)
    assert [row[0] for row in found] == labels
    assert any(remark.rule == "first days" for remark in submission.remarks) is not bool(dates)
