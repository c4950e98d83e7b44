"""The command that takes files in: load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.reading.readings import StatedOn
from darkfigure.tables.extent import Extent
from darkfigure.tables.measures import measure_named
from darkfigure.tables.snapshot_files import SNAPSHOT
from darkfigure_hub.commands import given
from darkfigure_hub.commands.endings import DONE, UNREACHABLE
from darkfigure_hub.commands.program import ending, tell
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.close_gap import check_gaps
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.receive_return import Received, receive_return


def load(
    files: given.Files,
    kind: given.As = None,
    stated_on: given.StatedOn = None,
    marking: Annotated[
        str | None,
        typer.Option(
            "--marking",
            help=(
                "public, official, official_sensitive or secret. Default: public for figures, "
                "official_sensitive for cases."
            ),
        ),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="The whole of its tables: what it leaves out is nought now."),
    ] = False,
    part: Annotated[
        bool,
        typer.Option("--part", help="A part: laid over what is held, cell by cell."),
    ] = False,
    reading: given.With = None,
    readings: given.Readings = None,
    accept: given.Accept = None,
    only_try: Annotated[
        bool, typer.Option("--dry-run", help="Do all of it, say so, and keep nothing.")
    ] = False,
    values: given.ShowValues = False,
) -> None:
    """Take in files as returns, each altogether or not at all."""
    terms = _Terms(
        kind,
        reading,
        given.readings(readings),
        given.stated_days(stated_on),
        _marking(marking) if marking else None,
        _extent(whole, part),
        given.accepted(accept),
        only_try,
    )
    open_repository()
    paths = [*map(given.file, files)]
    with given.showing(paths, wanted=values):
        status = max(_each(paths, terms))
    check_gaps(
        given.operator("check gaps"),
        lambda gap: typer.echo(
            f"{gap.reference} can be answered now: {gap.measure}, raised {gap.raised_on} by "
            f"{gap.owner}."
        ),
    )
    raise typer.Exit(status)


class _Terms(NamedTuple):
    """How files are to be read and taken in."""

    kind: str | None
    reading: Path | None
    readings: Sequence[Path]
    stated_on: StatedOn
    marking: Marking | None
    extent: Extent | None
    accepted: Mapping[str, str]
    only_try: bool


def _extent(whole: bool, part: bool) -> Extent | None:
    if whole and part:
        raise UnknownName("A table is whole or a part: give --whole or --part, not both.")
    return Extent.WHOLE if whole else Extent.PART if part else None


def _each(paths: Sequence[Path], terms: _Terms) -> Iterator[int]:
    """The exit status for each file. What goes wrong with one keeps no other from being read, but
    for a repository that is gone.
    """
    for number, path in enumerate(paths, start=1):
        status = _loaded(path, terms)
        yield status
        if status == UNREACHABLE:
            if left := len(paths) - number:
                tell(f"{left} of the files {'was' if left == 1 else 'were'} not read.")
            raise typer.Exit(status)


def _loaded(path: Path, terms: _Terms) -> int:
    """The exit status for a file; its faults are printed where it is not taken in."""
    try:
        with progress(path.name) as report:
            received = receive_return(
                given.operator("load"), path, **terms._asdict(), progress=report
            )
        print_received(received)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - the other files are read all the same
        return ending(error)
    return DONE


def _marking(text: str) -> Marking:
    try:
        return Marking[text.upper()]
    except KeyError:
        raise UnknownName(
            f"{text!r} is not a marking. Known are {', '.join(m.name.lower() for m in Marking)}."
        ) from None


def print_received(received: Received) -> None:
    """Say what became of a file, and what was noticed in it."""
    if received.already and received.kind == SNAPSHOT:
        typer.echo(f"{received.file}: all of its statements are held already; nothing changed.")
        return
    if received.already:
        typer.echo(
            f"{received.file}: received before, on "
            f"{received.returns[0].received_at:%Y-%m-%d %H:%M}; nothing changed."
        )
        return
    rows = sum(held.rows for held in received.returns)
    what = "records" if received.kind in CASE_RETURNS else "statements"
    many = f" in {len(received.returns)} returns" if len(received.returns) > 1 else ""
    done = "would be taken in" if received.tried else "taken in"
    typer.echo(f"{received.file}: {rows:,} {what} {done}{many} ({received.kind}).")
    for line in _receipt(received):
        typer.echo(f"      {line}")
    noticed = [remark for held in received.returns for remark in held.remarks]
    given.remarks([*dict.fromkeys(noticed)])


#: So many lines of what a file is about are printed.
_SHOWN = 6


def _receipt(received: Received) -> Iterator[str]:
    """What the statements of a file are about, and what they restate of earlier returns."""
    for about in received.about[:_SHOWN]:
        by = f" by {', '.join(about.by)}" if about.by else ""
        title = measure_named(about.measure).title
        yield f"{title}{by}: {about.statements:,}, {about.first} to {about.last}"
    if (more := len(received.about) - _SHOWN) > 0:
        yield f"and {more} other breakdowns"
    for each in received.closed:
        yield (
            f"restates {each.closed:,} statements of return {each.of} ({each.file}); "
            f"{each.standing:,} of it stand as they were"
        )
