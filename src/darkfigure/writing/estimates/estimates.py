"""Estimates written: one method, strata, how they move and the panel, as text and plain data."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from darkfigure.estimation.result import Beside, Result

if TYPE_CHECKING:
    from darkfigure.estimation.sensitivity import Moved
    from darkfigure.estimation.side_by_side import Line, Panel
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


def write_result(result: Result, lists: Sequence[str]) -> str:
    """One method's figure in sentences."""
    on = f" on {len(lists)} lists ({', '.join(lists)})" if lists else ""
    lines = [
        (
            f"{result.total:,.0f} in all, by "
            f"{result.method}{f' {result.model}' if result.model else ''}."
        ),
        f"  known {result.known:,}{on}; hidden {result.dark_figure:,.0f}",
        *(f"  {line}" for line in result_lines(result)),
    ]
    if result.beside:
        lines += ["", *(f"  {line}" for line in _besides(result.beside).splitlines())]
    return "\n".join([*lines, f"  {_seconds(result)}"]) + "\n"


def _seconds(result: Result) -> str:
    loading = f", and {result.loading:.2f} s to load what fits" if result.loading >= 0.005 else ""
    return f"{result.seconds:.2f} s to fit{loading}"


def result_lines(result: Result) -> list[str]:
    """What is said of a figure beside the figure itself: interval or why none, criteria, checks,
    remarks.
    """
    lines = [interval_words(result)]
    lines += [f"{name}: {text}" for name, text in result.more]
    criteria = [
        f"{name} {value:.4f}"
        for name, value in (("BIC", result.bic), ("AIC", result.aic))
        if value is not None
    ]
    if result.deviance is not None:
        criteria.append(f"deviance {result.deviance:.2f} on {result.degrees} degrees of freedom")
    lines += [", ".join(criteria)] if criteria else []
    lines += [result.checks] if result.checks else []
    return lines + [f"note: {remark}" for remark in result.remarks]


def interval_words(result: Result) -> str:
    """The interval with how it was made, or why there is none."""
    if not result.interval:
        return result.how if result.how.startswith("no interval") else f"no interval: {result.how}"
    low, high = result.interval
    return f"{result.level:.0%} interval {low:,.0f} to {high:,.0f} ({result.how})"


def _besides(rows: Sequence[Beside]) -> str:
    shown_on = console()
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("Model", "Total", "95% limits", "AIC", "BIC", "Deviance", "Degrees", "Remark"):
        shown.add_column(
            head, justify="left" if head in ("Model", "Remark") else "right", overflow="fold"
        )
    for each in rows:
        limits = f"{each.interval[0]:,.0f} to {each.interval[1]:,.0f}" if each.interval else "none"
        numbers = (
            "" if value is None else f"{value:.2f}" for value in (each.aic, each.bic, each.deviance)
        )
        degrees = "" if each.degrees is None else str(each.degrees)
        shown.add_row(each.name, _shown(each.total), limits, *numbers, degrees, Text(each.words))
    shown_on.print(shown)
    return written(shown_on)


def moved_data(rows: Sequence[Moved]) -> list[dict[str, Any]]:
    """How an estimate moves, as plain data."""
    return [
        {**each.__dict__, "interval": list(each.interval) if each.interval else None}
        for each in rows
    ]


def write_moved(rows: Sequence[Moved]) -> str:
    """How an estimate moves: a row for each change of the lists."""
    shown_on = console()
    shown = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title="How the estimate moves", title_justify="left"
    )
    for head in ("Change", "Known", "Total", "95% limits", "Model or reason"):
        shown.add_column(
            head,
            justify="left" if head in ("Change", "Model or reason") else "right",
            overflow="fold",
        )
    for each in rows:
        limits = f"{each.interval[0]:,.0f} to {each.interval[1]:,.0f}" if each.interval else "none"
        shown.add_row(
            each.change, f"{each.known:,}", _shown(each.total), limits, Text(each.why or each.model)
        )
    shown_on.print(shown)
    return written(shown_on)


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


def write_panel(found: Panel) -> str:
    """The panel as tables and sentences."""
    shown_on = console()
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Methods", title_justify="left")
    for head, side in (
        ("Method", "left"),
        ("Total", "right"),
        ("95% limits", "right"),
        ("Model or remark", "left"),
    ):
        shown.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]
    for line in found.lines:
        shown.add_row(
            line.method,
            _shown(line.total),
            _range(line),
            Text("; ".join(filter(None, [line.model, line.remark]))),
        )
    shown_on.print(shown)
    moves = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="How the BIC estimate moves",
        title_justify="left",
    )
    for head, side in (
        ("Change", "left"),
        ("Known", "right"),
        ("Total", "right"),
        ("Model or reason", "left"),
    ):
        moves.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]
    for each in (*found.omitted, *found.merged):
        moves.add_row(
            each.change, f"{each.known:,}", _shown(each.total), Text(each.why or each.model)
        )
    if moves.rows:
        shown_on.print(moves)
    for sentence in found.sentences:
        shown_on.print(Text(f"- {sentence}"))
    return written(shown_on)


def _shown(value: float | None) -> str:
    return "none" if value is None or value != value else f"{value:,.0f}"


def _range(line: Line) -> str:
    return "" if line.low is None or line.high is None else f"{line.low:,.0f} to {line.high:,.0f}"


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


def write_stratified(found: Stratified) -> str:
    """Strata and their sum, and of strata without an estimate why."""
    lines = [stratum_line(each) for each in found.strata]
    lines += [f"{name}: no estimate. {reason}" for name, reason in found.failed]
    if found.all:
        lines.append(stratum_line(found.all))
    else:
        lines.append(
            f"No total: {len(found.failed)} of {len(found.failed) + len(found.strata)} strata "
            "have no estimate."
        )
    lines.append(
        f"  intervals: BCa, {found.replicates:,} replicates of every stratum; those of the "
        "total "
        "from their sums"
    )
    return "\n".join(lines) + "\n"


def stratum_line(each: Stratum) -> str:
    """A stratum in a line."""
    interval = each.intervals[0.95]
    limits = f"95% {interval[0]:,.0f} to {interval[1]:,.0f}" if interval else "no 95% interval"
    words = f"; {each.words}" if each.words else ""
    return f"{each.name}: {each.total:,.0f} ({limits}), known {each.known:,}{words}"


def write_json(data: object) -> str:
    """Plain data as JSON text; what is not a number is null."""
    return json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n"


def sentences_part(found: Panel) -> str:
    """The sentences as a list for a page."""
    return (
        "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in found.sentences) + "</ul>"
    )


def console() -> Console:
    """A console that keeps what is written, 120 wide."""
    return Console(file=io.StringIO(), width=120, no_color=True, highlight=False)


def written(shown_on: Console) -> str:
    """What a console kept."""
    assert isinstance(shown_on.file, io.StringIO)
    return "\n".join(line.rstrip() for line in shown_on.file.getvalue().splitlines()) + "\n"
