"""Commands that take back and correct what is held, and that name origins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_day
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import name_origins, take_back
from darkfigure_hub.flows.open_repository import open_repository

Reason = Annotated[str, typer.Option("--reason", help="Why.")]


def withdraw(
    kind: Annotated[
        str,
        typer.Argument(
            help=(
                "return, report, item, link, grade, ask, reply, answer, closure, edition or "
                "estimate."
            )
        ),
    ] = "",
    name: Annotated[str, typer.Argument(help="What it is called, as KENT R-1/2 or ASK-3.")] = "",
    reason: Reason = "",
    cell: Annotated[
        str, typer.Option("--cell", help="Of a link: the cell, QUESTION/AREA/PERIOD.")
    ] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="It was taken back wrongly: it stands again.")
    ] = False,
    on: given.On = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Take back what was filed, asked or accepted, from a day on; without a kind, list it.

    What was known before stays as it was. Whoever relied on it is named.
    """
    open_repository()
    scope = given.operator("take back")
    if not kind:
        _history(take_back.history(scope), as_format)
        return
    if not name:
        raise DarkfigureError(f"Say which: {kind} {take_back.KINDS.get(kind, '')}.")
    done = take_back.withdraw(
        scope, kind, name, reason, given.day_or_today(on), cell=cell, undo=undo
    )
    state = "stands again" if undo else "taken back"
    typer.echo(f"{done.reference}: {done.named} {state} from {done.on}.")
    for each in done.told:
        typer.echo(f"  to be told: {each}")


def _history(rows: list[take_back.TakenBackRow], as_format: Listed) -> None:
    if as_format is Listed.JSON:
        given.listing("history", {"taken_back": [asdict(each) for each in rows]})
        return
    for each in rows:
        what = f"undoes {each.undoes}" if each.undoes else f"by {each.by}: {each.reason}"
        instead = f", {each.corrected_by} in its place" if each.corrected_by else ""
        typer.echo(f"  {each.reference:9} {each.on} {each.kind:8} {each.named}{instead}  {what}")
    typer.echo(f"{len(rows):,} entries.")


def correct(
    name: Annotated[str, typer.Argument(help="ASK-3.")],
    due: Annotated[str | None, typer.Option("--due", help="Another day (YYYY-MM-DD).")] = None,
    agency: Annotated[
        str, typer.Option("--agency", help="Another agency, as the successor of one that ended.")
    ] = "",
    reason: Reason = "",
    on: given.On = None,
) -> None:
    """Change an ask from a day on: another due day, another agency.

    An item or report is corrected by a report that names it in `corrects`, a reply by a later one,
    a grade by `report regrade`.
    """
    open_repository()
    changed = take_back.correct_ask(
        given.operator("correct an ask"),
        name,
        reason,
        given.day_or_today(on),
        due=parse_day(due) if due else None,
        agency=agency,
    )
    typer.echo(changed)


def origins(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List origins with their spellings, which are in the identity schema: this is logged."""
    open_repository()
    rows = name_origins.list_origins(given.operator("list origins"))
    if as_format is Listed.JSON:
        given.listing("origins", {"origins": [asdict(each) for each in rows]})
        return
    for each in rows:
        joined = f", joined into {each.joined_into}" if each.joined_into else ""
        typer.echo(
            f"  {each.reference:10} {each.items:6,} items  {'; '.join(each.spellings)}{joined}"
        )
    typer.echo(f"{len(rows):,} origins.")


def add_origin(
    written: Annotated[str, typer.Argument(help="The origin as agencies write it.")],
    of: Annotated[
        str, typer.Option("--of", help="ORIGIN-3: it is another spelling of that one.")
    ] = "",
    on: given.On = None,
) -> None:
    """Register an origin, or another spelling of one."""
    open_repository()
    made = name_origins.add_origin(
        given.operator("register an origin"), written, given.day_or_today(on), of
    )
    typer.echo(f"{made}.")


def join_origins(
    origin: Annotated[str, typer.Argument(help="ORIGIN-4.")],
    into: Annotated[str, typer.Argument(help="ORIGIN-3: what it is from that day on.")],
    reason: Reason = "",
    on: given.On = None,
) -> None:
    """Say that two origins are one from a day on; before it they stay two."""
    open_repository()
    day = given.day_or_today(on)
    name_origins.join_origins(given.operator("join origins"), origin, into, reason, day)
    typer.echo(f"{origin} is {into} from {day}.")
