"""Submissions, their checks and asks as plain data, for documents that programs are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from darkfigure.basis.marking import Marking
from darkfigure.basis.problem import Problem
from darkfigure_hub.flows.show_asks import WaitingAsk
from darkfigure_hub.flows.submit import Checked, HeldSubmission
from darkfigure_hub.store.heads import Head


def faults_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Faults one by one: never what stands there."""
    return [
        {
            "line": each.line,
            "column": None if each.column is None else str(each.column),
            "rule": each.rule,
            "wrong": str(each.wrong),
            "right": str(each.right),
        }
        for each in problems
    ]


def checks_data(checked: Checked) -> dict[str, Any]:
    """What the checks say."""
    return {
        "whole": checked.is_whole,
        "rows": checked.rows,
        "faults": checked.total,
        "listed": faults_data(checked.problems),
        "refused": checked.refused,
        "noticed": list(checked.said),
    }


def submission_data(held: HeldSubmission) -> dict[str, Any]:
    """A submission and how far it has come."""
    return {
        "number": held.number,
        "kind": held.kind,
        "file": held.name,
        "sha256": held.sha256,
        "size": held.size,
        "marking": Marking(held.marking).name.replace("_", "-"),
        "reading": held.reading,
        "state": held.state,
        "drafted_by": held.drafted_by,
        "drafted_at": held.drafted_at,
        "replaces": held.replaces,
        "released_by": held.released_by,
        "released_at": held.released_at,
        "made": dict(held.made),
        "discarded_by": held.discarded_by,
        "discarded_at": held.discarded_at,
    }


def whole_data(held: HeldSubmission, checked: Checked | None) -> dict[str, Any]:
    """A submission with what the checks say of it while it is a draft."""
    checks = None if checked is None else checks_data(checked)
    return {"submission": submission_data(held), "checks": checks}


def receipt_data(
    held: HeldSubmission, checked: Checked | None, head: Head | None
) -> dict[str, Any]:
    """A submission as a receipt: with how far the log had come."""
    return {**whole_data(held, checked), "log": None if head is None else asdict(head)}


def ask_data(ask: WaitingAsk, day: date) -> dict[str, Any]:
    """An ask that waits."""
    return {
        "ask": ask.reference,
        "agency": ask.agency,
        "question": ask.question,
        "words": ask.words,
        "area": ask.area,
        "period": ask.period,
        "due": ask.due,
        "in_time_until": ask.in_time_until,
        "overdue": ask.is_late(day),
    }
