"""Commands of the yearly assessment: begun, checked, looked at while it is written, released,
rebuilt, compared.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from darkfigure.assessment.edition import Edition, Rendering, Source
from darkfigure.assessment.findings import Finding, Level
from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.publication.embargo import said_in_london
from darkfigure.reading.edition_folders import HEAD, read_folder
from darkfigure.writing.editions.begun import new_edition
from darkfigure.writing.editions.bundle import changes_pdf, files_of
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows import release_edition as flow
from darkfigure_hub.flows.collate_edition import collate_edition
from darkfigure_hub.flows.compare_editions import compare_editions
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.take_snapshot import beside_the_data, take_snapshot

PURPOSE = "assessment"
_Folder = Annotated[Path, typer.Argument(help="The folder of an edition (edition.yaml and files).")]
_Which = Annotated[str, typer.Argument(help="An edition, as EDITION-1 or 2009.")]
_Rendering = Annotated[Rendering, typer.Option("--rendering", help="For whom: restricted, public.")]
#: How often a folder that is watched is looked at, in seconds.
_PAUSE = 0.3


def new(
    folder: _Folder,
    requirements: Annotated[
        str, typer.Option("--requirements", help="The requirement set, as nir-2009.")
    ],
    after: Annotated[str, typer.Option("--after", help="The edition before, as 2008.")] = "",
    as_at: given.AsAt = None,
) -> None:
    """Begin an edition: a folder with a chapter for every threat area of a requirement set."""
    open_repository()
    scope = given.operator(PURPOSE)
    held = flow.set_for(scope, requirements)
    before = flow.edition_named(scope, after) if after else None
    told = (before.name, before.as_at, before.requirements) if before else None
    files = new_edition(held, given.day_or_today(as_at), told, folder.name)
    if folder.exists() and any(folder.iterdir()):
        raise DarkfigureError(f"{folder} holds something already; name a new folder.")
    given.folder(folder)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(f"{folder / name}")


def check(folder: _Folder, as_format: given.ListedOption = Listed.TEXT) -> None:
    """Check an edition as before its release: what is wrong, where, by which standard."""
    source = read_folder(folder)
    open_repository()
    with progress("edition") as doing:
        checked = flow.check_edition(given.operator(PURPOSE), source, given.today(), doing)
    if as_format is Listed.JSON:
        told = {
            "edition": source.head.name,
            "passes": checked.passes,
            "findings": [
                {
                    "file": each.place.file,
                    "line": each.place.line,
                    "level": str(each.level),
                    "check": each.check,
                    "standard": _standard_of(each),
                    "said": str(each.said),
                }
                for each in checked.found
            ],
        }
        given.listing("edition_check", told)
    else:
        _print_found(folder, checked.found)
    if not checked.passes:
        raise typer.Exit(1)


def _standard_of(found: Finding) -> str:
    """The standard that a check rests on."""
    return ENGLISH.text(f"edition.standard.{found.check}")


def _print_found(folder: Path, found: Sequence[Finding]) -> None:
    for each in found:
        place = folder / each.place.file
        typer.echo(
            f"{place}:{each.place.line}: {each.level}: {each.check}: {each.said} "
            f"({_standard_of(each)})"
        )
    faults = sum(each.level is Level.FAULT for each in found)
    warnings = sum(each.level is Level.WARNING for each in found)
    typer.echo(f"{faults} faults, {warnings} warnings.")


def build(
    folder: _Folder,
    out: Annotated[Path, typer.Option("--out", help="The folder for the pages.")],
    rendering: _Rendering = Rendering.RESTRICTED,
) -> None:
    """Build the pages of an edition as they would go out now. Nothing is kept."""
    source = read_folder(folder)
    open_repository()
    scope = given.operator(PURPOSE)
    with progress("edition") as doing:
        collated = collate_edition(scope, source, doing)
    public = rendering is Rendering.PUBLIC
    edition = collated.public if public else collated.restricted
    against = None
    if source.head.previous:
        before = flow.standing_before(scope, source.head)
        earlier = (flow.public_rendering if public else flow.frozen_edition)(scope, before)
        against = compare_editions(scope, earlier, edition)
    given.deliver_edition(files_of(edition, against), out)
    for fault in collated.faults:
        typer.echo(f"{folder / fault.place.file}:{fault.place.line}: {fault.said}", err=True)
    typer.echo(f"{out / 'index.html'}")


def watch(
    folder: _Folder,
    out: Annotated[Path, typer.Option("--out", help="The folder for the pages.")],
    rounds: Annotated[
        int, typer.Option("--rounds", help="Stop after so many builds; 0 goes on until Ctrl-C.")
    ] = 0,
) -> None:
    """Build the pages anew whenever a file of an edition is saved, until Ctrl-C."""
    open_repository()
    scope = given.operator(PURPOSE)
    seen: Mapping[str, int] = {}
    kept, built = None, 0
    while not rounds or built < rounds:
        now = _saved(folder)
        if now == seen:
            time.sleep(_PAUSE)
            continue
        seen, began = now, time.monotonic()
        try:
            source = read_folder(folder)
            kept = collate_edition(scope, source, kept=kept, public=False)
            given.deliver_edition(files_of(kept.restricted, pages=False), out)
            for fault in kept.faults:
                typer.echo(f"{fault.place}: {fault.said}")
        except DarkfigureError as error:
            typer.echo(str(error))
        built += 1
        typer.echo(f"{out / 'index.html'}: built in {time.monotonic() - began:.1f} s")


def _saved(folder: Path) -> dict[str, int]:
    files = sorted(path for path in folder.glob("*") if path.suffix in (".md", ".yaml"))
    return {path.name: path.stat().st_mtime_ns for path in files}


def release(
    folder: _Folder,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, where it stands in place of a version out.")
    ] = "",
    snapshot: Annotated[
        Path | None,
        typer.Option(
            "--snapshot",
            help="A folder for the snapshot as at its day. Default: one of its own in the data "
            "folder.",
        ),
    ] = None,
    no_snapshot: Annotated[
        bool, typer.Option("--no-snapshot", help="Take no snapshot of what it rests on.")
    ] = False,
) -> None:
    """Freeze an edition: checked, both renderings signed, its public one prepared for approval.

    A snapshot of all that was known on its day is taken with it.
    """
    if snapshot and no_snapshot:
        raise Unreadable("Name a folder for the snapshot, or take none: not both.")
    source = read_folder(folder)
    open_repository()
    scope = given.operator(PURPOSE)
    with progress("edition") as doing:
        made, taken = _frozen(
            scope, source, reason, None if no_snapshot else snapshot or _OWN, doing
        )
    prepared = made.prepared
    typer.echo(f"{made.reference}: {source.head.title}, as known on {source.head.as_at}")
    typer.echo(f"{len(made.restricted)} files restricted, {len(made.public)} files public, signed")
    typer.echo(
        f"{prepared.name}: {prepared.release.name}, out at {said_in_london(source.head.out_at)}"
    )
    typer.echo(f"snapshot {taken or 'none'}")
    typer.echo(f"content {prepared.release.content}")
    for warning in prepared.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(
        f"Another approves it: darkfigure release approve {prepared.name} --content "
        f"{prepared.release.content[:16]}"
    )


#: A snapshot of its own, in the data folder.
_OWN = Path()


def _frozen(
    scope: Scope,
    source: Source,
    reason: str,
    folder: Path | None,
    doing: Callable[[str, int], None],
) -> tuple[flow.Released, Path | None]:
    """An edition frozen, and where the snapshot is that was taken with it. One of its own is there
    only with its edition.
    """
    place = beside_the_data(uuid4().hex) if folder == _OWN else folder

    def taken() -> str:
        return take_snapshot(scope, source.head.as_at, place, doing).content if place else ""

    try:
        made = flow.release_edition(
            scope, source, given.today(), reason=reason, snapshot=taken, doing=doing
        )
    except BaseException:
        if place and folder == _OWN:
            shutil.rmtree(place, ignore_errors=True)
        raise
    if place and folder == _OWN:
        name = f"{made.reference}-{made.prepared.release.content[:16]}"
        place = place.rename(place.with_name(name))
    return made, place


def list_all(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List editions: prepared, approved, out, withdrawn."""
    open_repository()
    found = flow.list_editions(given.operator(PURPOSE))
    if as_format is Listed.JSON:
        told = [
            {
                "edition": held.reference,
                "name": held.name,
                "version": held.version,
                "title": held.title,
                "as_at": held.as_at.isoformat(),
                "state": held.state,
                "release": f"RELEASE-{held.release}",
                "content": held.content,
                "snapshot": held.snapshot or None,
                "prepared_by": held.prepared_by,
                "approved_by": held.approved_by or None,
            }
            for held in found
        ]
        given.listing("editions", {"editions": told})
        return
    for held in found:
        typer.echo(
            f"{held.reference}  {held.name} v{held.version}  {held.state}  as known on "
            f"{held.as_at}  RELEASE-{held.release}  {held.content[:16]}  {held.title}"
        )


def stands(which: _Which) -> None:
    """Ask every figure of an edition again as known on its day; 1 where any is another by now."""
    open_repository()
    scope = given.operator(PURPOSE)
    held = flow.edition_named(scope, which)
    moved = flow.figures_moved_since(scope, held)
    for each in moved:
        cited = f"; cited by {', '.join(each.judgements)}" if each.judgements else ""
        now = f"-> {each.now}" if each.now != each.then else "rests on more by now"
        typer.echo(f"{each.place}: {each.title}: {each.then} {now}{cited}")
    others = sum(each.now != each.then for each in moved)
    typer.echo(f"{held.reference}: {others} figures are others by now.")
    if others:
        raise typer.Exit(1)


def show(
    which: _Which,
    out: Annotated[Path, typer.Option("--out", help="The folder for its files.")],
    rendering: _Rendering = Rendering.RESTRICTED,
) -> None:
    """Write the files of an edition as they were frozen."""
    open_repository()
    scope = given.operator(PURPOSE)
    held = flow.edition_named(scope, which)
    files = flow.files_of_edition(scope, held, rendering)
    given.deliver_edition(files, out)
    typer.echo(f"{held.reference}: {held.title}, {held.state}; {len(files)} files in {out}")


def diff(
    before: Annotated[str, typer.Argument(help="The earlier edition, as 2008 or EDITION-1.")],
    after: Annotated[str, typer.Argument(help="The later edition.")],
    rendering: _Rendering = Rendering.RESTRICTED,
    as_format: Annotated[str | None, given.form_option("comparison_of_editions")] = None,
    out: given.Out = None,
) -> None:
    """Compare two editions: judgements with what moved them, figures with bridges, coverage.

    As PDF, too, where --out ends in .pdf.
    """
    open_repository()
    scope = given.operator(PURPOSE)
    both = [_edition(scope, which, rendering) for which in (before, after)]
    compared = compare_editions(scope, *both)
    if out and out.suffix.lower() == ".pdf" and not as_format:
        given.deliver_bytes(changes_pdf(both[1], compared), out)
        return
    try:
        given.deliver_as("comparison_of_editions", as_format, compared, out)
    except UnknownName as error:
        raise UnknownName(f"{error} A file that ends in .pdf holds it as pages.") from error


def _edition(scope: Scope, which: str, rendering: Rendering) -> Edition:
    """An edition that was released, or one that is being written, by its folder."""
    folder = Path(which)
    if (folder / HEAD).is_file():
        collated = collate_edition(scope, read_folder(folder))
        return collated.public if rendering is Rendering.PUBLIC else collated.restricted
    held = flow.edition_named(scope, which)
    if rendering is Rendering.PUBLIC:
        return flow.public_rendering(scope, held)
    return flow.frozen_edition(scope, held)
