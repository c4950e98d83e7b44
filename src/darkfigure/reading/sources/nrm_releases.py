"""Reads quarterly releases of National Referral Mechanism figures: each release in the file is a
return of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from darkfigure.basis.period import Period, parse_day, quarter
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.cases.checks import NUMBER
from darkfigure.cases.submission import Draft, Submission
from darkfigure.codes import codes_for
from darkfigure.reading.delimited import check_heading, heading, small_records
from darkfigure.reading.readings import StatedOn, head_for, readings

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
#: What is wrong, and what would be right.
Wrong = tuple[Saying, Saying]


def read(path: Path, stated_on: StatedOn = None) -> list[Submission]:
    """One submission for each release, oldest first, dated by the day the release was published."""
    check_heading(path, heading(path), COLUMNS)
    releases: dict[str, list[tuple[int, Record]]] = defaultdict(list)
    for line, record in small_records(path):
        releases[record["vintage"]].append((line, record))
    days = published(releases, stated_on)
    return [_release(path, name, records, days) for name, records in sorted(releases.items())]


def published(releases: Collection[str], stated_on: StatedOn) -> dict[str, date | Wrong]:
    """The day each release of a file was published: on record, else as given for it, or for the one
    release of which no day is on record; what is wrong where that does not give one.
    """
    record = {name: parse_day(each["published"]) for name, each in readings("releases").items()}
    unknown = [name for name in releases if name not in record]
    by_release = stated_on if isinstance(stated_on, Mapping) else {}
    day = stated_on if isinstance(stated_on, date) else None
    found: dict[str, date | Wrong] = {}
    for name in releases:
        given = by_release.get(name, day)
        if name in record:
            differs = given is not None and given != record[name]
            found[name] = _on_record(record[name]) if differs else record[name]
        elif given is None:
            found[name] = _NO_DAY
        elif name not in by_release and len(unknown) > 1:
            found[name] = _ONE_BY_ONE
        else:
            found[name] = given
    for name in by_release:
        if name not in releases:
            found[next(iter(releases))] = _not_in_file(name)
    return found


def dated(
    submission: Submission, release: str, days: Mapping[str, date | Wrong], line: int
) -> date | None:
    """The day of a release; a fault where that is wrong."""
    found = days[release]
    if isinstance(found, date):
        return found
    wrong, right = found
    submission.fault(Problem(wrong, right, line=line, value=release[:20], rule="release"))
    return None


_NO_DAY = (say("problems.wrong.no_publication_day"), say("problems.right.stated_on"))
_ONE_BY_ONE = (say("problems.wrong.several_releases"), say("problems.right.stated_on_each"))


def _on_record(day: date) -> Wrong:
    return say("problems.wrong.published_on", day=day), say("problems.right.leave_day_out")


def _not_in_file(name: str) -> Wrong:
    wrong = say("problems.wrong.no_such_release", length=len(name))
    return wrong, say("problems.right.releases_of_file")


def _release(
    path: Path, name: str, records: list[tuple[int, Record]], days: Mapping[str, date | Wrong]
) -> Submission:
    submission = Submission("nrm_releases", f"{path.name}#{name}", whole=True)
    day = dated(submission, name, days, records[0][0])
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
