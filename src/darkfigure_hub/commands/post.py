"""The command for what waits to be sent: outbox."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.post import send_again, show_outbox


def outbox(
    again: Annotated[
        int | None,
        typer.Option("--again", help="The number of a message that was given up: try it again."),
    ] = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """List what waits to be sent, and what was given up and why; have it tried once more."""
    open_repository()
    scope = given.operator("outbox")
    if again is not None:
        send_again(scope, again)
        typer.echo(f"MESSAGE-{again} is sent when the worker next looks.")
        return
    found = show_outbox(scope)
    if as_format is Listed.JSON:
        rows = [
            {
                "message": each.name,
                "kind": each.kind,
                "account": each.account,
                "state": each.state,
                "made_at": each.made_at,
                "due_at": each.due_at,
                "attempts": each.attempt,
                "perhaps_twice": each.doubtful,
                "said": each.said,
            }
            for each in found.messages
        ]
        counts = {name.replace(" ", "_"): number for name, number in found.counts.items()}
        given.listing("outbox", {"counts": counts, "messages": rows}, synthetic=False)
        return
    for each in found.messages:
        twice = "  perhaps sent twice" if each.doubtful else ""
        typer.echo(
            f"{each.name}  {each.made_at:%Y-%m-%d %H:%M}  {each.state}  {each.kind}  account "
            f"{each.account}  tried {each.attempt}{twice}  {each.said}".rstrip()
        )
    typer.echo(", ".join(f"{number} {name}" for name, number in found.counts.items()))
