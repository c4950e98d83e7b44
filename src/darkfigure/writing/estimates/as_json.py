"""Estimates as plain data and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from darkfigure.publication.series import SeriesEntry
from darkfigure.writing.documents.head import document, says_made_up
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.estimation.proof import Proof
    from darkfigure.estimation.result import Beside, Result
    from darkfigure.estimation.sensitivity import Moved
    from darkfigure.estimation.side_by_side import Panel
    from darkfigure.estimation.strata import Stratified, Stratum


def result_data(result: Result, lists: Sequence[str], words: Words = ENGLISH) -> dict[str, Any]:
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
            "how": words.say(result.how),
        }
        if result.interval
        else None,
        "no_interval": "" if result.interval else words.say(result.how),
        "replicates": result.replicates,
        "replicates_without_estimate": result.without,
        "minus_infinity": list(result.infinite),
        "checks": words.say(result.checks),
        "remarks": list(map(words.say, result.remarks)),
        "seconds": round(result.seconds, 4),
        "seconds_loading": round(result.loading, 4),
        **({"search": proof_data(result.proof)} if result.proof else {}),
        **(
            {"more": {words.say(name): words.say(text) for name, text in result.more}}
            if result.more
            else {}
        ),
        **(
            {"models": [beside_data(each, words=words) for each in result.beside]}
            if result.beside
            else {}
        ),
    }


def proof_data(proof: Proof) -> dict[str, Any]:
    """How sure a best model is, as plain data."""
    return {
        "proved": proof.proved,
        "criterion": proof.criterion,
        "least": proof.least,
        "gap": proof.gap,
        "left_under_power_of_two": proof.doublings,
        "fits": proof.fits,
    }


def beside_data(each: Beside, words: Words = ENGLISH) -> dict[str, Any]:
    """One of several models of a method as plain data."""
    low, high = each.interval or (None, None)
    kept = ("name", "total", "words", "aic", "bic", "deviance", "degrees")
    data = {name: getattr(each, name) for name in kept}
    return data | {"words": words.say(each.words), "low": low, "high": high}


def moved_data(rows: Sequence[Moved], words: Words = ENGLISH) -> list[dict[str, Any]]:
    """How an estimate moves, as plain data."""
    return [
        {
            **each.__dict__,
            "change": words.say(each.change),
            "interval": list(each.interval) if each.interval else None,
            "why": words.say(each.why),
        }
        for each in rows
    ]


def panel_data(found: Panel, words: Words = ENGLISH) -> dict[str, Any]:
    """The panel as plain data."""
    return {
        "lists": found.table.totals,
        "known": found.table.known,
        "histories": found.table.histories(),
        "methods": [
            {
                "method": words.say(each.method),
                "total": _number(each.total),
                "low": _number(each.low),
                "high": _number(each.high),
                "model": each.model,
                "remark": words.say(each.remark),
                "models_dependence": each.main,
            }
            for each in found.lines
        ],
        "omitted": moved_data(found.omitted, words=words),
        "merged": moved_data(found.merged, words=words),
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
        "simulated": [
            {**each.__dict__, "method": words.say(each.method)} for each in found.simulated
        ],
        "sentences": list(map(words.say, found.sentences)),
    }


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else value


def stratified_data(found: Stratified, words: Words = ENGLISH) -> dict[str, Any]:
    """Strata and their sum as plain data; `total` is None where a stratum has no estimate, and
    `failed` names it.
    """
    return {
        "strata": [
            stratum_data(each, words=words)
            for each in (*found.strata, *([found.all] if found.all else []))
        ],
        "total": found.all.total if found.all else None,
        "failed": [{"name": name, "reason": words.say(reason)} for name, reason in found.failed],
        "replicates": found.replicates,
    }


def stratum_data(each: Stratum, words: Words = ENGLISH) -> dict[str, Any]:
    """One stratum as plain data."""
    interval = each.intervals[0.95]
    return {
        "name": each.name,
        "known": each.known,
        "total": each.total,
        "interval": list(interval) if interval else None,
        "replicates_without_estimate": each.without,
        "remark": words.say(each.words),
    }


def series_data(entries: Iterable[SeriesEntry]) -> list[dict[str, Any]]:
    """The series as plain data."""
    return [
        {
            **{
                name: value
                for name, value in entry.__dict__.items()
                if name not in ("period", "stated_on", "taken_back")
            },
            **({"taken_back": entry.taken_back.isoformat()} if entry.taken_back else {}),
            "period": entry.period.label,
            "stated_on": entry.stated_on.isoformat(),
        }
        for entry in entries
    ]


def write_estimate(shown: Estimated, words: Words = ENGLISH) -> str:
    """One method's figure."""
    data = result_data(shown.result, shown.lists, words=words)
    return document("estimate", data, synthetic=None)


def write_strata(shown: ByStratum, words: Words = ENGLISH) -> str:
    """Strata and their sum."""
    data = stratified_data(shown.found, words=words)
    remarks = list(map(words.say, shown.remarks))
    return document("strata", data | {"remarks": remarks, "method": shown.method}, synthetic=None)


def write_moves(shown: Moves, words: Words = ENGLISH) -> str:
    """How a figure moves."""
    data = {
        "method": shown.method,
        "rows": moved_data(shown.rows, words=words),
        "remarks": list(map(words.say, shown.remarks)),
    }
    return document("moves", data, synthetic=None)


def write_panel(shown: SideBySide, words: Words = ENGLISH) -> str:
    """Every method."""
    return document("panel", panel_data(shown.found, words=words), synthetic=None)


def write_series(entries: Iterable[SeriesEntry]) -> str:
    """The series of estimates."""
    held = list(entries)
    return document("series", {"estimates": series_data(held)}, synthetic=_any_made_up(held))


def write_entry(entry: SeriesEntry) -> str:
    """One estimate of the series."""
    return document("entry", series_data([entry])[0], synthetic=_any_made_up([entry]))


def _any_made_up(entries: Iterable[SeriesEntry]) -> bool:
    return says_made_up(text for each in entries for text in (each.source, each.note))
