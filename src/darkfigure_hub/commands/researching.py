"""Commands that make files for research: made-up records, extracts in which nobody stands alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.writing.registry import TEXT, form_for, write
from darkfigure_hub.commands import given
from darkfigure_hub.flows import research_files
from darkfigure_hub.flows.research_files import Budget

By = Annotated[
    list[str],
    typer.Option(
        "--by",
        callback=given.no_blank("--by", "Name a column"),
        help="Columns of the records, separated by commas.",
    ),
]
Epsilon = Annotated[
    float, typer.Option("--epsilon", help="What may be told of one person: less is safer.")
]
Order = Annotated[
    int, typer.Option("--order", min=1, help="Of how many columns the noisy margins are.")
]
BudgetFile = Annotated[
    Path | None, typer.Option("--budget", help="A file in which it is kept what was spent.")
]
Total = Annotated[float, typer.Option("--total", help="Of the budget: so much in all.")]
Merge = Annotated[
    list[Path] | None,
    typer.Option("--merge", help="A table of two columns, a value and its group."),
]


def synthesise(
    file: given.File,
    by: By,
    epsilon: Epsilon,
    count: Annotated[str, typer.Option("--count", help="The column of counts.")] = "",
    order: Order = 2,
    budget: BudgetFile = None,
    total: Total = 1.0,
    as_format: Annotated[str | None, given.form_option("synthetic")] = None,
    out: given.Out = None,
) -> None:
    """Make up records like those of a file: what they tell of any one person is bounded.

    Without --count every row is one person. The report says what is kept, and is not to go out.
    """
    made = research_files.synthetic_of_file(
        given.file(file),
        given.names(by),
        count=count,
        epsilon=epsilon,
        order=order,
        budget=Budget(budget, total) if budget else None,
    )
    given.deliver_as("synthetic", as_format, made, out)
    if form_for("synthetic", out, as_format).name != TEXT:
        typer.echo(write("synthetic", TEXT, made), err=True, nl=False)


def extract(
    file: given.File,
    recognise: Annotated[
        list[str],
        typer.Option("--recognise", help="Columns by which people could be recognised."),
    ],
    sensitive: Annotated[
        list[str] | None,
        typer.Option("--sensitive", help="Columns of which nobody may learn the value."),
    ] = None,
    k: Annotated[int, typer.Option("--k", help="So many people with each combination.")] = 5,
    diverse: Annotated[
        int, typer.Option("--l", min=1, help="So many values of each sensitive column.")
    ] = 1,
    merge: Merge = None,
    fraction: Annotated[
        float, typer.Option("--fraction", help="Of what part of the population the file is.")
    ] = 1.0,
    as_format: Annotated[str | None, given.form_option("extract")] = None,
    out: given.Out = None,
) -> None:
    """Coarsen and leave out, until nobody in a file stands among fewer than k."""
    made = research_files.extract_of_file(
        given.file(file),
        given.names(recognise),
        given.names(sensitive),
        k=k,
        l=diverse,
        merge=[given.file(each) for each in merge or ()],
        fraction=fraction,
    )
    given.deliver_as("extract", as_format, made, out)
    if form_for("extract", out, as_format).name != TEXT:
        typer.echo(write("extract", TEXT, made), err=True, nl=False)
