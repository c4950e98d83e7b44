"""The command that adds a pack: pack add."""

from __future__ import annotations

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.flows.add_pack import add_pack
from darkfigure_hub.flows.open_repository import open_repository


def add(folder: given.PackFolder) -> None:
    """Add a pack to this installation, and code by it what has no code.

    Figures that were kept under a name without a code follow by themselves.
    """
    open_repository()
    added = add_pack(given.operator("add pack"), folder)
    again = "taken in again" if added.before else "added"
    typer.echo(f"{added.pack.name} {again}: {given.pack_in_words(added.pack)}.")
    for dimension, count in sorted(added.coded.items()):
        typer.echo(f"  {count:,} statements coded by {dimension.replace('_', ' ')}.")
    for dimension, count in sorted(added.left.items()):
        typer.echo(f"  {count:,} statements have no code by {dimension.replace('_', ' ')} still.")
    for label in added.several:
        typer.echo(f"  {label} is what several names as received stand for: they are added up.")
