"""Commands for what is reviewed and disposed of: disposal list, hold, propose, carry out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from darkfigure.basis.period import parse_day
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import dispose
from darkfigure_hub.flows.open_repository import open_repository

_Kind = Annotated[str, typer.Argument(help="return, report, response or person.")]
_Number = Annotated[str, typer.Argument(help="Its number; of a person, a pseudonym.")]
_Why = Annotated[str, typer.Option("--reason", help="Why, without a name.")]
_Of = Annotated[int, typer.Argument(help="The number of the proposal.")]
PURPOSE = "disposal"


def list_due(
    on: Annotated[
        str | None, typer.Option("--on", help="Due by this day (YYYY-MM-DD). Default: today.")
    ] = None,
    as_format: given.ListedOption = Listed.TEXT,
) -> None:
    """List what is overdue for review, what is held and why, what was disposed of."""
    open_repository()
    day = _day(on) or given.today()
    found = dispose.show_review(given.operator(PURPOSE), day)
    if as_format is Listed.JSON:
        told = {
            "overdue": [
                {
                    "kind": each.kind,
                    "number": each.number,
                    "class": each.rule.name,
                    "due": each.due,
                    "held": each.kept is not None,
                    "proposed": each.proposed,
                }
                for each in found.overdue
            ],
            "later": found.later,
            "holds": [
                {
                    "hold": each.number,
                    "kind": each.kind,
                    "number": each.target,
                    "ground": each.ground,
                    "until": each.until,
                }
                for each in found.holds
            ],
            "disposals": [
                {
                    "disposal": each.number,
                    "kind": each.kind,
                    "number": each.target,
                    "state": each.state,
                    "due": each.due,
                    "sha256": each.sha256,
                    "proposed_by": each.proposed_by,
                    "carried_out_by": each.carried_out_by,
                    "carried_out_at": each.carried_out_at,
                    "gone": each.gone,
                }
                for each in found.disposals
            ],
        }
        given.listing("disposal", told, synthetic=False)
        return
    for due in found.overdue:
        kept = f"  kept by HOLD-{due.kept.number} ({due.kept.ground})" if due.kept else ""
        open_one = f"  DISPOSAL-{due.proposed} proposed" if due.proposed else ""
        typer.echo(f"{due.due}  {due.name}  {due.rule.name}{kept}{open_one}")
    typer.echo(f"{len(found.overdue)} due for review, {found.later} later")
    for held in found.holds:
        until = f" until {held.until}" if held.until else ""
        typer.echo(f"HOLD-{held.number}  {held.kind} {held.target}  {held.ground}{until}")
    for each in found.disposals:
        gone = ", ".join(f"{number} {what}" for what, number in (each.gone or {}).items())
        typer.echo(f"DISPOSAL-{each.number}  {each.kind} {each.target}  {each.state}  {gone}")
    for rule in found.rules:
        own = "; the house's own choice" if rule.choice else ""
        typer.echo(f"{rule.name}: {rule.years} years after {rule.clock}{own}. {rule.basis}")


def hold(
    kind: _Kind,
    number: _Number,
    why: _Why,
    ground: Annotated[
        str, typer.Option("--ground", help=f"{', '.join(dispose.GROUNDS)}.")
    ] = "retained",
    until: Annotated[
        str | None, typer.Option("--until", help="Until this day (YYYY-MM-DD).")
    ] = None,
) -> None:
    """Keep a thing: it is reviewed again when the hold is over, and not disposed of before."""
    open_repository()
    scope = given.operator(PURPOSE)
    of = dispose.number_of(scope, kind, number)
    made = dispose.hold_thing(scope, kind, of, ground, why, _day(until))
    typer.echo(f"HOLD-{made}")


def end_hold(
    number: Annotated[int, typer.Argument(help="The number of the hold.")], why: _Why
) -> None:
    """End a hold."""
    open_repository()
    dispose.end_hold(given.operator(PURPOSE), number, why)
    typer.echo(f"HOLD-{number} is ended.")


def propose(kind: _Kind, number: _Number, why: _Why) -> None:
    """Propose that a thing, or all that is held of a person, be disposed of by another."""
    open_repository()
    scope = given.operator(PURPOSE)
    made = dispose.propose_disposal(scope, kind, dispose.number_of(scope, kind, number), why)
    typer.echo(f"DISPOSAL-{made}: another than you carries it out.")
    if kind == dispose.PERSON:
        typer.echo(str(dispose.show_drafts_of(scope, made)))


def withdraw_proposal(number: _Of) -> None:
    """Withdraw a proposal that was not carried out."""
    open_repository()
    dispose.withdraw_disposal(given.operator(PURPOSE), number)
    typer.echo(f"DISPOSAL-{number} is withdrawn.")


def carry_out(number: _Of) -> None:
    """Dispose of what another proposed: names, words and records go, and the proof stays."""
    open_repository()
    held = dispose.carry_out_disposal(given.operator(PURPOSE), number)
    gone = ", ".join(f"{many:,} {what}" for what, many in (held.gone or {}).items())
    typer.echo(f"DISPOSAL-{number}: {held.kind} {held.target} is gone ({gone}).")
    typer.echo("Backups made before hold it still: see that none is kept longer than need be.")


def _day(given_day: str | None) -> date | None:
    return parse_day(given_day) if given_day else None
