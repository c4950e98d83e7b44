"""Commands of releases: prepared, checked, approved, published, corrected, withdrawn, shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.publication.all_released import Attacked
from darkfigure.publication.embargo import said_in_london
from darkfigure.reading.door import text_of
from darkfigure.reading.release_plans import MOST, read_plan
from darkfigure.writing.releases.attacked import said_of
from darkfigure.writing.releases.ledger import ledger_csv, ledger_document
from darkfigure.writing.releases.site import site_of
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import everything_out, release_figures
from darkfigure_hub.flows.copy_release import copy_release
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.release_figures import HeldRelease

PURPOSE = "releases"
_Reference = Annotated[str, typer.Argument(help="A release, as RELEASE-1 or referrals/2009-q1/v1.")]
_Plan = Annotated[Path, typer.Argument(help="The plan of a release (.yaml or .json).")]
_Marked = Annotated[
    str, typer.Option("--release-marked", help="Why what rests on marked returns may go out.")
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be; keep nothing.")]
_Why = Annotated[str, typer.Option("--reason", help="Why: it stands at the release's address.")]


def prepare(plan: _Plan, release_marked: _Marked = "", dry_run: _DryRun = False) -> None:
    """Prepare a release: every table of its plan, protected against all that went out before."""
    _prepared(plan, "", release_marked, dry_run=dry_run)


def correct(
    plan: _Plan, reason: _Why, release_marked: _Marked = "", dry_run: _DryRun = False
) -> None:
    """Prepare another version of an edition that is out: what moved is told, figure by figure."""
    _prepared(plan, reason, release_marked, dry_run=dry_run)


def _prepared(plan: Path, reason: str, release_marked: str, *, dry_run: bool) -> None:
    held = read_plan(text_of(given.file(plan), MOST), plan.name)
    open_repository()
    made = release_figures.prepare_release(
        given.operator(PURPOSE),
        held,
        given.today(),
        reason=reason,
        release_marked=release_marked,
        dry_run=dry_run,
    )
    release = made.release
    typer.echo(f"{made.name or 'not kept'}: {release.name}, {len(release.tables)} tables")
    typer.echo(f"content {release.content}")
    typer.echo(f"out at {said_in_london(release.head.out_at)}")
    _attacked(made.attacked)
    for moved in release.moved:
        was, now = (says[0] if says else None for says in (moved.before, moved.after))
        typer.echo(f"moved: {moved.table}, {', '.join(moved.labels)}: {was} -> {now}")
    for warning in made.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _attacked(attacked: Attacked) -> None:
    typer.echo(
        f"{attacked.hidden:,} counts hidden, each proved to have other possible values; "
        f"{attacked.shown:,} shown; attacked with {attacked.out:,} tables and answers that went out"
    )
    for item in attacked.given:
        typer.echo(f"COMES OUT: {said_of(item)}")


def check(reference: _Reference, as_format: given.ListedOption = Listed.TEXT) -> None:
    """Attack a release once more, with everything that went out since; ask its questions again."""
    open_repository()
    checked = release_figures.check_release(given.operator(PURPOSE), reference)
    if as_format is Listed.JSON:
        faults = [
            {
                "fault": item.fault,
                "cell": str(item.cell),
                "low": item.low,
                "high": item.high,
                "said": said_of(item),
            }
            for item in checked.attacked.given
        ]
        told = {
            "release": checked.held.name,
            "passes": checked.passes,
            "hidden": checked.attacked.hidden,
            "shown": checked.attacked.shown,
            "out": checked.attacked.out,
            "faults": faults,
            "warnings": list(checked.warnings),
        }
        given.listing("release_check", told)
    else:
        typer.echo(f"{checked.held.name}: {checked.held.address}, {checked.held.state}")
        typer.echo(f"content {checked.held.content}")
        _attacked(checked.attacked)
        for warning in checked.warnings:
            typer.echo(f"warning: {warning}")
    if not checked.passes:
        raise typer.Exit(1)


def approve(
    reference: _Reference,
    content: Annotated[
        str, typer.Option("--content", help="The hash of what was read, or its first digits.")
    ],
) -> None:
    """Approve a release that another prepared, by the hash of what was read."""
    open_repository()
    _said(release_figures.approve_release(given.operator(PURPOSE), reference, content))


def publish(reference: _Reference) -> None:
    """Publish a release that was approved, at its minute or later."""
    open_repository()
    _said(release_figures.publish_release(given.operator(PURPOSE), reference))


def withdraw(reference: _Reference, reason: _Why) -> None:
    """Withdraw a release; its address tells from now on that it is, and why."""
    open_repository()
    _said(release_figures.withdraw_release(given.operator(PURPOSE), reference, reason))


def copy(
    reference: _Reference,
    post: Annotated[str, typer.Option("--for", help="A post on the list of who sees it before.")],
    out: Annotated[Path, typer.Option("--out", help="The archive to be written.")],
) -> None:
    """Give a post its numbered copy of a release before it is out."""
    open_repository()
    packed, number = copy_release(given.operator(PURPOSE), reference, post)
    given.deliver_bytes(packed, out)
    typer.echo(f"copy {number} for {post}: {out}")


def _said(held: HeldRelease) -> None:
    typer.echo(f"{held.name}: {held.address}, {held.state}")


def list_all(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List releases: prepared, approved, out, replaced and withdrawn."""
    open_repository()
    found = release_figures.list_releases(given.operator(PURPOSE))
    if as_format is Listed.JSON:
        told = [
            {
                "release": held.name,
                "name": held.address,
                "title": held.title,
                "state": held.state,
                "out_at": held.out_at.isoformat(),
                "content": held.content,
                "prepared_by": held.prepared_by,
                "approved_by": held.approved_by or None,
                "reason": held.reason,
                "withdrawn": held.withdrawn_why or None,
            }
            for held in found
        ]
        given.listing("releases", {"releases": told})
        return
    for held in found:
        replaced = f", replaced by version {held.corrected_by}" if held.corrected_by else ""
        typer.echo(
            f"{held.name}  {held.address}  {held.state}{replaced}  "
            f"{said_in_london(held.out_at)}  {held.content[:16]}  {held.title}"
        )


def show(
    reference: _Reference,
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder for its files. Default: none is written.")
    ] = None,
) -> None:
    """Show a release: what it says of itself, who sees it before it is out, its files."""
    open_repository()
    scope = given.operator(PURPOSE)
    held = release_figures.release_named(scope, reference)
    release = release_figures.said_by(scope, held)
    typer.echo(f"{held.name}: {release.head.title}")
    typer.echo(f"{held.address}, {held.state}; out at {said_in_london(held.out_at)}")
    typer.echo(f"content {held.content}; prepared by {held.prepared_by}")
    if held.approved_by:
        typer.echo(f"approved by {held.approved_by}")
    for access in held.access:
        typer.echo(f"seen before by {access['post']} from {access['since']}: {access['why']}")
    typer.echo(release.citation)
    files = release_figures.files_held(scope, held)
    for name, body in files.items():
        typer.echo(f"  {name}  {len(body):,}")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            given.deliver_bytes(body, out / name)


def site(
    out: Annotated[Path, typer.Option("--out", help="The folder of the site.")],
) -> None:
    """Write everything that is out as a site: a folder of files that needs no server."""
    open_repository()
    scope = given.operator(PURPOSE)
    pages = site_of(release_figures.all_out(scope))
    for name, body in pages.items():
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    typer.echo(f"{len(pages):,} files in {out}")


def ledger(
    out: Annotated[
        Path | None, typer.Option("--out", help="A file: .csv, or .json. Default: printed.")
    ] = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """Everything that went out, with the hash of each: files of releases, answers of responses."""
    open_repository()
    gone = everything_out.ledger(given.operator(PURPOSE))
    as_json = as_format is Listed.JSON or (out is not None and out.suffix == ".json")
    given.deliver(ledger_document(gone) if as_json else ledger_csv(gone), out)
