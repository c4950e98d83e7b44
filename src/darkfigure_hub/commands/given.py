"""What commands are given: options shared between them, and how they are read."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import parse_day
from darkfigure.writing import registry
from darkfigure_hub.access import for_operator


class Listing(StrEnum):
    """Written forms of a list of what there is."""

    TEXT = "text"
    JSON = "json"


ListingOption = Annotated[Listing, typer.Option("--format", help="How it is written.")]


def form_option(subject: str) -> Any:
    """The option that chooses among the forms of a subject."""
    names = [form.name for form in registry.forms_of(subject)]
    told = "How it is written. Default: by the ending of --out, else text."
    return typer.Option(
        "--format", metavar=f"[{'|'.join(names)}]", autocompletion=lambda: names, help=told
    )


By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        help="Dimensions, separated by commas; also period, month, quarter, year, financial_year.",
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        help="DIMENSION=VALUE, or DIMENSION~VALUE to include combinations. May be repeated.",
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period", help="2023, 2023Q2, 2017/18, 2023-04, 2023-04-01, or two with .. between."
    ),
]
Unit = Annotated[
    str | None, typer.Option("--unit", help="Unit, where a measure is held in several.")
]
AsAt = Annotated[
    str | None,
    typer.Option(
        "--as-at",
        help="The day as known on which the answer is wanted (YYYY-MM-DD). Default: today.",
    ),
]
Language = Annotated[
    str, typer.Option("--language", help="The language it is written in: en, or cy (a draft).")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write to this file instead of the terminal.")
]


Evidence = Annotated[
    str,
    typer.Option(
        "--evidence",
        help="statements (figures as bodies stated them) or cases (records counted here).",
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="Counting rule, for cases; several are set side by side."),
]
SnapshotFolder = Annotated[
    Path | None,
    typer.Option("--snapshot", help="Ask the files of a snapshot instead of the repository."),
]


def operator(purpose: str) -> Scope:
    """The scope of whoever runs the program."""
    return for_operator(getpass.getuser(), purpose)


def day_or_today(text: str | None) -> date:
    """A day given, or today."""
    return parse_day(text) if text else timezone.localdate()


def names(by: list[str] | None) -> list[str]:
    """What is given separated by commas, however often the option was used."""
    return [name for given in by or [] for name in given.split(",")]


def deliver(text: str, out: Path | None) -> None:
    """Print, or write to a file."""
    if out is None:
        typer.echo(text, nl=False)
        return
    deliver_bytes(text.encode("utf-8"), out)


def deliver_bytes(made: bytes, out: Path) -> None:
    """Write to a file."""
    try:
        out.write_bytes(made)
    except OSError as error:
        raise DarkfigureError(f"{out} cannot be written: {error.strerror}.") from error
    typer.echo(f"Written to {out}", err=True)


def deliver_as(
    subject: str, name: str | None, value: object, out: Path | None, *, language: str = "en"
) -> None:
    """Print or write to a file, in a form of the registry."""
    form = registry.form_for(subject, out, name)
    shown = out is None and sys.stdout.isatty()
    if form.kind.binary and shown:
        raise UnknownName(f"{form.name} is not for a terminal: name a file with --out.")
    made = registry.write(subject, form.name, value, language=language, colour=shown)
    if isinstance(made, str):
        deliver(made, out)
    elif out is None:
        sys.stdout.buffer.write(made)
    else:
        deliver_bytes(made, out)


@contextmanager
def progress(name: str) -> Iterator[Callable[[str, int], None]]:
    """Shows what is being done and how many rows so far, while it is."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[name]}: {task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading", name=name)

        def report(doing: str, rows: int) -> None:
            shown.update(task, description=f"{doing}{f', {rows:,} rows' if rows else ''}")

        yield report
