"""Commands on what is kept: returns, log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, cast

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_day
from darkfigure_hub.access.verifying import Checked
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.list_holdings import list_holdings
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.read_log import THINGS, Sought, keep_log_head, read_log
from darkfigure_hub.flows.show_file_names import show_file_names


def returns(
    as_format: given.ListedOption = Listed.TEXT,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Print what files were called, too; this is logged."),
    ] = False,
) -> None:
    """List the returns received, with what was noticed in each."""
    open_repository()
    listed = list_holdings(given.operator("list returns"))
    names = show_file_names(given.operator("show values")) if show_values else {}
    if as_format is Listed.JSON:
        called = {number: {"received_as": name} for number, name in names.items()}
        rows = [{**asdict(held), **called.get(held.id, {})} for held in listed]
        given.listing("returns", {"returns": rows})
        return
    for held in listed:
        part = f" {held.part}" if held.part else ""
        typer.echo(
            f"{held.id:>4}  {held.kind}{part}  {held.file}  {held.rows:,} rows  received "
            f"{held.received_at:%Y-%m-%d %H:%M}  "
            f"sha256 {held.sha256[:12]}"
            + (f"  taken back from {held.taken_back}" if held.taken_back else "")
        )
        if held.id in names:
            typer.echo(f"      received as {names[held.id]}")
        given.remarks(list(held.remarks))


def log(
    number: Annotated[int, typer.Option(min=1, help="How many entries, latest first.")] = 20,
    head: Annotated[
        bool,
        typer.Option(
            "--head",
            help="Keep a head of the log outside the database, and print it to be kept elsewhere.",
        ),
    ] = False,
    who: Annotated[
        str, typer.Option("--who", help="By whom, as entries say: operator, public, account:3.")
    ] = "",
    action: Annotated[str, typer.Option("--action", help="Words of what was done.")] = "",
    record: Annotated[
        str,
        typer.Option(
            "--record",
            help=f"What it was done with: a record, or one of {', '.join(THINGS)} and its number, "
            "as 'response 12'.",
        ),
    ] = "",
    since: Annotated[
        str | None, typer.Option("--since", help="On this day (YYYY-MM-DD) or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="On this day (YYYY-MM-DD) or before.")
    ] = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Show who read and changed what, and whether the log holds together."""
    open_repository()
    if head:
        typer.echo(keep_log_head(given.operator("keep a head of the log")))
        return
    sought = Sought(
        who=(who,) if who else (),
        action=action,
        touching=record,
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
    )
    found = read_log(given.operator("read the log"), number, sought)
    checked = cast("Checked", found.checked)
    if as_format is Listed.JSON:
        entries = [asdict(entry) for entry in found.entries]
        holds = checked.fault is None
        told = {"entries": entries, "holds": holds, "checked": asdict(checked)}
        given.listing("log", told)
    for entry in () if as_format is Listed.JSON else found.entries:
        detail = ", ".join(f"{name} {value}" for name, value in entry.detail.items())
        typer.echo(
            f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}  {entry.action}: {detail}"
        )
    if checked.fault is not None:
        raise DarkfigureError(f"The log was tampered with: {checked.fault}.")
    if as_format is Listed.TEXT:
        typer.echo("The chain of the log holds.")
        for sentence in _proved(checked):
            typer.echo(sentence)


def _proved(checked: Checked) -> Iterator[str]:
    """What was proved of the log, and what cannot be."""
    yield f"Proved by the key: {checked.proved:,} of {checked.entries:,} entries."
    anew = "they fit one another, and who could write the database could have made them anew."
    if checked.chained:
        yield f"{checked.chained:,} are older than the key: {anew}"
    for sign, many in checked.elsewhere.items():
        yield f"{many:,} are sealed with the key {sign}, which is not here: {anew}"
    if checked.last is None:
        yield "No head was kept outside the database yet: that nothing was cut off is not proved."
    else:
        yield (
            f"Nothing was cut off up to entry {checked.last.id} of {checked.last.day}: "
            f"{checked.heads:,} heads kept outside the database fit. Who holds the data folder "
            "holds key and heads: keep heads elsewhere as well (log --head)."
        )
