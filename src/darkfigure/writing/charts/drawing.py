"""Charts of figures over the days they were known on, and of how long steps take; drawings as
pictures of dots.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from darkfigure.basis.loading import extra
from darkfigure.writing.charts.canvas import WIDTH
from darkfigure.writing.charts.panels import Stated, lay_steps
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_ranges
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.publication.vintages import Point
    from darkfigure.tables.waiting_times import Duration


def vintages(
    title: str, series: Mapping[str, Sequence[Point]], since: date, until: date,
    words: Words = ENGLISH,
) -> Picture:  # fmt: skip
    """Figures as steps over the days on which they were stated, a panel for each; each stands until
    it is stated anew.
    """
    canvas = titled(title)
    canvas.paragraph(words.text("charts.known_on"), "quiet")
    panels = [
        (name, [Stated(point.day, point.value, f"{point.value:,.0f}") for point in points])
        for name, points in series.items()
    ]
    lay_steps(canvas, panels, since, until, words)
    rows = [
        (name, words.day(point.day), point.by, f"{point.value:,.0f}")
        for name, points in series.items()
        for point in sorted(points, key=lambda each: each.day)
    ]
    heads = [words.text(f"charts.axis.{name}") for name in ("figure", "known", "by", "value")]
    return picture(title, heads, rows, canvas, words)


def waiting(
    durations: Sequence[Duration], *, synthetic: bool = False, words: Words = ENGLISH
) -> Picture:
    """The days after which half have gone each step, within their 95% limits; those still waiting
    count as waiting.
    """
    title = words.text("charts.waiting.title")
    rows, table = [], []
    for duration in durations:
        limits = words.text("charts.waiting.under_half")
        low, high = duration.low, math.inf if duration.high is None else duration.high
        if duration.median is not None:
            limit = "charts.waiting.limits" if duration.high is not None else "charts.waiting.from"
            values = {"days": duration.median, "low": low or 0, "high": high}
            limits = words.text(limit, **values) if low is not None else f"{duration.median:,}"
        name = words.say(duration.name)
        rows.append(Row(name, limits, duration.median, low, high if low is not None else None))
        table.append((name, f"{duration.ended:,}", f"{duration.waiting:,}", limits))
    canvas = titled(title, [words.text("charts.waiting.made_up")] if synthetic else [])
    lay_ranges(canvas, rows)
    lay_key(canvas, [("band", words.text("charts.key.limits"))])
    heads = [words.text(f"charts.waiting.{name}") for name in ("step", "done", "waiting", "median")]
    return picture(title, heads, table, canvas, words)


def captioned(drawn: Picture, lines: Sequence[str], words: Words = ENGLISH) -> Picture:
    """A chart with lines beneath its title that say what it shows."""
    canvas = titled(lines[0], lines[1:])
    top = canvas.height
    inside = drawn.svg.replace("<svg ", f'<svg y="{top:.0f}" ', 1).replace(' role="img"', "", 1)
    canvas.parts.append(inside)
    canvas.height = top + height_of(drawn.svg)
    return picture(" ".join(lines), drawn.heads, drawn.rows, canvas, words)


def height_of(svg: str) -> float:
    """How tall a drawing is."""
    return float(svg.partition(f'viewBox="0 0 {WIDTH:.0f} ')[2].partition('"')[0])


def png(drawn: str) -> bytes:
    """A picture of a drawing, at three times its size so that it stays sharp."""
    with extra("charts"):
        import vl_convert  # noqa: PLC0415 - a drawing needs nothing but itself
    return bytes(vl_convert.svg_to_png(drawn, scale=3))
