"""Commands on tables that go out: protect one, check published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.cube import TOTAL
from darkfigure.disclosure.protect import Method
from darkfigure.disclosure.rules import EXAMPLE
from darkfigure.writing.registry import TEXT, form_for, write
from darkfigure_hub.commands import given
from darkfigure_hub.commands.endings import FAULTS
from darkfigure_hub.commands.waiting import progress
from darkfigure_hub.flows.protect_table import check_tables, protect_table
from darkfigure_hub.flows.research_files import Budget

Count = Annotated[str, typer.Option("--count", help="The column of counts.")]
RuleOption = Annotated[
    str, typer.Option("--rule", help=f"What must be hidden, and how well: {EXAMPLE}.")
]
Seconds = Annotated[
    float, typer.Option("--seconds", min=1, help="So long proofs are looked for, at most.")
]


def protect(
    file: given.File,
    by: Annotated[
        list[str],
        typer.Option(
            "--by",
            callback=given.no_blank("--by", "Name a column"),
            help="Columns of the table's dimensions, separated by commas.",
        ),
    ],
    count: Count = "",
    rule: RuleOption = "threshold=5",
    method: Annotated[
        Method,
        typer.Option(
            "--method",
            help="suppress (hide, with proof), round (to the threshold as base), perturb (noise, "
            "with --key-file), coarsen (merge rare values), noise (by --epsilon).",
        ),
    ] = Method.SUPPRESS,
    merge: Annotated[
        list[Path] | None,
        typer.Option(
            "--merge",
            help="A table of two columns, a value and its group, headed as the dimension.",
        ),
    ] = None,
    levels: Annotated[
        list[Path] | None,
        typer.Option(
            "--levels",
            help="As --merge, but groups are published beside their values, as further margins.",
        ),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="The secret of the noise, for perturb.")
    ] = None,
    after: Annotated[
        list[Path] | None,
        typer.Option(
            "--after",
            help="The table as it was published before: what differs by few people is hidden too.",
        ),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--beside",
            help="Another table of the same people that is out: what it tells counts as known.",
        ),
    ] = None,
    contributor: Annotated[
        str,
        typer.Option("--contributor", help="Who counted each row, for dominance and p of --rule."),
    ] = "",
    record: Annotated[
        str,
        typer.Option("--record", help="What names each record: its key, for perturb."),
    ] = "",
    epsilon: Annotated[
        float, typer.Option("--epsilon", help="How much noise may tell of anybody; 1 is usual.")
    ] = 0.0,
    budget: Annotated[
        Path | None, typer.Option("--budget", help="A file that keeps what was spent of --total.")
    ] = None,
    total: Annotated[
        float, typer.Option("--total", help="How much may be told of these people in all.")
    ] = 1.0,
    seconds: Seconds = 60.0,
    as_format: Annotated[str | None, given.form_option("protected")] = None,
    out: given.Out = None,
) -> None:
    """Protect a table of counts and its margins, so that no small count can be worked out.

    Without --count every row is one person. Needs no repository; keeps nothing. Ends with status 1
    where what is hidden is not proved to be safe; the table is written all the same.
    """
    with progress("protect") as report:
        found = protect_table(
            given.file(file),
            given.names(by),
            count=count,
            rule=rule,
            method=method,
            merge=[given.file(each) for each in merge or ()],
            levels=[given.file(each) for each in levels or ()],
            key_file=key_file,
            after=[given.file(each) for each in after or ()],
            beside=[given.file(each) for each in beside or ()],
            contributor=contributor,
            record=record,
            epsilon=epsilon,
            budget=Budget(budget, total) if budget else None,
            seconds=seconds,
            watch=lambda what, done, _of: report(what, done),
        )
    given.deliver_as("protected", as_format, found, out)
    if form_for("protected", out, as_format).name != TEXT:
        typer.echo(write("protected", TEXT, found), err=True, nl=False)
    if not found.safe:
        raise typer.Exit(FAULTS)


def check(
    files: given.Files,
    by: given.By = None,
    count: Count = "",
    rule: Annotated[
        str,
        typer.Option(
            "--rule",
            help=f"What must be hidden: {EXAMPLE}. Otherwise the rule that the files say they were "
            "protected by, or threshold=5.",
        ),
    ] = "",
    total: Annotated[
        str, typer.Option("--total", help="The word that stands for a total.")
    ] = TOTAL,
    within: Annotated[
        list[Path] | None,
        typer.Option("--within", help="A table of two columns: values, and the group of each."),
    ] = None,
    rounded: Annotated[
        list[str] | None,
        typer.Option("--rounded", help="TABLE=BASE: all numbers of that file were rounded to it."),
    ] = None,
    shares: Annotated[
        list[str] | None,
        typer.Option(
            "--shares",
            help="TABLE=COLUMN,COLUMN: numbers of that file are percent of all over these columns.",
        ),
    ] = None,
    vintages: Annotated[
        bool,
        typer.Option(
            "--vintages", help="The files are one table as it stood, earliest first: compare them."
        ),
    ] = False,
    seconds: Seconds = 60.0,
    as_format: Annotated[str | None, given.form_option("checked")] = None,
    out: given.Out = None,
) -> None:
    """Say whether what published tables hide can be worked out from them together, and how.

    Needs no repository; keeps nothing. Ends with status 1 where something can be worked out, or is
    not proved not to be.
    """
    with progress("check") as report:
        found = check_tables(
            [given.file(each) for each in files],
            by=given.names(by),
            count=count,
            rule=rule,
            total=total,
            within=[given.file(each) for each in within or ()],
            bases=_bases(rounded or []),
            shares=_shares(shares or []),
            vintages=vintages,
            seconds=seconds,
            watch=lambda done, of: report(f"{done} of {of}", 0),
        )
    given.deliver_as("checked", as_format, found, out)
    if not found.passes:
        raise typer.Exit(FAULTS)


def _bases(told: list[str]) -> dict[str, int]:
    bases: dict[str, int] = {}
    for each in told:
        name, _, base = each.rpartition("=")
        if not name or not base.isdecimal() or int(base) < 2:
            raise Unreadable(f"--rounded {each}: TABLE=BASE is needed, a base of 2 or more.")
        bases[name] = int(base)
    return bases


def _shares(told: list[str]) -> dict[str, list[str]]:
    shares: dict[str, list[str]] = {}
    for each in told:
        name, _, columns = each.rpartition("=")
        over = [column.strip() for column in columns.split(",") if column.strip()]
        if not name or not over:
            raise Unreadable(f"--shares {each}: TABLE=COLUMN is needed, the column it divides.")
        shares[name] = over
    return shares
