"""Show a SYNTHETIC year of reporting: replayed month by month through the same flows as real
reports, with what each thing does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.coverage import Coverage
from darkfigure.intelligence.coverage_change import CoverageChange, coverage_change
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.synthetic.reporting_year import Month, asks_of_the_year, months
from darkfigure_hub.flows.file_report import submit_replies, submit_report
from darkfigure_hub.flows.measure_coverage import measure_coverage
from darkfigure_hub.flows.set_requirements import load_set, put_asks, requirement_set
from darkfigure_hub.flows.settle_cell import accept_answer
from darkfigure_hub.store.queries import intelligence as store
from darkfigure_hub.store.queries.opened_cells import rows_by_cell

EDITION = "human_trafficking"


@dataclass(frozen=True)
class ReportingYear:
    """Coverage at the end of each month, the change from mid-year to the end, and trials of what
    changes nothing.
    """

    edition: str
    asks: int
    reports: int
    series: tuple[Coverage, ...]
    change: CoverageChange
    trials: tuple[tuple[str, str, str], ...]


def replay_year(
    scope: Scope, folder: Path, progress: Callable[[str, int], None], *, least: int = 0
) -> ReportingYear:
    """File the year's synthetic asks, reports and replies from files in a folder, and measure after
    each month.

    With `least` only every so many asks are put: a smaller year for tests.
    """
    scope.require(Permission.FILE_REPORT)
    loaded = load_set(scope, EDITION)
    held = requirement_set(scope, loaded.edition)
    rows = _put(scope, held, least)
    series, reports = [measure_coverage(scope, held.edition, held.valid.start)], 0
    for month, number in _filed(scope, held, folder, progress):
        reports += number
        series.append(measure_coverage(scope, held.edition, month.first + timedelta(days=27)))
    middle, end = series[6], series[-1]
    revised = measure_coverage(scope, held.edition, middle.at, known=end.at)
    trials = tuple(_trials(scope, folder, held.edition, end))
    return ReportingYear(
        held.edition,
        rows,
        reports,
        tuple(series),
        coverage_change(middle, revised, end),
        trials,
    )


def file_year(
    scope: Scope,
    name: str,
    folder: Path,
    progress: Callable[[str, int], None],
    *,
    until: date,
) -> int:
    """File what a synthetic year of reporting against a set of the package brings by a day; gives
    how many reports there are.
    """
    scope.require(Permission.FILE_REPORT)
    held = requirement_set(scope, load_set(scope, name).edition)
    _put(scope, held, 0)
    of = f"{held.valid.start.year}-"
    return sum(number for _, number in _filed(scope, held, folder, progress, until, of))


def _put(scope: Scope, held: RequirementSet, least: int) -> int:
    """Put the year's asks, with `least` only every so many; gives how many."""
    rows = asks_of_the_year(held)[:: max(least, 1)]
    put_asks(scope, held.edition, rows, held.valid.start)
    return len(rows)


def _filed(
    scope: Scope,
    held: RequirementSet,
    folder: Path,
    progress: Callable[[str, int], None],
    until: date | None = None,
    of: str = "",
) -> Iterator[tuple[Month, int]]:
    """The months of a year, each once what it brings is filed, with how many reports; as far as
    they are received by a day. `of` names the year, where several are filed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reports = 0
    for month in months(held, store.ask_references(scope, held.edition), of=of):
        received = month.first + timedelta(days=25)
        if until is not None and received > until:
            return
        progress(f"{month.first:%B %Y}", reports)
        again = False
        for report in month.reports:
            again = (
                _file(scope, folder, report["reference"], report, held.edition, received) or again
            )
        for at, replies in enumerate(month.replies):
            path = _written(folder, f"replies-{month.first:%Y-%m}-{at}", replies)
            submit_replies(scope, path, received)
        for answer in [] if again else month.answers:
            accept_answer(
                scope,
                held.edition,
                (answer["question"], answer["area"], answer["period"]),
                stated_by="synthetic analyst",
                confidence="moderate",
                on=received,
                lapses_on=answer["lapses_on"],
                low=answer["low"],
                high=answer["high"],
            )
        reports += len(month.reports)
        yield month, len(month.reports)


def _written(folder: Path, name: str, data: dict[str, Any]) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(data, indent=1, default=str) + "\n", encoding="utf-8")
    return path


def _file(
    scope: Scope, folder: Path, name: str, report: dict[str, Any], edition: str, received: date
) -> bool:
    """File a report; whether it was filed before."""
    return submit_report(scope, _written(folder, name, report), edition, received).already


def _trials(scope: Scope, folder: Path, edition: str, end: Coverage) -> list[tuple[str, str, str]]:
    """Twenty reports of one origin, a nil without search, and a contradiction: what was, what is
    after.
    """
    cells = {row["cell"]: row for row in end.cells.iter_rows(named=True)}
    day = end.at + timedelta(days=1)
    indicated = next(
        row
        for row in cells.values()
        if row["status"] == "N3" and row["origins"] == 1 and row["e_for"] > 0.2
    )
    held = rows_by_cell(
        scope, [edition], (indicated["question"], indicated["area"], indicated["period"])
    )
    (opened,) = held.values()
    origin = next(
        item
        for item in opened["items"]
        if item["relation"] == "supports" and item["grade"][1] != "E"
    )
    agency = origin["item"].split(" ")[0]
    place = {name: indicated[name] for name in ("question", "area", "period")}
    for number in range(20):
        name = f"SYN-SAME-{number:02d}"
        again = _trial_report(
            name, agency, place, "supports", origin["grade"], origin["origin"], origin["on"]
        )
        _file(scope, folder, name, again, edition, day)
    same = _status(measure_coverage(scope, edition, day), indicated["cell"])
    found = [("twenty reports of one origin", indicated["status"], same)]
    silent = next(row for row in cells.values() if row["status"] == "N1")
    where = (silent["question"], silent["area"], silent["period"])
    asks = store.ask_references(scope, edition)
    reference, who = next((asks[each], each[1]) for each in asks if (each[0], *each[2:]) == where)
    replies = {
        "agency": who,
        "signed_off_by": "synthetic",
        "on": day.isoformat(),
        "synthetic": True,
        "replies": [{"ask": reference, "kind": "nil_unsearched"}],
    }
    submit_replies(scope, _written(folder, "nil-without-search", replies), day)
    found.append(
        (
            "a nil without a search",
            silent["status"],
            _status(measure_coverage(scope, edition, day), silent["cell"]),
        )
    )
    strong = next(
        row for row in cells.values() if row["status"] in ("N5", "N4") and row["e_for"] > 0.3
    )
    place, on = {name: strong[name] for name in place}, end.at.isoformat()
    against = _trial_report(
        "SYN-AGAINST", "NCA", place, "refutes", "1AP", "synthetic-origin-against", on
    )
    _file(scope, folder, against["reference"], against, edition, day)
    found.append(
        (
            "a contradiction",
            strong["status"],
            _status(measure_coverage(scope, edition, day), strong["cell"]),
        )
    )
    return found


def _trial_report(
    name: str, agency: str, place: dict[str, Any], relation: str, grade: str, origin: str, on: str
) -> dict[str, Any]:
    item = {
        "number": 1,
        "grade": grade,
        "on": on,
        "origin": origin,
        "links": [{**place, "relation": relation}],
    }
    if grade[1] == "B":
        item["corroborated_by"] = "NCA SYN-NOT-SENT/1"
    return {
        "reference": name,
        "agency": agency,
        "marking": "OFFICIAL",
        "source": {"kind": "database"},
        "submitted_on": on,
        "submitted_by": "synthetic submitter",
        "graded_by": "synthetic grader",
        "synthetic": True,
        "items": [item],
    }


def _status(found: Coverage, cell: int) -> str:
    return str(found.cells.filter(found.cells["cell"] == cell)["status"][0])
