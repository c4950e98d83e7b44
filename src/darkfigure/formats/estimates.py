"""Estimates written: one method, the panel and the series, as text, JSON and pages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.codes import codes_for
from darkfigure.estimation.capture import CaptureTable
from darkfigure.estimation.result import Result
from darkfigure.publication.series import SeriesEntry, by_population

if TYPE_CHECKING:
    from darkfigure.estimation.side_by_side import Line, Panel
    from darkfigure.estimation.strata import Stratified


def result_data(result: Result, table: CaptureTable) -> dict[str, Any]:
    """One method's figure as plain data."""
    return {
        "method": result.method,
        "lists": list(table.lists),
        "known": result.known,
        "total": result.total,
        "dark_figure": result.dark_figure,
        "model": result.model,
        "bic": result.bic,
        "interval": {"low": result.interval[0], "high": result.interval[1], "level": result.level, "how": result.how}
        if result.interval
        else None,
        "checks": result.checks,
        "seconds": round(result.seconds, 4),
        **({"more": dict(result.more)} if result.more else {}),
    }


def write_result(result: Result, table: CaptureTable) -> str:
    """One method's figure in sentences."""
    lines = [
        f"{result.total:,.0f} in all, by {result.method}{f' {result.model}' if result.model else ''}.",
        f"  known {result.known:,} on {table.size} lists ({', '.join(table.lists)}); hidden {result.dark_figure:,.0f}",
    ]
    if result.interval:
        low, high = result.interval
        lines.append(f"  {result.level:.0%} interval {low:,.0f} to {high:,.0f} ({result.how})")
    lines += [f"  {name}: {text}" for name, text in result.more]
    if result.bic is not None:
        lines.append(f"  BIC {result.bic:.4f}")
    if result.checks:
        lines.append(f"  {result.checks}")
    return "\n".join([*lines, f"  {result.seconds:.2f} s"]) + "\n"


def panel_data(found: Panel) -> dict[str, Any]:
    """The panel as plain data."""
    return {
        "lists": found.table.totals,
        "known": found.table.known,
        "histories": found.table.histories(),
        "methods": [
            {"method": each.method, "total": _number(each.total), "low": _number(each.low), "high": _number(each.high),
             "model": each.model, "remark": each.remark, "models_dependence": each.main}
            for each in found.lines
        ],
        "omitted": [each.__dict__ for each in found.omitted],
        "merged": [each.__dict__ for each in found.merged],
        "rests_on": {name: {"alone": alone, "moves_total_by": moved} for name, (alone, moved) in found.rests.items()},
        "fit": {"model": found.fit.model.formula, "deviance": found.fit.deviance, "degrees": found.fit.degrees,
                "probability": found.fit_probability,
                "worst": [dict(zip(("history", "observed", "expected", "residual"), row, strict=True)) for row in found.residuals]},
        "simulated": [each.__dict__ for each in found.simulated],
        "sentences": list(found.sentences),
    }  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else value


def write_panel(found: Panel) -> str:
    """The panel as tables and sentences."""
    console = _console()
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Methods", title_justify="left")
    for head, side in (("Method", "left"), ("Total", "right"), ("95% limits", "right"), ("Model or remark", "left")):
        shown.add_column(head, justify=side, overflow="fold")  # type: ignore[arg-type]
    for line in found.lines:
        shown.add_row(
            line.method, _shown(line.total), _range(line), Text("; ".join(filter(None, [line.model, line.remark])))
        )
    console.print(shown)
    moves = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="How the BIC estimate moves", title_justify="left")
    for head, side in (("Change", "left"), ("Known", "right"), ("Total", "right"), ("Model", "left")):
        moves.add_column(head, justify=side)  # type: ignore[arg-type]
    for each in (*found.omitted, *found.merged):
        moves.add_row(each.change, f"{each.known:,}", _shown(each.total), Text(each.model))
    console.print(moves)
    for sentence in found.sentences:
        console.print(Text(f"- {sentence}"))
    return _written(console)


def _shown(value: float | None) -> str:
    return "none" if value is None or value != value else f"{value:,.0f}"


def _range(line: Line) -> str:
    return "" if line.low is None or line.high is None else f"{line.low:,.0f} to {line.high:,.0f}"


def stratified_data(found: Stratified) -> dict[str, Any]:
    """Strata and their sum as plain data."""
    return {
        "strata": [
            {"name": each.name, "known": each.known, "total": each.total, "interval": list(each.intervals[0.95])}
            for each in (*found.strata, found.all)
        ]
    }


def write_stratified(found: Stratified) -> str:
    """Strata and their sum."""
    lines = [
        f"{each.name}: {each.total:,.0f} (95% {low:,.0f} to {high:,.0f}), known {each.known:,}"
        for each in (*found.strata, found.all)
        for low, high in [each.intervals[0.95]]
    ]
    return "\n".join(lines) + "\n"


def series_data(entries: Iterable[SeriesEntry]) -> list[dict[str, Any]]:
    """The series as plain data."""
    return [
        {
            **{name: value for name, value in entry.__dict__.items() if name not in ("period", "stated_on")},
            "period": entry.period.label,
            "stated_on": entry.stated_on.isoformat(),
        }
        for entry in entries
    ]


def write_series(entries: Sequence[SeriesEntry]) -> str:
    """The series, population by population: they are never one line."""
    console = _console()
    for population, held in by_population(entries).items():
        shown = Table(
            box=box.SIMPLE_HEAD, pad_edge=False, title=codes_for("population").label(population), title_justify="left"
        )
        for head in ("Stated", "By", "For", "Estimate", "Method", "Replaces, and why"):
            shown.add_column(head, overflow="fold")
        for each in held:
            shown.add_row(
                in_words(each.stated_on, each.precision),
                Text(each.stated_by),
                each.period.label,
                figure(each),
                Text(each.method),
                Text(_replaced(each)),
            )
        console.print(shown)
    return _written(console)


def series_part(entries: Sequence[SeriesEntry]) -> str:
    """The series as tables for a page."""
    parts = []
    for population, held in by_population(entries).items():
        rows = "".join(
            f'<tr><th scope="row">{escape(in_words(each.stated_on, each.precision))}</th><td>{escape(each.stated_by)}</td>'
            f'<td>{escape(each.period.label)}</td><td class="figure">{escape(figure(each))}</td><td>{escape(each.method)}</td>'
            f"<td>{escape(_replaced(each))}</td></tr>"
            for each in held
        )
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("Stated", "By", "For", "Estimate", "Method", "Replaces, why")
        )
        label = escape(codes_for("population").label(population))
        parts.append(f"<table><caption>{label}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join(parts)


def _replaced(entry: SeriesEntry) -> str:
    why = f"{entry.supersedes}: {entry.reason.replace('_', ' ')}" if entry.supersedes else ""
    return "; ".join(filter(None, [why, entry.note]))


def figure(entry: SeriesEntry) -> str:
    """An estimate in words: point with range, range, at least, or up to."""
    if entry.point is not None:
        around = f" ({entry.low:,.0f} to {entry.high:,.0f})" if entry.low is not None and entry.high is not None else ""
        return f"{entry.point:,.0f}{around}"
    if entry.low is not None and entry.high is not None:
        return f"{entry.low:,.0f} to {entry.high:,.0f}"
    return f"at least {entry.low:,.0f}" if entry.low is not None else f"up to {entry.high or 0:,.0f}"


def write_json(data: object) -> str:
    """Plain data as JSON text; what is not a number is null."""
    return json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n"


def sentences_part(found: Panel) -> str:
    """The sentences as a list for a page."""
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in found.sentences) + "</ul>"


def _console() -> Console:
    return Console(file=io.StringIO(), width=120, no_color=True, highlight=False)


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
