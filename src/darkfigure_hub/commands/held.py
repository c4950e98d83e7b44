"""The command on what is held."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.basis.period import parse_day
from darkfigure.tables.measures import measure_named
from darkfigure_hub.commands import given
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.show_held import show_held


def held(
    measure: Annotated[str | None, typer.Argument(help="One measure; left out, every one.")] = None,
    as_at: given.AsAt = None,
    as_format: Annotated[str | None, given.form_option("held")] = None,
    out: given.Out = None,
) -> None:
    """Show what is held of each measure: breakdowns, years, who stated it, and what is missing."""
    wanted = measure_named(measure) if measure else None
    day = parse_day(as_at) if as_at else given.today()
    open_repository()
    found = show_held(given.operator("held"), day, wanted)
    given.deliver_as("held", as_format, found, out)
