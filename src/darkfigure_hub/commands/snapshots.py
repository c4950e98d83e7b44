"""The command that takes a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure_hub.commands import given
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.take_snapshot import take_snapshot


def snapshot(
    out: Annotated[Path, typer.Option("--out", help="Folder to write it into.")],
    as_at: given.AsAt = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the files of a snapshot instead of taking one.")
    ] = False,
) -> None:
    """Take a snapshot: all that was known by a day, in Parquet files without names.

    Ask it with --snapshot.
    """
    if verify and as_at:
        raise DarkfigureError("--verify checks a snapshot as it is: leave --as-at out.")
    if verify:
        held = open_snapshot(out, verify=True)
        typer.echo(f"{out} is whole: as at {held.as_at}, content {held.content}")
        return
    open_repository()
    with progress("snapshot") as report:
        taken = take_snapshot(given.operator("snapshot"), given.day_or_today(as_at), out, report)
    typer.echo(f"{taken.folder}: {taken.rows:,} rows, content {taken.content}")
