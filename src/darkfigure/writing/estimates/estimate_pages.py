"""Estimates as pages that need nothing beside themselves: one method, strata, how they move; and
the panel's table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from darkfigure.estimation.result import Result
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.estimates.estimates import result_lines

if TYPE_CHECKING:
    from darkfigure.estimation.sensitivity import Moved
    from darkfigure.estimation.side_by_side import Panel
    from darkfigure.estimation.strata import Stratified

_FIGURES = frozenset({"Total", "95% limits", "Known", "AIC", "BIC", "Deviance", "Degrees"})


def table_part(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns of figures to the right."""
    kinds = [' class="figure"' if head in _FIGURES else "" for head in heads]
    top = "".join(
        f'<th scope="col"{kind}>{escape(head)}</th>'
        for head, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(text)}</td>" for text, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"  # noqa: E501


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.0f}"


def _limits(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:,.0f} to {interval[1]:,.0f}" if interval else "none"


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def result_page(result: Result, lists: Sequence[str], title: str) -> str:
    """One method's figure as a page."""
    on = f" on {len(lists)} lists ({', '.join(lists)})" if lists else ""
    said = (
        f"<p><strong>{result.total:,.0f} in all</strong>, by {escape(result.method)} "
        f"{escape(result.model)}: "
        f"{result.known:,} known{escape(on)}, {result.dark_figure:,.0f} hidden.</p>"
    )
    parts = [said, _list(result_lines(result))]
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
                each.words,
            )
            for each in result.beside
        ]
        heads = ("Model", "Total", "95% limits", "AIC", "BIC", "Deviance", "Degrees", "Remark")
        parts.append(table_part("Models of this method", heads, rows))
    return page(title, parts)


def stratified_page(found: Stratified, title: str) -> str:
    """Strata and their sum as a page."""
    rows = [
        (
            each.name,
            f"{each.known:,}",
            _number(each.total),
            _limits(each.intervals[0.95]),
            each.words,
        )
        for each in (*found.strata, *([found.all] if found.all else []))
    ]
    rows += [(name, "", "none", "none", f"no estimate. {reason}") for name, reason in found.failed]
    heads = ("Stratum", "Known", "Total", "95% limits", "Remark")
    parts = [
        table_part(
            f"By stratum; BCa intervals from {found.replicates:,} replicates of each", heads, rows
        )
    ]
    if not found.all:
        parts.append("<p><strong>No total</strong>: a stratum has no estimate.</p>")
    return page(title, parts)


def moved_page(rows: Sequence[Moved], title: str) -> str:
    """How an estimate moves as a page."""
    heads = ("Change", "Known", "Total", "95% limits", "Model or reason")
    body = [
        (
            each.change,
            f"{each.known:,}",
            _number(each.total),
            _limits(each.interval),
            each.why or each.model,
        )
        for each in rows
    ]
    return page(title, [table_part("How the estimate moves", heads, body)])


def panel_table(found: Panel) -> str:
    """Every method of the panel with its figure, or why it is absent."""
    rows = [
        (
            line.method,
            _number(line.total),
            _limits(None if line.low is None or line.high is None else (line.low, line.high)),
            "; ".join(filter(None, [line.model, line.remark])),
        )
        for line in found.lines
    ]
    return table_part("Methods", ("Method", "Total", "95% limits", "Model or remark"), rows)
