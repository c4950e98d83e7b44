"""Commands on case records: compare, flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.tables.question import CASES, STATEMENTS, Question, any_condition, from_words
from darkfigure.tables.several_measures import questions_from_words
from darkfigure.tables.snapshot_files import DUCKDB
from darkfigure_hub.commands import given
from darkfigure_hub.flows.ask_snapshot import flow_from_snapshot
from darkfigure_hub.flows.compare_answers import compare_answers
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.show_flow import show_flow


def compare(
    measure: Annotated[
        str, typer.Argument(help="What is asked about; several measures with commas between.")
    ],
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    as_at: given.AsAt = None,
    rule: given.Rules = None,
    as_format: Annotated[str | None, given.form_option("comparison")] = None,
    language: Annotated[str, given.language_option("comparison")] = "en",
    out: given.Out = None,
) -> None:
    """Lay figures side by side: statements and case records, two counting rules, or measures.

    Differences are marked; of several measures, given with commas between, it is said why.
    """
    asked: dict[str, Any] = {"by": by, "where": where, "period": period, "as_at": as_at}
    questions = _of_measures(measure, rule, asked) or _of_one_measure(measure, rule, asked)
    open_repository()
    found = compare_answers(given.operator("compare"), questions)
    given.deliver_as("comparison", as_format, found, out, language=language)


def _of_measures(
    measures: str, rules: Sequence[str] | None, asked: Mapping[str, Any]
) -> list[tuple[str, Question]]:
    """A question for each of several measures, by its code; none where one is named."""
    questions = questions_from_words(measures, given.today(), **asked)
    if len(questions) < 2:
        return []
    if rules:
        raise UnknownName(
            "Rules are compared for one measure, and measures by their own rules: leave out "
            "--rule, or name one measure."
        )
    return [(question.measure.code, question) for question in questions]


def _of_one_measure(
    measure: str, rules: Sequence[str] | None, asked: Mapping[str, Any]
) -> list[tuple[str, Question]]:
    """One question by each of several rules, or from statements and from case records."""
    sides = (
        [(rule, CASES, rule) for rule in rules]
        if rules
        else [(STATEMENTS, STATEMENTS, None), (CASES, CASES, None)]
    )
    if len(sides) < 2:
        raise UnknownName(
            "One rule cannot be compared with itself: give --rule twice or more, or not at all."
        )
    return [
        (name, from_words(measure, given.today(), **asked, evidence=evidence, rule=chosen))
        for name, evidence, chosen in sides
    ]


def flow(
    where: given.Where = None,
    as_at: given.AsAt = None,
    snapshot: given.SnapshotPlace = None,
    engine: given.Engine = DUCKDB,
    as_format: Annotated[str | None, given.form_option("flow")] = None,
    out: given.Out = None,
) -> None:
    """Show how persons went from recovery and arrest to decision and sentence.

    And how long each step took.
    """
    conditions = [any_condition(text) for text in where or []]
    held = given.opened(snapshot, engine)
    day = given.day_or_today(as_at) if as_at or held is None else held.as_at
    if held is not None:
        found = flow_from_snapshot(held, day, conditions)
    else:
        open_repository()
        found = show_flow(given.operator("flow"), day, conditions)
    given.deliver_as("flow", as_format, found, out)
