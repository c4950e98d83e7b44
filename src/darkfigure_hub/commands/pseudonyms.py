"""The command that gives pseudonyms anew."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.rotate_pseudonyms import rotate_pseudonyms


def rotate(
    reason: Annotated[
        str, typer.Option("--reason", help="Why. Without a name: the log shows it again.")
    ] = "",
) -> None:
    """Give every pseudonym anew under another key: figures stay, old ones still find their person.

    Snapshots and letters of before name persons as nothing does from now on.
    """
    open_repository()
    done = rotate_pseudonyms(given.operator("rotate pseudonyms"), reason)
    typer.echo(f"Key {done.key}: {done.pseudonyms:,} pseudonyms given anew.")
