"""The commands that back the repository up, restore it, and try whether that would go well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.commands import given
from darkfigure_hub.commands.drilling import Drill
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.keep_backup import (
    Kept,
    back_up,
    compare,
    make_key,
    note_drill,
)
from darkfigure_hub.flows.keep_backup import restore as restore_backup
from darkfigure_hub.flows.open_repository import open_repository

Identity = Annotated[
    Path | None,
    typer.Option("--identity", help="A file with the secret key of a backup that is locked."),
]


def backup(
    out: Annotated[
        Path | None, typer.Option("--out", help="A new file to write it into.", show_default=False)
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            help="Lock it to this public key (age1..., ssh-ed25519 ...), or those of this file.",
        ),
    ] = None,
    drill: Annotated[
        bool,
        typer.Option(
            "--drill",
            help="Restore a backup into an empty data folder, see whether it is whole and answers, "
            "and throw the folder away.",
        ),
    ] = False,
    of: Annotated[
        Path | None, typer.Option("--of", help="For --drill: this backup; else a new one is made.")
    ] = None,
    identity: Identity = None,
) -> None:
    """Back up the whole repository, names included, into one file.

    Restore it with `darkfigure restore`.
    """
    if drill == (out is not None):
        raise typer.BadParameter("Give --out with a new file, or --drill.")
    if not drill and (of or identity):
        raise typer.BadParameter("--of and --identity are for --drill.")
    open_repository()
    if drill:
        _drill(of, identity)
    elif out:
        _back_up(out, to or ())


def _back_up(out: Path, to: Sequence[str]) -> None:
    with progress("backup") as report:
        kept = back_up(given.operator("backup"), out, report, to)
    typer.echo(f"{out}: {kept.rows:,} rows of {kept.tables} tables, sha256 {kept.sha256}")
    _print_folders(kept)
    if to:
        typer.echo(
            "It is locked, and opened by the secret keys of those it was locked to alone. The key "
            "of the log is not in it: keep a copy of log.key, or of DARKFIGURE_LOG_KEY, elsewhere."
        )
        return
    typer.echo(
        "It holds names, dates of birth and the files they came in, and you alone may read it "
        "(mode 600): keep it as you keep the data folder, or lock it (--to). The key of the log is "
        "not in it: keep a copy of log.key, or of DARKFIGURE_LOG_KEY, elsewhere."
    )


def _drill(of: Path | None, identity: Path | None) -> None:
    with TemporaryDirectory(prefix="df-") as folder:
        found = Drill(Path(folder)).run(of, identity)
    note_drill(given.operator("drill"), found.sha256, len(found.amiss))
    for line in found.said:
        typer.echo(line)
    if found.amiss:
        raise DarkfigureError(f"The backup is not good: {'; '.join(found.amiss)}.")
    typer.echo("The backup is good.")


def backup_key(
    out: Annotated[Path, typer.Option("--out", help="A new file for the secret key.")],
) -> None:
    """Make a key that backups are locked to: the secret into a file, the public one printed."""
    typer.echo(make_key(given.operator("backup"), out))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `darkfigure backup` wrote.")],
    identity: Identity = None,
    compared: Annotated[bool, typer.Option("--compared", hidden=True)] = False,
) -> None:
    """Restore a backup into a data folder or a database in which nothing is yet."""
    with progress("restore") as report:
        kept = restore_backup(given.operator("restore"), file, report, identity)
    if compared:
        found = compare(given.operator("restore"), file, identity)
        typer.echo(f"{kept.sha256} {found.tables} {found.rows} {found.entries} {found.proved}")
        for each in found.amiss:
            typer.echo(each)
        return
    typer.echo(f"{file}: {kept.rows:,} rows of {kept.tables} tables restored.")
    _print_folders(kept)


def _print_folders(kept: Kept) -> None:
    """Say what of the data folder is in a backup, if anything."""
    if kept.packs:
        typer.echo(f"      packs: {', '.join(kept.packs)}")
    if kept.readings:
        typer.echo(f"      readings of this installation: {kept.readings}")
