"""The command that opens a cell: source."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from darkfigure.tables.counted import YES
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.open_source import OpenedCell, OpenedRecord, open_source
from darkfigure_hub.flows.show_references import show_references


def source(
    cell_id: Annotated[str, typer.Argument(help="The id of a cell, as an answer gives it.")],
    as_format: given.ListedOption = Listed.TEXT,
    show_values: Annotated[
        bool,
        typer.Option(
            "--show-values",
            help="Print agencies' references of records as received, too; this is logged.",
        ),
    ] = False,
) -> None:
    """Open a cell: every statement behind it, down to the row of the file as received."""
    open_repository()
    scope = given.operator("source")
    opened = (show_references if show_values else open_source)(scope, cell_id)
    if as_format is Listed.JSON:
        given.listing(_opened_data(opened))
        return
    console = Console(highlight=False, soft_wrap=True)
    cell = opened.cell
    console.print(
        Text(
            (
                f"{opened.answer.question.measure.title}, as at {opened.answer.question.as_at}: "
                f"{cell.value}"
            ),
            style="bold",
        )
    )
    if opened.changed:
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


def _opened_data(opened: OpenedCell) -> dict[str, object]:
    return {
        "cell": opened.cell.id,
        "value": opened.cell.value,
        "changed": opened.changed,
        "statements": [
            {
                "used": found.used,
                "value": found.row.value,
                "low": found.row.low,
                "high": found.row.high,
                "reason": found.row.reason,
                "dims": found.row.dims,
                "note": found.row.note,
                "period": found.row.block.period.label,
                "stated_on": found.row.block.stated_on.isoformat(),
                "stated_by": found.row.block.stated_as,
                "source": found.row.block.source,
                "file": found.row.block.file_name,
                "sha256": found.row.block.return_sha256,
                "row": found.row.row,
                "place": found.row.place,
                "original": dict(found.original),
            }
            for found in opened.statements
        ],
        "records": [
            {
                "kind": found.record.kind,
                "record": found.record.record,
                "agency": found.record.agency,
                "known_from": found.record.known_from.isoformat(),
                "change_reason": found.record.reason,
                "counted": found.record.state == YES,
                "open": "" if found.record.state == YES else found.record.state,
                "synthetic": found.record.synthetic,
                "file": found.of.file,
                "sha256": found.of.sha256,
                "row": found.record.row,
                "original": dict(found.original),
            }
            for found in opened.records
        ],
    }
