"""The command that reads files through: check."""

from __future__ import annotations

from pathlib import Path

import typer

from darkfigure.reading.readings import StatedOn
from darkfigure_hub.commands import given
from darkfigure_hub.commands.endings import DONE
from darkfigure_hub.commands.program import of_check
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.check_file import Checked, check_file


def check(
    files: given.Files,
    kind: given.As = None,
    reading: given.With = None,
    readings: given.Readings = None,
    stated_on: given.StatedOn = None,
    values: given.ShowValues = False,
) -> None:
    """Read files through without taking them in: every fault, every total that is off."""
    day = given.stated_days(stated_on)
    paths = [*map(given.file, files)]
    with given.showing(paths, wanted=values):
        status = max(_checked(path, kind, reading, readings, day) for path in paths)
    raise typer.Exit(status)


def _checked(
    path: Path, kind: str | None, reading: Path | None, readings: Path | None, day: StatedOn
) -> int:
    """The exit status for a file: its faults are printed where it has any."""
    try:
        with progress(path.name) as report:
            checked = check_file(
                path,
                given.today(),
                kind=kind,
                reading=reading,
                readings=given.readings(readings),
                stated_on=day,
                progress=report,
            )
        _print_checked(checked)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - the other files are read all the same
        return of_check(error)
    return DONE


def _print_checked(checked: Checked) -> None:
    parts = f", {len(checked.parts)} returns ({', '.join(checked.parts)})" if checked.parts else ""
    typer.echo(
        f"{checked.file}: no faults. {checked.rows:,} statements of kind {checked.kind}{parts}."
    )
    given.remarks([str(remark) for remark in checked.remarks])
