"""Commands for agencies that end: agencies merge, split, close."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from darkfigure.basis.period import parse_day
from darkfigure_hub.commands import given
from darkfigure_hub.flows.change_agencies import close_agency, merge_agencies, split_agency
from darkfigure_hub.flows.open_repository import open_repository

_From = Annotated[
    str | None,
    typer.Option("--from", help="The day from which it holds (YYYY-MM-DD). Default: today."),
]
_Why = Annotated[str, typer.Option("--reason", help="Why: the law, or the decision.")]


def merge(
    agencies: Annotated[list[str], typer.Argument(help="The agencies that go over.")],
    into: Annotated[str, typer.Option("--into", help="The agency that they go over into.")],
    why: _Why,
    on: _From = None,
) -> None:
    """Merge agencies: their people, tokens, asks and drafts go over; what they said stays."""
    open_repository()
    scope = given.operator("agencies")
    for agency, moved in merge_agencies(scope, agencies, into, _day(on), why).items():
        _tell(agency, moved)


def split(
    agency: Annotated[str, typer.Argument(help="The agency that is divided.")],
    into: Annotated[
        list[str], typer.Option("--into", help="An agency that it is divided into; two or more.")
    ],
    keeper: Annotated[
        str, typer.Option("--keeper", help="Which of them keeps what is open, and sees the rest.")
    ],
    why: _Why,
    on: _From = None,
) -> None:
    """Divide an agency: one of its parts keeps people, tokens, asks and drafts."""
    open_repository()
    scope = given.operator("agencies")
    _tell(agency, split_agency(scope, agency, into, keeper, _day(on), why))


def close(
    agency: Annotated[str, typer.Argument(help="The agency that closes.")],
    why: _Why,
    on: _From = None,
) -> None:
    """Close an agency: roles end, tokens are revoked, asks taken back, drafts discarded."""
    open_repository()
    _tell(agency, close_agency(given.operator("agencies"), agency, _day(on), why))


def _day(on: str | None) -> date:
    return parse_day(on) if on else given.today()


def _tell(agency: str, moved: dict[str, int]) -> None:
    typer.echo(f"{agency}: {', '.join(f'{number} {what}' for what, number in moved.items())}")
