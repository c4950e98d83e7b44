"""The kinds of long work: what each takes, who may have it done, how it is done and entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone

import darkfigure.estimation as mse
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import parse_period
from darkfigure.basis.permission import Permission
from darkfigure.basis.saying import Saying
from darkfigure.codes import codes_for
from darkfigure.estimation import methods
from darkfigure.estimation.capture import CaptureTable, table
from darkfigure.estimation.result import Result
from darkfigure.estimation.single import FEWEST
from darkfigure.publication import Answer
from darkfigure_hub.flows.link_records import link_records
from darkfigure_hub.flows.revise_estimate import revise_estimate
from darkfigure_hub.flows.save_question import HeldQuestion, ask_saved, note_saved

#: Told how far work is: in words, what is done and of how much.
Progress = Callable[[str, int, int], None]
Arguments = Mapping[str, Any]
#: Replicates of an estimate on a page, where none are asked for.
REPLICATES = 1000
MOST_REPLICATES = 20_000


@dataclass(frozen=True)
class Kind:
    """A kind of work: the permission to do it; how arguments are checked and told of in a line; the
    long part, which writes nothing, and what enters what it made; whether names are read for it.
    """

    permission: Permission
    check: Callable[[Arguments], dict[str, Any]]
    title: Callable[[Arguments], str]
    prepare: Callable[[Scope, Arguments, Progress], Any]
    enter: Callable[[Scope, Arguments, Any, Progress], dict[str, Any]]
    reads_names: bool = False


def _check_estimate(given: Arguments) -> dict[str, Any]:
    held = _table(given)
    method = methods.find(str(given.get("method") or "bic"))
    replicates = int(given.get("replicates") or REPLICATES)
    if not FEWEST <= replicates <= MOST_REPLICATES:
        raise Unreadable(f"Replicates are from {FEWEST} to {MOST_REPLICATES:,}.")
    settings = {"replicates": replicates} if method.chance == "replicates" else {}
    methods.check(method, settings, held.lists)
    parse_period(given["period"])
    return {
        "lists": list(held.lists),
        "counts": {str(mask): int(held.counts[mask]) for mask in np.flatnonzero(held.counts)},
        "method": method.name,
        "settings": settings,
        "population": codes_for("population").resolve(given["population"]),
        "period": given["period"],
        "definition": given.get("definition") or "UN Protocol, Article 3",
        "reason": given.get("reason", ""),
        "note": given.get("note", ""),
    }


def _table(given: Arguments) -> CaptureTable:
    """The capture table: counts by the lists that persons are on, a bit for each list."""
    counts = np.zeros(1 << len(given["lists"]))
    for mask, count in given["counts"].items():
        counts[int(mask)] = count
    return table(given["lists"], counts)


def _estimate(_: Scope, given: Arguments, tell: Progress) -> Result:
    settings = dict(given["settings"])
    many = int(settings.get("replicates", 0))
    if many:
        settings["progress"] = lambda done: tell("replicates", done, many)
    return mse.estimate(_table(given), given["method"], **settings)


def _enter_estimate(scope: Scope, given: Arguments, result: Result, _: Progress) -> dict[str, Any]:
    entry = revise_estimate(
        scope,
        _table(given),
        result,
        population=given["population"],
        period=parse_period(given["period"]),
        definition=given["definition"],
        reason=given["reason"],
        note=given["note"],
        settings={"method": given["method"], **given["settings"]},
    )
    return {
        "estimate": entry.id,
        "known": result.known,
        "total": result.total,
        "interval": list(result.interval) if result.interval else None,
        "before": entry.supersedes,
        "remarks": [str(each) for each in result.remarks],
    }


def _check_linking(given: Arguments) -> dict[str, Any]:
    day = date.fromisoformat(str(given["as_at"]))
    if day > timezone.localdate():
        raise Unreadable("Records are linked as at a day that is not to come.")
    return {"as_at": day.isoformat(), "anew": bool(given.get("anew"))}


def _link(scope: Scope, given: Arguments, _: Any, tell: Progress) -> dict[str, Any]:
    def doing(what: Saying, done: int = 0, of: int = 0) -> None:
        tell(str(what), done, of)

    day = date.fromisoformat(given["as_at"])
    found = link_records(scope, day, anew=given["anew"], doing=doing)
    return {
        "run": found.run,
        "records": found.records,
        "pairs": found.pairs,
        "changed": found.changed,
        "persons": list(found.persons),
        "for review": found.for_review,
    }


def _check_questions(given: Arguments) -> dict[str, Any]:
    numbers = [int(each) for each in given["questions"]]
    return {"account": int(given["account"]), "acting": int(given["acting"]), "questions": numbers}


def _ask_questions(
    scope: Scope, given: Arguments, _: Progress
) -> list[tuple[HeldQuestion, Answer]]:
    return ask_saved(scope, (given["account"], given["acting"]), given["questions"])


KINDS: dict[str, Kind] = {
    "estimate": Kind(
        Permission.ESTIMATE,
        _check_estimate,
        lambda given: (
            f"Estimate: {codes_for('population').label(given['population'])}, {given['period']}"
        ),
        _estimate,
        _enter_estimate,
    ),
    "linking": Kind(
        Permission.LINK_RECORDS,
        _check_linking,
        lambda given: f"Linking of records as at {given['as_at']}",
        lambda *_: None,
        _link,
        reads_names=True,
    ),
    "questions": Kind(
        Permission.SAVE_QUESTION,
        _check_questions,
        lambda given: f"Saved questions asked anew: {len(given['questions'])}",
        _ask_questions,
        lambda scope, _, changed, __: dict(note_saved(scope, changed)),
    ),
}
