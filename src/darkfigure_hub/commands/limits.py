"""The command on the appropriate limit of section 12 of the Freedom of Information Act 2000."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.publication.appropriate_limit import LIMITS, cost_of
from darkfigure.writing.responses.limit import cost_lines


def cost(
    records: Annotated[int, typer.Option("--records", help="Records that must be gone through.")],
    minutes: Annotated[float, typer.Option("--minutes", help="Minutes of work for each.")],
    body: Annotated[
        str, typer.Option("--body", help=f"What kind of body: {', '.join(LIMITS)}.")
    ] = "other",
    more_hours: Annotated[
        float, typer.Option("--hours", help="Hours besides, to locate and retrieve them.")
    ] = 0.0,
) -> None:
    """Work out whether the appropriate limit of section 12 lets a request be refused."""
    if records < 0:
        raise DarkfigureError("Records are counted from 0.")
    typer.echo(cost_lines(cost_of(records, minutes, body, more_hours)), nl=False)
