"""Commands that keep: load, check, returns, log, stop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_day
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure_hub.commands import given
from darkfigure_hub.flows.check_file import Checked, check_file
from darkfigure_hub.flows.close_gap import check_gaps
from darkfigure_hub.flows.list_holdings import list_holdings
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.read_log import read_log
from darkfigure_hub.flows.receive_return import Received, receive_return
from darkfigure_hub.flows.stop_server import stop_server

#: Remarks printed for a file; the rest are counted.
SHOWN = 8
Files = Annotated[list[Path], typer.Argument(help="Files to read.")]
As = Annotated[
    str | None, typer.Option("--as", help="The kind of file, where it cannot be recognised.")
]
StatedOn = Annotated[
    str | None,
    typer.Option(
        "--stated-on", help="The day it was stated, where the file does not say (YYYY-MM-DD)."
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (load, check, returns, log, stop):
        app.command()(command)


def load(
    files: Files,
    kind: As = None,
    stated_on: StatedOn = None,
    marking: Annotated[
        str | None,
        typer.Option(
            "--marking",
            help=(
                "public, official, official_sensitive or secret. Default: public for figures, "
                "official_sensitive for cases."
            ),
        ),
    ] = None,
) -> None:
    """Take in files as returns. Each is checked as a whole and taken in altogether or not at
    all.
    """
    marked = _marking(marking) if marking else None
    day = parse_day(stated_on) if stated_on else None
    open_repository()
    refused = 0
    for path in files:
        try:
            with given.progress(path.name) as report:
                received = receive_return(
                    given.operator("load"),
                    path,
                    kind=kind,
                    stated_on=day,
                    marking=marked,
                    progress=report,
                )
            print_received(received)
        except DarkfigureError as error:
            refused += 1
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(
                str(error), style="red"
            )
    check_gaps(
        given.operator("check gaps"),
        lambda gap: typer.echo(
            f"{gap.reference} can be answered now: {gap.measure}, raised {gap.raised_on} by "
            f"{gap.owner}."
        ),
    )
    if refused:
        raise typer.Exit(2)


def check(files: Files, kind: As = None, stated_on: StatedOn = None) -> None:
    """Read files through without taking them in: every fault, every total that does not add up."""
    day = parse_day(stated_on) if stated_on else None
    refused = 0
    for path in files:
        try:
            with given.progress(path.name) as report:
                checked = check_file(
                    path, timezone.localdate(), kind=kind, stated_on=day, progress=report
                )
            _print_checked(checked)
        except DarkfigureError as error:
            refused += 1
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(
                str(error), style="red"
            )
    if refused:
        raise typer.Exit(2)


def returns() -> None:
    """List the returns received, with what was noticed in each."""
    open_repository()
    for held in list_holdings(given.operator("list returns")):
        part = f" {held.part}" if held.part else ""
        typer.echo(
            f"{held.id:>4}  {held.kind}{part}  {held.file}  {held.rows:,} rows  received "
            f"{held.received_at:%Y-%m-%d %H:%M}  "
            f"sha256 {held.sha256[:12]}"
        )
        _print_remarks(list(held.remarks))


def log(number: Annotated[int, typer.Option(help="How many entries, latest first.")] = 20) -> None:
    """Show who read and changed what, and whether the log holds together."""
    open_repository()
    found = read_log(given.operator("read the log"), number)
    for entry in found.entries:
        detail = ", ".join(f"{name} {value}" for name, value in entry.detail.items())
        typer.echo(
            f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.who}  {entry.action}: {detail}"
        )
    if found.broken_at is not None:
        raise DarkfigureError(
            f"The log was tampered with: entry {found.broken_at} does not fit the one before it."
        )
    typer.echo("The chain of the log holds.")


def stop() -> None:
    """Stop the embedded PostgreSQL of this data folder."""
    typer.echo("stopped" if stop_server() else "it was not running")


def _marking(text: str) -> Marking:
    try:
        return Marking[text.upper()]
    except KeyError:
        raise UnknownName(
            f"{text!r} is not a marking. Known are {', '.join(m.name.lower() for m in Marking)}."
        ) from None


def print_received(received: Received) -> None:
    """Say what became of a file, and what was noticed in it."""
    if received.already:
        typer.echo(
            f"{received.file}: received before, on "
            f"{received.returns[0].received_at:%Y-%m-%d %H:%M}; nothing changed."
        )
        return
    rows = sum(held.rows for held in received.returns)
    what = "records" if received.kind in CASE_RETURNS else "statements"
    many = f" in {len(received.returns)} returns" if len(received.returns) > 1 else ""
    typer.echo(f"{received.file}: {rows:,} {what} taken in{many} ({received.kind}).")
    _print_remarks([remark for held in received.returns for remark in held.remarks])


def _print_checked(checked: Checked) -> None:
    parts = f", {len(checked.parts)} returns ({', '.join(checked.parts)})" if checked.parts else ""
    typer.echo(
        f"{checked.file}: no faults. {checked.rows:,} statements of kind {checked.kind}{parts}."
    )
    _print_remarks([str(remark) for remark in checked.remarks])


def _print_remarks(remarks: list[str]) -> None:
    for remark in remarks[:SHOWN]:
        typer.echo(f"      noticed: {remark}")
    if len(remarks) > SHOWN:
        typer.echo(f"      and {len(remarks) - SHOWN} more like these.")
