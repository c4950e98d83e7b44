"""Reads quarterly releases of National Referral Mechanism figures: each release in the file is a
return of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from darkfigure.basis.period import Period, parse_day, quarter
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.cases.checks import NUMBER
from darkfigure.cases.submission import Draft, Submission
from darkfigure.codes import codes_for
from darkfigure.reading.delimited import check_heading, heading, small_records
from darkfigure.reading.readings import head_for, readings

COLUMNS = [
    "series",
    "vintage",
    "year",
    "quarter",
    "age_at_exploitation",
    "dimension",
    "category",
    "value",
]
MEASURES = {
    "referrals": "nrm_referrals",
    "reasonable_grounds": "reasonable_grounds_decisions",
    "conclusive_grounds": "conclusive_grounds_decisions",
    "duty_to_notify": "duty_to_notify_reports",
}
_WHOLE = {"All ages", "Total"}
_ALLOWED: dict[str, tuple[set[str], Saying]] = {
    "series": (set(MEASURES), say("problems.right.known_are", known=several(MEASURES, "comma"))),
    "quarter": ({"Q1", "Q2", "Q3", "Q4", "Total"}, say("problems.right.quarters")),
    "dimension": ({"location", "outcome", "none"}, say("problems.right.dimension")),
}
Record = dict[str, str]


def read(path: Path, stated_on: date | None = None) -> list[Submission]:
    """One submission for each release, oldest first, dated by the day the release was published."""
    check_heading(path, heading(path), COLUMNS)
    releases: dict[str, list[tuple[int, Record]]] = defaultdict(list)
    for line, record in small_records(path):
        releases[record["vintage"]].append((line, record))
    return [_release(path, name, records, stated_on) for name, records in sorted(releases.items())]


def published(
    submission: Submission, release: str, stated_on: date | None, line: int
) -> date | None:
    """The day a release was published: as given, else as on record; a fault where neither is
    known.
    """
    if stated_on is not None:
        return stated_on
    known = readings("releases").get(release)
    if known is None:
        submission.fault(
            Problem(
                say("problems.wrong.no_publication_day"),
                say("problems.right.stated_on"),
                line=line,
                value=release[:20],
                rule="release",
            )
        )
        return None
    return parse_day(known["published"])


def _release(
    path: Path, name: str, records: list[tuple[int, Record]], stated_on: date | None
) -> Submission:
    submission = Submission("nrm_releases", f"{path.name}#{name}", whole=True)
    day = published(submission, name, stated_on, records[0][0])
    sound = [(line, record) for line, record in records if _check(submission, line, record)]
    if day is None:
        return submission
    base = {
        "stated_on": day,
        "precision": "day",
        "stated_by": "HO",
        "stated_as": "Home Office",
        "population": "uk",
        "source": f"National Referral Mechanism statistics, release {name}",
    }
    spans = _year_spans(sound)
    draft = Draft(submission)
    for line, record in sound:
        dims = _dims(submission, line, record)
        if dims is not None:
            measure = MEASURES[record["series"]]
            head = head_for(base, measure=measure, dims=dims, period=_period(record, spans))
            draft.add(head, dims, row=line, value=record["value"])
    submission.batches = iter([draft.batch()])
    return submission


def _check(submission: Submission, line: int, record: Record) -> bool:
    before = submission.problem_total
    for column, (allowed, right) in _ALLOWED.items():
        if record[column] not in allowed:
            submission.fault(
                Problem(
                    say("problems.wrong.not_known", what=column),
                    right,
                    line,
                    column,
                    record[column][:40],
                    "code",
                )
            )
    if not re.fullmatch(r"(19|20)[0-9][0-9]", record["year"]):
        submission.fault(
            Problem(
                say("problems.wrong.no_year"),
                say("problems.right.four_digits"),
                line,
                "year",
                record["year"][:20],
                "date",
            )
        )
    if not re.fullmatch(NUMBER, record["value"]) or record["value"].startswith("-"):
        submission.fault(
            Problem(
                say("problems.wrong.no_count"),
                say("problems.right.digits"),
                line,
                "value",
                record["value"][:20],
                "number",
            )
        )
    return submission.problem_total == before


def _dims(submission: Submission, line: int, record: Record) -> dict[str, str] | None:
    dims: dict[str, str | None] = {}
    if record["age_at_exploitation"] not in _WHOLE:
        dims["age_group"] = codes_for("age_group").find(record["age_at_exploitation"])
    if record["category"] not in _WHOLE:
        dims[record["dimension"]] = codes_for(record["dimension"]).find(record["category"])
    columns = {"age_group": "age_at_exploitation"}
    for name in [name for name, code in dims.items() if code is None]:
        column = columns.get(name, "category")
        submission.fault(
            Problem(
                say("problems.wrong.not_known", what=Word("dimension", name)),
                codes_for(name).suggest(record[column]),
                line,
                column,
                record[column][:40],
                "code",
            )
        )
    return None if None in dims.values() else {name: str(code) for name, code in dims.items()}


def _year_spans(records: list[tuple[int, Record]]) -> dict[tuple[str, str], Period]:
    """What a year total covers: the quarters which the same release states for that year."""
    quarters: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _, record in records:
        if record["quarter"] != "Total":
            quarters[(record["series"], record["year"])].add(int(record["quarter"][1]))
    return {
        key: Period(
            quarter(int(key[1]), min(found)).start,
            quarter(int(key[1]), max(found)).end,
            key[1] if found == {1, 2, 3, 4} else f"{key[1]} Q{min(found)} to Q{max(found)}",
        )
        for key, found in quarters.items()
    }


def _period(record: Record, spans: dict[tuple[str, str], Period]) -> Period:
    if record["quarter"] != "Total":
        return quarter(int(record["year"]), int(record["quarter"][1]))
    return spans.get((record["series"], record["year"])) or Period(
        date(int(record["year"]), 1, 1), date(int(record["year"]), 12, 31), record["year"]
    )
