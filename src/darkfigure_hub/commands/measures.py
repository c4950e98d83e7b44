"""The command that lists what can be asked about: measures."""

from __future__ import annotations

import json
import sys

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from darkfigure.codes import codes_for
from darkfigure.tables.counted import RULES
from darkfigure.tables.measures import all_measures
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed


def measures(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List what can be asked about: unit, definition, dimensions and who holds it."""
    if as_format is Listed.JSON:
        typer.echo(
            json.dumps(
                [
                    {
                        "measure": m.code,
                        "title": m.title,
                        "units": m.units,
                        "definition": m.definition,
                        "dimensions": m.dimensions,
                        "holders": [codes_for("agency").label(holder) for holder in m.holders],
                        "aliases": m.aliases,
                        "counting_rules": [str(rule) for rule in RULES.get(m.code, ())],
                    }
                    for m in all_measures().values()
                ],
                indent=2,
            )
        )
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Measure", "Unit", "Definition", "Dimensions", "Held by", "Counted from cases by"):
        table.add_column(head, overflow="fold", min_width=12 if head != "Definition" else 30)
    for m in all_measures().values():
        holders = ", ".join(codes_for("agency").label(holder) for holder in m.holders)
        table.add_row(
            m.code,
            " or ".join(m.units).replace("_", " "),
            m.definition,
            ", ".join(m.dimensions) or "-",
            holders,
            ", ".join(RULES.get(m.code, ())) or "-",
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)
