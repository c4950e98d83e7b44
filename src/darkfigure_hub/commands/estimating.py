"""The estimate command: one method, the panel, strata, the series and its revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import parse_period
from darkfigure.estimation.capture import CaptureTable, read_csv
from darkfigure.estimation.result import Result
from darkfigure.formats import estimates
from darkfigure.formats.as_html import page
from darkfigure.formats.snapshots import open_snapshot
from darkfigure_hub.commands import given
from darkfigure_hub.commands.casework import Shown, ShownOption
from darkfigure_hub.flows.ask_snapshot import capture_from_snapshot
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.revise_estimate import estimate_series, revise_estimate

REVISE, SERIES = "revise", "series"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(estimate)


def estimate(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="FILE.csv: 0 and 1 for each list, the count last. Several files are strata. `revise FILE.csv` enters an "
            "estimate in the series, `series` shows it."
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
    asked = Asked(method, order, model, bootstrap, seed, tuple(omit or ()), tuple(merge or ()))
    names = list(targets or [])
    if names == [SERIES]:
        given.deliver(_series(as_format), out)
        return
    revising = bool(names) and names[0] == REVISE
    if snapshot:
        tables = {"snapshot": _from_snapshot(snapshot, lists_by, where or [], period, as_at)}
    else:
        tables = _read(names[1:] if revising else names)
    tables = {name: _changed(table, asked) for name, table in tables.items()}
    if len(tables) > 1:
        text = _strata(tables, asked, as_format)
    elif panel:
        text = _panel(tables, asked, as_format)
    elif revising:
        entry = {
            "population": population,
            "definition": definition,
            "period": period or "",
            "reason": reason,
            "note": note,
        }
        text = _revise(*_one(tables, asked), asked, entry, as_format)
    else:
        text = _result(*_one(tables, asked), as_format)
    given.deliver(text, out)


@dataclass(frozen=True)
class Asked:
    """What decides an estimate: kept with it, so that it can be made again."""

    method: str
    order: int
    model: str
    bootstrap: int
    seed: int
    omit: tuple[str, ...]
    merge: tuple[str, ...]


def _read(names: Sequence[str]) -> dict[str, CaptureTable]:
    if not names:
        raise Unreadable("Name a CSV file of capture histories, or a snapshot with --snapshot.")
    return {Path(name).stem: read_csv(name) for name in names}


def _changed(table: CaptureTable, asked: Asked) -> CaptureTable:
    for pair in asked.merge:
        table = table.merge([each.strip() for each in pair.split(",")])
    return table.omit(*asked.omit) if asked.omit else table


def _one(tables: Mapping[str, CaptureTable], asked: Asked) -> tuple[CaptureTable, Result]:
    """The table and its estimate, with a bar while replicates are made."""
    from darkfigure.estimation.single import estimate as by_method  # noqa: PLC0415 - compiling takes seconds

    (table,) = tables.values()
    with _bar("replicates", asked.bootstrap or None) as (shown, task):
        result = by_method(
            table,
            asked.method,
            order=asked.order,
            replicates=asked.bootstrap,
            seed=asked.seed,
            model=asked.model,
            progress=lambda done: shown.update(task, completed=done),
        )
    return table, result


def _result(table: CaptureTable, result: Result, as_format: Shown) -> str:
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.result_data(result, table))
    return estimates.write_result(result, table)


def _strata(tables: Mapping[str, CaptureTable], asked: Asked, as_format: Shown) -> str:
    from darkfigure.estimation import best_estimator, stepwise_estimator, stratified  # noqa: PLC0415

    choose = stepwise_estimator if asked.method == "stepwise" else lambda table: best_estimator(table, asked.order)
    strata = stratified(tables, choose, asked.bootstrap or 500, asked.seed)
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.stratified_data(strata))
    return estimates.write_stratified(strata)


def _panel(tables: Mapping[str, CaptureTable], asked: Asked, as_format: Shown) -> str:
    from darkfigure.estimation.side_by_side import panel  # noqa: PLC0415
    from darkfigure.formats import estimate_charts  # noqa: PLC0415

    ((name, table),) = tables.items()
    with _bar("panel") as (shown, task):
        found = panel(
            table,
            replicates=asked.bootstrap or 1000,
            seed=asked.seed,
            progress=lambda doing: shown.update(task, description=doing),
        )
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.panel_data(found))
    if as_format is Shown.HTML:
        return estimate_charts.panel_page(found, f"How many are hidden? {name}")
    return estimates.write_panel(found)


@contextmanager
def _bar(name: str, total: int | None = None) -> Iterator[tuple[Progress, TaskID]]:
    """A bar on standard error while something long is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress, progress.add_task(name, total=total)


def _from_snapshot(folder: Path, by: str, where: list[str], period: str | None, as_at: str | None) -> CaptureTable:
    held = open_snapshot(folder)
    day = given.day_or_today(as_at) if as_at else held.as_at
    return capture_from_snapshot(held, day, by, where, parse_period(period) if period else None)


def _revise(table: CaptureTable, result: Result, asked: Asked, entry: Mapping[str, str], as_format: Shown) -> str:
    if not entry["population"] or not entry["period"]:
        raise DarkfigureError("An estimate in the series needs --population and --period: whom it is about, and when.")
    open_repository()
    made = revise_estimate(
        given.operator("revise an estimate"),
        table,
        result,
        population=entry["population"],
        period=parse_period(entry["period"]),
        definition=entry["definition"] or "UN Protocol, Article 3",
        reason=entry["reason"],
        note=entry["note"],
        settings=asdict(asked),
    )
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.series_data([made])[0])
    replaced = f", replaces {made.supersedes} ({made.reason.replace('_', ' ')})" if made.supersedes else ""
    return f"Entered as {made.id}: {estimates.figure(made)}{replaced}.\n"


def _series(as_format: Shown) -> str:
    from darkfigure.formats import estimate_charts  # noqa: PLC0415

    open_repository()
    entries = estimate_series(given.operator("show the series of estimates"))
    if as_format is Shown.JSON:
        return estimates.write_json(estimates.series_data(entries))
    if as_format is Shown.HTML:
        drawn = estimate_charts.series(entries)
        return page("Estimates of hidden victims", [f"<figure>{drawn}</figure>", estimates.series_part(entries)])
    return estimates.write_series(entries)
