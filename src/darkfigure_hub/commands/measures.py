"""The command that lists what can be asked about: measures."""

from __future__ import annotations

from textwrap import fill

import typer

from darkfigure.codes import codes_for
from darkfigure.tables.counted import RULES
from darkfigure.tables.measures import Measure, all_measures
from darkfigure.writing.documents.measured import measures_data
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed

_WIDTH = 80


def measures(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List what can be asked about: unit, definition, dimensions and who holds it."""
    if as_format is Listed.JSON:
        given.listing("measures", {"measures": measures_data()}, synthetic=False)
        return
    typer.echo("\n\n".join(map(_told, all_measures().values())))


def _told(measure: Measure) -> str:
    """A measure in lines that fit a page or a narrow screen."""
    holders = ", ".join(codes_for("agency").label(holder) for holder in measure.holders)
    lines = [
        measure.definition,
        f"Unit: {' or '.join(measure.units).replace('_', ' ')}.",
        f"By {', '.join(measure.dimensions)}." if measure.dimensions else "",
        f"Held by {holders}.",
        f"Counted from case records by: {', '.join(RULES[measure.code])}."
        if RULES.get(measure.code)
        else "",
    ]
    wrapped = (
        fill(line, _WIDTH, initial_indent="  ", subsequent_indent="  ") for line in lines if line
    )
    return "\n".join([f"{measure.code}: {measure.title}", *wrapped])
