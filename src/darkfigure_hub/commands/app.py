"""The commands, each of which calls flows and prints."""

from __future__ import annotations

import typer

from darkfigure_hub.commands import (
    asking,
    casework,
    defining,
    estimating,
    keeping,
    linking,
    persons,
    requiring,
    showing,
)

app = typer.Typer(
    name="darkfigure",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A repository for data and intelligence on human trafficking: figures as they stood on "
    "any day, why they changed, "
    "and what cannot be said.",
)
for module in (
    keeping,
    asking,
    casework,
    defining,
    estimating,
    linking,
    persons,
    requiring,
    showing,
):
    module.register(app)
