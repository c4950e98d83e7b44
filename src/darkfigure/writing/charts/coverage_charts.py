"""Charts of requirement coverage: the ladder over time, and the way from one day to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from darkfigure.basis.loading import extra
from darkfigure.intelligence.coverage import Coverage
from darkfigure.writing.charts.drawing import ACCENT, INK, svg
from darkfigure.writing.coverage.coverage_views import COLOURS, SHOWN
from darkfigure.writing.words import ENGLISH, Words

with extra("charts"):
    import altair as alt

if TYPE_CHECKING:
    from darkfigure.intelligence.coverage_change import CoverageChange


def ladder_over_time(series: Sequence[Coverage], words: Words = ENGLISH) -> str:
    """Shares of weight by status at the end of each month, best known at the bottom."""
    order = ["N5", "N4", "N3", "X", "L", "N2", "N1", "N0"]
    names = {status: f"{status} {words.text(f'coverage.status.{status}')}" for status in SHOWN}
    rows = [
        {
            "day": found.at.isoformat(),
            "status": names[status],
            "share": row[status],
            "place": order.index(status),
        }
        for found in series
        for row in [found.shares().row(0, named=True)]
        for status in order
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar(stroke="#b1b4b6", strokeWidth=0.5)
    chart = chart.encode(
        x=alt.X(
            "day:O", title=None, axis=alt.Axis(labelExpr="slice(datum.label, 0, 7)", labelAngle=-40)
        ),
        y=alt.Y(
            "share:Q",
            title=words.text("charts.coverage.share"),
            axis=alt.Axis(format="%"),
            scale=alt.Scale(domain=[0, 1]),
        ),
        color=alt.Color(
            "status:N",
            title=None,
            sort=[names[status] for status in order],
            scale=alt.Scale(
                domain=[names[status] for status in order],
                range=[COLOURS[status] for status in order],
            ),
            legend=alt.Legend(labelLimit=320),
        ),
        order=alt.Order("place:Q"),
    )
    return svg(chart.properties(width=460, height=280), words.text("charts.coverage.title"))


def change_bridge(change: CoverageChange, words: Words = ENGLISH) -> str:
    """From the answered share published to that of now, a bar for each reason."""
    steps = [
        (words.text("charts.change.late"), change.revision),
        (words.text("charts.change.closed"), change.closed),
        (words.text("charts.change.lapsed"), -change.lapsed),
        (words.text("charts.change.scope"), change.scope),
    ]
    rows = [
        {
            "step": words.text("charts.change.published"),
            "from": 0.0,
            "to": change.opening,
            "kind": "end",
        }
    ]
    at = change.opening
    for name, value in steps:
        rows.append(
            {"step": name, "from": at, "to": at + value, "kind": "gain" if value >= 0 else "loss"}
        )
        at += value
    rows.append(
        {"step": words.text("charts.change.now"), "from": 0.0, "to": change.closing, "kind": "end"}
    )
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar(size=34)
    colours = alt.Scale(domain=["end", "gain", "loss"], range=[INK, ACCENT, "#d4351c"])
    chart = chart.encode(
        x=alt.X("step:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("from:Q", title=words.text("charts.change.share"), axis=alt.Axis(format=".1%")),
        y2="to:Q",
        color=alt.Color("kind:N", legend=None, scale=colours),
    )
    return svg(chart.properties(width=440, height=240), words.text("charts.change.title"))
