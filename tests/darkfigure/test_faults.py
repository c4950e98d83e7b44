"""Files with faults: each is turned away whole, with a sentence that says where and what would be
right.
"""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest

from darkfigure.basis.errors import DarkfigureError, ReturnRefused
from darkfigure.reading import evidence_from, read_file, recognise
from support import SOURCES, statement, statement_file

RECEIVED = date(2026, 11, 23)


def refused(path):
    """The faults for which a file is turned away."""
    with pytest.raises(ReturnRefused) as caught:
        evidence_from([path], RECEIVED)
    return caught.value


def crime(tmp_path, content):
    path = tmp_path / "crime.csv"
    path.write_bytes(content)
    return path


HEAD = (
    b"Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,Offence "
    b"Subgroup,Offence Code,"
    b"Number of Offences\n"
)
LINE = (
    b"2017/18,1,Kent,Modern slavery,Violence against the person,Violence without injury,106, 30 \n"
)


def test_a_sound_file_is_taken(tmp_path):
    evidence = evidence_from([crime(tmp_path, HEAD + LINE)], RECEIVED)
    assert [row.value for row in evidence.rows(evidence.blocks("recorded_offences"), (), None)] == [
        30
    ]


@pytest.mark.parametrize(
    ("text", "value"), [(b" 66776 ", 66776), (b"-00 ", 0), (b"-2 ", -2), (b"0012", 12)]
)
def test_padded_and_negative_counts(tmp_path, text, value):
    evidence = evidence_from([crime(tmp_path, HEAD + LINE.replace(b" 30 ", text))], RECEIVED)
    assert [row.value for row in evidence.rows(evidence.blocks("recorded_offences"), (), None)] == [
        value
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + LINE.replace(b"Kent", b"K\xe9\x81nt"), "not UTF-8"),
        (b"PK\x03\x04" + bytes(200), "ends early, is damaged or locked"),
        (b"\xd0\xcf\x11\xe0" + bytes(200), "no spreadsheet that can be read"),
        # Of no moment: two processes that collect tests name them alike.
        (gzip.compress(HEAD + LINE * 5000, mtime=0)[:-200], "ends early"),
        (HEAD.replace(b",Force Name", b"") + LINE, "missing: Force Name"),
        (HEAD.replace(b"Offence Group", b"Force Name") + LINE, "stands twice"),
        (HEAD + LINE + b"2017/18,1,Kent\n", "3 fields where the heading has 8"),
        (HEAD + LINE.replace(b" 30 ", b'"1,23"'), "not a number"),
        (HEAD + LINE.replace(b"Kent", b"Kant"), "Did you mean 'Kent'"),
        (HEAD + LINE.replace(b"106", b"999"), "not a known offence"),
        (HEAD + LINE.replace(b"2017/18,1", b"2017/19,1"), "'Financial Year': cannot be read"),
        (HEAD + LINE.replace(b"2017/18,1", b"2017/18,7"), "'Financial Quarter': not a quarter"),
        (b"", "the file is empty"),
        (b"one,two\n1,2\n", "its first line has 2 pieces (texts: 2)"),
    ],
)
def test_a_faulty_file_is_turned_away_with_a_sentence(tmp_path, content, said):
    assert said in str(refused(crime(tmp_path, content)))


def test_the_line_of_a_fault_is_named(tmp_path):
    error = refused(crime(tmp_path, HEAD + LINE * 3 + LINE.replace(b" 30 ", b"many") + LINE))
    assert (error.problems[0].line, error.problems[0].column) == (5, "Number of Offences")


def test_a_force_or_class_that_is_new_is_kept_as_received_and_told(tmp_path):
    content = HEAD + LINE * 2 + LINE.replace(b"106", b"999X") + LINE.replace(b"Kent", b"Sark")
    path = crime(tmp_path, content)
    (submission,) = read_file(path, recognise(path), RECEIVED)
    rows = [row for batch in submission.batches for row in batch.iter_rows(named=True)]
    assert [(row["area"], row["offence"]) for row in rows[2:]] == [
        ("Kent", "?prc:999X"),
        ("?Sark", "prc:106"),
    ]
    told = " ".join(map(str, submission.remarks))
    assert "'Sark' (1)" in told
    assert "'999X' (1)" in told


def test_lines_are_counted_past_ragged_ones(tmp_path):
    error = refused(
        crime(tmp_path, HEAD + LINE + b"short\n" + LINE + LINE.replace(b" 30 ", b"many"))
    )
    assert sorted((problem.line, problem.rule) for problem in error.problems) == [
        (3, "fields"),
        (5, "number"),
    ]


def test_every_fault_is_counted(tmp_path):
    error = refused(crime(tmp_path, HEAD + LINE.replace(b"Kent", b"Kant") * 5000))
    assert error.total == 5000
    assert len(error.problems) == 1000


STATEMENTS = [
    ({"value": -1}, "a negative number where none can be", "value"),
    ({"value": "many"}, "not a number", "value"),
    ({"stated_on": "2008-02-30", "value": 1}, "no day, or one that can be two", "stated_on"),
    ({"period": "2008-13", "value": 1}, "cannot be read", "period"),
    ({"stated_by": "Nobody", "value": 1}, "cannot be read", "stated_by"),
    ({"measure": "victims", "value": 1}, "cannot be read", "measure"),
    ({"exploitation": "sexuall", "value": 1}, "not a known exploitation", "exploitation"),
    ({}, "no figure and no reason", "value"),
    ({"value": 3, "reason": "not_known"}, "a figure and a reason", "reason"),
    ({"reason": "lost"}, "not a known reason", "reason"),
    ({"value": 3, "change_reason": "clerical"}, "without the figure it corrects", "corrects"),
    (
        {"measure": "arrests", "exploitation": "sexual", "value": 3},
        "not broken down by this",
        "exploitation",
    ),
]


@pytest.mark.parametrize(("given", "said", "column"), STATEMENTS)
def test_faulty_statements(tmp_path, given, said, column):
    error = refused(
        statement_file(
            tmp_path / "faulty.csv", statement(value=1, period="2007"), statement(**given)
        )
    )
    problem = error.problems[0]
    assert said in str(problem.wrong)
    assert (problem.line, problem.column) == (3, column)
    assert problem.right


def test_a_statement_made_twice(tmp_path):
    error = refused(statement_file(tmp_path / "twice.csv", statement(value=1), statement(value=2)))
    assert "stands in the file before" in str(error)


def test_a_change_may_be_negative(tmp_path):
    path = statement_file(
        tmp_path / "change.csv",
        statement(value=-5, role="change", change_reason="duplicate", corrects=9),
    )
    assert evidence_from([path], RECEIVED).blocks("victims_recovered")


def test_the_pentameter_file_with_an_unknown_metric(tmp_path):
    text = (
        (SOURCES / "pentameter_statements.csv")
        .read_text()
        .replace("premises_visited", "premises_visitd")
    )
    path = tmp_path / "pentameter.csv"
    path.write_text(text)
    assert "line 8, column 'metric'" in str(refused(path))


def answers(tmp_path, change):
    data = json.loads((SOURCES / "parliamentary_answers.json").read_text())
    change(data["answers"])
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(data))
    return path


def test_a_footnote_mark_run_into_its_figure_is_not_split_by_guess(tmp_path):
    def fuse(entries):
        entries[0]["table"]["rows"][1][2] = "1167"
        entries[0]["table"]["rows"][2][2] = "25"

    error = refused(answers(tmp_path, fuse))
    assert "the figure 1167 may be 167 with footnote mark 1 run into it" in str(error)
    assert 'Write "167[1]", or {"figure": 1167, "marks": []}' in str(error)


def test_a_figure_said_to_have_no_mark_is_taken_as_it_is(tmp_path):
    def say(entries):
        entries[0]["table"]["rows"][1][2] = {"figure": 1167, "marks": ["1"]}

    evidence = evidence_from([answers(tmp_path, say)], RECEIVED)
    assert 1167 in [
        row.value for row in evidence.rows(evidence.blocks("victims_recovered"), (), None)
    ]


def test_a_flattened_table_is_refused(tmp_path):
    assert "flattened" in str(
        refused(answers(tmp_path, lambda entries: entries[0].update(table=None)))
    )


def test_an_answer_without_a_reading_is_refused(tmp_path):
    assert "no reading is known" in str(
        refused(answers(tmp_path, lambda entries: entries[0].update(id="HC-2030-01-01-1")))
    )


def test_a_release_whose_day_is_not_known(tmp_path):
    path = tmp_path / "nrm.csv"
    path.write_text((SOURCES / "nrm_vintages.csv").read_text().replace("2023Q3", "2031Q3"))
    assert "--stated-on" in str(refused(path))
    submissions = read_file(path, recognise(path), RECEIVED, stated_on=date(2031, 11, 1))
    assert {head.stated_on for head in submissions[-1].heads} == {date(2031, 11, 1)}


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DarkfigureError):
            recognise(path)
