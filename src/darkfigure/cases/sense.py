"""What cannot be of a case record, or is seldom so: checks of sense, declared here alone.

Each stands beside the fields it reads and applies to every kind of record that has them. A fault
refuses the return; what is noticed is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from darkfigure.basis.saying import Saying, quote, say
from darkfigure.cases.records import RecordKind
from darkfigure.cases.submission import Submission

#: Nobody is older; `cases/records.py` has the same for an age.
OLDEST = 120
#: At this age a child is one no longer.
OF_AGE = 18


class Severity(StrEnum):
    """What becomes of what a check finds: the return is refused, or it is told."""

    FAULT = "fault"
    NOTICED = "noticed"


@dataclass(frozen=True)
class Sense:
    """A check of sense: the fields it reads, the one it names, what is wrong and would be right.

    `bad` is true of the rows that fail it; it may read `received_on`, the day of receipt. Of one
    that is `final` nobody can say that the file is right all the same.
    """

    rule: str
    fields: tuple[str, ...]
    column: str
    bad: pl.Expr
    severity: Severity
    wrong: Saying
    right: Saying
    final: bool = False


def sense(
    rule: str,
    fields: tuple[str, ...],
    column: str,
    bad: pl.Expr,
    severity: Severity,
    *,
    final: bool = False,
) -> Sense:
    """A check whose words stand in the catalogue under its name."""
    name = rule.replace("-", "_")
    wrong, right = say(f"problems.wrong.{name}"), say(f"problems.right.{name}")
    return Sense(rule, fields, column, bad, severity, wrong, right, final)


_AGE, _GROUP = pl.col("age"), pl.col("age_group")
_STATED, _BORN = pl.col("known_from"), pl.col("birth_year")
_BIRTH = pl.col("date_of_birth").str.to_date("%Y-%m-%d", strict=False)

RECORDS: tuple[Sense, ...] = (
    sense(
        "age-and-group",
        ("age", "age_group"),
        "age_group",
        ((_AGE < OF_AGE) & (_GROUP == "adult")) | ((_AGE >= OF_AGE) & (_GROUP == "child")),
        Severity.FAULT,
    ),
    sense(
        "born-ahead",
        ("birth_year",),
        "birth_year",
        _STATED.dt.year() < _BORN,
        Severity.FAULT,
    ),
    sense(
        "too-old",
        ("birth_year",),
        "birth_year",
        _STATED.dt.year() - OLDEST > _BORN,
        Severity.FAULT,
    ),
    sense(
        "birth-and-year",
        ("birth_year", "date_of_birth"),
        "date_of_birth",
        _BIRTH.dt.year() != _BORN,
        Severity.FAULT,
    ),
    sense(
        "birth-ahead",
        ("date_of_birth",),
        "date_of_birth",
        _BIRTH > _STATED,
        Severity.FAULT,
    ),
    sense(
        "birth-no-day",
        ("date_of_birth",),
        "date_of_birth",
        pl.col("date_of_birth").is_not_null() & _BIRTH.is_null(),
        Severity.NOTICED,
    ),
    sense(
        "ends-before-it-begins",
        ("start", "end"),
        "end",
        pl.col("end") < pl.col("start"),
        Severity.FAULT,
    ),
    sense(
        "stated-ahead",
        ("stated_on",),
        "stated_on",
        pl.col("received_on") < _STATED,
        Severity.FAULT,
    ),
)


def check_records(submission: Submission, rows: pl.DataFrame, kind: RecordKind) -> None:
    """Hold typed records of a kind against every check of the fields it has. No value is shown:
    these are fields of persons.
    """
    held = {each.name for each in kind.fields} | {"stated_on"}
    if not rows.height:
        return
    rows = with_day(rows, submission.received_on)
    for each in RECORDS:
        if held.issuperset(each.fields):
            found = rows.filter(each.bad.fill_null(False))["row"].to_list()
            settle(submission, each, found)


def with_day(rows: pl.DataFrame, received_on: date | None) -> pl.DataFrame:
    """Rows with the day of receipt; null where it is not known."""
    return rows.with_columns(received_on=pl.lit(received_on, pl.Date))


def settle(submission: Submission, check: Sense, found: list[int]) -> None:
    """Refuse, or take note of, the rows that a check found."""
    if check.rule in submission.accepted and not check.final:
        reason = quote(submission.accepted[check.rule])
        submission.notice(check.rule, check.wrong, say("problems.accepted", reason=reason), found)
    elif check.severity is Severity.NOTICED:
        submission.notice(check.rule, check.wrong, check.right, found)
    elif found:
        submission.fault_rows(check.rule, check.column, check.wrong, check.right, found)
