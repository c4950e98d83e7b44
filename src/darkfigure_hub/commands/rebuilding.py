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
    made = _made_again(held[FROZEN])
    wrong = differing(made, held)
    raw = key.read_bytes() if key else held.get("minisign.pub", b"")
    public = raw.decode("utf-8", "replace")
    signature = held.get(HASHES + ENDING)
    if signature is None or not public:
        typer.echo("not signed")
    else:
        if HASHES not in held:
            raise Unreadable(f"{folder} has a signature and no {HASHES} that it is of.")
        said = check_signature(held[HASHES], signature, public)
        typer.echo(f"signed: {said}")
    for name in wrong:
        typer.echo(f"differs: {name}")
    covered = {*made, HASHES, HASHES + ENDING, "minisign.pub"}
    for name in (name for name in held if name not in covered):
        same = name == "index.html" and held[name] == made.get("assessment.html")
        if not same:
            typer.echo(f"not covered by the signature: {name}")
    typer.echo(f"{len(made) - len(wrong)} of {len(made)} files made again to the same bytes")
    if wrong:
        raise typer.Exit(1)


def _made_again(frozen: bytes) -> dict[str, bytes]:
    """Every file of what was frozen. Raises Unreadable where something of it is missing, or is not
    what it was.
    """
    edition, against = thawed(frozen)
    try:
        return files_of(edition, against)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(
            f"{FROZEN} was changed since it was frozen: something that its text refers to is "
            "missing, or is not what it was."
        ) from error
