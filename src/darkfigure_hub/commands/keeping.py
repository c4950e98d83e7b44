"""Commands on what is kept: returns, log."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.list_holdings import list_holdings
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.read_log import read_log


def returns(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List the returns received, with what was noticed in each."""
    open_repository()
    listed = list_holdings(given.operator("list returns"))
    if as_format is Listed.JSON:
        given.listing([asdict(held) for held in listed])
        return
    for held in listed:
        part = f" {held.part}" if held.part else ""
        typer.echo(
            f"{held.id:>4}  {held.kind}{part}  {held.file}  {held.rows:,} rows  received "
            f"{held.received_at:%Y-%m-%d %H:%M}  "
            f"sha256 {held.sha256[:12]}"
        )
        given.remarks(list(held.remarks))


def log(
    number: Annotated[int, typer.Option(min=1, help="How many entries, latest first.")] = 20,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Show who read and changed what, and whether the log holds together."""
    open_repository()
    found = read_log(given.operator("read the log"), number)
    if as_format is Listed.JSON:
        entries = [asdict(entry) for entry in found.entries]
        given.listing({"entries": entries, "holds": found.broken_at is None})
    for entry in () if as_format is Listed.JSON else found.entries:
        detail = ", ".join(f"{name} {value}" for name, value in entry.detail.items())
        typer.echo(
            f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}  {entry.action}: {detail}"
        )
    if found.broken_at is not None:
        raise DarkfigureError(
            f"The log was tampered with: entry {found.broken_at} does not fit the one before it."
        )
    if as_format is Listed.TEXT:
        typer.echo("The chain of the log holds.")
