"""The command on plain words: how a question is understood."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from darkfigure.basis.errors import UnknownName
from darkfigure.tables.measures import all_measures
from darkfigure.understanding import Reading
from darkfigure.writing.understanding import readings
from darkfigure.writing.words import ENGLISH
from darkfigure_hub.commands import given
from darkfigure_hub.flows.understand_words import understand_words


def in_plain_words(asked: str) -> bool:
    """Whether what is asked is no measure's name but words."""
    name = asked.strip().lower().replace("-", "_").replace(" ", "_")
    known = all_measures()
    named = name in known or any(name in measure.aliases for measure in known.values())
    return len(asked.split()) > 1 and not named


def understood(text: str, today: date, as_at: str | None) -> Reading:
    """The first reading of a text, said beside the answer; where it is not sure, the readings are
    shown and none is asked. Raises UnknownName.
    """
    found = understand_words(text, today, as_at)
    if not found or not found[0].sure:
        told = "asks" if found else "nothing"
        shown = f"\n{readings.write_text(found)}" if found else ""
        raise UnknownName(f"{ENGLISH.text(f'understanding.{told}')}{shown.rstrip()}")
    typer.echo(ENGLISH.text("understanding.understood", reading=readings.line(found[0])), err=True)
    for said in found[0].taken:
        typer.echo(str(said), err=True)
    return found[0]


def understand(
    text: Annotated[str, typer.Argument(help="A question in plain words, in quotes.")],
    as_at: given.AsAt = None,
    as_format: Annotated[str | None, given.form_option("understanding")] = None,
    out: given.Out = None,
) -> None:
    """Say how a question in plain words is understood, and what of it is left out.

    Each reading with the command that asks it. `ask` takes the same words, and answers where the
    first reading is sure.
    """
    found = understand_words(text, given.today(), as_at)
    given.deliver_as("understanding", as_format, found, out)
