"""The commands that back the repository up and restore it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.keep_backup import Kept, back_up
from darkfigure_hub.flows.keep_backup import restore as restore_backup
from darkfigure_hub.flows.open_repository import open_repository


def backup(
    out: Annotated[Path, typer.Option("--out", help="A new file to write it into.")],
) -> None:
    """Back up the whole repository, names included, into one file.

    Restore it with `darkfigure restore`.
    """
    open_repository()
    with progress("backup") as report:
        kept = back_up(given.operator("backup"), out, report)
    typer.echo(f"{out}: {kept.rows:,} rows of {kept.tables} tables, sha256 {kept.sha256}")
    _print_folders(kept)
    typer.echo(
        "It holds names, dates of birth and the files they came in, and you alone may read it "
        "(mode 600): keep it as you keep the data folder. The key of the log is not in it: keep a "
        "copy of log.key, or of DARKFIGURE_LOG_KEY, elsewhere."
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `darkfigure backup` wrote.")],
) -> None:
    """Restore a backup into a data folder or a database in which nothing is yet."""
    with progress("restore") as report:
        kept = restore_backup(given.operator("restore"), file, report)
    typer.echo(f"{file}: {kept.rows:,} rows of {kept.tables} tables restored.")
    _print_folders(kept)


def _print_folders(kept: Kept) -> None:
    """Say what of the data folder is in a backup, if anything."""
    if kept.packs:
        typer.echo(f"      packs: {', '.join(kept.packs)}")
    if kept.readings:
        typer.echo(f"      readings of this installation: {kept.readings}")
