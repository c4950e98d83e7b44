"""The command that takes files in: load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.reading.readings import StatedOn
from darkfigure.tables.extent import Extent
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
    extent: Annotated[
        Extent | None,
        typer.Option(
            "--extent",
            help=(
                "Of a table held before: whole, what it leaves out is nought now; part, it is laid "
                "over what is held, cell by cell."
            ),
        ),
    ] = None,
    values: given.ShowValues = False,
) -> None:
    """Take in files as returns, each altogether or not at all."""
    marked = _marking(marking) if marking else None
    day = given.stated_days(stated_on)
    open_repository()
    paths = [*map(given.file, files)]
    with given.showing(paths, wanted=values):
        status = max(_each(paths, kind, day, marked, extent))
    check_gaps(
        given.operator("check gaps"),
        lambda gap: typer.echo(
            f"{gap.reference} can be answered now: {gap.measure}, raised {gap.raised_on} by "
            f"{gap.owner}."
        ),
    )
    raise typer.Exit(status)


def _each(
    paths: Sequence[Path],
    kind: str | None,
    day: StatedOn,
    marked: Marking | None,
    extent: Extent | None,
) -> Iterator[int]:
    """The exit status for each file. What goes wrong with one keeps no other from being read, but
    for a repository that is gone.
    """
    for number, path in enumerate(paths, start=1):
        status = _loaded(path, kind, day, marked, extent)
        yield status
        if status == UNREACHABLE:
            if left := len(paths) - number:
                tell(f"{left} of the files {'was' if left == 1 else 'were'} not read.")
            raise typer.Exit(status)


def _loaded(
    path: Path,
    kind: str | None,
    day: StatedOn,
    marked: Marking | None,
    extent: Extent | None,
) -> int:
    """The exit status for a file; its faults are printed where it is not taken in."""
    try:
        with progress(path.name) as report:
            received = receive_return(
                given.operator("load"),
                path,
                kind=kind,
                stated_on=day,
                marking=marked,
                extent=extent,
                progress=report,
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
    if received.already:
        typer.echo(
            f"{received.file}: received before, on "
            f"{received.returns[0].received_at:%Y-%m-%d %H:%M}; nothing changed."
        )
        return
    rows = sum(held.rows for held in received.returns)
    what = "records" if received.kind in CASE_RETURNS else "statements"
    many = f" in {len(received.returns)} returns" if len(received.returns) > 1 else ""
    typer.echo(f"{received.file}: {rows:,} {what} taken in{many} ({received.kind}).")
    given.remarks([remark for held in received.returns for remark in held.remarks])
