"""Charts of estimates: methods with their limits, what moves the total, overlaps of lists,
posteriors, the series by population.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.codes import codes_for
from darkfigure.publication.series import SeriesEntry, by_population
from darkfigure.writing.charts.panels import Curve, Stood, lay_curves, lay_estimates
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_ranges, lay_rows
from darkfigure.writing.wording import estimate_figure as figure
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.estimation.bayesian import Posterior
    from darkfigure.estimation.capture import CaptureTable
    from darkfigure.estimation.side_by_side import Panel

#: A scale ends at so many times the middle total: one method without bound would hide the others.
_FAR = 3.0


def forest(found: Panel, words: Words = ENGLISH) -> Picture:
    """Every method's total with its limits, those that model dependence first."""
    rows = []
    for line in found.lines:
        if line.total is None:
            continue
        told = f"{line.total:,.0f}"
        if line.low is not None and line.high is not None:
            told += f" ({line.low:,.0f} to {line.high:,.0f})"
        look = "line" if line.main else "other"
        rows.append(Row(words.say(line.method), told, line.total, line.low, line.high, look=look))
    title = words.text("charts.forest.title", known=found.table.known)
    canvas = titled(title, [words.text("charts.forest.total")])
    middle = float(np.median([row.value or 0 for row in rows]))
    highs = [row.high or row.value or 0 for row in rows]
    lay_ranges(canvas, rows, found.table.known, end=min(max(highs), _FAR * middle))
    key = [
        ("line", words.text("charts.forest.models")),
        ("other", words.text("charts.forest.alike")),
        ("band", words.text("charts.key.limits")),
    ]
    lay_key(canvas, key)
    heads = [words.text("charts.axis.method"), words.text("charts.axis.total")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def sensitivity(found: Panel, words: Words = ENGLISH) -> Picture:
    """The total with each list omitted and each two merged, beside the estimate."""
    rows = [
        Row(words.say(moved.change), f"{moved.total:,.0f}", moved.total)
        for moved in (*found.omitted, *found.merged)
        if moved.total is not None
    ]
    rows.sort(key=lambda row: row.value or 0)
    title = (
        words.text("charts.sensitivity.none")
        if found.fit is None
        else words.text("charts.sensitivity.title", total=found.fit.total)
    )
    canvas = titled(title)
    lay_ranges(canvas, rows, found.fit.total if found.fit else None)
    heads = [words.text("charts.axis.change"), words.text("charts.axis.total")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def overlaps(table: CaptureTable, most: int = 25, words: Words = ENGLISH) -> Picture:
    """Who is on which lists, the largest combinations first."""
    held = sorted(
        ((int(count), mask) for mask, count in enumerate(table.counts) if count), reverse=True
    )
    rows = []
    for count, mask in held:
        on = [name for position, name in enumerate(table.lists) if mask >> position & 1]
        only = len(on) == 1
        name = words.text("charts.overlaps.only", name=on[0]) if only else words.joined(on, "and")
        rows.append(Row(name, f"{count:,}", count))
    title = words.text("charts.overlaps.title", known=table.known)
    canvas = titled(title)
    lay_rows(canvas, rows[:most])
    if len(rows) > most:
        canvas.paragraph(words.text("chart.left_out", number=len(rows) - most))
    heads = [words.text("charts.overlaps.lists"), words.text("charts.axis.persons")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def densities(posteriors: Sequence[Posterior], words: Words = ENGLISH) -> Picture:
    """Posterior densities of the total, each to its own height."""
    curves_of = []
    for posterior in posteriors:
        if posterior.draws.size:
            flat = posterior.draws.reshape(-1)
            top = float(np.quantile(flat, 0.995))
            heights, edges = np.histogram(flat[flat <= top], bins=60, density=True)
            places = (edges[1:] + edges[:-1]) / 2
        else:
            places, heights = (np.array(values) for values in zip(*posterior.density, strict=True))
            near = (places >= posterior.low * 0.7) & (places <= posterior.high * 1.6)
            places, heights = places[near], heights[near]
        peak = float(heights.max()) or 1.0
        curves_of.append(
            (posterior, [(float(x), float(y) / peak) for x, y in zip(places, heights, strict=True)])
        )
    title = words.text("charts.densities.title")
    canvas, rows = titled(title), []
    ends = [(max(x for x, _ in points), 0.0) for _, points in curves_of]
    for posterior, points in curves_of:
        canvas.paragraph(posterior.method, bold=True)
        limits = f"{posterior.low:,.0f} to {posterior.high:,.0f}"
        rows.append((posterior.method, limits))
        # A point at the far end of all keeps the panels on one scale.
        curves = [Curve(points, filled=True), Curve(points), Curve([max(ends), max(ends)])]
        lay_curves(canvas, curves, across=words.text("charts.axis.total"), amounts=False, tall=48)
    heads = [words.text("charts.axis.method"), words.text("charts.axis.limits")]
    return picture(title, heads, rows, canvas, words)


def series(entries: Sequence[SeriesEntry], words: Words = ENGLISH) -> Picture:
    """Estimates on the days they were stated, a panel for each population: different populations
    are never one line.
    """
    listed, title = codes_for("population"), words.text("charts.series.title")
    panels = [
        (
            listed.label(population),
            [
                Stood(entry.stated_on, figure(entry), entry.point, entry.low, entry.high)
                for entry in series_of
            ],
        )
        for population, series_of in by_population(entries).items()
    ]
    canvas = titled(title, [words.text("charts.series.stated")])
    lay_estimates(canvas, panels, words)
    looks = [("band", "ranges")] if _any_range(entries) else []
    looks += [("arrow", "arrow")] if any(_at_least(entry) for entry in entries) else []
    looks += [("hatch", "up_to")] if any(_up_to(entry) for entry in entries) else []
    lay_key(canvas, [(look, words.text(f"charts.key.{code}")) for look, code in looks])
    rows = [
        (
            listed.label(population), words.day(entry.stated_on, entry.precision), entry.stated_by,
            entry.period.label, range_said(entry, words), figure(entry),
        )
        for population, series_of in by_population(entries).items()
        for entry in series_of
    ]  # fmt: skip
    names = ("population", "stated", "by", "period", "range", "estimate")
    return picture(
        title, [words.text(f"charts.axis.{name}") for name in names], rows, canvas, words
    )


def range_said(entry: SeriesEntry, words: Words = ENGLISH) -> str:
    """What the range of an estimate is: limits worked out here, or what its source gives, of which
    no more is known than it says.
    """
    if entry.low is None or entry.high is None or entry.low == entry.high:
        return words.text("charts.range.none")
    if entry.known is not None:
        return words.text("charts.range.own", method=entry.method)
    unsaid = entry.method in ("not stated", "not published")
    code = "charts.range.unsaid" if unsaid else "charts.range.published"
    return words.text(code, method=entry.method)


def _any_range(entries: Sequence[SeriesEntry]) -> bool:
    return any(entry.low is not None and entry.high is not None for entry in entries)


def _at_least(entry: SeriesEntry) -> bool:
    return entry.point is None and entry.high is None


def _up_to(entry: SeriesEntry) -> bool:
    return entry.point is None and entry.low is None
