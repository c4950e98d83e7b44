"""The command that opens a cell: source."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from darkfigure.tables.counted import YES
from darkfigure.writing.wording import figure
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.open_source import OpenedRecord, open_source
from darkfigure_hub.flows.opened_data import opened_data, opened_is_made_up
from darkfigure_hub.flows.show_references import show_references


def source(
    cell_id: Annotated[str, typer.Argument(help="The id of a cell, as an answer gives it.")],
    as_format: given.ListedOption = Listed.TEXT,
    show_values: Annotated[
        bool,
        typer.Option(
            "--show-values",
            help=(
                "Print agencies' references of records, and columns of files that no reading "
                "takes, as received, too; this is logged."
            ),
        ),
    ] = False,
) -> None:
    """Open a cell: every statement behind it, down to the row of the file as received."""
    open_repository()
    scope = given.operator("source")
    opened = (show_references if show_values else open_source)(scope, cell_id)
    if as_format is Listed.JSON:
        given.listing("source", opened_data(opened), synthetic=opened_is_made_up(opened))
        return
    console = Console(highlight=False, soft_wrap=True)
    cell = opened.cell
    console.print(
        Text(
            (
                f"{opened.answer.question.measure.title}, as at {opened.answer.question.as_at}: "
                f"{figure(cell)}"
            ),
            style="bold",
        )
    )
    if opened.given is not None and opened.moved:
        now = "no such figure" if opened.gone else figure(cell)
        console.print(
            f"Given on {opened.given_at:%Y-%m-%d %H:%M} as {figure(opened.given)}; today it would "
            f"be {now}. Shown is what it rests on now."
        )
    elif opened.changed:
        console.print(
            "Since this answer was first given, other returns have arrived; shown is what it "
            "rests on now."
        )
    for statement in opened.statements:
        block, row = statement.row.block, statement.row
        used = "used" if statement.used else "not used"
        console.print(
            Text(
                f"\n{used}: {row.value if row.value is not None else row.reason or f'{row.low} to {row.high}'} "  # noqa: E501
                f"{block.unit}, {block.period.label}, stated {block.stated_on} by {block.stated_as}"
            )
        )
        console.print(Text(f"  {block.source}"))
        console.print(
            Text(
                f"  file {block.file_name}, {row.place or f'line {row.row}'}, sha256 "
                f"{block.return_sha256}"
            )
        )
        for name, value in statement.original:
            console.print(Text(f"    {name}: {value}"))
    for opened_record in opened.records:
        _print_record(console, opened_record)


def _print_record(console: Console, opened: OpenedRecord) -> None:
    each, of = opened.record, opened.of
    how = "counted" if each.state == YES else f"could be counted: {each.state.replace('_', ' ')}"
    made_up = ", synthetic" if each.synthetic else ""
    why = f", {each.reason.replace('_', ' ')}" if each.reason else ""
    console.print(
        Text(f"\n{each.named}, {each.agency}, known from {each.known_from}{why}: {how}{made_up}")
    )
    console.print(Text(f"  file {of.file}, {each.kind} {each.row}, sha256 {of.sha256}"))
    for name, value in opened.original:
        console.print(Text(f"    {name}: {value}"))
