"""What a reading can say beside what a column is: releases, tidy dimensions, the year so far, words
that say several things, texts made of columns. All figures SYNTHETIC.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.basis.period import parse_period
from darkfigure.cases.submission import Submission
from darkfigure.reading import read_file
from darkfigure.reading.by_reading import read_figures
from darkfigure.reading.by_release import by_release
from darkfigure.reading.given import Given
from darkfigure.reading.instructions import reading_of
from darkfigure.reading.kinds import Dated, by_reading
from darkfigure.reading.located import locate
from darkfigure.reading.means import number_in
from darkfigure.reading.parts import tidied
from darkfigure.reading.relative_periods import is_relative
from darkfigure.reading.releases import Release, on_record, published
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.taking import Taking
from darkfigure.reading.terms import OF_FIGURES, tidy_key
from darkfigure.reading.together import OF_COLUMNS
from darkfigure.reading.worded import headings_in
from tables_written import written

RECEIVED = date(2026, 11, 26)
ARRESTS = """
[always]
measure = "arrests"
stated_by = "MOJ"
source = "SYNTHETIC"
stated_on = "2024-08-01"
"""


def taken(path, text, stated_on=None):
    """Each submission as its part, its statements (head and row), and its remarks."""
    found = []
    for each in read_figures(path, reading_of(text, "synthetic"), stated_on=stated_on):
        rows = [row for batch in each.batches for row in batch.iter_rows(named=True)]
        if each.problem_total:
            raise ReturnRefused(path.name, each.problems, each.problem_total)
        statements = [(each.heads[row["head"]], row) for row in rows]
        found.append((each.file_name.partition("#")[2], statements, [str(r) for r in each.remarks]))
    return found


def statements(path, text, stated_on=None):
    return [each for _, found, _ in taken(path, text, stated_on) for each in found]


def refused(path, text, stated_on=None):
    with pytest.raises(ReturnRefused) as caught:
        taken(path, text, stated_on)
    return [str(each) for each in caught.value.problems]


def faults_of(text):
    with pytest.raises(ReturnRefused) as caught:
        reading_of(text, "synthetic")
    return [str(each) for each in caught.value.problems]


RELEASES = [
    ["Bulletin", "Year", "Quarter", "Force", "Arrests"],
    ["May 2022", "2022", "Q1", "Kent", "10"],
    ["August 2022", "2022", "Q1", "Kent", "11"],
    ["August 2022", "2022", "Q2", "Kent", "20"],
    ["August 2022", "2022", "Total", "Kent", "31"],
    ["May 2022", "2022", "Total", "Kent", "10"],
]
BY_RELEASE = """
whole = true
[always]
measure = "arrests"
stated_by = "MOJ"
source = "SYNTHETIC bulletin of {Bulletin}"
[columns]
Bulletin = "release"
Year = "year"
Quarter = { is = "quarter", total = "year so far" }
Force = "area"
Arrests = "value"
"""
DAYS = '[releases]\n"may 2022" = 2022-05-12\n"August 2022" = 2022-08-11\n'


@pytest.mark.parametrize("form", ["csv", "semicolons", "xlsx"])
def test_each_release_of_a_file_is_a_return_with_its_day(tmp_path, form):
    path = written(tmp_path, RELEASES, form)
    first, second = taken(path, BY_RELEASE + DAYS)
    assert [first[0], second[0]] == ["August 2022", "May 2022"]
    assert {(head.stated_on, head.precision, head.source) for head, _ in first[1]} == {
        (date(2022, 8, 11), "day", "SYNTHETIC bulletin of August 2022")
    }
    assert {head.stated_on for head, _ in second[1]} == {date(2022, 5, 12)}
    assert [row["value"] for _, row in first[1]] == ["11", "20", "31"]


def test_a_total_of_quarters_is_the_year_so_far_of_its_release(tmp_path):
    path = written(tmp_path, RELEASES, "csv")
    so_far = {
        name: [(head.period.label, head.period.end) for head, row in found if row["row"] in (5, 6)]
        for name, found, _ in taken(path, BY_RELEASE + DAYS)
    }
    assert so_far == {
        "August 2022": [("2022 Q1 to Q2", date(2022, 6, 30))],
        "May 2022": [("2022 Q1 to Q1", date(2022, 3, 31))],
    }


@pytest.mark.parametrize(
    ("quarters", "label", "start", "end"),
    [
        ("1234", "2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("23", "2022 Q2 to Q3", date(2022, 4, 1), date(2022, 9, 30)),
        ("14", "2022 Q1 to Q4", date(2022, 1, 1), date(2022, 12, 31)),
        ("", "2022", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_the_year_so_far_covers_the_quarters_beside_it(tmp_path, quarters, label, start, end):
    rows = [["2022", f"Q{number}", "Kent", "1"] for number in quarters]
    rows.append(["2022", "Total", "Kent", "9"])
    path = written(tmp_path, [["Year", "Quarter", "Force", "Arrests"], *rows], "csv")
    columns = '[columns]\nYear = "year"\nForce = "area"\nArrests = "value"\n'
    quarter = 'Quarter = { is = "quarter", total = "year so far" }\n'
    found = statements(path, ARRESTS + columns + quarter)
    period = found[-1][0].period
    assert (period.label, period.start, period.end) == (label, start, end)
    plain = taken(path, ARRESTS + columns + 'Quarter = "quarter"\n') if quarters else []
    assert not plain or "1 row is a total" in " ".join(plain[0][2])


def test_the_year_so_far_goes_by_the_year_that_is_meant(tmp_path):
    rows = [["2022", "1", "5"], ["2022", "2", "6"], ["2022", "All", "11"]]
    path = written(tmp_path, [["Year", "Quarter", "Arrests"], *rows], "csv")
    columns = '[columns]\nYear = "year"\nArrests = "value"\n'
    quarter = 'Quarter = { is = "quarter", total = "year so far" }\n'
    text = 'periods.year = "financial"\n' + ARRESTS + columns + quarter
    period = statements(path, text)[-1][0].period
    assert (period.label, period.end) == ("2022/23 Q1 to Q2", date(2022, 9, 30))


def test_days_of_releases_are_said_given_or_on_record(tmp_path):
    path = written(tmp_path, RELEASES, "csv")
    kind = by_reading(reading_of(BY_RELEASE, "synthetic"))
    assert kind.dated is Dated.BY_RELEASE
    assert "several releases" not in refused(path, BY_RELEASE)[0]
    assert "day is on record" in refused(path, BY_RELEASE, date(2023, 1, 1))[0]
    given = {"May 2022": date(2022, 5, 12), "August 2022": date(2022, 8, 11)}
    found = read_file(path, kind, RECEIVED, given)
    days = [{head.stated_on for _ in each.batches for head in each.heads} for each in found]
    assert days == [{date(2022, 8, 11)}, {date(2022, 5, 12)}]
    one = BY_RELEASE + '[releases]\n"August 2022" = 2022-08-11\n'
    assert "published on 11 August 2022" in refused(path, one, date(2022, 5, 12))[0]
    told = refused(path, BY_RELEASE + DAYS, {"June 2022": date(2022, 6, 1)})
    assert "a release that the file does not hold" in told[0]


def test_a_day_is_given_for_the_one_release_of_which_none_is_known():
    releases = {"may 2022": Release(date(2022, 5, 12))}
    names = ["August 2022", "May 2022"]
    assert published(names, releases, {"August 2022": date(2022, 8, 11)}) == {
        "August 2022": date(2022, 8, 11),
        "May 2022": date(2022, 5, 12),
    }
    assert on_record("nrm")["2023q4"] == Release(date(2024, 3, 7), 4142)
    assert on_record("SYNTHETIC") == {}


def test_a_release_that_is_the_period_is_held_against_its_headline(tmp_path):
    rows = [["Quarter", "Sex", "Arrests"], ["2022 Q1", "Male", "7"], ["2022 Q1", "Female", "5"]]
    path = written(tmp_path, [*rows, ["2022 Q2", "Male", "9"]], "csv")
    columns = '[columns]\nQuarter = ["release", "period"]\nSex = "sex"\nArrests = "value"\n'
    always = ARRESTS.replace('stated_on = "2024-08-01"\n', "")
    days = (
        '[releases]\n"2022 Q1" = { published = 2022-05-12, headline = 13 }\n'
        '"2022 Q2" = { published = 2022-08-11, headline = 9 }\n'
    )
    first, second = taken(path, always + columns + days)
    assert [head.period.label for head, _ in first[1]] == ["2022 Q1", "2022 Q1"]
    assert first[2] == [
        "release 2022 Q1: the cells add up to 12; the release's headline is 13 (-1)"
    ]
    assert second[2] == []
    rows[1][0] = "Jane Doe"
    (problem,) = refused(written(tmp_path, rows, "csv"), always + columns + days)
    assert problem.startswith("line 2, column 'Quarter': cannot be read")
    assert "Jane" not in problem


def test_a_table_is_taken_once_and_cut_by_release(tmp_path):
    path = written(tmp_path, RELEASES, "csv")
    reading = reading_of(BY_RELEASE + DAYS, "synthetic")
    book = open_workbook(path)
    (table,), _ = locate(book, reading)
    whole = Submission("statements", "synthetic.csv", whole=True)
    first, second = by_release(Taking(path, book, table, reading, whole), reading.release, None)
    assert [first.file_name, second.file_name] == [
        "synthetic.csv#August 2022",
        "synthetic.csv#May 2022",
    ]
    assert (first.whole, len(first.heads), len(second.heads)) == (True, 3, 2)
    assert not whole.problem_total


def test_a_row_that_names_no_release_is_told_once(tmp_path):
    rows = [list(row) for row in RELEASES]
    rows[2][0] = ""
    (problem,) = refused(written(tmp_path, rows, "csv"), BY_RELEASE + DAYS)
    assert problem == "line 3, column 'Bulletin': empty (''). It is needed on every line."
    none = [rows[0], ["", *rows[1][1:]]]
    (problem,) = refused(written(tmp_path, none, "csv"), BY_RELEASE)
    assert problem.startswith("line 2, column 'Bulletin': empty")


def test_a_text_made_of_columns_is_told_of_by_its_column(tmp_path):
    path = written(tmp_path, [["Year", "n", "Book"], ["2022", "1", ""]], "csv")
    columns = '[columns]\nYear = "period"\nn = "value"\nBook = "nothing"\n'
    text = columns + ARRESTS.replace('source = "SYNTHETIC"', 'source = "{Book}"')
    (problem,) = refused(path, text)
    assert problem.startswith("line 2, column 'Book': empty")


@pytest.mark.parametrize("cell", ["about 5", "n/k?"])
def test_a_bound_that_is_no_number_is_one_fault(tmp_path, cell):
    path = written(tmp_path, [["Year", "least", "n"], ["2022", cell, ""]], "csv")
    text = f'{ARRESTS}[columns]\nYear = "period"\nleast = "low"\nn = "value"\n'
    (problem,) = refused(path, 'empty = "refuse"\n' + text)
    assert problem.startswith("line 2, column 'least': not a number")


def test_a_column_of_names_is_no_column_of_releases(tmp_path):
    rows = [[f"Person {number}", "2022", "1"] for number in range(1001)]
    path = written(tmp_path, [["Name", "Year", "Arrests"], *rows], "csv")
    columns = '[columns]\nName = "release"\nYear = "period"\nArrests = "value"\n'
    (problem,) = refused(path, ARRESTS.replace('stated_on = "2024-08-01"\n', "") + columns)
    assert "1,001 releases, more than a file holds" in problem
    assert "Person" not in problem


TIDY = [
    ["Year", "Breakdown", "Group", "Count"],
    ["2022", "Sex", "Female", "40"],
    ["2022", "Sex", "Total", "100"],
    ["2022", "Police force", "Kent", "60"],
    ["2021", "None", "", "100"],
]
OF_TIDY = """
unknown = "refuse"
[columns]
Year = "period"
Breakdown = "dimension"
Group = "category"
Count = "value"
[codes.dimension]
"Police force" = "area"
"""


def test_the_dimension_stands_in_one_column_and_its_category_in_another(tmp_path):
    path = written(tmp_path, TIDY, "csv")
    found = statements(path, OF_TIDY + ARRESTS)
    assert [(set(head.shape), row["sex"], row["area"]) for head, row in found[:3]] == [
        ({"sex"}, "female", None),
        (set(), None, None),
        ({"area"}, None, "Kent"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2022", "Colour", "Red", "1"], "line 2, column 'Breakdown': not a known dimension"),
        (["2022", "Sex", "Kent", "1"], "line 2, column 'Group': not a known sex"),
        (["2022", "None", "Kent", "1"], "line 2, column 'Group': a category, and no dimension"),
    ],
)
def test_a_category_is_of_a_dimension(tmp_path, row, said):
    (problem,) = refused(written(tmp_path, [TIDY[0], row, *TIDY[3:4]], "csv"), OF_TIDY + ARRESTS)
    assert problem.startswith(said)


COURT = [
    ["Ref", "What", "Of", "No", "Remark", "Said", "By", "In"],
    ["A1", "arrested", "Pentameter 2", "40", "", "2009-02", "UKHTC (draft)", "SYNTHETIC a"],
    [
        "A2",
        "struck off",
        "Pentameter 2",
        "3",
        "from 1,040 to 37",
        "2009-03-02",
        "HO",
        "SYNTHETIC b",
    ],
    ["A3", "convicted women", "", "12", "", "2009-03-02", "HO", "SYNTHETIC b"],
    ["A4", "a year", "", "9", "", "2009-03-02", "HO", "SYNTHETIC c"],
]
OF_COURT = """
unknown = "refuse"
[always]
period = "of the operation"
note = ["{What}: {Remark}.", "{What}."]
[columns]
Ref = "place"
Of = "operation"
No = "value"
Remark = "nothing"
Said = "stated_on"
By = { is = "stated_by", as_stated = true }
In = "source"
[means.What]
arrested = { measure = "arrests" }
"struck off" = { measure = "arrests", role = "change", sign = "minus", change_reason = "clerical", \
corrects = "from {number} to" }
"convicted women" = { measure = "convictions", unit = "persons", sex = "female", \
period = "2004..stated" }
"a year" = { measure = "convictions", unit = "convictions", period = "per year" }
"""


def test_a_word_says_several_things(tmp_path):
    found = statements(written(tmp_path, COURT, "csv"), OF_COURT)
    assert [(head.measure, head.unit, str(head.role), row["sex"]) for head, row in found] == [
        ("arrests", "arrests", "figure", None),
        ("arrests", "arrests", "change", None),
        ("convictions", "persons", "figure", "female"),
        ("convictions", "convictions", "figure", None),
    ]
    change = found[1][1]
    assert (change["value"], change["corrects"]) == ("-3", "1040")
    assert change["change_reason"] == "clerical"


def test_a_period_is_told_by_its_row(tmp_path):
    found = [head.period for head, _ in statements(written(tmp_path, COURT, "csv"), OF_COURT)]
    assert [period.label for period in found] == [
        "2007-08",
        "2007-08",
        "2004 to 2 March 2009",
        "per year (2009)",
    ]
    assert found[2].end == date(2009, 3, 2)
    assert not found[3].exact


def test_texts_are_made_of_columns_and_kept_as_stated(tmp_path):
    found = statements(written(tmp_path, COURT, "csv"), OF_COURT)
    assert [row["note"] for _, row in found[:2]] == [
        "arrested.",
        "struck off: from 1,040 to 37.",
    ]
    assert [row["place"] for _, row in found] == ["A1", "A2", "A3", "A4"]
    assert [(head.stated_by, head.stated_as) for head, _ in found[:2]] == [
        ("UKHTC", "UKHTC (draft)"),
        ("HO", "HO"),
    ]


def with_cell(line, column, text):
    rows = [list(row) for row in COURT]
    rows[line - 1][COURT[0].index(column)] = text
    return rows


@pytest.mark.parametrize(
    ("line", "column", "text", "said"),
    [
        (2, "What", "Jane Doe", "line 2, column 'What': the reading does not say what this means"),
        (3, "No", "-3", "line 3, column 'No': a negative number where none can be"),
        (2, "Of", "", "line 2, column 'Of': the time is that of an operation"),
        (2, "By", "Jane Doe", "line 2, column 'By': cannot be read"),
        (5, "Said", "yesterday", "line 5, column 'Said': no day"),
        (4, "Said", "", "line 4, column 'Said': empty"),
        (4, "Said", "2003-01-01", "line 4, column 'What': cannot be read"),
    ],
)
def test_what_a_word_needs_is_asked_for(tmp_path, line, column, text, said):
    path = written(tmp_path, with_cell(line, column, text), "csv")
    problems = refused(path, OF_COURT)
    assert len(problems) == 1
    assert problems[0].startswith(said)
    assert "Jane" not in problems[0]


def test_places_tell_statements_apart(tmp_path):
    rows = [*COURT, ["A5", *COURT[1][1:]]]
    assert len(statements(written(tmp_path, rows, "csv"), OF_COURT)) == 5
    (problem,) = refused(written(tmp_path, [*COURT, COURT[1]], "csv"), OF_COURT)
    assert problem.startswith("line 6, column 'Ref': the same statement stands in the file before")


@pytest.mark.parametrize(
    ("told", "cell", "said"),
    [
        ('"sex", filled = true', "", "line 3, column 'Sex': empty"),
        ('"sex", filled = true', "Total", None),
        ('"sex", total = "refuse"', "", "line 3, column 'Sex': empty"),
        ('"sex", total = "refuse"', "Total", "line 3, column 'Sex': a total, in a column"),
        ('"sex", total = "refuse"', "Male", None),
    ],
)
def test_a_column_may_have_no_empty_cell_or_no_total(tmp_path, told, cell, said):
    rows = [["Year", "Sex", "n"], ["2022", "Female", "1"], ["2022", cell, "2"]]
    text = f'{ARRESTS}[columns]\nYear = "period"\nn = "value"\nSex = {{ is = {told} }}\n'
    path = written(tmp_path, rows, "csv")
    if said is None:
        assert len(statements(path, text)) == 2
    else:
        assert refused(path, text)[0].startswith(said)


def test_a_total_of_the_whole_table_is_refused_where_the_reading_says_so(tmp_path):
    path = written(tmp_path, [["Year", "n"], ["2022", "1"], ["Total", "1"]], "csv")
    columns = '[columns]\nn = "value"\nYear = '
    assert len(statements(path, ARRESTS + columns + '"period"')) == 1
    told = refused(path, ARRESTS + columns + '{ is = "period", total = "refuse" }')
    assert told == [
        "line 3, column 'Year': a total, in a column that has none (a text of 5 characters). "
        "Leave the row out, or say which part it is of."
    ]


@pytest.mark.parametrize("cell", ["*", "Q5", "x", "Jane Doe"])
def test_a_quarter_that_is_none_is_not_the_year(tmp_path, cell):
    rows = [["Year", "Quarter", "n"], ["2022", "Q1", "1"], ["2022", cell, "2"]]
    text = f'{ARRESTS}[columns]\nYear = "year"\nQuarter = "quarter"\nn = "value"\n'
    (problem,) = refused(written(tmp_path, rows, "csv"), text)
    assert problem.startswith("line 3, column 'Quarter': not a quarter")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ('[columns]\na = "category"', "columns.a", "nothing says which is the dimension"),
        ('[columns]\na = "dimension"', "columns.a", "nothing says which is the category"),
        ('[columns]\na = ["release", "value"]', "columns.a", "none of what it can be"),
        ('[columns]\na = ["release", 3]', "columns.a", "not text"),
        ('[columns]\na = "release"\nb = "release"', "columns.b", "stands twice"),
        ('[columns]\na = { is = "release", of = "bulletins" }', "columns.a.of", "One of nrm"),
        ('[columns]\na = { is = "release", headline = true }', "columns.a.headline", "of that"),
        ('[columns]\na = { is = "area", of = "nrm" }', "columns.a.of", "is no release"),
        ('[columns]\na = { is = "area", as_stated = true }', "columns.a.as_stated", "no stated_by"),
        ('[columns]\na = { is = "stated_by", as_stated = 1 }', "columns.a.as_stated", "not flag"),
        ('[columns]\na = { is = "quarter", total = "year" }', "columns.a.total", "year so far"),
        ('[columns]\na = { is = "source", total = "refuse" }', "columns.a.total", "none of what"),
        ('[columns]\na = { is = "area", filled = "yes" }', "columns.a.filled", "not flag"),
        ('[releases]\n"2022" = 2022-05-12', "releases", "which is the release"),
        ('[releases]\n"2022" = "May"\n[columns]\na = "release"', "releases.2022", "not day"),
        (
            '[releases]\n"2022" = { published = 2022-05-12, sum = 3 }\n[columns]\na = "release"',
            "releases.2022.sum",
            "not known in a reading",
        ),
        (
            '[releases]\n"2022" = { published = 2022-05-12, headline = "3" }\n[columns]\n'
            'a = "release"',
            "releases.2022.headline",
            "not number",
        ),
        (
            '[releases]\n"2023Q4" = 2024-03-08\n[columns]\na = { is = "release", of = "nrm" }',
            "releases.2023q4",
            "published on 7 March 2024",
        ),
        ('[means]\na = "b"', "means.a", "not table"),
        ('[means.a]\nb = "arrests"', "means.a.b", "not table"),
        ('[means.a.b]\nmeasures = "arrests"', "means.a.b.measures", "not known in a reading"),
        ('[means.a.b]\nrole = "part"', "means.a.b.role", "One of figure, change"),
        ('[means.a.b]\nsign = "-"', "means.a.b.sign", "One of minus"),
        ('[means.a.b]\nchange_reason = "typo"', "means.a.b.change_reason", "One of"),
        ('[means.a.b]\nsex = "femal"', "means.a.b.sex", "Did you mean"),
        ('[means.a.b]\ncorrects = "of the (\\\\d+)"', "means.a.b.corrects", "around one number"),
        ('[means.a.b]\ncorrects = "{number}"', "means.a.b.corrects", "around one number"),
        (
            '[always]\nnote = "{who}: {a}"\n[columns]\na = "area"',
            "always.note",
            "'who' is no column",
        ),
        ("[always]\nnote = [1]", "always.note", "not text"),
        ('[codes.dimension]\n"Force" = "force"', "codes.dimension", "none of what it can be"),
    ],
)
def test_a_faulty_reading_says_where_and_what_would_be_right(text, place, said):
    (problem,) = faults_of(text)
    assert problem.startswith(f"column '{place}': ")
    assert said in problem


PAGE = Path(__file__).parents[2] / "docs" / "pages" / "readings.md"


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL))
def test_what_the_manual_shows_is_a_reading(text):
    assert reading_of(text, "synthetic").columns


def test_what_can_be_said_of_columns_is_said_of_columns():
    assert {"release", "dimension", "category", "place"} <= {*OF_FIGURES}
    assert {"total", "filled", "of"} <= {*OF_COLUMNS}
    given = Given({"whole": "yes"}, ("whole",))
    assert given.flag("whole") is None
    assert len(given.problems) == 1


def test_words_around_a_number():
    assert number_in("of the 528 announced", "of the {number} announced") == "528"
    assert number_in("of the 1,528 announced", "of the {number} announced") == "1,528"
    assert number_in("of the (528) announced", "of the {number} announced") == ""
    assert number_in("528 (a)", "{number} (a)") == "528"
    assert headings_in(["{a}: {b}", "{a}."]) == ["a", "b"]


def test_texts_are_compared_as_readings_name_them():
    texts = pl.DataFrame({"c1": ["Struck_off", " Struck  OFF "]}).select(tidied("c1"))
    assert texts["c1"].to_list() == [tidy_key("struck off")] * 2


@pytest.mark.parametrize("text", ["per year", "Per year", "2004..stated", "of the operation"])
def test_periods_that_a_row_tells(text):
    assert is_relative(text)
    with pytest.raises(Unreadable):
        parse_period(text)


def test_lines_without_a_cell_are_counted_and_left_out(tmp_path):
    rows = ["Year,Area,n", *["2022,Kent,1"] * 2, "", ",,", *["2023,Essex,2"] * 5100]
    path = tmp_path / "synthetic.csv"
    path.write_text("\n".join(rows) + "\n\n")
    text = 'repeats = "add"\n[columns]\nYear = "period"\nArea = "area"\nn = "value"\n'
    found = [row["row"] for _, row in statements(path, text + ARRESTS)]
    assert found == [2, 3, *range(6, 5106)]
