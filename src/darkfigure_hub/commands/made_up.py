"""The command that makes lists up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.synthetic.agency_lists import write_lists
from darkfigure_hub.commands import given


def synthetic_lists(
    out: Annotated[Path, typer.Option("--out", help="Folder to write them into.")],
    records: Annotated[
        int, typer.Option("--records", min=1, help="About how many records in all.")
    ] = 5000,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="The same seed gives the same lists.")
    ] = 1,
) -> None:
    """Write SYNTHETIC lists of five agencies about the same made-up people.

    The column `person` says who is who.
    """
    for path in write_lists(given.folder(out), records, seed):
        typer.echo(f"  {path}")
