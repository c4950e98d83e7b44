"""Commands that write forms: templates of case returns, vocabularies, the schema of requirement
sets.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.intelligence.requirement_sets import example_set, schema
from darkfigure.writing.forms import templates, vocabularies
from darkfigure_hub.commands import given


def write_schema(out: given.Out = None) -> None:
    """Write the JSON Schema of requirement sets."""
    given.deliver(json.dumps(schema(), indent=2) + "\n", out)


def write_templates(
    out: Annotated[Path, typer.Option("--out", help="Folder to write them into.")],
) -> None:
    """Write the forms of case returns: CSV templates, a JSON example, a data dictionary."""
    for path in templates.write(given.folder(out)):
        typer.echo(f"  {path}")


def write_vocabularies(
    out: Annotated[Path, typer.Option("--out", help="Folder to write them into.")],
) -> None:
    """Write 3x5x2, the PHIA yardstick and confidence for MISP; requirement sets as STIX."""
    given.folder(out)
    for name, made in vocabularies.taxonomies().items():
        folder = out / "misp" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "machinetag.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
        typer.echo(f"  {folder / 'machinetag.json'}")
    for name in ("human_trafficking", "other_threats"):
        path = out / f"{name}.stix.json"
        path.write_text(
            json.dumps(vocabularies.as_stix(example_set(name)), indent=2) + "\n", encoding="utf-8"
        )
        typer.echo(f"  {path}")
