"""Charts of estimates: methods as a forest, what moves the total, overlaps of lists, posteriors,
the series by population.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.basis.loading import extra
from darkfigure.codes import codes_for
from darkfigure.publication.series import SeriesEntry, by_population
from darkfigure.writing.charts.drawing import ACCENT, INK, MUTED, svg
from darkfigure.writing.wording import estimate_figure as figure
from darkfigure.writing.words import ENGLISH, Words

with extra("charts"):
    import altair as alt

if TYPE_CHECKING:
    from darkfigure.estimation.bayesian import Posterior
    from darkfigure.estimation.capture import CaptureTable
    from darkfigure.estimation.side_by_side import Panel


def forest(found: Panel, words: Words = ENGLISH) -> str:
    """Every method's total with its limits, those that model dependence first."""
    rows = [
        {
            "method": words.say(line.method),
            "total": line.total,
            "low": line.total if line.low is None else line.low,
            "high": line.total if line.high is None else line.high,
            "kind": words.text("charts.forest.models")
            if line.main
            else words.text("charts.forest.alike"),
        }
        for line in found.lines
        if line.total is not None
    ]
    order = [str(row["method"]) for row in rows]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("method:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(range=[ACCENT, MUTED]),
            legend=alt.Legend(orient="bottom"),
        ),
    )
    x = alt.X("low:Q", title=words.text("charts.forest.total"), scale=alt.Scale(type="log"))
    bars = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("total:Q", scale=alt.Scale(type="log"))
    )
    known = alt.Chart(alt.InlineData(values=[{"known": found.table.known}]))
    rule = known.mark_rule(strokeDash=[4, 4], color=INK).encode(x="known:Q")
    chart = alt.layer(bars, dots, rule).properties(width=520, height=22 * len(rows))
    return svg(chart, words.text("charts.forest.title", known=found.table.known))


def sensitivity(found: Panel, words: Words = ENGLISH) -> str:
    """The total with each list omitted and each two merged, around the estimate."""
    rows = [
        {"change": words.say(each.change), "total": each.total}
        for each in (*found.omitted, *found.merged)
        if each.total is not None
    ]
    rows.sort(key=lambda row: float(str(row["total"])))
    base = alt.Chart(alt.InlineData(values=rows))
    dots = base.mark_point(filled=True, size=60, color=ACCENT, opacity=1).encode(
        x=alt.X("total:Q", title=words.text("charts.axis.total"), scale=alt.Scale(type="log")),
        y=alt.Y(
            "change:N",
            sort=[str(row["change"]) for row in rows],
            title=None,
            axis=alt.Axis(labelLimit=260),
        ),
    )
    size = {"width": 520, "height": 16 * max(len(rows), 1)}
    if found.fit is None:
        return svg(
            dots.properties(**size),
            words.text("charts.sensitivity.none"),
        )
    held = alt.Chart(alt.InlineData(values=[{"total": found.fit.total}]))
    chart = alt.layer(dots, held.mark_rule(color=INK).encode(x="total:Q")).properties(**size)
    return svg(chart, words.text("charts.sensitivity.title", total=found.fit.total))


def overlaps(table: CaptureTable, most: int = 25, words: Words = ENGLISH) -> str:
    """Who is on which lists: bars over a grid of dots, the largest combinations first."""
    held = sorted(
        ((int(count), mask) for mask, count in enumerate(table.counts) if count), reverse=True
    )[:most]
    bars = [{"place": place, "count": count} for place, (count, _) in enumerate(held)]
    dots = [
        {"place": place, "list": name, "on": bool(mask >> position & 1)}
        for place, (_, mask) in enumerate(held)
        for position, name in enumerate(table.lists)
    ]
    x = alt.X("place:O", axis=None)
    base = alt.Chart(alt.InlineData(values=bars)).encode(x=x)
    height = base.mark_bar(color=ACCENT).encode(
        y=alt.Y("count:Q", title=words.text("charts.axis.persons"), scale=alt.Scale(type="symlog"))
    )
    labels = base.mark_text(dy=-6, fontSize=10, color=INK).encode(
        y=alt.Y("count:Q", scale=alt.Scale(type="symlog")), text="count:Q"
    )
    grid = alt.Chart(alt.InlineData(values=dots)).mark_point(filled=True, size=55, opacity=1)
    grid = grid.encode(
        x=x,
        y=alt.Y("list:N", sort=list(table.lists), title=None, axis=alt.Axis(labelLimit=180)),
        color=alt.condition("datum.on", alt.value(INK), alt.value("#dee0e2")),
    )
    width = 24 * len(held)
    top = alt.layer(height, labels).properties(width=width, height=150)
    chart = alt.vconcat(top, grid.properties(width=width, height=22 * table.size), spacing=4)
    return svg(chart, words.text("charts.overlaps.title", known=table.known))


def densities(posteriors: Sequence[Posterior], words: Words = ENGLISH) -> str:
    """Posterior densities of the total."""
    rows = []
    for each in posteriors:
        if each.draws.size:
            flat = each.draws.reshape(-1)
            top = float(np.quantile(flat, 0.995))
            heights, edges = np.histogram(flat[flat <= top], bins=60, density=True)
            places = (edges[1:] + edges[:-1]) / 2
        else:
            places, heights = (np.array(values) for values in zip(*each.density, strict=True))
            kept = (places >= each.low * 0.7) & (places <= each.high * 1.6)
            places, heights = places[kept], heights[kept]
        peak = heights.max() or 1.0
        rows += [
            {"method": each.method, "total": float(x), "density": float(y / peak)}
            for x, y in zip(places, heights, strict=True)
        ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_area(color=ACCENT, opacity=0.6)
    chart = chart.encode(
        x=alt.X("total:Q", title=words.text("charts.axis.total")),
        y=alt.Y("density:Q", title=None, axis=None, stack=None),
        row=alt.Row("method:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
    )
    return svg(chart.properties(width=520, height=70), words.text("charts.densities.title"))


def series(entries: Sequence[SeriesEntry], words: Words = ENGLISH) -> str:
    """Estimates by the day they were stated, a chart for each population: different populations are
    never one line.
    """
    charts = []
    for population, held in by_population(entries).items():
        rows = [
            {
                "id": each.id,
                "stated": each.stated_on.isoformat(),
                "low": each.low
                if each.low is not None
                else (each.point if each.point is not None else 0),
                "high": each.high
                if each.high is not None
                else (each.point if each.point is not None else each.low),
                "point": each.point,
                "by": f"{each.stated_by}: {figure(each)}",
            }
            for each in held
        ]
        base = alt.Chart(alt.InlineData(values=rows)).encode(
            y=alt.Y("stated:O", title=None, axis=alt.Axis(labelExpr="slice(datum.label, 0, 7)"))
        )
        bars = base.mark_rule(strokeWidth=5, color="#b1b4b6").encode(
            x=alt.X("low:Q", title=None), x2="high:Q"
        )
        dots = base.mark_point(filled=True, size=70, color=ACCENT, opacity=1).encode(x="point:Q")
        names = base.mark_text(align="left", dx=6, dy=-9, fontSize=10, color=MUTED).encode(
            x="high:Q", text="by:N"
        )
        title = codes_for("population").label(population)
        charts.append(
            alt.layer(bars, dots, names).properties(width=420, height=34 * len(rows), title=title)
        )
    return svg(alt.vconcat(*charts, spacing=18), words.text("charts.series.title"))
