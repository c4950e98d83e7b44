"""Estimates as pages that need nothing beside themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from darkfigure.basis.period import in_words
from darkfigure.basis.saying import several
from darkfigure.codes import codes_for
from darkfigure.publication.series import SeriesEntry, by_population
from darkfigure.writing.charts import estimate_charts
from darkfigure.writing.charts.picture import figure_part
from darkfigure.writing.estimates.as_text import replaced, result_lines
from darkfigure.writing.estimates.shown import ByStratum, Estimated, Moves, SideBySide
from darkfigure.writing.page import Head, entry, listed, page, table
from darkfigure.writing.wording import estimate_figure as figure
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.estimation.side_by_side import Panel

_FIGURES = frozenset({"Total", "95% limits", "Known", "AIC", "BIC", "Deviance", "Degrees"})


def table_part(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns of figures to the right."""
    kinds = ["figure" if head in _FIGURES else "" for head in heads]
    made = [[entry(*each) for each in zip(row, kinds, strict=True)] for row in rows]
    return table(caption, [Head(*each) for each in zip(heads, kinds, strict=True)], made)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.0f}"


def _limits(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:,.0f} to {interval[1]:,.0f}" if interval else "none"


def write_estimate(shown: Estimated, words: Words = ENGLISH) -> str:
    """One method's figure as a page."""
    result, lists = shown.result, shown.lists
    on = f" on {len(lists)} lists ({', '.join(lists)})" if lists else ""
    said = (
        f"<p><strong>{result.total:,.0f} in all</strong>, by {escape(result.method)} "
        f"{escape(result.model)}: "
        f"{result.known:,} known{escape(on)}, {result.dark_figure:,.0f} hidden.</p>"
    )
    parts = [said, listed(result_lines(result))]
    if result.beside:
        rows = [
            (
                each.name,
                _number(each.total),
                _limits(each.interval),
                *(
                    "" if value is None else f"{value:.2f}"
                    for value in (each.aic, each.bic, each.deviance)
                ),
                "" if each.degrees is None else str(each.degrees),
                words.say(each.words),
            )
            for each in result.beside
        ]
        heads = ("Model", "Total", "95% limits", "AIC", "BIC", "Deviance", "Degrees", "Remark")
        parts.append(table_part("Models of this method", heads, rows))
    return page("How many are hidden?", parts)


def write_strata(shown: ByStratum, words: Words = ENGLISH) -> str:
    """Strata and their sum as a page."""
    found = shown.found
    rows = [
        (
            each.name,
            f"{each.known:,}",
            _number(each.total),
            _limits(each.intervals[0.95]),
            words.say(each.words),
        )
        for each in (*found.strata, *([found.all] if found.all else []))
    ]
    rows += [
        (name, "", "none", "none", f"no estimate. {words.say(reason)}")
        for name, reason in found.failed
    ]
    heads = ("Stratum", "Known", "Total", "95% limits", "Remark")
    parts = [
        table_part(
            f"By stratum; BCa intervals from {found.replicates:,} replicates of each", heads, rows
        )
    ]
    if not found.all:
        parts.append("<p><strong>No total</strong>: a stratum has no estimate.</p>")
    if shown.remarks:
        parts.append(listed(map(words.say, shown.remarks)))
    return page(f"How many are hidden? By stratum, {shown.method}", parts)


def write_moves(shown: Moves, words: Words = ENGLISH) -> str:
    """How an estimate moves as a page."""
    heads = ("Change", "Known", "Total", "95% limits", "Model or reason")
    body = [
        (
            words.say(each.change),
            f"{each.known:,}",
            _number(each.total),
            _limits(each.interval),
            words.say(each.why or each.model),
        )
        for each in shown.rows
    ]
    parts = [table_part("How the estimate moves", heads, body)]
    if shown.remarks:
        parts.append(listed(map(words.say, shown.remarks)))
    return page(f"How the estimate by {shown.method} moves", parts)


def panel_table(found: Panel, words: Words = ENGLISH) -> str:
    """Every method of the panel with its figure, or why it is absent."""
    rows = [
        (
            words.say(line.method),
            _number(line.total),
            _limits(None if line.low is None or line.high is None else (line.low, line.high)),
            words.say(several([line.model, line.remark], "semicolon")),
        )
        for line in found.lines
    ]
    return table_part("Methods", ("Method", "Total", "95% limits", "Model or remark"), rows)


def write_panel(shown: SideBySide, words: Words = ENGLISH) -> str:
    """The panel as one page that needs nothing beside itself."""
    found = shown.found
    moved = [each for each in (*found.omitted, *found.merged) if each.total is not None]
    methods = any(line.total is not None for line in found.lines)
    charts = {
        "Methods": estimate_charts.forest(found) if methods else None,
        "Lists omitted and merged": estimate_charts.sensitivity(found) if moved else None,
        "Overlaps": estimate_charts.overlaps(found.table),
        "Posterior densities": (
            estimate_charts.densities(found.posteriors) if found.posteriors else None
        ),
    }
    parts = [
        "<h2>What can be said</h2>",
        listed(map(words.say, found.sentences)),
        *(f"<h2>{name}</h2>{figure_part(drawn)}" for name, drawn in charts.items() if drawn),
        "<h2>Every method</h2>",
        panel_table(found, words=words),
    ]
    return page(f"How many are hidden? {shown.of}", parts)


def series_part(entries: Sequence[SeriesEntry]) -> str:
    """The series as tables for a page."""
    parts = []
    heads = [Head(each) for each in ("Stated", "By", "For")]
    heads += [Head("Estimate", "figure"), Head("Method"), Head("Replaces, why")]
    for population, held in by_population(entries).items():
        rows = [
            [
                *map(entry, (in_words(each.stated_on, each.precision), each.stated_by)),
                entry(each.period.label),
                entry(figure(each), "figure"),
                *map(entry, (each.method, replaced(each))),
            ]
            for each in held
        ]
        parts.append(table(codes_for("population").label(population), heads, rows))
    return "".join(parts)


def write_series(entries: Sequence[SeriesEntry]) -> str:
    """The series as a page, drawn above its tables."""
    return page(
        "Estimates of hidden victims",
        [figure_part(estimate_charts.series(entries)), series_part(entries)],
    )
