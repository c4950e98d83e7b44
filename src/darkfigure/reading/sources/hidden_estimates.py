"""Reads the list of published estimates of hidden victims: bounds, a point, or both, each for its
own population.
"""

from __future__ import annotations

import re
from pathlib import Path

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, parse_period, parse_stated
from darkfigure.basis.problem import Problem, unshown
from darkfigure.basis.saying import Saying, say
from darkfigure.cases.checks import NUMBER
from darkfigure.cases.submission import Draft, Submission
from darkfigure.codes import codes_for
from darkfigure.reading.delimited import check_heading, heading, small_records
from darkfigure.reading.readings import head_for

COLUMNS = [
    "estimate_id",
    "published",
    "reference_period",
    "population",
    "low",
    "point",
    "high",
    "method",
    "producer",
    "status_at_2009_answer",
    "source",
]


def read(path: Path) -> list[Submission]:
    """One submission: each row an estimate, dated by its publication."""
    check_heading(path, heading(path), COLUMNS)
    submission = Submission("hidden_estimates", path.name, whole=False, rank=1)
    draft = Draft(submission)
    for line, record in small_records(path):
        _add(draft, line, record)
    submission.batches = iter([draft.batch()])
    return [submission]


def _add(draft: Draft, line: int, record: dict[str, str]) -> None:
    submission = draft.submission
    before = submission.problem_total
    producer = re.sub(r"\s*\(.*\)$", "", record["producer"])
    agency, population = (
        codes_for("agency").find(producer),
        codes_for("population").find(record["population"]),
    )
    if agency is None:
        _fault(
            submission,
            line,
            "producer",
            record,
            say("problems.wrong.no_agency"),
            codes_for("agency").suggest(producer),
        )
    if population is None:
        _fault(
            submission,
            line,
            "population",
            record,
            say("problems.wrong.no_population"),
            codes_for("population").suggest(record["population"]),
        )
    for column in ("low", "point", "high"):
        if record[column] and (
            not re.fullmatch(NUMBER, record[column]) or record[column].startswith("-")
        ):
            _fault(
                submission,
                line,
                column,
                record,
                say("problems.wrong.no_count"),
                say("problems.right.digits_or_empty"),
            )
    if not any(record[column] for column in ("low", "point", "high")):
        _fault(
            submission,
            line,
            "point",
            record,
            say("problems.wrong.no_figure"),
            say("problems.right.low_point_high"),
        )
    try:
        stated, period = parse_stated(record["published"]), _period(record)
    except Unreadable as error:
        submission.fault(
            Problem(
                unshown(error, record["published"]),
                say("problems.right.date_or_period"),
                line,
                "published",
                rule="date",
            )
        )
    if submission.problem_total > before:
        return
    base = {
        "stated_on": stated.day,
        "precision": stated.precision,
        "stated_by": agency,
        "stated_as": record["producer"],
        "source": record["source"],
    }
    head = head_for(base, measure="hidden_victims", dims={}, period=period, population=population)
    method = f"Method: {record['method']}." if record["method"] else "Method not stated."
    note = f"{record['producer']}: {record['population']}. {method}"
    draft.add(
        head,
        {},
        row=line,
        place=record["estimate_id"],
        value=record["point"] or None,
        low=record["low"] or None,
        high=record["high"] or None,
        note=note,
    )


def _fault(
    submission: Submission,
    line: int,
    column: str,
    record: dict[str, str],
    wrong: Saying,
    right: Saying,
) -> None:
    submission.fault(Problem(wrong, right, line, column, record[column][:60], "code"))


def _period(record: dict[str, str]) -> Period:
    """The reference period; "per year" is read as the year of publication, and says so."""
    if record["reference_period"] == "per year":
        year = parse_period(record["published"][:4])
        return Period(year.start, year.end, f"per year ({year.label})", exact=False)
    return parse_period(record["reference_period"])
