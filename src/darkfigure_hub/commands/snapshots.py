"""The commands of snapshots: one in a folder of its own, many in a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import parse_day
from darkfigure.evidence.snapshot_stores import Store
from darkfigure.evidence.snapshots import open_snapshot
from darkfigure_hub.commands import given
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.take_snapshot import forget_snapshot, keep_snapshot, take_snapshot


def snapshot(
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder of its own to write it into.")
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            help="A store of snapshots: a folder, or s3://BUCKET/PREFIX and the like. A day costs "
            "what changed since the last.",
        ),
    ] = None,
    as_at: given.AsAt = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the files of a snapshot instead of taking one.")
    ] = False,
) -> None:
    """Take a snapshot: all that was known by a day, in Parquet files without names.

    Ask it with --snapshot FOLDER, --snapshot STORE (the latest) or --snapshot STORE@DAY.
    """
    if (out is None) == (into is None):
        raise Unreadable("Name a folder of its own with --out, or a store with --into: one of two.")
    if verify:
        _verify(out, into, as_at)
        return
    open_repository()
    day = given.day_or_today(as_at)
    with progress("snapshot") as report:
        scope = given.operator("snapshot")
        if into is None:
            taken = take_snapshot(scope, day, out or Path(), report)
            told = f"{taken.folder}: {taken.rows:,} rows, content {taken.content}"
        else:
            kept = keep_snapshot(scope, day, into, report)
            told = (
                f"{kept.address}@{day}: {kept.rows:,} rows, {kept.new_rows:,} of them in new parts "
                f"({kept.new_bytes:,} bytes), content {kept.content}"
            )
    typer.echo(told)


def _verify(out: Path | None, into: str | None, as_at: str | None) -> None:
    if out is not None and as_at:
        raise DarkfigureError("--verify checks a snapshot as it is: leave --as-at out.")
    place = out or f"{into}{f'@{parse_day(as_at)}' if as_at else ''}"
    held = open_snapshot(place, verify=True)
    typer.echo(f"{held.place} is whole: as at {held.as_at}, content {held.content}")


def snapshots(
    store: Annotated[str, typer.Argument(help="A folder, or s3://BUCKET/PREFIX and the like.")],
    forget: Annotated[
        str | None, typer.Option("--forget", help="Remove the snapshot of this day.")
    ] = None,
) -> None:
    """List the snapshots of a store: rows, bytes, and how many bytes came with each day."""
    if forget is not None:
        open_repository()
        day = parse_day(forget)
        freed = forget_snapshot(given.operator("snapshot"), store, day)
        typer.echo(f"{store}@{day} is gone; {freed:,} bytes are free.")
        return
    held = Store(store)
    if not held.is_one():
        raise Unreadable(f"{held.address} is not a store of snapshots: begin one, snapshot --into.")
    for each in held.listed():
        typer.echo(
            f"{each.as_at}  {each.rows:>13,} rows  {each.bytes:>15,} bytes, {each.new_bytes:,} new"
            f"  {each.content[:12]}"
        )
