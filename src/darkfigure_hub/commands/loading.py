"""The command that takes files in: load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_day
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure_hub.commands import given
from darkfigure_hub.commands.program import refuse
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.close_gap import check_gaps
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.receive_return import Received, receive_return


def load(
    files: given.Files,
    kind: given.As = None,
    stated_on: given.StatedOn = None,
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
    values: given.ShowValues = False,
) -> None:
    """Take in files as returns, each altogether or not at all."""
    marked = _marking(marking) if marking else None
    day = parse_day(stated_on) if stated_on else None
    open_repository()
    paths = [*map(given.file, files)]
    with given.showing(paths, wanted=values):
        taken = [_loaded(path, kind, day, marked) for path in paths]
    check_gaps(
        given.operator("check gaps"),
        lambda gap: typer.echo(
            f"{gap.reference} can be answered now: {gap.measure}, raised {gap.raised_on} by "
            f"{gap.owner}."
        ),
    )
    if not all(taken):
        raise typer.Exit(2)


def _loaded(path: Path, kind: str | None, day: date | None, marked: Marking | None) -> bool:
    """Whether a file was taken in; its faults are printed where it was not."""
    try:
        with progress(path.name) as report:
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
        refuse(error)
        return False
    return True


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
    given.remarks([remark for held in received.returns for remark in held.remarks])
