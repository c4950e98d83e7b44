"""Reads the compilation of what was stated about Operations Pentameter 1 and 2."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import Period, in_words, parse_period, parse_stated
from darkfigure.basis.problem import Problem, unshown
from darkfigure.basis.saying import Saying, say
from darkfigure.cases.checks import NUMBER
from darkfigure.cases.submission import Draft, Submission
from darkfigure.codes import codes_for, nearest
from darkfigure.reading.delimited import check_heading, heading, small_records
from darkfigure.reading.readings import head_for, operation_period, readings

COLUMNS = ["operation", "metric", "value", "qualifier", "as_stated_on", "stated_by", "source"]


def read(path: Path) -> list[Submission]:
    """One submission: each row one statement, dated and signed by itself."""
    check_heading(path, heading(path), COLUMNS)
    submission = Submission("pentameter", path.name, whole=False, rank=1)
    draft = Draft(submission)
    seen: dict[tuple[str, ...], int] = {}
    for line, record in small_records(path):
        same = tuple(
            record[name] for name in ("operation", "metric", "as_stated_on", "stated_by", "source")
        )
        if same in seen:
            submission.fault(
                Problem(
                    say("problems.wrong.same_statement", line=seen[same]),
                    say("problems.right.keep_one"),
                    line=line,
                    rule="double",
                )
            )
        seen.setdefault(same, line)
        _add(draft, line, record)
    submission.batches = iter([draft.batch()])
    return [submission]


def _add(draft: Draft, line: int, record: dict[str, str]) -> None:
    submission, metrics = draft.submission, readings("pentameter")
    reading = metrics.get(record["metric"])
    agency = codes_for("agency").find(record["stated_by"])
    operation = (
        None if record["operation"] == "all" else codes_for("operation").find(record["operation"])
    )
    before = submission.problem_total
    if reading is None:
        _fault(
            submission,
            line,
            "metric",
            record,
            say("problems.wrong.no_metric"),
            nearest(record["metric"], metrics),
        )
    if agency is None:
        _fault(
            submission,
            line,
            "stated_by",
            record,
            say("problems.wrong.no_agency"),
            codes_for("agency").suggest(record["stated_by"]),
        )
    if operation is None and record["operation"] != "all":
        _fault(
            submission,
            line,
            "operation",
            record,
            say("problems.wrong.operation_not_known"),
            codes_for("operation").suggest(record["operation"]),
        )
    if not re.fullmatch(NUMBER, record["value"]):
        _fault(
            submission,
            line,
            "value",
            record,
            say("problems.wrong.not_a_number"),
            say("problems.right.digits_only"),
        )
    elif record["value"].startswith("-"):
        _fault(
            submission,
            line,
            "value",
            record,
            say("problems.wrong.negative"),
            say("problems.right.from_nought"),
        )
    try:
        stated = parse_stated(record["as_stated_on"])
    except Unreadable as error:
        submission.fault(
            Problem(
                unshown(error, record["as_stated_on"]),
                say("problems.right.give_day"),
                line=line,
                column="as_stated_on",
                rule="date",
            )
        )
    if submission.problem_total > before or reading is None:
        return
    base = {
        "stated_on": stated.day,
        "precision": stated.precision,
        "stated_by": agency,
        "source": record["source"],
        "stated_as": record["stated_by"],
    }
    dims = {**({"operation": operation} if operation else {}), **reading.get("dims", {})}
    period = _period(reading, operation, stated.day)
    head = head_for(base, dims=dims, **{**_plain(reading), "period": period})
    draft.add(head, dims, row=line, note=record["qualifier"], **_numbers(reading, record))


def _fault(
    submission: Submission,
    line: int,
    column: str,
    record: dict[str, str],
    wrong: Saying,
    right: Saying,
) -> None:
    submission.fault(
        Problem(wrong, right, line=line, column=column, value=record[column][:60], rule="code")
    )


def _plain(reading: dict[str, Any]) -> dict[str, Any]:
    return {name: reading[name] for name in ("measure", "unit", "role") if name in reading}


def _period(reading: dict[str, Any], operation: str | None, stated: date) -> Period:
    given = reading.get("period")
    if given is None:
        if operation is None:
            raise DarkfigureError("A reading for all operations gives its period.")
        return operation_period(operation)
    if given.endswith("..stated"):
        first = parse_period(given.split("..")[0])
        return Period(first.start, stated, f"{first.label} to {in_words(stated)}")
    return parse_period(given)


def _numbers(reading: dict[str, Any], record: dict[str, str]) -> dict[str, str | None]:
    sign = "-" if reading.get("sign") == -1 else ""
    found = re.search(reading["corrects"], record["qualifier"]) if "corrects" in reading else None
    return {
        "value": sign + record["value"],
        "change_reason": reading.get("change_reason"),
        "corrects": found[1] if found else None,
    }
