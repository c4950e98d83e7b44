"""The estimate command: one method, the panel, strata, the series and its revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import darkfigure.estimation as mse
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_period
from darkfigure.basis.saying import Saying, say
from darkfigure.estimation import methods
from darkfigure.estimation.bounded import Bounded, estimate_bounded
from darkfigure.estimation.capture import CaptureTable
from darkfigure.tables.snapshot_files import DUCKDB
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide
from darkfigure_hub import flows
from darkfigure_hub.commands import estimate_asked, given
from darkfigure_hub.commands.estimate_asked import (
    FOR_PANEL,
    FOR_STRATA,
    REVISE,
    SERIES,
    Asked,
    Held,
)
from darkfigure_hub.commands.waiting import counted

if TYPE_CHECKING:
    from darkfigure.evidence.snapshots import Snapshot

if TYPE_CHECKING:
    from darkfigure.estimation.result import Result
    from darkfigure.publication.series import SeriesEntry


def _taking(option: str) -> str:
    """Which methods take an option, for help."""
    return ", ".join(each.name for each in methods.METHODS.values() if option in each.takes)


def estimate(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="FILE (- is standard input): 0 and 1 for each list with a count; or one row a "
            "person; or rows of person and list; or how often persons "
            "were seen. Several files, or a column that splits the rows, are strata. `revise "
            "FILE` enters an estimate in the "
            "series, `series` shows it."
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option("--method", help=f"{methods.in_words()}. Default: bic.", show_default=False),
    ] = None,
    order: Annotated[
        int | None,
        typer.Option(
            "--order",
            help=f"Lists in the largest term of a model ({_taking('order')}). Default: 2.",
        ),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="A model for --method model, as [12,13,25].")
    ] = "",
    bootstrap: Annotated[
        int | None,
        typer.Option(
            "--bootstrap",
            help=(
                f"Replicates, the model chosen anew in each ({_taking('replicates')}, strata, "
                "--panel)."
            ),
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same seed gives the same figures. Default: 1.")
    ] = None,
    lists: Annotated[
        str, typer.Option("--lists", help="A,B: the two lists for --method two-lists.")
    ] = "",
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            help=(
                "Deviations from nought below which overlaps are dropped "
                f"({_taking('threshold')}). Default: 2."
            ),
        ),
    ] = None,
    prior_variance: Annotated[
        float | None,
        typer.Option(
            "--prior-variance",
            help=(
                f"Variance of the prior on overlaps ({_taking('prior_variance')}); inf is flat "
                "and improper. Default: 1."
            ),
        ),
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", help=f"Draws kept of each chain ({_taking('draws')}).")
    ] = None,
    omit: Annotated[
        list[str] | None, typer.Option("--omit", help="A list to leave out; may be repeated.")
    ] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option("--merge", help="A,B: lists to take as one; may be repeated."),
    ] = None,
    panel: Annotated[
        bool,
        typer.Option("--panel", help="Every method side by side, and how far the answer moves."),
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="How the figure moves: each list left out, every two lists as one.",
        ),
    ] = False,
    snapshot: given.SnapshotPlace = None,
    engine: given.Engine = DUCKDB,
    lists_by: Annotated[
        str,
        typer.Option(
            "--lists-by",
            help=(
                "With --snapshot: what makes a list: agency (unless said), organisation, "
                "organisation_kind, area."
            ),
        ),
    ] = "",
    where: given.Where = None,
    period: given.PeriodOption = None,
    as_at: given.AsAt = None,
    population: Annotated[
        str, typer.Option("--population", help="For revise: whom the estimate is about.")
    ] = "",
    definition: Annotated[
        str, typer.Option("--definition", help="For revise: the definition in words.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="For revise: why an estimate held is replaced.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="For revise: the reason in words.")] = "",
    as_format: Annotated[
        str | None,
        given.form_option("estimate", "strata", "moves", "panel", "series", "entry"),
    ] = None,
    out: given.Out = None,
    reading: given.With = None,
    resume: given.Resume = None,
) -> None:
    """Estimate how many are on no list, from who is on several."""
    if method is not None:
        methods.find(method)
    pair = tuple(each.strip() for each in lists.split(",")) if lists else ()
    asked = Asked(
        method,
        order,
        model,
        bootstrap,
        seed,
        pair,
        threshold,
        prior_variance,
        draws,
        tuple(omit or ()),
        tuple(merge or ()),
    )
    names = list(targets or [])
    mode = _mode(names, panel=panel, sensitivity=sensitivity)
    entry = {
        "population": population,
        "definition": definition,
        "period": period or "",
        "reason": reason,
        "note": note,
    }
    others: dict[str, object] = {f"--{name}": value for name, value in entry.items()}
    others |= {"--lists-by": lists_by, "--where": where, "--as-at": as_at}
    files = names[1:] if mode in (REVISE, SERIES) else names
    estimate_asked.refuse(mode, asked, others, snapshot=snapshot is not None, files=bool(files))
    if mode == SERIES:
        given.deliver_as("series", as_format, _series(), out)
        return
    if snapshot:
        asked_of = flows.ask_snapshot.open_snapshot(snapshot, engine=engine)
        table = _from_snapshot(asked_of, lists_by or "agency", where or [], period, as_at)
        held = Held({asked_of.place: table})
    else:
        held = estimate_asked.read(files, reading)
    held = estimate_asked.changed(held, asked)
    if resume:
        _refuse_to_resume(mode, held, asked)
    subject, made = _made(mode, held, asked, entry, resume)
    given.deliver_as(subject, as_format, made, out)


def _refuse_to_resume(mode: str, held: Held, asked: Asked) -> None:
    """Refuse to keep replicates where there are none to keep. Raises NotTaken."""
    able = methods.that("strata")
    if mode in ("one", REVISE) and not held.strata and asked.bootstrap and asked.by in able:
        return
    raise methods.NotTaken(
        "--resume keeps the replicates of one estimate: ask for them with --bootstrap, of one "
        f"table, by {', '.join(able)}."
    )


def _mode(names: list[str], *, panel: bool, sensitivity: bool) -> str:
    """What is wanted. Raises NotTaken for two things at once."""
    wanted = [name for name in (REVISE, SERIES) if names[:1] == [name]]
    wanted += ["panel"] * panel + ["sensitivity"] * sensitivity
    if len(wanted) > 1:
        raise methods.NotTaken(
            f"{wanted[0]} and {wanted[1]} cannot be asked for at once: ask for one, then for "
            "the "
            "other."
        )
    return wanted[0] if wanted else "one"


def _made(
    mode: str, held: Held, asked: Asked, entry: Mapping[str, str], resume: Path | None
) -> tuple[str, object]:
    """What was asked for: a subject of the registry of forms, and what is to be written of it."""
    if mode == "panel":
        return "panel", _panel(held, asked)
    if mode == "sensitivity":
        return "moves", _sensitivity(held, asked)
    if mode == REVISE:
        table = estimate_asked.one(held, "`estimate revise`")
        exact = estimate_asked.exact(table, "`estimate revise`")
        return "entry", _revise(exact, held, asked, entry, resume)
    if held.strata:
        return "strata", _strata(held, asked)
    result = _one(held, asked, resume)
    lists = asked.lists or (next(iter(held.tables.values())).lists if held.tables else ())
    return "estimate", Estimated(result, lists)


def _one(held: Held, asked: Asked, resume: Path | None) -> Result:
    """The estimate of the only table, with a bar while replicates are made."""

    with counted("replicates", asked.bootstrap or None) as shown:
        settings = {**asked.settings, "progress": shown.reached, "resume": resume}
        table = next(iter(held.tables.values()), None)
        if isinstance(table, Bounded):
            result = estimate_bounded(table, asked.by, **settings)
        else:
            result = mse.estimate(
                mse.times_of(held.times or {}) if table is None else table, asked.by, **settings
            )
    return replace(result, remarks=(*held.remarks, *result.remarks))


def _strata(held: Held, asked: Asked) -> ByStratum:
    number = estimate_asked.whole("--bootstrap", asked.bootstrap, 1, FOR_STRATA)
    seed = estimate_asked.seed_or_one(asked)
    choose = mse.chooser(asked.by, mse.Settings(**{**asked.settings, "replicates": number}))
    failed = dict(held.failed)
    tables: dict[str, CaptureTable] = {}
    for name, table in held.tables.items():
        if isinstance(table, Bounded):
            failed[name] = say("estimates.file.bounded")
        else:
            tables[name] = table
    found = mse.stratified(tables, choose, number, seed, failed=failed)
    return ByStratum(found, asked.by, held.remarks)


def _panel(held: Held, asked: Asked) -> SideBySide:
    table = estimate_asked.exact(estimate_asked.one(held, "--panel"), "--panel")
    (name,) = held.tables
    replicates = estimate_asked.whole("--bootstrap", asked.bootstrap, 1, FOR_PANEL)
    seed = estimate_asked.seed_or_one(asked)
    if said := mse.steps.beforehand(table, replicates):
        typer.echo(str(said), err=True)
    with counted("panel") as shown:

        def tell(doing: Saying, step: int, steps: int) -> None:
            told = say("estimates.doing.step", step=step, steps=steps, doing=doing)
            shown.reached(step - 1, steps, told)

        found = mse.panel(table, replicates=replicates, seed=seed, progress=tell)
    found = replace(found, sentences=(*held.remarks, *found.sentences))
    return SideBySide(found, Path(name).stem)


def _sensitivity(held: Held, asked: Asked) -> Moves:
    table = estimate_asked.exact(estimate_asked.one(held, "--sensitivity"), "--sensitivity")
    methods.check(methods.find(asked.by), asked.settings, table.lists)
    if asked.model or asked.lists:
        raise methods.NotTaken(
            "--model and --lists name lists that --sensitivity leaves out and merges: choose "
            "another method."
        )
    with counted("lists omitted and merged"):
        rows = mse.sensitivity.sensitivity(table, asked.by, **asked.settings)
    return Moves(rows, asked.by, held.remarks)


def _from_snapshot(
    held: Snapshot, by: str, where: list[str], period: str | None, as_at: str | None
) -> CaptureTable:
    day = given.day_or_today(as_at) if as_at else held.as_at
    return flows.ask_snapshot.capture_from_snapshot(
        held, day, by, where, parse_period(period) if period else None
    )


def _revise(
    table: CaptureTable,
    held: Held,
    asked: Asked,
    entry: Mapping[str, str],
    resume: Path | None,
) -> SeriesEntry:
    if not entry["population"] or not entry["period"]:
        raise DarkfigureError(
            "An estimate in the series needs --population and --period: whom it is about, and when."
        )
    result = _one(held, asked, resume)
    flows.open_repository.open_repository()
    return flows.revise_estimate.revise_estimate(
        given.operator("revise an estimate"),
        table,
        result,
        population=entry["population"],
        period=parse_period(entry["period"]),
        definition=entry["definition"] or "UN Protocol, Article 3",
        reason=entry["reason"],
        note=entry["note"],
        settings=asked.kept,
    )


def _series() -> list[SeriesEntry]:
    flows.open_repository.open_repository()
    return flows.revise_estimate.estimate_series(given.operator("show the series of estimates"))
