"""Estimates as plain data and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from darkfigure.publication.series import SeriesEntry
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide

if TYPE_CHECKING:
    from darkfigure.estimation.result import Beside, Result
    from darkfigure.estimation.sensitivity import Moved
    from darkfigure.estimation.side_by_side import Panel
    from darkfigure.estimation.strata import Stratified, Stratum


def result_data(result: Result, lists: Sequence[str]) -> dict[str, Any]:
    """One method's figure as plain data. Where there is no interval, `no_interval` says why."""
    return {
        "method": result.method,
        "lists": list(lists),
        "known": result.known,
        "total": result.total,
        "dark_figure": result.dark_figure,
        "model": result.model,
        "bic": result.bic,
        "aic": result.aic,
        "deviance": result.deviance,
        "degrees": result.degrees,
        "interval": {
            "low": result.interval[0],
            "high": result.interval[1],
            "level": result.level,
            "how": result.how,
        }
        if result.interval
        else None,
        "no_interval": "" if result.interval else result.how,
        "replicates": result.replicates,
        "replicates_without_estimate": result.without,
        "minus_infinity": list(result.infinite),
        "checks": result.checks,
        "remarks": list(result.remarks),
        "seconds": round(result.seconds, 4),
        "seconds_loading": round(result.loading, 4),
        **({"more": dict(result.more)} if result.more else {}),
        **({"models": [beside_data(each) for each in result.beside]} if result.beside else {}),
    }


def beside_data(each: Beside) -> dict[str, Any]:
    """One of several models of a method as plain data."""
    low, high = each.interval or (None, None)
    kept = ("name", "total", "words", "aic", "bic", "deviance", "degrees")
    return {name: getattr(each, name) for name in kept} | {"low": low, "high": high}


def moved_data(rows: Sequence[Moved]) -> list[dict[str, Any]]:
    """How an estimate moves, as plain data."""
    return [
        {**each.__dict__, "interval": list(each.interval) if each.interval else None}
        for each in rows
    ]


def panel_data(found: Panel) -> dict[str, Any]:
    """The panel as plain data."""
    return {
        "lists": found.table.totals,
        "known": found.table.known,
        "histories": found.table.histories(),
        "methods": [
            {
                "method": each.method,
                "total": _number(each.total),
                "low": _number(each.low),
                "high": _number(each.high),
                "model": each.model,
                "remark": each.remark,
                "models_dependence": each.main,
            }
            for each in found.lines
        ],
        "omitted": moved_data(found.omitted),
        "merged": moved_data(found.merged),
        "rests_on": {
            name: {"alone": alone, "moves_total_by": moved}
            for name, (alone, moved) in found.rests.items()
        },
        "fit": found.fit
        and {
            "model": found.fit.model.formula,
            "deviance": found.fit.deviance,
            "degrees": found.fit.degrees,
            "bic": found.fit.bic,
            "aic": found.fit.aic,
            "probability": found.fit_probability,
            "worst": [
                dict(zip(("history", "observed", "expected", "residual"), row, strict=True))
                for row in found.residuals
            ],
        },
        "simulated": [each.__dict__ for each in found.simulated],
        "sentences": list(found.sentences),
    }


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else value


def stratified_data(found: Stratified) -> dict[str, Any]:
    """Strata and their sum as plain data; `total` is None where a stratum has no estimate, and
    `failed` names it.
    """
    return {
        "strata": [
            stratum_data(each) for each in (*found.strata, *([found.all] if found.all else []))
        ],
        "total": found.all.total if found.all else None,
        "failed": [{"name": name, "reason": reason} for name, reason in found.failed],
        "replicates": found.replicates,
    }


def stratum_data(each: Stratum) -> dict[str, Any]:
    """One stratum as plain data."""
    interval = each.intervals[0.95]
    return {
        "name": each.name,
        "known": each.known,
        "total": each.total,
        "interval": list(interval) if interval else None,
        "replicates_without_estimate": each.without,
        "remark": each.words,
    }


def series_data(entries: Iterable[SeriesEntry]) -> list[dict[str, Any]]:
    """The series as plain data."""
    return [
        {
            **{
                name: value
                for name, value in entry.__dict__.items()
                if name not in ("period", "stated_on")
            },
            "period": entry.period.label,
            "stated_on": entry.stated_on.isoformat(),
        }
        for entry in entries
    ]


def write_estimate(shown: Estimated) -> str:
    """One method's figure."""
    return _text(result_data(shown.result, shown.lists))


def write_strata(shown: ByStratum) -> str:
    """Strata and their sum."""
    return _text(
        stratified_data(shown.found) | {"remarks": list(shown.remarks), "method": shown.method}
    )


def write_moves(shown: Moves) -> str:
    """How a figure moves."""
    rows = moved_data(shown.rows)
    return _text({"method": shown.method, "rows": rows, "remarks": list(shown.remarks)})


def write_panel(shown: SideBySide) -> str:
    """Every method."""
    return _text(panel_data(shown.found))


def write_series(entries: Iterable[SeriesEntry]) -> str:
    """The series of estimates."""
    return _text(series_data(entries))


def write_entry(entry: SeriesEntry) -> str:
    """One estimate of the series."""
    return _text(series_data([entry])[0])


def _text(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n"
