"""The command that makes an edition's files again, on any machine, from what was frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import Unreadable
from darkfigure.reading.edition_folders import thawed
from darkfigure.writing.editions.bundle import FROZEN, HASHES, differing, files_of
from darkfigure.writing.editions.signed import ENDING, check_signature


def rebuild(
    folder: Annotated[Path, typer.Argument(help="A folder of a rendering's files.")],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The public key. Default: minisign.pub beside."),
    ] = None,
) -> None:
    """Make every file of an edition again from what was frozen; compare bytes and signature."""
    held = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    if FROZEN not in held:
        raise Unreadable(f"{folder} holds no {FROZEN}: name a folder of a rendering's files.")
    made = files_of(*thawed(held[FROZEN]))
    wrong = differing(made, held)
    public = key.read_text(encoding="utf-8") if key else held.get("minisign.pub", b"").decode()
    signature = held.get(HASHES + ENDING)
    if signature is None or not public:
        typer.echo("not signed")
    else:
        said = check_signature(held[HASHES], signature, public)
        typer.echo(f"signed: {said}")
    for name in wrong:
        typer.echo(f"differs: {name}")
    typer.echo(f"{len(made) - len(wrong)} of {len(made)} files made again to the same bytes")
    if wrong:
        raise typer.Exit(1)
