"""Commands for the tokens by which programs of agencies report: tokens list, make, revoke."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from darkfigure.basis.marking import Marking
from darkfigure.basis.period import parse_day
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.appoint import marking_named
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.programs import LONGEST, Wanted, make_token, revoke_token, show_tokens


def list_tokens(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List the tokens of programs: of which agency, for what, until when, when last used."""
    open_repository()
    found = show_tokens(given.operator("tokens"))
    if as_format is Listed.JSON:
        rows = [
            {
                "token": each.name,
                "agency": each.agency,
                "called": each.called,
                "grants": list(each.grants),
                "marking": Marking(each.marking).name,
                "state": each.state,
                "made_by": each.made_by,
                "made_at": each.made_at,
                "until": each.until,
                "used_at": each.used_at,
                "revoked_by": each.revoked_by,
                "revoked_at": each.revoked_at,
                "revoked_why": each.revoked_why,
            }
            for each in found
        ]
        given.listing("tokens", {"tokens": rows}, synthetic=False)
        return
    for each in found:
        used = f"{each.used_at:%Y-%m-%d %H:%M}" if each.used_at else "never"
        typer.echo(
            f"{each.name}  {each.agency}  {each.state}  until {each.until:%Y-%m-%d}  used {used}  "
            f"{'+'.join(each.grants)}  {each.called}"
        )


def make(
    agency: Annotated[str, typer.Argument(help="The agency whose program it is.")],
    called: Annotated[str, typer.Option("--for", help="What it is for: a system, not a name.")],
    grants: Annotated[
        list[str],
        typer.Option(
            "--grant", help="returns, reports, replies, figures, or release; may be repeated."
        ),
    ],
    marking: Annotated[
        str, typer.Option("--marking", help="What it sees and sends at most.")
    ] = "OFFICIAL",
    until: Annotated[
        str | None,
        typer.Option("--until", help="The last day (YYYY-MM-DD). Default: a year from today."),
    ] = None,
) -> None:
    """Make a token for a program of an agency, and print it: it is told once."""
    open_repository()
    last = parse_day(until) if until else given.today() + LONGEST - timedelta(days=1)
    wanted = Wanted(agency, called, grants, marking_named(marking), last)
    made = make_token(given.operator("tokens"), wanted)
    typer.echo(made.written)
    typer.echo(
        f"TOKEN-{made.number}, until {made.until:%Y-%m-%d %H:%M}. It is told here once: keep it in "
        "a file of mode 600.",
        err=True,
    )


def revoke(
    number: Annotated[int, typer.Argument(help="The number of the token: 3 for TOKEN-3.")],
    why: Annotated[str, typer.Option("--reason", help="Why it is revoked.")],
) -> None:
    """Revoke a token: from now on it lets nobody in."""
    open_repository()
    revoke_token(given.operator("tokens"), number, why)
    typer.echo(f"TOKEN-{number} is revoked.")
