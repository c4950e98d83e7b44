"""The command that looks at a file and proposes how it is read: read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import say, several
from darkfigure.reading.choosing import beside
from darkfigure.reading.instructions import Form
from darkfigure.reading.proposal import Proposal
from darkfigure.reading.reading_text import text_of, told_of_forms
from darkfigure.reading.seen import Seen
from darkfigure_hub import flows
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed

#: So many columns of the first rows are drawn.
_DRAWN = 8


def read(
    file: given.File,
    sheet: Annotated[str, typer.Option("--sheet", help="The sheet to look at.")] = "",
    table: Annotated[
        int, typer.Option("--table", min=0, help="The table to look at, counted from the top.")
    ] = 0,
    measure: Annotated[str, typer.Option("--measure", help="What is counted.")] = "",
    period: Annotated[str, typer.Option("--period", help="The period of all figures.")] = "",
    stated_on: Annotated[
        str, typer.Option("--stated-on", help="The day the figures were published.")
    ] = "",
    stated_by: Annotated[str, typer.Option("--stated-by", help="Who stated them.")] = "",
    source: Annotated[str, typer.Option("--source", help="What to cite.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="The reading. Default: FILE.reading.toml.")
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Write over a reading that is there.")
    ] = False,
    as_format: given.ListedOption = Listed.TEXT,
    values: given.ShowValues = False,
) -> None:
    """Look at a file of tables, say how it seems to be read, and write that as a reading."""
    path = given.file(file)
    with given.showing([path], wanted=values):
        proposal = flows.propose_reading.propose_reading(path, sheet=sheet, table=table)
    told = {
        "measure": measure,
        "period": period,
        "stated_on": stated_on,
        "stated_by": stated_by,
        "source": source,
    }
    proposal = _with(proposal, {key: value for key, value in told.items() if value})
    if as_format is Listed.JSON:
        given.listing("proposal", _plain(proposal))
        return
    for line in _shown(proposal):
        typer.echo(line)
    _draw(proposal)
    target = out or beside(path)
    if target.exists() and not anew:
        raise DarkfigureError(f"{target} is there already: --anew writes over it, --out elsewhere.")
    given.deliver_bytes(text_of(proposal).encode(), target)
    typer.echo(_next(proposal, path, target))


def _with(proposal: Proposal, told: dict[str, str]) -> Proposal:
    """A proposal with what was said of all figures."""
    always = {**proposal.reading.always, **told}
    ask = tuple(key for key in proposal.ask if key not in told)
    return replace(proposal, reading=replace(proposal.reading, always=always), ask=ask)


def _plain(proposal: Proposal) -> dict[str, object]:
    return {
        "file": proposal.book.name,
        "form": str(proposal.book.form),
        "reads_as": str(proposal.reading.form),
        "kinds": list(proposal.forms[0].kinds) if proposal.forms else [],
        "sheet": proposal.table.sheet.name,
        "heading_lines": list(proposal.table.area.heading_rows),
        "first_line": proposal.table.area.first,
        "last_line": proposal.table.area.last or None,
        "columns": [_column(each) for each in proposal.columns],
        "across": list(proposal.reading.across),
        "always": dict(proposal.reading.always),
        "ask": list(proposal.ask),
        "marks": list(proposal.marks),
        "measures": list(proposal.measures),
        "other_tables": len(proposal.others),
        "rows": [list(row) for row in proposal.rows],
    }


def _column(seen: Seen) -> dict[str, object]:
    entry = asdict(seen)
    unknown = entry.pop("unknown")
    return {
        **entry,
        "unknown": [list(each) for each in unknown] if seen.shown else len(unknown),
    }


def _shown(proposal: Proposal) -> Iterator[str]:
    area = proposal.table.area
    rows = f"{area.last - area.first + 1:,}" if area.last else str(say("readings.many"))
    yield str(
        say(
            "readings.found",
            file=proposal.book.name,
            form=proposal.book.form,
            sheet=repr(proposal.table.sheet.name)
            if proposal.table.sheet.name
            else say("readings.sheet_one"),
            line=area.heading_rows[-1] if area.heading_rows else area.first,
            rows=rows,
        )
    )
    yield from (f"      noticed: {each}" for each in proposal.told)
    yield from map(str, told_of_forms(proposal))
    if proposal.others:
        yield str(say("readings.others", count=len(proposal.others)))


def _draw(proposal: Proposal) -> None:
    """The columns with what they seem to be, and the first rows as they are understood."""
    console = Console()
    columns = Table(box=None, pad_edge=False)
    for name in ("column", "is", "sure", "values"):
        columns.add_column(str(say(f"readings.head.{name}")))
    for seen in proposal.columns:
        if seen.name:
            known = seen.known or seen.unknown
            counts = say("readings.values", known=seen.known, unknown=len(seen.unknown))
            columns.add_row(
                escape(seen.name), seen.is_, f"{seen.sure:.0%}", str(counts) if known else ""
            )
    console.print(columns)
    if not proposal.rows:
        return
    rows = Table(pad_edge=False)
    for seen in proposal.columns[:_DRAWN]:
        rows.add_column(seen.is_, overflow="ellipsis", no_wrap=True)
    for row in proposal.rows:
        rows.add_row(*map(escape, row[:_DRAWN]))
    console.print(rows)


def _next(proposal: Proposal, path: Path, target: Path) -> str:
    if proposal.reading.form is not Form.FIGURES:
        told = "records_next" if proposal.reading.form is Form.CASES else "lists_next"
        return str(say(f"readings.{told}", file=target.name, source=path.name))
    if proposal.ask or proposal.marks:
        asked = several([*proposal.ask, *(["marks"] if proposal.marks else [])], "comma")
        return str(say("readings.written", file=target.name, source=path.name, asked=asked))
    return str(say("readings.whole", file=target.name, source=path.name))
