"""The command that looks at a file and proposes how it is read: read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import say, several
from darkfigure.reading.choosing import beside
from darkfigure.reading.proposal import Proposal, Seen
from darkfigure.reading.reading_text import text_of
from darkfigure_hub.commands import given
from darkfigure_hub.commands.given import Listed
from darkfigure_hub.flows.propose_reading import propose_reading

#: So many columns of the first rows are drawn.
_DRAWN = 8


def read(
    file: given.File,
    sheet: Annotated[str, typer.Option("--sheet", help="The sheet to look at.")] = "",
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
        found = propose_reading(path, sheet=sheet)
    told = {
        "measure": measure,
        "period": period,
        "stated_on": stated_on,
        "stated_by": stated_by,
        "source": source,
    }
    found = _with(found, {key: value for key, value in told.items() if value})
    if as_format is Listed.JSON:
        given.listing(_plain(found))
        return
    for line in _shown(found):
        typer.echo(line)
    _draw(found)
    target = out or beside(path)
    if target.exists() and not anew:
        raise DarkfigureError(f"{target} is there already: --anew writes over it, --out elsewhere.")
    given.deliver_bytes(text_of(found).encode(), target)
    typer.echo(_next(found, path, target))


def _with(found: Proposal, told: dict[str, str]) -> Proposal:
    """A proposal with what was said of all figures."""
    always = {**found.reading.always, **told}
    ask = tuple(key for key in found.ask if key not in told)
    return replace(found, reading=replace(found.reading, always=always), ask=ask)


def _plain(found: Proposal) -> dict[str, object]:
    return {
        "file": found.book.name,
        "form": str(found.book.form),
        "sheet": found.table.sheet.name,
        "heading_lines": list(found.table.area.heading_rows),
        "first_line": found.table.area.first,
        "last_line": found.table.area.last or None,
        "columns": [_column(each) for each in found.columns],
        "across": list(found.reading.across),
        "always": dict(found.reading.always),
        "ask": list(found.ask),
        "marks": list(found.marks),
        "measures": list(found.measures),
        "other_tables": len(found.others),
        "rows": [list(row) for row in found.rows],
    }


def _column(seen: Seen) -> dict[str, object]:
    entry = asdict(seen)
    unknown = entry.pop("unknown")
    return {
        **entry,
        "unknown": [list(each) for each in unknown] if seen.shown else len(unknown),
    }


def _shown(found: Proposal) -> Iterator[str]:
    area = found.table.area
    rows = f"{area.last - area.first + 1:,}" if area.last else str(say("readings.many"))
    yield str(
        say(
            "readings.found",
            file=found.book.name,
            form=found.book.form,
            sheet=repr(found.table.sheet.name)
            if found.table.sheet.name
            else say("readings.sheet_one"),
            line=area.heading_rows[-1] if area.heading_rows else area.first,
            rows=rows,
        )
    )
    yield from (f"      noticed: {each}" for each in found.told)
    if found.others:
        yield str(say("readings.others", count=len(found.others)))


def _draw(found: Proposal) -> None:
    """The columns with what they seem to be, and the first rows as they are understood."""
    console = Console()
    columns = Table(box=None, pad_edge=False)
    for name in ("column", "is", "sure", "values"):
        columns.add_column(str(say(f"readings.head.{name}")))
    for seen in found.columns:
        if seen.name:
            known = seen.known or seen.unknown
            counts = say("readings.values", known=seen.known, unknown=len(seen.unknown))
            columns.add_row(seen.name, seen.is_, f"{seen.sure:.0%}", str(counts) if known else "")
    console.print(columns)
    rows = Table(pad_edge=False)
    for seen in found.columns[:_DRAWN]:
        rows.add_column(seen.is_, overflow="ellipsis", no_wrap=True)
    for row in found.rows:
        rows.add_row(*row[:_DRAWN])
    console.print(rows)


def _next(found: Proposal, path: Path, target: Path) -> str:
    if found.ask or found.marks:
        asked = several([*found.ask, *(["marks"] if found.marks else [])], "comma")
        return str(say("readings.written", file=target.name, source=path.name, asked=asked))
    return str(say("readings.whole", file=target.name, source=path.name))
