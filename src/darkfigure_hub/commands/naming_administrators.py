"""The command that names an administrator of accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure_hub.commands import given
from darkfigure_hub.flows.appoint import create_administrator
from darkfigure_hub.flows.make_up_accounts import make_up_accounts
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


def demo_accounts(
    agencies: Annotated[
        list[str] | None,
        typer.Option("--agency", help="An agency that reports; may be given several times."),
    ] = None,
) -> None:
    """Make up an account for each role, and print once how each signs in. SYNTHETIC.

    Refused where the pages are served by https or the database is elsewhere: it is for trying.
    """
    open_repository()
    made = make_up_accounts(given.operator("try the pages"), agencies or ["kent"])
    typer.echo("SYNTHETIC accounts, for trying. This is told here once.")
    for each in made:
        typer.echo(f"{each.email}  {each.password}  {each.secret}  {each.role}, {each.agency}")
    typer.echo("E-mail, password, secret for an authenticator app (sign in at /account/sign-in).")
