"""Charts as SVG text, drawn without a browser or network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from darkfigure.basis.loading import extra
from darkfigure.writing.words import ENGLISH, Words

with extra("charts"):
    import altair as alt
    import vl_convert

if TYPE_CHECKING:
    from darkfigure.publication.vintages import Point
    from darkfigure.tables.waiting_times import Duration

_SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
INK, ACCENT, MUTED = "#0b0c0c", "#1d70b8", "#505a5f"


def vintages(
    title: str, points: Sequence[Point], since: date, until: date, words: Words = ENGLISH
) -> str:
    """A figure as steps over the days on which it was stated, each marked and labelled; it stands
    until restated.
    """
    ordered = sorted(points, key=lambda point: point.day)
    marked = [{"day": point.day.isoformat(), "value": point.value} for point in ordered]
    steps = [*marked, {"day": until.isoformat(), "value": ordered[-1].value}]
    ends = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in (since, until)]
    x = alt.X(
        "day:T",
        title=words.text("charts.known_on"),
        scale=alt.Scale(domain=ends),
        axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=4, grid=False),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, max(point.value for point in ordered) * 1.2 or 1]),
    )
    line = alt.Chart(alt.InlineData(values=steps)).mark_line(
        interpolate="step-after", color=ACCENT, strokeWidth=2
    )
    dots = alt.Chart(alt.InlineData(values=marked))
    marks = dots.mark_point(filled=True, size=60, color=ACCENT, opacity=1)
    labels = dots.mark_text(dy=-10, color=INK, fontSize=12)
    chart = alt.layer(
        line.encode(x=x, y=y),
        marks.encode(x=x, y=y),
        labels.encode(x=x, y=y, text=alt.Text("value:Q", format=",")),
    )
    return svg(chart.properties(width=320, height=140, title=title), title)


def triangle(
    title: str,
    columns: Sequence[str],
    cells: Sequence[tuple[str, str, float, float | None]],
    words: Words = ENGLISH,
) -> str:
    """A revision triangle: a row for each period, a column for each release, shaded by the change
    since the one before.

    `cells` are (period, release, value, change or None for a first statement).
    """
    data = alt.InlineData(
        values=[
            {
                "period": period,
                "release": release,
                "value": value,
                "change": change or 0,
                "label": f"{value:,.0f}" + (f" ({change:+,.0f})" if change else ""),
            }
            for period, release, value, change in cells
        ]
    )
    periods = list(dict.fromkeys(period for period, _, _, _ in cells))
    base = alt.Chart(data).encode(
        x=alt.X(
            "release:O",
            title=words.text("charts.released"),
            sort=list(columns),
            axis=alt.Axis(orient="top", labelAngle=0),
        ),
        y=alt.Y("period:O", title=None, sort=periods),
    )
    widest = max((abs(change or 0) for _, _, _, change in cells), default=1) or 1
    shade = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "change:Q",
            title=words.text("charts.axis.change"),
            scale=alt.Scale(scheme="blueorange", domain=[-widest, widest], reverse=True),
        )
    )
    dark = alt.datum.change**2 > (0.6 * widest) ** 2
    labels = base.mark_text(fontSize=12).encode(
        text="label:N", color=alt.condition(dark, alt.value("white"), alt.value(INK))
    )
    chart = alt.layer(shade, labels).properties(
        width=150 * len(columns), height=26 * len(periods), title=title
    )
    return svg(chart, title)


def svg(chart: alt.TopLevelMixin, title: str) -> str:
    """A chart as SVG text that says what it shows."""
    styled = (
        chart.configure(font="DejaVu Sans")
        .configure_title(anchor="start", fontSize=14, color=INK)
        .configure_axis(labelColor=MUTED, titleColor=MUTED, labelFontSize=11)
        .configure_view(strokeWidth=0)
    )
    # The whole is one image with one label: what Vega says of its parts would be read beside it.
    drawn = _SPOKEN.sub("", vl_convert.vegalite_to_svg(styled.to_dict()))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{_attribute(title)}" ', 1)


def captioned(drawn: str, lines: Sequence[str]) -> str:
    """A drawing with lines above it that say what it shows."""
    width, height = (
        float(re.search(rf'{side}="([\d.]+)', drawn).group(1))  # type: ignore[union-attr]
        for side in ("width", "height")
    )
    top = 14 + 18 * len(lines)
    widest = max(width, 7.5 * max(map(len, lines), default=0))
    texts = "".join(
        f'<text x="4" y="{16 + 18 * at}" font-family="DejaVu Sans" font-size="12" '
        f'font-weight="bold" fill="{INK}">{_attribute(line)}</text>'
        for at, line in enumerate(lines)
    )
    inside = drawn.replace("<svg ", f'<svg y="{top}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{_attribute(" ".join(lines))}" width="{widest:.0f}" '
        f'height="{height + top:.0f}" viewBox="0 0 {widest:.0f} {height + top:.0f}">'
        f"{texts}{inside}</svg>"
    )


def png(drawn: str) -> bytes:
    """A picture of a drawing, at twice its size so that it stays sharp."""
    return bytes(vl_convert.svg_to_png(drawn, scale=2))


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def waiting(duration: Duration, words: Words = ENGLISH) -> str:
    """The share still waiting after each number of days, with the median marked where half have got
    there.
    """
    points = [
        {"day": 0, "share": 1.0},
        *({"day": day, "share": share} for day, share in duration.curve),
    ]
    x = alt.X("day:Q", title=words.text("charts.axis.days"))
    y = alt.Y(
        "share:Q",
        title=words.text("charts.waiting.still"),
        axis=alt.Axis(format="%"),
        scale=alt.Scale(domain=[0, 1]),
    )
    line = alt.Chart(alt.InlineData(values=points)).mark_line(
        interpolate="step-after", color=ACCENT, strokeWidth=2
    )
    layers = [line.encode(x=x, y=y)]
    if duration.median is not None:
        mark = alt.Chart(alt.InlineData(values=[{"day": duration.median, "share": 0.5}]))
        layers.append(mark.mark_point(filled=True, size=70, color=INK).encode(x=x, y=y))
    reached = (
        words.text("charts.waiting.median", days=duration.median)
        if duration.median is not None
        else words.text("charts.waiting.under_half")
    )
    title = words.text(
        "charts.waiting.line",
        name=duration.name,
        reached=reached,
        ended=duration.ended,
        waiting=duration.waiting,
    )
    return svg(alt.layer(*layers).properties(width=420, height=140, title=title), title)
