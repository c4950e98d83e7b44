"""A table of records, one row a person or event, and lists for estimation are proposed as such, and
no cell of them is given. All of it synthetic.
"""

from __future__ import annotations

import pytest

from darkfigure.cases.records import KINDS, columns_of_file
from darkfigure.reading import capture_files
from darkfigure.reading.cases_by_reading import read_cases
from darkfigure.reading.instructions import Form, reading_of
from darkfigure.reading.other_forms import other_forms
from darkfigure.reading.proposal import propose
from darkfigure.reading.reading_text import text_of
from tables_written import written

ARRESTS = [
    ["Ref no.", "Suspect", "Arrested on", "Police force", "Comments"],
    ["R-1", "P-1", "2024-07-02", "Kent", "Alba Madeup said so"],
    ["R-2", "P-2", "2024-07-03", "Essex", ""],
]
HISTORY = [
    ["Police", "NGO", "Persons"],
    ["1", "0", "30"],
    ["0", "1", "20"],
    ["1", "1", "6"],
]
LONG = [["Case", "Source"], *([f"Madeup {n % 5}", f"L{n % 3}"] for n in range(15))]
PEOPLE = [
    ["forename", "surname", "dob", "nationality"],
    ["Alba", "Madeup", "1999-02-28", "Invented"],
    ["Bruno", "Madeup", "1998-02-28", "Albanian"],
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_records_are_proposed_with_their_kind_and_read_by_it(tmp_path, form):
    path = written(tmp_path, ARRESTS, form)
    proposal = propose(path)
    assert (proposal.reading.form, proposal.reading.kind) == (Form.CASES, "arrest")
    assert proposal.ask == ("stated_on", "reported_by")
    assert proposal.rows == ()
    text = text_of(proposal)
    assert not any(word in text for word in ("Madeup", "R-1", "P-1", "Kent"))
    assert "Arrest (" in text
    said = text.replace('stated_on = ""', 'stated_on = "2024-08-01"').replace(
        'reported_by = ""', 'reported_by = "kent"'
    )
    (submission,) = read_cases(path, reading_of(said, "synthetic"))
    (batch,) = list(submission.tables)
    assert not submission.problems, [str(each) for each in submission.problems]
    assert batch.versions["area"].to_list() == ["Kent", "Essex"]


@pytest.mark.parametrize("rows", [HISTORY, LONG])
def test_lists_are_proposed_and_read_by_it(tmp_path, rows):
    path = written(tmp_path, rows, "xlsx")
    proposal = propose(path)
    assert proposal.reading.form is Form.LISTS
    text = text_of(proposal)
    assert "Madeup" not in text
    (table,) = capture_files.read(path, reading_of(text, "synthetic")).tables.values()
    assert int(table.counts.sum()) == (56 if rows is HISTORY else 5)


def test_of_people_both_uses_are_said_and_no_cell(tmp_path):
    proposal = propose(written(tmp_path, PEOPLE, "csv"))
    assert (proposal.reading.form, proposal.reading.kind) == (Form.CASES, "person")
    text = text_of(proposal)
    assert "darkfigure link" in text
    whole = text + str(proposal.rows)
    assert not any(word in whole for word in ("Alba", "Madeup", "1999", "Invented"))


def test_what_kind_of_record_it_is_may_not_be_told(tmp_path):
    rows = [["Ref", "Person ID", "Date", "Force"], ["1", "P-1", "2024-07-02", "Kent"]]
    proposal = propose(written(tmp_path, rows, "csv"))
    assert (proposal.reading.form, proposal.reading.kind) == (Form.CASES, "")
    assert proposal.forms[0].kinds == ("recovery", "arrest")
    assert "kind" in proposal.ask
    assert "cannot be told from the headings" in text_of(proposal)
    (told,) = other_forms(rows[0], [[]] * 4, "Arrests of 2024")
    assert told.kinds == ("arrest",)


def test_where_both_fit_both_are_told_and_the_surer_is_proposed(tmp_path):
    rows = [["Person ID", "Sex", "Police", "NGO"], ["P-1", "0", "1", "0"], ["P-2", "1", "0", "1"]]
    found = other_forms(rows[0], list(zip(*rows[1:], strict=True)))
    assert [fit.form for fit in found] == [Form.LISTS]
    both = [["Ref", "Suspect", "Arrested on", "Police", "NGO", "Age"], *[["x"] * 6] * 2]
    fits = other_forms(both[0], [["1", "0"] if at in (3, 4) else ["?"] for at in range(6)])
    assert [fit.form for fit in fits] == [Form.CASES]


@pytest.mark.parametrize(
    "labels",
    [
        ["Area", "Year", "Arrests"],
        ["Area", "2022", "2023"],
        ["Reference", "Police force", "Offence", "Date", "Count"],
        ["Operation", "Sex", "Nationality", "Victims"],
        ["measure", "period", "area", "value", "stated_on", "stated_by", "source"],
        ["Nationality", "Exploitation type", "Referrals"],
    ],
)
def test_tables_of_figures_stay_figures(labels):
    assert other_forms(labels, [["1", "0"]] * len(labels)) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "role"])
def test_the_columns_of_a_kind_are_told_as_that_kind(kind):
    labels = [name for name in columns_of_file(KINDS[kind]) if name != "record_kind"]
    fit = other_forms(labels, [[]] * len(labels))[0]
    assert fit.kinds[0] == kind
    assert list(fit.columns) == labels
