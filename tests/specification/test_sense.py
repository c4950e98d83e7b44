"""Checks of sense: what cannot be is refused with its place, what is seldom so is told."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from darkfigure.basis.errors import ReturnRefused, UnknownName, Unreadable
from darkfigure.cases.sense import RECORDS, Severity
from darkfigure.reading import read_file, recognise
from darkfigure.tables.reconcile import watched
from darkfigure.tables.sense import FIGURES, LONGEST_SOURCE
from support import statement, statement_file

RECEIVED = date(2026, 11, 23)
HALF = {"value": 12.5}
ESTIMATE = {"measure": "hidden_victims"}
SHARE = {"measure": "arrests_no_further_action"}

#: The rule, what a statement is given for it to find, and for it to find nothing.
STATEMENTS = [
    ("not-whole", {"value": "12.5"}, {"value": "12.0"}),
    ("not-whole", {"low": "1.5", "high": 9}, {"low": 1, "high": 9}),
    ("not-whole", {"value": 1, "corrects": "2.5"}, {"value": 1, "corrects": 2}),
    ("not-whole", {"value": "12.5"}, {"value": "12.5", **ESTIMATE}),
    ("not-whole", {"value": "12.5"}, {"value": "12.5", **SHARE}),
    ("above-hundred", {"value": 140, **SHARE}, {"value": 100, **SHARE}),
    ("above-hundred", {"low": 1, "high": 101, **SHARE}, {"value": 140}),
    ("more-than-live", {"value": 10**11}, {"value": 10**11, "measure": "arrests"}),
    ("low-above-high", {"low": 90, "high": 10}, {"low": 10, "high": 10}),
    ("outside-its-bounds", {"value": 5, "low": 6, "high": 9}, {"value": 6, "low": 6, "high": 9}),
    ("outside-its-bounds", {"value": 10, "low": 6, "high": 9}, {"value": 9, "low": 6, "high": 9}),
    ("before-its-period", {"value": 1, "period": "2009"}, {"value": 1, "period": "2008"}),
    (
        "projected",
        {"value": 1, "period": "2009", **ESTIMATE},
        {"value": 1, "period": "2006", **ESTIMATE},
    ),
    ("within-its-period", {"value": 1, "period": "2008"}, {"value": 1, "period": "2008Q2"}),
    ("stated-ahead", {"value": 1, "stated_on": "2026-11-24"}, {"value": 1, "stated_on": "2026-11"}),
    ("stated-ahead", {"value": 1, "stated_on": "2027"}, {"value": 1, "stated_on": "2026"}),
    (
        "source-too-long",
        {"value": 1, "source": "s" * (LONGEST_SOURCE + 1)},
        {"value": 1, "source": "s" * LONGEST_SOURCE},
    ),
    ("note-too-long", {"value": 1, "note": "n" * 10_001}, {"value": 1, "note": "n" * 10_000}),
]
PERSON, RECOVERY = {"record_kind": "person"}, {"record_kind": "recovery"}
ROLE = {"record_kind": "role", "person": "P1", "role": "victim", "start": "2026-01-02"}
FOUND = {**RECOVERY, "person": "P1", "date": "2026-07-01"}
CASES = [
    (
        "age-and-group",
        {**FOUND, "age": 15, "age_group": "adult"},
        {**FOUND, "age": 18, "age_group": "adult"},
    ),
    (
        "age-and-group",
        {**FOUND, "age": 18, "age_group": "child"},
        {**FOUND, "age": 17, "age_group": "child"},
    ),
    ("born-ahead", {**PERSON, "birth_year": 2027}, {**PERSON, "birth_year": 2026}),
    ("too-old", {**PERSON, "birth_year": 1905}, {**PERSON, "birth_year": 1906}),
    (
        "birth-and-year",
        {**PERSON, "birth_year": 1999, "date_of_birth": "1998-01-31"},
        {**PERSON, "birth_year": 1999, "date_of_birth": "1999-01-31"},
    ),
    (
        "birth-ahead",
        {**PERSON, "date_of_birth": "2026-07-03"},
        {**PERSON, "date_of_birth": "2026-07-02"},
    ),
    (
        "birth-no-day",
        {**PERSON, "date_of_birth": "1999-02-30"},
        {**PERSON, "date_of_birth": "1999-02-28"},
    ),
    ("ends-before-it-begins", {**ROLE, "end": "2026-01-01"}, {**ROLE, "end": "2026-01-02"}),
    ("stated-ahead", {**PERSON, "stated_on": "2026-11-24"}, {**PERSON, "stated_on": "2026-11-23"}),
]


def case_file(path, given):
    record = {
        "record": "R-1",
        "stated_on": "2026-07-02",
        "reported_by": "kent",
        "synthetic": "yes",
        **given,
    }
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.DictWriter(out, list(record))
        target.writeheader()
        target.writerow(record)
    return path


def found(path):
    """The rules that a file fails: as faults, and as remarks."""
    (submission,) = read_file(path, recognise(path), RECEIVED)
    for _ in getattr(submission, "tables", submission.batches):
        pass
    return (
        {problem.rule for problem in submission.problems},
        {remark.rule for remark in submission.remarks},
        submission,
    )


def holds(write, rule, bad, good, checks):
    severity = next(each.severity for each in checks if each.rule == rule)
    faults, remarks, submission = found(write(bad))
    assert rule in (faults if severity is Severity.FAULT else remarks)
    told = [str(each) for each in (*submission.problems, *submission.remarks)]
    assert any("line 2" in each for each in told)
    faults, remarks, _ = found(write(good))
    assert rule not in faults | remarks


@pytest.mark.parametrize(("rule", "bad", "good"), STATEMENTS)
def test_a_figure_that_cannot_be(tmp_path, rule, bad, good):
    holds(
        lambda given: statement_file(tmp_path / "synthetic.csv", statement(**given)),
        rule,
        bad,
        good,
        FIGURES,
    )


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_record_that_cannot_be(tmp_path, rule, bad, good):
    holds(lambda given: case_file(tmp_path / "synthetic.csv", given), rule, bad, good, RECORDS)


def test_every_check_is_tried():
    assert {rule for rule, *_ in STATEMENTS} == {each.rule for each in FIGURES}
    assert {rule for rule, *_ in CASES} == {each.rule for each in RECORDS}


def test_every_check_stands_in_the_manual(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "docs")
    from making.reference import checks

    page = checks()
    for each in (*FIGURES, *RECORDS):
        assert (
            f"| {each.rule} | {', '.join(each.fields)} | {each.severity} | {each.wrong} |" in page
        )


def test_what_is_noticed_is_told_once_with_its_number(tmp_path):
    path = statement_file(
        tmp_path / "synthetic.csv",
        *[statement(value=n, period="2008", operation=f"Pentameter {n}") for n in (1, 2)],
    )
    _, _, submission = found(path)
    (remark,) = [each for each in submission.remarks if each.rule == "within-its-period"]
    assert str(remark).startswith("2 rows: stated before the period had ended")


def test_a_fault_of_a_person_shows_no_value(tmp_path):
    path = case_file(
        tmp_path / "synthetic.csv", {**PERSON, "birth_year": 1999, "date_of_birth": "1998-01-31"}
    )
    _, _, submission = found(path)
    error = str(ReturnRefused(path.name, submission.problems))
    assert "1998" not in error
    assert "1999" not in error


def test_a_check_is_accepted_with_a_reason_that_is_kept(tmp_path):
    path = statement_file(tmp_path / "synthetic.csv", statement(value="12.5"))
    kind = recognise(path)
    (submission,) = read_file(path, kind, RECEIVED, accepted={"not-whole": "a mean of two lists"})
    list(submission.batches)
    assert submission.problem_total == 0
    assert "Accepted: a mean of two lists." in str(submission.remarks[0])


@pytest.mark.parametrize(
    "accepted",
    [{"low-above-high": "because"}, {"not-whole": " "}, {"not-hole": "because"}],
)
def test_what_nobody_can_accept_is_refused(tmp_path, accepted):
    path = statement_file(tmp_path / "synthetic.csv", statement(value="12"))
    with pytest.raises((Unreadable, UnknownName)):
        read_file(path, recognise(path), RECEIVED, accepted=accepted)


def remarks(path):
    (submission,) = read_file(path, recognise(path), RECEIVED)
    for _ in watched(submission):
        pass
    return " ".join(map(str, submission.remarks))


def test_a_tenfold_figure_and_a_period_that_says_the_same_are_told(tmp_path):
    def series(name, before, after):
        kinds = ["sexual", "labour", "domestic"]
        return statement_file(
            tmp_path / f"{name}.csv",
            *(
                statement(period=period, exploitation=kind, value=value)
                for period, values in (("2006", before), ("2007", after))
                for kind, value in zip(kinds, values, strict=True)
            ),
        )

    assert "2007 is ten times that of 2006" in remarks(series("jump", [12, 5, 7], [120, 6, 7]))
    assert "ten times" not in remarks(series("small", [1, 5, 7], [12, 6, 7]))
    assert "ten times" not in remarks(series("nine", [20, 5, 7], [180, 6, 7]))
    assert "every figure of 2007 is that of 2006" in remarks(series("same", [3, 5, 7], [3, 5, 7]))
    assert "every figure" not in remarks(series("other", [3, 5, 7], [3, 5, 8]))
