"""The estimate command: one method, the panel, strata, the series and its revision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import parse_period
from darkfigure_hub.commands import given
from darkfigure_hub.commands.casework import Shown, ShownOption
from darkfigure_hub.flows.open_repository import open_repository

REVISE, SERIES = "revise", "series"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(estimate)


def estimate(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="FILE.csv: 0 and 1 for each list, the count last. Several files are strata. `revise FILE.csv` enters an estimate in "
            "the series, `series` shows it."
        ),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            "--method", help="stepwise, bic, aic, model, average, thresholded, graphs, latent, chao, family, two-lists."
        ),
    ] = "bic",
    order: Annotated[int, typer.Option("--order", help="Lists in the largest term of a model.")] = 2,
    model: Annotated[str, typer.Option("--model", help="A model for --method model, as [12,13,25].")] = "",
    bootstrap: Annotated[int, typer.Option("--bootstrap", help="Replicates, the model chosen anew in each.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same figures.")] = 1,
    omit: Annotated[list[str] | None, typer.Option("--omit", help="A list to leave out; may be repeated.")] = None,
    merge: Annotated[
        list[str] | None, typer.Option("--merge", help="A,B: lists to take as one; may be repeated.")
    ] = None,
    panel: Annotated[
        bool, typer.Option("--panel", help="Every method side by side, and how far the answer moves.")
    ] = False,
    snapshot: given.SnapshotFolder = None,
    lists_by: Annotated[
        str,
        typer.Option(
            "--lists-by", help="With --snapshot: what makes a list: agency, organisation, organisation_kind, area."
        ),
    ] = "agency",
    where: given.Where = None,
    period: given.PeriodOption = None,
    as_at: given.AsAt = None,
    population: Annotated[str, typer.Option("--population", help="For revise: whom the estimate is about.")] = "",
    definition: Annotated[str, typer.Option("--definition", help="For revise: the definition in words.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="For revise: why an estimate held is replaced.")] = "",
    note: Annotated[str, typer.Option("--note", help="For revise: the reason in words.")] = "",
    as_format: ShownOption = Shown.TEXT,
    out: given.Out = None,
) -> None:
    """Estimate how many are on no list, from who is on several."""
    # The engine takes some seconds to import and compile: only this command pays for it.
    from darkfigure.estimation import best_estimator, read_csv, stepwise_estimator, stratified  # noqa: PLC0415
    from darkfigure.estimation import panel as make_panel  # noqa: PLC0415
    from darkfigure.estimation.single import estimate as by_method  # noqa: PLC0415
    from darkfigure.formats import estimate_charts, estimates  # noqa: PLC0415

    names = list(targets or [])
    if names == [SERIES]:
        given.deliver(_series(as_format), out)
        return
    revising = bool(names) and names[0] == REVISE
    files = names[1:] if revising else names
    if snapshot:
        tables = {"snapshot": _from_snapshot(snapshot, lists_by, where or [], period, as_at)}
    else:
        if not files:
            raise Unreadable("Name a CSV file of capture histories, or a snapshot with --snapshot.")
        tables = {Path(name).stem: read_csv(name) for name in files}
    for name, table in tables.items():
        for pair in merge or []:
            table = table.merge([each.strip() for each in pair.split(",")])
        tables[name] = table.omit(*omit) if omit else table
    if len(tables) > 1:
        choose = stepwise_estimator if method == "stepwise" else lambda table: best_estimator(table, order)
        strata = stratified(tables, choose, bootstrap or 500, seed)
        text = estimates.write_json(estimates.stratified_data(strata))
        given.deliver(text if as_format is Shown.JSON else estimates.write_stratified(strata), out)
        return
    (table,) = tables.values()
    if panel:
        with _bar("panel") as (shown, task):
            made = make_panel(
                table,
                replicates=bootstrap or 1000,
                seed=seed,
                progress=lambda doing: shown.update(task, description=doing),
            )
        writers = {
            Shown.JSON: lambda: estimates.write_json(estimates.panel_data(made)),
            Shown.TEXT: lambda: estimates.write_panel(made),
        }
        page = lambda: estimate_charts.panel_page(made, f"How many are hidden? {next(iter(tables))}")  # noqa: E731
        given.deliver(writers.get(as_format, page)(), out)
        return
    with _bar("replicates", bootstrap or None) as (shown, task):
        result = by_method(
            table,
            method,
            order=order,
            replicates=bootstrap,
            seed=seed,
            model=model,
            progress=lambda done: shown.update(task, completed=done),
        )
    data = estimates.result_data(result, table)
    text = estimates.write_json(data) if as_format is Shown.JSON else estimates.write_result(result, table)
    if revising:
        settings = {
            "method": method,
            "order": order,
            "seed": seed,
            "bootstrap": bootstrap,
            "omit": omit or [],
            "merge": merge or [],
        }
        text = _revise(table, result, population, definition, period, reason, note, settings, as_format)
    given.deliver(text, out)


def _bar(name: str, total: int | None = None):  # type: ignore[no-untyped-def]
    """A bar on standard error while something long is done."""
    from contextlib import contextmanager  # noqa: PLC0415

    @contextmanager
    def shown():  # type: ignore[no-untyped-def]
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield progress, progress.add_task(name, total=total)

    return shown()


def _from_snapshot(folder: Path, by: str, where: list[str], period: str | None, as_at: str | None):  # type: ignore[no-untyped-def]
    from darkfigure.formats.snapshots import open_snapshot  # noqa: PLC0415
    from darkfigure_hub.flows.ask_snapshot import capture_from_snapshot  # noqa: PLC0415

    held = open_snapshot(folder)
    day = given.day_or_today(as_at) if as_at else held.as_at
    return capture_from_snapshot(held, day, by, where, parse_period(period) if period else None)


def _revise(table, result, population, definition, period, reason, note, settings, as_format):  # type: ignore[no-untyped-def]
    from darkfigure.formats import estimates  # noqa: PLC0415
    from darkfigure_hub.flows.revise_estimate import revise_estimate  # noqa: PLC0415

    if not population or not period:
        raise DarkfigureError("An estimate in the series needs --population and --period: whom it is about, and when.")
    open_repository()
    entry = revise_estimate(
        given.operator("revise an estimate"),
        table,
        result,
        population=population,
        period=parse_period(period),
        definition=definition or "UN Protocol, Article 3",
        reason=reason,
        note=note,
        settings=settings,
    )
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.series_data([entry])[0])
    replaced = f", replaces {entry.supersedes} ({entry.reason.replace('_', ' ')})" if entry.supersedes else ""
    return f"Entered as {entry.id}: {estimates.figure(entry)}{replaced}.\n"


def _series(as_format: Shown) -> str:
    from darkfigure.formats import estimate_charts, estimates  # noqa: PLC0415
    from darkfigure.formats.as_html import page  # noqa: PLC0415
    from darkfigure_hub.flows.revise_estimate import estimate_series  # noqa: PLC0415

    open_repository()
    entries = estimate_series(given.operator("show the series of estimates"))
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.series_data(entries))
    if as_format is Shown.HTML:
        text = estimates.write_series(entries)
        return page(
            "Estimates of hidden victims", [f"<figure>{estimate_charts.series(entries)}</figure>", f"<pre>{text}</pre>"]
        )
    return estimates.write_series(entries)
