"""Tables laid out as statistical offices lay theirs out, SYNTHETIC: what is proposed of them, and
that every figure comes back under what stands over and beside it.
"""

from __future__ import annotations

import pytest

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.spoken import spoken_period
from darkfigure.cases.submission import Submission
from darkfigure.codes.uncoded import uncoded
from darkfigure.reading.across import find_across
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.column_words import heading_says
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.layout import find_areas
from darkfigure.reading.located import tables_of
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.table_checks import tell_others
from darkfigure.reading.totals import is_whole
from darkfigure.reading.written_days import is_written_day, order_of
from tables_written import ods, written, xlsx

GIVEN = {
    "measure": "recorded_offences",
    "stated_on": "2024-08-01",
    "stated_by": "HO",
    "source": "SYNTHETIC",
    "period": "2016",
}


def filled(path, *edits, sheet=""):
    """The reading that is proposed, with what was left to say filled in, and edits."""
    text = text_of(propose(path, sheet=sheet))
    for key, value in GIVEN.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    for before, after in edits:
        assert before in text, text
        text = text.replace(before, after)
    return text


def read(path, text):
    """The figures of a file by period, area and offence, with what is noted of them."""
    found = {}
    for submission in read_figures(path, reading_of(text, "synthetic")):
        for batch in submission.batches:
            for row in batch.iter_rows(named=True):
                head = submission.heads[row["head"]]
                key = (head.period.label, row["area"], row["offence"])
                assert key not in found
                found[key] = (row["value"] or row["reason"], head.status, row["note"])
        assert not submission.problems, [str(each) for each in submission.problems]
    return found


def values(found):
    return {key: value for key, (value, _, _) in found.items()}


def across_of(rows):
    (area, *_) = find_areas(enumerate(rows, 1))
    body = [row for number, row in enumerate(rows, 1) if number >= area.first]
    return find_across(area, [[row[at - 1] for row in body] for at in area.columns])


CRIMES = [
    ["Table 2", *[""] * 8],
    ["SYNTHETIC crime by state", *[""] * 8],
    ["Area", "Year", "Population2", "Violent crime3", "", "Robbery", "", "Arson", ""],
    ["", "", "", "", "Rate per 100,000", "", "Rate per 100,000", "", "Rate per 100,000"],
    ["Madeup", 2015, 4000, 120, 3000.5, 60, 1500, 6, 150],
    ["", 2016, 4100, 130, 3170.7, 65, 1585.4, 7, 170.7],
    ["", "Percent change", "", 8.3, 5.7, 8.3, 5.7, 16.7, 13.8],
    ["Kent", 2015, 8000, 240, 3000, 120, 1500, 12, 150],
    ["", 2016, 8100, 250, 3086.4, 125, 1543.2, 14, 172.8],
    ["", "Percent change", "", 4.2, 2.9, 4.2, 2.9, 16.7, 15.2],
    ["2 Made up.", *[""] * 8],
]


def test_counts_beside_rates_and_rows_of_change(tmp_path):
    path = xlsx(tmp_path / "synthetic.xlsx", {"T": CRIMES})
    proposal = propose(path)
    assert proposal.reading.across == ("", "nothing")
    assert proposal.reading.always["source"] == "Table 2 SYNTHETIC crime by state"
    text = filled(
        path,
        ('across = [""', 'across = ["offence"'),
        ('form = "figures"', 'form = "figures"\nunknown = "keep"'),
        ("[columns]", '[leave_out]\nYear = "percent change"\n\n[columns]'),
    )
    assert '"*Rate per 100,000" = "nothing"' in text
    found = values(read(path, text))
    assert len(found) == 12
    assert found["2016", uncoded("Madeup"), uncoded("Violent crime3")] == "130"
    assert found["2015", "Kent", uncoded("Robbery")] == "120"


def test_what_has_to_be_said_of_headings_is_asked_for(tmp_path):
    path = written(
        tmp_path, [["Area", "Robbery", "Arson of x"], ["Kent", 5, 6], ["Essex", 1, 2]], "csv"
    )
    text = filled(path)
    assert 'across = [""]' in text
    with pytest.raises(ReturnRefused) as caught:
        reading_of(text, "synthetic")
    assert "across" in str(caught.value)


def test_a_line_of_headings_of_which_none_is_known_is_no_heading(tmp_path):
    rows = [["Alba Madeup", "Bruno Madeup", "Carla Madeup"], ["x", 5, 6], ["y", 1, 2]]
    with pytest.raises(ReturnRefused):
        propose(written(tmp_path, rows, "csv"))


def test_a_column_without_a_heading_has_the_name_of_its_letter(tmp_path):
    rows = [
        ["Table 1: SYNTHETIC officers", *[""] * 4],
        ["", "", "", "Change", ""],
        [""] * 5,
        ["", "2015-09-30", "2016-09-30", "number", "%"],
        ["Kent", 30, 31, 1, 3.3],
        ["Essex", 40, 38, -2, -5],
        ["Total", 70, 69, -1, -1.4],
    ]
    path = ods(tmp_path / "synthetic.ods", {"Index": [["Table"], ["1"]], "Table_1": rows})
    text = filled(path)
    assert '"column A" = "area"' in text
    found = values(read(path, text))
    assert found["2016-09-30", "Essex", None] == "38"
    assert found["2015-09-30", None, None] == "70"
    assert len(found) == 6


def test_marks_beside_figures_without_a_heading_say_how_settled_they_are(tmp_path):
    rows = [
        ["Police Force/Region", "Drawn", "", "Aimed", "", "Share of all", ""],
        ["Kent", 56, "R", 9, "", "40%", ""],
        ["Essex", 11, "", 3, "", "60%", "R"],
    ]
    path = ods(tmp_path / "synthetic.ods", {"T": rows})
    text = filled(path, ('across = [""]', 'across = ["offence"]'))
    text = text.replace('form = "figures"', 'form = "figures"\nunknown = "keep"')
    found = read(path, text)
    assert len(found) == 4
    value, _, note = found["2016", "Kent", uncoded("Drawn")]
    assert (value, note) == ("56", "Marked as revised in its table.")
    assert found["2016", "Essex", uncoded("Drawn")][2] is None


def test_periods_that_two_rows_of_the_heading_say_together(tmp_path):
    rows = [
        ["Table 3.5 SYNTHETIC deaths", *[""] * 4],
        ["Appropriate authority", "Financial year", "", "", "Total"],
        ["", "04/05", "05/06", "06/07*", ""],
        ["Kent", 4, 1, 0, 5],
        ["Avon & Somerset", 2, 0, 1, 3],
    ]
    path = ods(tmp_path / "synthetic.ods", {"T": rows})
    assert propose(path).reading.across == ("period", "period")
    found = values(read(path, filled(path)))
    assert found["2006/07", "Avon and Somerset", None] == "1"
    assert found["2004/05", "Kent", None] == "4"
    assert len(found) == 6


def test_the_largest_table_is_proposed_of_which_a_heading_is_known(tmp_path):
    notes = [["Some words", "more words"], *([f"words {n}", f"{n}"] for n in range(40))]
    figures = [["", "Apr '14 to\nMar '15", "Apr '15 to\nMar '16"], ["Men", 6, 7], ["Women", 11, 12]]
    path = xlsx(tmp_path / "synthetic.xlsx", {"Notes": notes, "Figure 1": figures})
    proposal = propose(path)
    assert proposal.table.sheet.name == "Figure 1"
    assert proposal.reading.across == ("period",)


def test_numbers_of_other_things_are_no_figures(tmp_path):
    rows = [
        ["jurisdiction", "includes_jails", "2015", "2016", "population"],
        ["Madeup", 1, "14,852", "15,218", 900000],
        ["Invented", 0, "4,570", "4,351", 700000],
    ]
    path = written(tmp_path, rows, "csv")
    text = filled(path, ('# unknown = "keep"', 'unknown = "keep"'))
    assert values(read(path, text)) == {
        ("2015", uncoded("Madeup"), None): "14852",
        ("2016", uncoded("Madeup"), None): "15218",
        ("2015", uncoded("Invented"), None): "4570",
        ("2016", uncoded("Invented"), None): "4351",
    }


def test_rows_are_taken_by_several_texts_and_a_column_that_is_named_has_to_be_there(tmp_path):
    rows = [["Area", "", "2016"], ["Kent", "Estimated total", 5], ["Kent", "Reported", 4]]
    path = written(tmp_path, rows, "xlsx")
    how = 'across = ["period"]\n[always]\n' + "\n".join(
        f'{key} = "{value}"' for key, value in GIVEN.items() if key != "period"
    )
    columns = '\n[columns]\nArea = "area"\n"column B" = "nothing"\n'
    only = how + columns + '[only]\n"column B" = ["ESTIMATED  total", "x"]\n'
    assert values(read(path, only)) == {("2016", "Kent", None): "5"}
    left = how + columns + '[leave_out]\n"column B" = ["estimated total"]\n'
    assert values(read(path, left)) == {("2016", "Kent", None): "4"}
    with pytest.raises(ReturnRefused) as caught:
        read(path, how + columns + '[leave_out]\n"Column D" = "x"\n')
    assert "Column D" in str(caught.value)


def test_across_is_found_where_a_heading_is_known_only():
    assert across_of([["Area", "2015", "2016"], ["Kent", "5", "6"]]).levels == ("period",)
    assert across_of([["Sex", "Kent", "Essex"], ["male", "5", "6"]]).levels == ("area",)
    assert across_of([["Area", "Number", "2nd number"], ["Kent", "5", "6"]]).levels == ()
    assert across_of([["Town", "x", "y"], ["Kent", "5", "6"]]).levels == ()


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("Population2", "population"),
        ("Offense Subcategory", "offence"),
        ("Police Force/Region", "area"),
        ("Reference Area", "area"),
        ("Madeup", None),
    ],
)
def test_what_headings_say(heading, says):
    assert heading_says(heading) == says


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Apr '09 to\nMar '10", "2009/10"),
        ("Mar '97", "1997-03"),
        ("Jan-97", "1997-01"),
        ("Financial year 15/16**", "2015/16"),
        ("FY 98/99", "1998/99"),
    ],
)
def test_years_of_two_digits(text, label):
    assert spoken_period(text).period.label == label


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Total", True),
        ("Grand total", True),
        ("Total England and Wales", True),
        ("All police forces", True),
        ("All forces", True),
        ("All offences", True),
        ("Total [note 2]", True),
        ("Total number of offences", True),
        ("Total North East", False),
        ("North East total", False),
        ("All other offences", False),
        ("All Group 2: Sexual crimes", False),
        ("Total discharge", False),
    ],
)
def test_the_whole_is_no_part_of_it(text, whole):
    assert is_whole(text) is whole


def test_totals_of_parts_are_kept_apart_from_the_whole(tmp_path):
    rows = [
        ["Region", "Police force", "2016"],
        ["", "Total England and Wales", 9],
        ["Madeup", "Total Madeup", 8],
        ["Madeup", "Kent", 5],
        ["Madeup", "Essex", 3],
    ]
    path = written(tmp_path, rows, "csv")
    text = filled(path).replace('form = "figures"', 'form = "figures"\nunknown = "keep"')
    assert values(read(path, text)) == {
        ("2016", None, None): "9",
        ("2016", uncoded("Total Madeup"), None): "8",
        ("2016", "Kent", None): "5",
        ("2016", "Essex", None): "3",
    }


def test_a_name_is_known_with_a_footnote_behind_it(tmp_path):
    rows = [["Area", "2016"], ["Wiltshire1", 5], ["Kent [note 2]", 4], ["Essex^", 3]]
    found = read(written(tmp_path, rows, "csv"), filled(written(tmp_path, rows, "csv")))
    assert [area for _, area, _ in found] == ["Wiltshire", "Kent", "Essex"]


def test_figures_that_a_spreadsheet_works_out_are_rounded_and_that_is_told(tmp_path):
    rows = [["Area", "2015", "2016"], ["Kent", 3.9434478458548324, 4], ["Essex", 0.1 + 0.2, "2~"]]
    path = written(tmp_path, rows, "xlsx")
    text = filled(path)
    assert sorted(values(read(path, text)).values()) == ["0.3", "2", "3.943448", "4"]
    (submission,) = read_figures(path, reading_of(text, "synthetic"))
    list(submission.batches)
    assert "1 figure has more than 6 digits" in " ".join(map(str, submission.remarks))


def test_a_heading_of_one_cell_under_a_line_of_headings(tmp_path):
    rows = [["Police force area", "Rate"], ["", "Rate per 1,000"], ["Kent", 5.5], ["Essex", 6.5]]
    path = written(tmp_path, rows, "xlsx")
    assert propose(path).table.area.names == ("Police force area", "Rate / Rate per 1,000")
    assert len(read(path, filled(path))) == 2


def test_lines_are_left_out_by_their_number(tmp_path):
    rows = [["Area", "2016"], ["West Midlands", 50], ["West Midlands", 5], ["Kent", 4]]
    path = written(tmp_path, rows, "xlsx")
    left = "leave_lines = [2]\n" + filled(path)
    assert values(read(path, left))["2016", "West Midlands", None] == "5"
    with pytest.raises(ReturnRefused):
        reading_of("leave_lines = 2", "synthetic")


def test_cells_beyond_the_headings_are_taken_where_the_reading_names_their_column(tmp_path):
    rows = [["Area", "2016", ""], ["Kent", 4, ""], ["Essex", 5, "pasted by mistake"]]
    path = written(tmp_path, rows, "csv")
    text = filled(path)
    if '"column C"' not in text:
        text = text.replace("[columns]", '[columns]\n"column C" = "nothing"')
    assert len(read(path, text)) == 2
    with pytest.raises(AssertionError, match="3 fields where the heading has 2"):
        read(path, text.replace('"column C" = "nothing"', ""))


def test_columns_left_out_by_how_their_headings_end_are_named(tmp_path):
    rows = [["Area", "Year", "Number", "Arson / Rate"], ["Kent", "2016", 5, 1.5]]
    (table,) = tables_of(open_workbook(written(tmp_path, rows, "xlsx")))
    columns = '[columns]\nArea = "area"\nNumber = "value"\n"*Rate" = "nothing"\n'
    submission = Submission("statements", "synthetic.xlsx", whole=False)
    tell_others(table, reading_of(columns, "synthetic"), submission)
    (remark,) = map(str, submission.remarks)
    assert "2" in remark
    submission = Submission("statements", "synthetic.xlsx", whole=False)
    tell_others(table, reading_of(f'{columns}\n[only]\nYear = "2016"\n', "synthetic"), submission)
    assert not submission.remarks


def test_a_region_is_not_the_city_in_it(tmp_path):
    rows = [["Area", "2016"], ["London", 50], ["City of London", 5], ["Kent", 4]]
    path = written(tmp_path, rows, "xlsx")
    assert [area for _, area, _ in read(path, filled(path))] == [
        uncoded("London"),
        "London, City of",
        "Kent",
    ]


def test_a_long_text_is_not_pondered():
    assert not is_whole("1, " * 30_000)
    assert not is_whole("total of the " + "and & " * 14)


#: A table with its heading over no label, as statistical offices' databases write theirs out.
BY_SIZE = [
    ["SYNTHETIC table 12", *[""] * 4],
    ["", "", "Households", "Households", "Households"],
    ["", "", "All", "1", "2 and more"],
    ["", "", "number", "number", "number"],
    ["01", "Madeup", 30, 10, 20],
    ["02", "  Invented", 7, 3, 4],
    ["03", "  Pretended", 9, "-", 9],
]
UNDER = """
form = "figures"
across = ["nothing", "offence", "nothing"]
unknown = "keep"
[always]
measure = "recorded_offences"
period = "2016"
stated_on = "2024-08-01"
stated_by = "HO"
source = "SYNTHETIC"
[columns]
"column A" = "nothing"
"column B" = "area"
[codes.offence]
All = ""
[marks]
"-" = "not_available"
"""


@pytest.mark.parametrize("form", ["semicolons", "xlsx", "ods"])
def test_headings_of_numbers_over_no_label_are_headings(tmp_path, form):
    path = written(tmp_path, BY_SIZE, form)
    (area,) = find_areas(open_workbook(path).sheets[0].rows())
    assert (area.heading_rows, area.first, area.last) == ((2, 3, 4), 5, 7)
    found = values(read(path, UNDER))
    assert len(found) == 9
    assert found["2016", uncoded("Madeup"), None] == "30"
    assert found["2016", uncoded("Invented"), uncoded("2 and more")] == "4"
    assert found["2016", uncoded("Pretended"), uncoded("1")] == "not_available"


def test_a_row_without_a_label_under_a_heading_with_one_is_of_figures(tmp_path):
    rows = [["Area", "Kind", "2016"], ["", "All", 30], ["Kent", "x", 10], ["Essex", "x", 20]]
    (area,) = find_areas(open_workbook(written(tmp_path, rows, "csv")).sheets[0].rows())
    assert (area.heading_rows, area.first) == ((1,), 2)


def numbered(*numbers):
    """A table whose columns are numbered, SYNTHETIC, with the totals that an office puts in."""
    return [
        ["SYNTHETIC persons by district", "", "", ""],
        ["Schluessel", "Bezirk", "Personen2)", ""],
        ["", "", "zusammen", "darunter Kinder"],
        list(numbers),
        *([f"{at:02}", f"Madeup {at}", 10 * at, at] for at in range(1, 31)),
        ["", "Insgesamt", 4650, 465],
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("numbers", [(1, 2, 3, 4), (1, 2, 3, 12)])
def test_a_row_that_numbers_the_columns_is_no_figure(tmp_path, form, numbers):
    path = written(tmp_path, numbered(*numbers), form)
    (area,) = find_areas(open_workbook(path).sheets[0].rows())
    assert (area.heading_rows, area.first) == ((2, 3), 5)
    proposal = propose(path)
    assert [each.name for each in proposal.columns] == [
        "Schluessel",
        "Bezirk",
        "Personen2) / zusammen",
        "Personen2) / darunter Kinder",
    ]
    assert [each.is_ for each in proposal.columns[2:]] == ["value", "value"]


@pytest.mark.parametrize("numbers", [(1, 3, 2, 4), (2, 3, 4, 5), (1, 2, 3, 40.5)])
def test_a_row_of_other_numbers_is_one_of_figures(tmp_path, numbers):
    path = written(tmp_path, numbered(*numbers), "xlsx")
    (area,) = find_areas(open_workbook(path).sheets[0].rows())
    assert (area.heading_rows, area.first) == ((2, 3), 4)


def test_numbers_in_order_over_figures_alone_are_figures(tmp_path):
    rows = [["id", "low", "high"], [1, 2, 3], [2, 5, 9], [3, 1, 4]]
    (area,) = find_areas(open_workbook(written(tmp_path, rows, "csv")).sheets[0].rows())
    assert area.first == 2


def test_words_that_are_not_known_over_many_figures_are_headings_and_no_cell_is_shown(tmp_path):
    rows = [row for row in numbered(1, 2, 3, 4) if row[0] != 1]
    path = written(tmp_path, rows, "xlsx")
    proposal = propose(path)
    assert not any("Madeup" in cell or cell.isdigit() for row in proposal.rows for cell in row)
    assert "Madeup" not in text_of(proposal)
    with pytest.raises(ReturnRefused):
        propose(written(tmp_path, rows[:6], "csv"))


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_what_the_table_is_of_stands_in_lines_of_two_cells_over_it(tmp_path, form):
    rows = [
        ["SYNTHETIC survey", "", ""],
        ["", "", ""],
        ["date", 2016, ""],
        ["sex", "Total", ""],
        ["", "", ""],
        ["Area", "Offences", "conf %"],
        ["Kent", 5, 1.5],
        ["Essex", "#", "#"],
    ]
    path = written(tmp_path, rows, form)
    areas = find_areas(open_workbook(path).sheets[0].rows())
    assert [(area.heading_rows, area.first, area.last) for area in areas] == [
        ((), 3, 4),
        ((6,), 7, 8),
    ]
    assert propose(path).table.area == areas[1]


def test_a_column_of_spans_under_age_is_no_column_of_figures(tmp_path):
    rows = [["age", "sex", "time", "cases"], ["15-19", "Female", 2011, 4], ["65+", "Male", 2011, 6]]
    proposal = propose(written(tmp_path, rows, "csv"))
    assert [each.is_ for each in proposal.columns] == ["age_group", "sex", "period", "value"]


DAILY = """
form = "figures"
{days}
[always]
measure = "recorded_offences"
stated_on = "2024-08-01"
stated_by = "HO"
source = "SYNTHETIC"
[columns]
Day = "period"
Count = "value"
"""


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("02/07/2016", "22/07/2016"), "day first"),
        (("7/2/2016 0:00:00", "7/22/2016 0:00:00"), "month first"),
        (("2.7.2016", "22.7.2016"), "day first"),
        (("2016-07-02 00:00:00", "2016-07-22T10:30:00"), ""),
    ],
)
def test_days_as_spreadsheets_write_them_out_are_periods(tmp_path, texts, order):
    rows = [["Day", "Count"], *([text, 5 + at] for at, text in enumerate(texts))]
    path = written(tmp_path, rows, "csv")
    proposal = propose(path)
    assert [each.is_ for each in proposal.columns] == ["period", "value"]
    assert proposal.described.days == order
    found = values(read(path, filled(path)))
    assert found == {("2016-07-02", None, None): "5", ("2016-07-22", None, None): "6"}


def test_a_day_that_can_be_two_is_a_fault_until_it_is_said_what_comes_first(tmp_path):
    path = written(tmp_path, [["Day", "Count"], ["02/07/2016", 5], ["03/07/2016", 6]], "csv")
    assert propose(path).described.days == ""
    (submission,) = read_figures(path, reading_of(DAILY.format(days=""), "synthetic"))
    assert not any(batch["head"].is_not_null().any() for batch in submission.batches)
    assert {problem.line for problem in submission.problems} == {2, 3}
    found = values(read(path, DAILY.format(days='periods.days = "month first"')))
    assert list(found) == [("2016-02-07", None, None), ("2016-03-07", None, None)]


def test_of_two_columns_of_days_the_one_that_differs_is_the_period(tmp_path):
    rows = [["issued", "died", "n"], *(["31/01/2021", f"{at}/01/2021", at] for at in range(1, 31))]
    proposal = propose(written(tmp_path, rows, "csv"))
    assert [each.is_ for each in proposal.columns] == ["nothing", "period", "value"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("29/01/2020", True),
        ("5/19/2006 0:00", True),
        ("29.01.2020", True),
        ("2020-01-29T00:00:00Z", True),
        ("32/01/2020", False),
        ("13/13/2020", False),
        ("0/1/2020", False),
        ("29/01/20", False),
        ("2020-01-29", False),
        ("1/2", False),
    ],
)
def test_what_is_a_day_as_spreadsheets_write_it_out(text, is_one):
    assert is_written_day(text) is is_one


def test_days_that_contradict_one_another_do_not_tell_their_order():
    assert order_of(["01/02/2020", "29/01/2020"]) == "day first"
    assert order_of(["29/01/2020", "01/29/2020"]) == ""
    assert order_of([]) == ""


def test_births_are_no_periods_and_are_not_shown(tmp_path):
    path = tmp_path / "synthetic.csv"
    path.write_text(
        "Force,Date of birth,Exploitation,Date of referral,Persons\n"
        "Kent,1999-04-03,Sexual,2022-01-05,1\nEssex,2004-12-01,Labour,2022-02-03,1\n"
    )
    proposed = propose(path)
    assert {each.name: each.is_ for each in proposed.columns}["Date of birth"] == "nothing"
    assert "1999" not in str(proposed.rows)
    assert "1999" not in text_of(proposed)


@pytest.mark.parametrize(
    "title",
    [
        "Share of NRM referrals by sex (%)",
        "NRM referrals (000s)",
        "NRM referrals per million population",
        "NRM referrals, cumulative since 1 January",
    ],
)
def test_what_is_no_count_is_not_taken_for_one(tmp_path, title):
    path = tmp_path / "synthetic.csv"
    path.write_text(f"{title}\n\nYear,Male,Female\n2021,75,25\n2022,78,22\n")
    proposed = propose(path)
    assert "measure" in proposed.ask
    assert "measure" not in proposed.reading.always
    path.write_text("NRM referrals\n\nYear,Male,Female\n2021,75,25\n2022,78,22\n")
    assert propose(path).reading.always["measure"] == "nrm_referrals"
