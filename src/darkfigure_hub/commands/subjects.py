"""Commands by which a person is answered who asks what is held about them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError
from darkfigure.writing.documents.head import document
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows import answer_subject as flow
from darkfigure_hub.flows.answer_subject import Sought
from darkfigure_hub.flows.open_repository import open_repository

_Person = Annotated[
    str,
    typer.Option(
        "--person", help="By pseudonym, as AGENCY:16 digits. Without it a name is asked for."
    ),
]
_Why = Annotated[str, typer.Option("--reason", help="Why, without a name: it is kept in the log.")]
PURPOSE = "a person's request"
#: What a file for one person is called.
NAME = "subject.json"


def find(why: _Why, person: _Person = "", as_format: given.ListedOption = Listed.TEXT) -> None:
    """Find every row in which one person stands, across agencies.

    A name and a date of birth are asked for, and not taken as options: what is typed as an option
    is seen by everybody on the machine.
    """
    open_repository()
    sought = _sought(person)
    found = flow.find_subject(given.operator(PURPOSE), sought, why)
    if as_format is Listed.JSON:
        given.listing("subject", flow.document_of(found, {}))
        return
    for each in found.persons:
        typer.echo(each)
    for part in found.parts:
        where = f"  {part.row.agency}, return {part.row.of}" if part.row.of else ""
        typer.echo(f"  {part.name}{where}")
    for table, number in Counter(each.table for each in found.traces).items():
        typer.echo(f"  named in {table}: {number:,}")
    for table, row in found.written:
        typer.echo(f"  written of in {table} {row}")
    if found.possibly:
        typer.echo(f"{len(found.possibly):,} more pseudonyms may be theirs, which nobody decided.")


def export(
    why: _Why,
    recipient: Annotated[str, typer.Option("--recipient", help=f"{', '.join(flow.RECIPIENTS)}.")],
    person: _Person = "",
    withhold: Annotated[
        list[str] | None,
        typer.Option("--withhold", help="A part or a kind, and its ground: 'arrest 12=b'."),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Lock it to this public key, or those of this file."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A new file, for what is locked.")
    ] = None,
    unlocked: Annotated[
        Path | None,
        typer.Option("--open", help="A folder, into which it is written readable, of mode 600."),
    ] = None,
) -> None:
    """Hand over what is held about one person, without what the law withholds, as one file.

    Locked to a public key; or readable, in a folder of your own, which is said.
    """
    if (unlocked is None) == (not to) or bool(to) != (out is not None):
        raise DarkfigureError(
            "Say --to KEY --out FILE to lock it, or --open FOLDER to leave it so."
        )
    target = out if out is not None else (unlocked or Path()) / NAME
    if target.exists():
        raise DarkfigureError(f"{target} is there already: name a new file.")
    open_repository()
    made = flow.export_subject(
        given.operator(PURPOSE), _sought(person), recipient, _withheld(withhold), why
    )
    text = document("subject", made, synthetic=None).encode()
    flow.write_private(target, flow.lock_bytes(text, to) if to else text)
    count = sum("withheld" in each for each in made["parts"])
    how = "locked" if to else "READABLE by whoever may read the folder's disk, of mode 600"
    typer.echo(f"{target}: {len(made['parts']):,} parts, {count:,} of them withheld; {how}.")


def rectify(
    part: Annotated[str, typer.Argument(help="The part that is disputed, as 'arrest 12'.")],
    why: _Why,
    person: Annotated[str, typer.Option("--person", help="By pseudonym.")],
    field: Annotated[list[str], typer.Option("--field", help="What of it is disputed.")],
    ground: Annotated[str, typer.Option("--ground", help="inaccurate, incomplete, unlawful.")],
) -> None:
    """Ask the agency that gave a part about what a person disputes of it.

    Nothing is overwritten: a correction is a new statement of the agency's.
    """
    open_repository()
    scope = given.operator(PURPOSE)
    made = flow.dispute_record(scope, person, part, field, ground, why)
    typer.echo(f"DISPUTE-{made}: the agency is asked, and who read the record is told.")


def disputes(as_format: given.ListedOption = Listed.TEXT) -> None:
    """List what people dispute, and what became of it."""
    open_repository()
    found = flow.show_disputes(given.operator(PURPOSE))
    if as_format is Listed.JSON:
        told = [
            {
                "dispute": each.number,
                "agency": each.agency,
                "kind": each.kind,
                "in_return": each.of,
                "row": each.row,
                "fields": list(each.fields),
                "ground": each.ground,
                "due_on": each.due_on,
                "state": each.state,
            }
            for each in found
        ]
        given.listing("disputes", {"disputes": told})
        return
    for each in found:
        typer.echo(
            f"DISPUTE-{each.number}  {each.agency}, {each.kind} in row {each.row} of return "
            f"{each.of}: {', '.join(each.fields)} {each.ground}; due {each.due_on}; {each.state}"
        )
    typer.echo(f"{sum(each.state == 'open' for each in found)} open")


def _sought(person: str) -> Sought:
    if person:
        return Sought(person=person)
    asked = [
        typer.prompt(each, default="", show_default=False, err=True)
        for each in ("Family name", "Given name", "Date of birth, where it is known")
    ]
    return Sought(family_name=asked[0], given_name=asked[1], born=asked[2])


def _withheld(said: list[str] | None) -> dict[str, str]:
    parted = [each.rpartition("=") for each in said or []]
    if wrong := [ground for part, _, ground in parted if not part]:
        raise DarkfigureError(f"{wrong[0]!r} withholds nothing: write 'arrest 12=b'.")
    return {part.strip(): ground.strip() for part, _, ground in parted}
