"""The series of estimates written: as text, plain data and tables for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from darkfigure.basis.period import in_words
from darkfigure.codes import codes_for
from darkfigure.publication.series import SeriesEntry, by_population
from darkfigure.writing.estimates.estimates import WIDTH
from darkfigure.writing.terminal import console, written


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


def write_series(entries: Sequence[SeriesEntry]) -> str:
    """The series, population by population: they are never one line."""
    shown_on = console(WIDTH)
    for population, held in by_population(entries).items():
        shown = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            title=codes_for("population").label(population),
            title_justify="left",
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
        shown_on.print(shown)
    return written(shown_on)


def series_part(entries: Sequence[SeriesEntry]) -> str:
    """The series as tables for a page."""
    parts = []
    for population, held in by_population(entries).items():
        rows = "".join(
            f'<tr><th scope="row">{escape(in_words(each.stated_on, each.precision))}</th><td>{escape(each.stated_by)}</td>'  # noqa: E501
            f"<td>{escape(each.period.label)}</td><td "
            f'class="figure">{escape(figure(each))}</td><td>{escape(each.method)}</td>'
            f"<td>{escape(_replaced(each))}</td></tr>"
            for each in held
        )
        heads = "".join(
            f'<th scope="col">{head}</th>'
            for head in ("Stated", "By", "For", "Estimate", "Method", "Replaces, why")
        )
        label = escape(codes_for("population").label(population))
        parts.append(
            f"<table><caption>{label}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )
    return "".join(parts)


def _replaced(entry: SeriesEntry) -> str:
    why = f"{entry.supersedes}: {entry.reason.replace('_', ' ')}" if entry.supersedes else ""
    return "; ".join(filter(None, [why, entry.note]))


def figure(entry: SeriesEntry) -> str:
    """An estimate in words: point with range, range, at least, or up to."""
    if entry.point is not None:
        around = (
            f" ({entry.low:,.0f} to {entry.high:,.0f})"
            if entry.low is not None and entry.high is not None
            else ""
        )
        return f"{entry.point:,.0f}{around}"
    if entry.low is not None and entry.high is not None:
        return f"{entry.low:,.0f} to {entry.high:,.0f}"
    return (
        f"at least {entry.low:,.0f}" if entry.low is not None else f"up to {entry.high or 0:,.0f}"
    )
