"""Commands on case records: compare, flow."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure.publication import ask as question_from
from darkfigure.tables.question import CASES, STATEMENTS, any_condition
from darkfigure.writing.answers import as_json, as_text
from darkfigure.writing.flow import flow_page
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Shown
from darkfigure_hub.flows.ask_snapshot import flow_from_snapshot
from darkfigure_hub.flows.compare_answers import compare_answers
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.show_flow import show_flow


def compare(
    measure: Annotated[str, typer.Argument(help="What is asked about.")],
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    as_at: given.AsAt = None,
    rule: given.Rules = None,
    as_format: given.ShownOption = Shown.TEXT,
    out: given.Out = None,
) -> None:
    """Lay figures side by side: statements and case records, or two counting rules.

    Differences are marked.
    """
    day = given.day_or_today(as_at)
    names = given.names(by)
    sides = (
        [(each, CASES, each) for each in rule]
        if rule
        else [(STATEMENTS, STATEMENTS, None), (CASES, CASES, None)]
    )
    if len(sides) < 2:
        raise UnknownName(
            "One rule cannot be compared with itself: give --rule twice or more, or not at all."
        )
    asked = [
        (
            name,
            question_from(
                measure,
                day,
                by=names,
                where=where or [],
                period=period,
                evidence=evidence,
                rule=chosen,
            ),
        )
        for name, evidence, chosen in sides
    ]
    if as_format is Shown.HTML:
        raise UnknownName("A comparison is written as text or json.")
    open_repository()
    found = compare_answers(given.operator("compare"), asked)
    if as_format is Shown.JSON:
        given.deliver(
            json.dumps(as_json.comparison_data(found), indent=2, ensure_ascii=False) + "\n", out
        )
    else:
        given.deliver(
            as_text.write_comparison(found, colour=out is None and sys.stdout.isatty()), out
        )


def flow(
    where: given.Where = None,
    as_at: given.AsAt = None,
    snapshot: given.SnapshotFolder = None,
    as_format: given.ShownOption = Shown.TEXT,
    out: given.Out = None,
) -> None:
    """Show how persons went from recovery and arrest to decision and sentence.

    And how long each step took.
    """
    conditions = [any_condition(text) for text in where or []]
    held = open_snapshot(snapshot) if snapshot else None
    day = given.day_or_today(as_at) if as_at or held is None else held.as_at
    if held is not None:
        found = flow_from_snapshot(held, day, conditions)
    else:
        open_repository()
        found = show_flow(given.operator("flow"), day, conditions)
    if as_format is Shown.JSON:
        given.deliver(flow_page.write_json(found), out)
    elif as_format is Shown.HTML:
        given.deliver(flow_page.write_page(found), out)
    else:
        given.deliver(as_text.write_flow(found, colour=out is None and sys.stdout.isatty()), out)
