"""Commands that ask: ask, bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.publication import Answer, Question
from darkfigure.publication.beside import beside
from darkfigure.publication.views import viewed, wishes_of
from darkfigure.tables.question import STATEMENTS, from_words
from darkfigure.tables.snapshot_files import DUCKDB
from darkfigure_hub import flows
from darkfigure_hub.commands import given
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.ask_in_words import asked_in_words
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.open_repository import open_repository

if TYPE_CHECKING:
    from darkfigure.evidence.snapshots import Snapshot

Measure = Annotated[
    str, typer.Argument(help="What is asked about; `darkfigure measures` lists them.")
]
Asked = Annotated[
    str,
    typer.Argument(
        help="What is asked about (`darkfigure measures`), several with commas between, or a "
        "question in plain words, in quotes."
    ),
]


def ask(
    measure: Asked,
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    unit: given.Unit = None,
    as_at: given.AsAt = None,
    evidence: given.Evidence = STATEMENTS,
    rule: given.OneRule = None,
    strict: given.Strict = False,
    snapshot: given.SnapshotPlace = None,
    engine: given.Engine = DUCKDB,
    raise_gap: Annotated[
        bool,
        typer.Option(
            "--raise", help="Enter what cannot be said as a gap; you are told when it can be."
        ),
    ] = False,
    change: Annotated[
        bool,
        typer.Option("--change", help="The change of each figure since the period before."),
    ] = False,
    share: Annotated[
        bool, typer.Option("--share", help="The share of each row of the whole of its period.")
    ] = False,
    total: Annotated[bool, typer.Option("--total", help="Totals beneath the rows.")] = False,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, help="The N largest rows, and all others in one."),
    ] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", help="Rows by figure, the largest first, or by label.")
    ] = None,
    pivot: Annotated[
        str | None,
        typer.Option("--pivot", help="A dimension or cut of time of --by that stands across."),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            help="The share of the same without a condition (a dimension of --where), or of a "
            "wider measure.",
        ),
    ] = None,
    as_format: Annotated[str | None, given.form_option("answer", "beside", "view")] = None,
    language: Annotated[str, given.language_option("answer", "beside", "view")] = "en",
    out: given.Out = None,
) -> None:
    """Answer a question from what was known on a day, or say why it cannot be answered.

    Several measures, with commas between, stand side by side in one table. A question in plain
    words is answered where it is sure how it is meant, and says how.
    """
    if raise_gap and snapshot:
        raise UnknownName("A gap is raised in the repository, not in a snapshot.")
    held = given.opened(snapshot, engine)
    asked, said, whole, largest = asked_in_words(
        measure,
        given.today() if held is None else held.as_at,
        by=by,
        where=where,
        period=period,
        unit=unit,
        as_at=as_at,
        evidence=evidence,
        rule=rule,
        strict=strict,
    )
    for each in said:
        typer.echo(each, err=True)
    wishes = wishes_of(
        asked,
        change=change,
        share=share,
        total=total,
        top=top or largest or None,
        sort=sort,
        pivot=pivot,
        of=of or whole,
    )
    if held is None:
        open_repository()
    if wishes:
        view = viewed(asked[0], wishes, lambda question: _answer(held, question))
        answers = [view.answer]
        given.deliver_as("view", as_format, view, out, language=language)
    elif len(asked) > 1:
        answers = [_answer(held, question) for question in asked]
        given.deliver_as("beside", as_format, beside(answers), out, language=language)
    else:
        answers = [_answer(held, asked[0])]
        given.deliver_as("answer", as_format, answers[0], out, language=language)
    for answer in answers if raise_gap else ():
        _raise_gaps(answer)


def _answer(held: Snapshot | None, question: Question) -> Answer:
    """The answer of a snapshot, or of the repository."""
    if held is not None:
        return flows.ask_snapshot.answer_from_snapshot(held, question)
    return answer_question(given.operator("ask"), question)


def _raise_gaps(answer: Answer) -> None:
    """Enter what an answer cannot say, and tell what was entered."""
    for gap in flows.close_gap.raise_gaps(given.operator("raise gaps"), answer):
        drafted = "a draft was made of" if gap.drafted else "it is asked already by"
        waits = "" if gap.new else " (it waited already)"
        typer.echo(f"{gap.reference}{waits}: {drafted} {gap.requirement}: {gap.text}", err=True)


def bridge(
    measure: Measure,
    start: Annotated[str, typer.Option("--from", help="Opening day (YYYY-MM-DD).")],
    end: Annotated[str, typer.Option("--to", help="Closing day (YYYY-MM-DD).")],
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    unit: given.Unit = None,
    as_at: Annotated[
        str | None,
        typer.Option("--as-at", help="Use explanations known by this day. Default: today."),
    ] = None,
    evidence: given.Evidence = STATEMENTS,
    rule: given.OneRule = None,
    snapshot: given.SnapshotPlace = None,
    engine: given.Engine = DUCKDB,
    as_format: Annotated[str | None, given.form_option("bridge")] = None,
    language: Annotated[str, given.language_option("bridge")] = "en",
    out: given.Out = None,
) -> None:
    """Explain why a figure changed between two days.

    Always adds up; what no source explains has its own line.
    """
    held = given.opened(snapshot, engine)
    asked = from_words(
        measure,
        given.today() if held is None else held.as_at,
        by=by,
        where=where,
        period=period,
        unit=unit,
        as_at=as_at,
        evidence=evidence,
        rule=rule,
    )
    first, last = parse_day(start), parse_day(end)
    if held is not None:
        found = flows.ask_snapshot.bridge_from_snapshot(held, asked, first, last)
    else:
        open_repository()
        found = explain_change(given.operator("bridge"), asked, first, last)
    given.deliver_as("bridge", as_format, found, out, language=language)
