"""Commands on lists of people: link them, encode one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from darkfigure.basis.inert import inert
from darkfigure.linkage import Thresholds
from darkfigure_hub.commands import given
from darkfigure_hub.commands.waiting import counted
from darkfigure_hub.flows.link_lists import encode_list, link_lists


def link(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Lists of people: CSV, TSV or Parquet, or encoded by `encode`; - is standard "
            "input.",
            allow_dash=True,
        ),
    ],
    truth: Annotated[
        str, typer.Option("--truth", help="Column that says who is who, to measure by.")
    ] = "",
    engine: Annotated[str, typer.Option("--engine", help="duckdb or spark.")] = "duckdb",
    memory: given.Memory = "",
    resume: given.Resume = None,
    automatic: Annotated[
        float, typer.Option("--automatic", help="Records are joined from this probability on.")
    ] = 0.5,
    clerical: Annotated[
        float, typer.Option("--clerical", help="From here on somebody should look.")
    ] = 0.1,
    certain: Annotated[
        float, typer.Option("--certain", help="From here on a join is beyond doubt.")
    ] = 0.99,
    block: Annotated[
        list[str] | None,
        typer.Option(
            "--block",
            help="A+B: compare records that agree on these columns, instead of the rules here.",
        ),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            "--draws", min=0, max=10_000, help="Plausible ways of putting records together to draw."
        ),
    ] = 200,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Estimate how many are on no list, over the draws.")
    ] = False,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="The same seed gives the same figures.")
    ] = 1,
    model: Annotated[
        Path | None, typer.Option("--model", help="A model kept before, instead of training one.")
    ] = None,
    keep_model: Annotated[
        Path | None, typer.Option("--keep-model", help="Write the model to this file.")
    ] = None,
    persons: Annotated[
        Path | None,
        typer.Option(
            "--persons", help="Write each record's person to this CSV; no names are in it."
        ),
    ] = None,
    as_format: Annotated[str | None, given.form_option("linkage")] = None,
    out: given.Out = None,
    reading: given.With = None,
) -> None:
    """Say who is whom on several lists, how sure that is, and how many persons they are."""
    with counted("link") as bar:
        found = link_lists(
            [given.file(each) for each in files],
            truth=truth,
            engine=engine,
            memory=memory,
            keep=resume,
            model=model,
            blocks=block or [],
            thresholds=Thresholds(automatic, clerical, certain, min(0.05, clerical)),
            draws=draws,
            estimate=estimate,
            seed=seed,
            reading=reading,
            doing=bar.doing,
        )
    if keep_model:
        _write(keep_model, found.linked.model.to_json() + "\n")
    if persons:
        _write(persons, _csv(found.linked.persons()))
    given.deliver_as("linkage", as_format, found, out)


def _csv(table: pl.DataFrame) -> str:
    """A table as CSV, every text in it inert."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    safe = [
        pl.Series(name, list(map(inert, table[name].to_list())), dtype=pl.String) for name in texts
    ]
    return table.with_columns(safe).write_csv()


def _write(path: Path, text: str) -> None:
    given.deliver(text, path)


def encode(
    file: Annotated[
        Path, typer.Argument(help="A list of people; - is standard input.", allow_dash=True)
    ],
    key_file: Annotated[
        Path, typer.Option("--key-file", help="The key agencies share; the centre never has it.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Write the encoded list to this CSV file.")],
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", help="A column to leave as it is, to try the method. May be repeated."
        ),
    ] = None,
) -> None:
    """Encode a list so that it can be linked without names.

    Runs where the list is; needs no repository.
    """
    made = encode_list(given.file(file), key_file, keep=keep or [])
    _write(out, _csv(made))
    typer.echo(
        f"{made.height:,} records encoded with key {made['key'][0] if made.height else ''}",
        err=True,
    )
