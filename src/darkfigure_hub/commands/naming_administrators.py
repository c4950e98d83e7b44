"""The command that names an administrator of accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.flows.appoint import create_administrator
from darkfigure_hub.flows.open_repository import open_repository


def createadmin(
    email: Annotated[str, typer.Option("--email", help="Their e-mail address.")],
    name: Annotated[str, typer.Option("--name", help="What they are called.")],
    agency: Annotated[str, typer.Option("--agency", help="The agency they work for.")] = "NCA",
) -> None:
    """Name an administrator of accounts, and print the code by which they join.

    Name two: what one proposes, another approves.
    """
    open_repository()
    code = create_administrator(given.operator("name an administrator"), email, name, agency)
    typer.echo(f"Code for {email}: {code.written}")
    typer.echo(
        f"It holds until {code.until:%d %B %Y} and is told here once. With it they set a password "
        "and a second factor of their own at /join."
    )
