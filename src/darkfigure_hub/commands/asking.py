"""Commands that ask: measures, ask, bridge, source."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from django.utils import timezone
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.codes import codes_for
from darkfigure.evidence.snapshots import Snapshot, open_snapshot
from darkfigure.publication import Question
from darkfigure.tables.bounds import YES
from darkfigure.tables.counting import COUNTED
from darkfigure.tables.measures import all_measures
from darkfigure.tables.question import STATEMENTS, from_words
from darkfigure_hub.commands import given
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.ask_snapshot import answer_from_snapshot, bridge_from_snapshot
from darkfigure_hub.flows.close_gap import raise_gaps
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.open_source import OpenedCell, OpenedRecord, open_source

Measure = Annotated[
    str, typer.Argument(help="What is asked about; `darkfigure measures` lists them.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (measures, ask, bridge, source):
        app.command()(command)


def measures(as_format: given.ListingOption = given.Listing.TEXT) -> None:
    """List what can be asked about: unit, definition, dimensions and who holds it."""
    if as_format is given.Listing.JSON:
        typer.echo(
            json.dumps(
                [
                    {
                        "measure": m.code,
                        "title": m.title,
                        "units": m.units,
                        "definition": m.definition,
                        "dimensions": m.dimensions,
                        "holders": [codes_for("agency").label(holder) for holder in m.holders],
                        "aliases": m.aliases,
                        "counting_rules": [str(rule) for rule in COUNTED.get(m.code, ())],
                    }
                    for m in all_measures().values()
                ],
                indent=2,
            )
        )
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Measure", "Unit", "Definition", "Dimensions", "Held by", "Counted from cases by"):
        table.add_column(head, overflow="fold", min_width=12 if head != "Definition" else 30)
    for m in all_measures().values():
        holders = ", ".join(codes_for("agency").label(holder) for holder in m.holders)
        table.add_row(
            m.code,
            " or ".join(m.units).replace("_", " "),
            m.definition,
            ", ".join(m.dimensions) or "-",
            holders,
            ", ".join(COUNTED.get(m.code, ())) or "-",
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


def ask(
    measure: Measure,
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    unit: given.Unit = None,
    as_at: given.AsAt = None,
    evidence: given.Evidence = STATEMENTS,
    rule: given.Rules = None,
    snapshot: given.SnapshotFolder = None,
    raise_gap: Annotated[
        bool,
        typer.Option(
            "--raise", help="Enter what cannot be said as a gap; you are told when it can be."
        ),
    ] = False,
    as_format: Annotated[str | None, given.form_option("answer")] = None,
    language: given.Language = "en",
    out: given.Out = None,
) -> None:
    """Answer a question from what was known on a day, or say exactly why it cannot be answered."""
    held = open_snapshot(snapshot) if snapshot else None
    asked = _question(measure, held, as_at, by, where, period, unit, evidence, rule)
    if held is not None:
        found = answer_from_snapshot(held, asked)
    else:
        open_repository()
        found = answer_question(given.operator("ask"), asked)
    given.deliver_as("answer", as_format, found, out, language=language)
    if raise_gap:
        if held is not None:
            raise UnknownName("A gap is raised in the repository, not in a snapshot.")
        for gap in raise_gaps(given.operator("raise gaps"), found):
            drafted = "a draft was made of" if gap.drafted else "it is asked already by"
            waits = "" if gap.new else " (it waited already)"
            typer.echo(f"{gap.reference}{waits}: {drafted} {gap.requirement}: {gap.text}", err=True)


def bridge(
    measure: Measure,
    start: Annotated[str, typer.Option("--from", help="Opening day (YYYY-MM-DD).")],
    end: Annotated[str, typer.Option("--to", help="Closing day (YYYY-MM-DD).")],
    by: given.By = None,
    where: given.Where = None,
    period: given.PeriodOption = None,
    unit: given.Unit = None,
    as_at: Annotated[
        str | None,
        typer.Option("--as-at", help="Use explanations known by this day. Default: today."),
    ] = None,
    evidence: given.Evidence = STATEMENTS,
    rule: given.Rules = None,
    snapshot: given.SnapshotFolder = None,
    as_format: Annotated[str | None, given.form_option("bridge")] = None,
    language: given.Language = "en",
    out: given.Out = None,
) -> None:
    """Explain why a figure changed between two days. Always adds up; what no source explains has
    its own line.
    """
    held = open_snapshot(snapshot) if snapshot else None
    asked = _question(measure, held, as_at, by, where, period, unit, evidence, rule)
    first, last = parse_day(start), parse_day(end)
    if held is not None:
        found = bridge_from_snapshot(held, asked, first, last)
    else:
        open_repository()
        found = explain_change(given.operator("bridge"), asked, first, last)
    given.deliver_as("bridge", as_format, found, out, language=language)


def _question(
    measure: str,
    held: Snapshot | None,
    as_at: str | None,
    by: list[str] | None,
    where: list[str] | None,
    period: str | None,
    unit: str | None,
    evidence: str,
    rule: list[str] | None,
) -> Question:
    """The question asked; of a snapshot as at its own day where no other is given."""
    if rule and len(rule) > 1:
        raise UnknownName(
            "One rule at a time here; `darkfigure compare` sets several side by side."
        )
    return from_words(
        measure,
        timezone.localdate() if held is None else held.as_at,
        by=by,
        where=where,
        period=period,
        unit=unit,
        as_at=as_at,
        evidence=evidence,
        rule=rule[0] if rule else None,
    )


def source(
    cell_id: Annotated[str, typer.Argument(help="The id of a cell, as an answer gives it.")],
    as_format: given.ListingOption = given.Listing.TEXT,
) -> None:
    """Open a cell: every statement behind it, down to the row of the file as received."""
    open_repository()
    opened = open_source(given.operator("source"), cell_id)
    if as_format is given.Listing.JSON:
        typer.echo(json.dumps(_opened_data(opened), indent=2, ensure_ascii=False))
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
        Text(
            f"\n{each.kind} {each.record}, {each.agency}, known from {each.known_from}{why}: "
            f"{how}{made_up}"
        )
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
