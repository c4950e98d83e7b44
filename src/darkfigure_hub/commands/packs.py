"""The commands for packs that need no repository: check, list, metadata."""

from __future__ import annotations

import typer

from darkfigure.codes.pack import Pack
from darkfigure.writing.forms import csvw
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import own_packs


def check_pack(folder: given.PackFolder) -> None:
    """Check a pack: every fault of its files, and what does not agree with the lists in use."""
    pack = own_packs.check_own_pack(folder)
    typer.echo(f"{pack.name}: no faults. {given.pack_in_words(pack)}.")


def list_packs(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List the packs in use, with their terms and what they hold."""
    packs = own_packs.list_packs()
    if as_format is Listed.JSON:
        given.listing("packs", {"packs": [_plain(pack) for pack in packs]})
        return
    for pack in packs:
        typer.echo(f"{pack.name}: {pack.title}, {pack.version}. {given.pack_in_words(pack)}.")
        typer.echo(f"      source: {pack.source}; licence: {pack.licence}")


def metadata(folder: given.PackFolder) -> None:
    """Write CSV-W metadata beside the tables of a pack."""
    pack = own_packs.check_own_pack(folder)
    for name, text in csvw.metadata(pack).items():
        given.deliver(text, folder / name)


def _plain(pack: Pack) -> dict[str, object]:
    return {
        "name": pack.name,
        "title": pack.title,
        "version": pack.version,
        "languages": list(pack.languages),
        "licence": pack.licence,
        "source": pack.source,
        "codes": {name: len(rows) for name, rows in pack.lists.items()},
        "measures": [each.code for each in pack.measures],
        "domains": list(pack.domains),
    }
