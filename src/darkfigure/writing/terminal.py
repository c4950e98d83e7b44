"""A console that keeps what is written to it, for the forms that a terminal shows."""

from __future__ import annotations

import io

from rich.console import Console

WIDTH = 100
#: So many letters has the id of a cell: in a column of its own or under its figure it stays whole.
CELL_ID = 23


def console(width: int = WIDTH, *, colour: bool = False) -> Console:
    """A console of so many columns; plain text unless coloured."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
    )


def written(shown_on: Console) -> str:
    """What a console of this module kept, without spaces at the ends of lines."""
    kept = shown_on.file
    if not isinstance(kept, io.StringIO):
        raise TypeError("This console writes elsewhere: make it with `console`.")
    return "\n".join(line.rstrip() for line in kept.getvalue().splitlines()) + "\n"
