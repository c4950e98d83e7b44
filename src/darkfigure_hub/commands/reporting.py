"""Commands on what is reported: intelligence reports, grades, answers, replies to asks."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_day
from darkfigure_hub.commands import given
from darkfigure_hub.flows.file_report import Filed, regrade_item, submit_replies, submit_report
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.settle_cell import accept_answer, close_without_answer


def submit(file: given.File, edition: given.Edition = "", on: given.On = None) -> None:
    """File an intelligence report: one source, numbered items, each graded and linked."""
    open_repository()
    _filed(
        submit_report(given.operator("file a report"), given.file(file), edition, _day(on)), "items"
    )


def regrade(
    item: Annotated[str, typer.Argument(help="AGENCY REPORT/NUMBER.")],
    grade: Annotated[str, typer.Argument(help="The new grade, as 2CP.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    on: given.On = None,
) -> None:
    """Grade an item anew; the grade before stays on record."""
    open_repository()
    before = regrade_item(
        given.operator("regrade an item"), item, grade, reason, given.day_or_today(on)
    )
    typer.echo(f"{item}: {before} to {grade}.")


def answer(
    cell: Annotated[str, typer.Argument(help="QUESTION/AREA/PERIOD.")],
    stated_by: Annotated[
        str, typer.Option("--stated-by", help="The analyst who states it; you accept it.")
    ],
    confidence: Annotated[str, typer.Option("--confidence", help="high, moderate or low.")],
    low: Annotated[float | None, typer.Option("--low", help="Lower bound of a quantity.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Upper bound of a quantity.")] = None,
    rests_on: Annotated[
        list[str] | None,
        typer.Option("--rests-on", help="An item or estimate (E3). May be repeated."),
    ] = None,
    lapses_on: Annotated[str | None, typer.Option("--lapses-on", help="The day it lapses.")] = None,
    edition: given.Edition = "",
    on: given.On = None,
) -> None:
    """Accept an analyst's answer to a cell."""
    open_repository()
    question, area, period = _place(cell)
    made = accept_answer(
        given.operator("accept an answer"),
        edition,
        (question, area, period),
        stated_by=stated_by,
        confidence=confidence,
        on=given.day_or_today(on),
        lapses_on=_day(lapses_on),
        low=low,
        high=high,
        rests_on=tuple(rests_on or ()),
    )
    typer.echo(f"Accepted: {made}.")


def close(
    cell: Annotated[str, typer.Argument(help="QUESTION/AREA/PERIOD.")],
    why: Annotated[str, typer.Option("--why", help="withdrawn, unanswerable or unlawful.")],
    edition: given.Edition = "",
    on: given.On = None,
) -> None:
    """Close a cell without an answer: withdrawn, unanswerable or unlawful."""
    open_repository()
    scope, day = given.operator("close a cell"), given.day_or_today(on)
    made = close_without_answer(scope, edition, _place(cell), why, day)
    typer.echo(f"{made}: {cell} is closed from {day}, {why}.")


def _place(cell: str) -> tuple[str, str, str]:
    parts = cell.split("/", 2)
    if len(parts) < 3:
        raise UnknownName(
            f"{cell!r} is no cell. Write QUESTION/AREA/PERIOD, as HT.6.4/Kent/2026 Q2."
        )
    return parts[0], parts[1], parts[2]


def submit_return(file: given.File, on: given.On = None) -> None:
    """File replies to asks: items, nil after a search, nil, not held, refused."""
    open_repository()
    _filed(submit_replies(given.operator("file replies"), given.file(file), _day(on)), "replies")


def _day(text: str | None) -> date | None:
    return parse_day(text) if text else None


def _filed(done: Filed, what: str) -> None:
    already = "was filed before; nothing changed" if done.already else "filed"
    links = f", {done.links} links" if done.links else ""
    typer.echo(f"{done.name} {already}: {done.rows} {what}{links}.")
    for note in done.notes:
        typer.echo(f"  {note}")
