"""The command that shows what is covered: coverage."""

from __future__ import annotations

from typing import Annotated

import typer

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.period import parse_day
from darkfigure.writing import registry
from darkfigure.writing.coverage import coverage_views
from darkfigure_hub.commands import given
from darkfigure_hub.flows.measure_coverage import (
    compare_coverage,
    measure_coverage,
    open_cell,
    open_cells,
)
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.set_requirements import requirement_set


def coverage(
    edition: given.Edition = "",
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            callback=given.no_blank("--by", "Name what to cut by"),
            help="threat, requirement, question, area, period, agency; separated by commas.",
        ),
    ] = None,
    as_at: given.AsAt = None,
    known: Annotated[
        str | None, typer.Option("--known", help="Read the ledgers as known on another day.")
    ] = None,
    compare: Annotated[
        str, typer.Option("--compare", help="EDITION@DAY: show what changed since, like for like.")
    ] = "",
    cell: Annotated[
        str,
        typer.Option("--cell", help="Open QUESTION/AREA/PERIOD: asks, replies, items, graders."),
    ] = "",
    as_format: Annotated[str | None, given.form_option("coverage", "cell")] = None,
    out: given.Out = None,
) -> None:
    """Show requirement coverage: where each question stands, and what changed.

    By requirement, area, period or agency; beside an earlier edition, like for like.
    """
    _together(by=by, known=known, compare=compare, cell=cell, as_format=as_format)
    open_repository()
    scope, day, cuts = given.operator("coverage"), given.day_or_today(as_at), given.names(by)
    for name in cuts:
        if name not in coverage_views.CUTS:
            raise UnknownName(
                f"Coverage is not cut by {name!r}. Known are {', '.join(coverage_views.CUTS)}."
            )
    held = requirement_set(scope, edition)
    if cell:
        given.deliver_as("cell", as_format, open_cell(scope, held.edition, cell, day), out)
        return
    change = None
    if compare:
        earlier, _, then = compare.partition("@")
        if not then:
            raise DarkfigureError(
                "--compare names an edition and the day it was published: nir-2025@2026-04-01."
            )
        change = compare_coverage(scope, earlier, parse_day(then), held.edition, day)
    found = measure_coverage(scope, held.edition, day, parse_day(known) if known else None)
    form = registry.form_for("coverage", out, as_format).name
    opened = open_cells(scope, held.edition) if form == "html" else {}
    shown = coverage_views.Covered(found, held, cuts, change, compare, opened)
    given.deliver_as("coverage", form, shown, out)


def _together(
    *, by: list[str] | None, known: str | None, compare: str, cell: str, as_format: str | None
) -> None:
    """Refuse options that would be of no effect together. Raises DarkfigureError."""
    beside = {"--by": by, "--known": known, "--compare": compare}
    if cell and any(beside.values()):
        wrong = ", ".join(name for name, value in beside.items() if value)
        raise DarkfigureError(
            f"{wrong} cannot be given with --cell, which opens one cell as it is."
        )
    if cell and as_format == "html":
        raise DarkfigureError(
            "A cell is written as text or json; the page of all cells opens each."
        )
    if by and as_format == "html":
        raise DarkfigureError("The page shows every cell; --by cuts text and json only.")
