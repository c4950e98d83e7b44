"""The command that makes up records like the case records, for research."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.writing.registry import TEXT, form_for, write
from darkfigure_hub.commands import given
from darkfigure_hub.commands.researching import (
    BudgetFile,
    By,
    Epsilon,
    Order,
    Total,
)
from darkfigure_hub.flows import research_records
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.research_files import Budget


def of_records(
    measure: Annotated[str, typer.Argument(help="A measure, as victims_recovered.")],
    by: By,
    epsilon: Epsilon,
    as_at: given.AsAt = None,
    order: Order = 2,
    budget: BudgetFile = None,
    total: Total = 1.0,
    as_format: Annotated[str | None, given.form_option("synthetic")] = None,
    out: given.Out = None,
) -> None:
    """Make up records like the case records: what they tell of any one person is bounded."""
    open_repository()
    made = research_records.synthetic_of_records(
        given.operator("research files"),
        measure,
        given.names(by),
        given.today(),
        as_at=as_at or "",
        epsilon=epsilon,
        order=order,
        budget=Budget(budget, total) if budget else None,
    )
    given.deliver_as("synthetic", as_format, made, out)
    if form_for("synthetic", out, as_format).name != TEXT:
        typer.echo(write("synthetic", TEXT, made), err=True, nl=False)
