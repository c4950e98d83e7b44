"""The command that reads files through: check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

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
    accept: given.Accept = None,
    values: given.ShowValues = False,
) -> None:
    """Read files through without taking them in: every fault, every total that is off."""
    terms = {
        "kind": kind,
        "reading": reading,
        "readings": given.readings(readings),
        "stated_on": given.stated_days(stated_on),
        "accepted": given.accepted(accept),
    }
    paths = [*map(given.file, files)]
    with given.showing(paths, wanted=values):
        status = max(_checked(path, terms) for path in paths)
    raise typer.Exit(status)


def _checked(path: Path, terms: dict[str, Any]) -> int:
    """The exit status for a file: its faults are printed where it has any."""
    try:
        with progress(path.name) as report:
            checked = check_file(path, given.today(), **terms, progress=report)
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
    given.remarks([*dict.fromkeys(map(str, checked.remarks))])
