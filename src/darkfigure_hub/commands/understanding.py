"""The command on plain words: how a question is understood."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.flows.understand_words import understand_words


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
