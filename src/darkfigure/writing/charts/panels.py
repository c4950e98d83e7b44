"""Charts over time and over figures: columns, steps, ranges and curves in panels, each named above,
with figures written beside their marks where they have room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from darkfigure.basis.period import Period, bucket, day_after, is_one
from darkfigure.writing.charts.axes import (
    Days,
    Scale,
    fitted,
    lay_amounts,
    lay_days,
    lay_names,
    room_for,
)
from darkfigure.writing.charts.canvas import LINE, WIDTH, Box, Canvas, box_of, width_of
from darkfigure.writing.words import ENGLISH, Words

TALL = 84.0
#: Room at the right edge, so that marks of the last day are whole.
EDGE = 6.0


class Span(NamedTuple):
    """A figure over some days: in words and with its bounds; `open` where there is none above.
    `partly` says that a part only of its time is held. Without a figure it has a cross.
    """

    days: Period
    told: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    open: bool = False
    partly: bool = False


def largest(spans: Mapping[str, Sequence[Span]], most: int) -> dict[str, Sequence[Span]]:
    """The series with the largest figures, so many at most, in the order in which they stand."""
    sizes = {
        name: sum(span.value or span.high or span.low or 0 for span in series)
        for name, series in spans.items()
    }
    kept = sorted(sizes, key=lambda name: -sizes[name])[:most]
    return {name: series for name, series in spans.items() if name in kept}


def lay_columns(
    canvas: Canvas, panels: Sequence[tuple[str, Sequence[Span]]], words: Words = ENGLISH
) -> None:
    """A panel for each series, all on one scale and one axis of time; each column as wide as its
    days.
    """
    spans = [span for _, series in panels for span in series]
    scale = fitted(list(_ends(spans)), 0, 0, most=3)
    edge = room_for(scale)
    first = min(span.days.start for span in spans)
    days = Days(first, day_after(max(span.days.end for span in spans)), edge, WIDTH - EDGE)
    for name, series in panels:
        if name:
            canvas.paragraph(name, bold=len(panels) > 1)
        top = canvas.height + LINE + 2
        here = Scale(scale.low, scale.high, top + TALL, top)
        lay_amounts(canvas, here, edge, WIDTH)
        for span in series:
            _column(canvas, span, days, here)
        canvas.height = top + TALL
        _labels(canvas, series, days, here)
        if years := _years(spans, days):
            lay_names(canvas, days, canvas.height, years)
        else:
            lay_days(canvas, days, canvas.height, words)
        canvas.height += LINE + 12


def _years(spans: Iterable[Span], days: Days) -> list[tuple[float, str]]:
    """The years that columns are of, each with the middle of its column, where each is of one year
    and each name has room: a name beneath an edge would be read as that of either column.
    """
    named = {}
    for span in spans:
        year = bucket(span.days, "year")
        if year is None or not (span.partly or is_one(span.days, "year")):
            return []
        begins, ends = days(span.days.start), days(day_after(span.days.end))
        if width_of(year.label) + 4 > ends - begins:
            return []
        named[year.label] = (begins + ends) / 2
    return [(middle, name) for name, middle in named.items()]


def _ends(spans: Iterable[Span]) -> Iterable[float]:
    return [end for span in spans for end in (span.value, span.low, span.high) if end is not None]


def _column(canvas: Canvas, span: Span, days: Days, scale: Scale) -> None:
    x1, x2 = days(span.days.start), days(day_after(span.days.end))
    gap = min(1.0, (x2 - x1) / 6)
    x, wide, foot = x1 + gap, x2 - x1 - 2 * gap, scale(0)
    ends = list(_ends([span]))
    if not ends:
        canvas.cross((x1 + x2) / 2, foot - 5)
        return
    sure = span.low if span.low is not None else span.value or 0.0
    if span.partly:
        canvas.rect(x, scale(sure), wide, foot - scale(sure), "part")
    else:
        canvas.rect(x, scale(sure), wide, foot - scale(sure), "bar")
    if max(ends) > sure:
        canvas.hatched(x, scale(max(ends)), wide, scale(sure) - scale(max(ends)))
    if span.value is not None and span.low is not None and span.value > sure:
        canvas.line(x, scale(span.value), x + wide, scale(span.value), "line")
    if span.open:
        canvas.arrow((x1 + x2) / 2, scale(max(ends)) - 1, up=True)


def _labels(canvas: Canvas, series: Sequence[Span], days: Days, scale: Scale) -> None:
    """Figures above their columns: the largest and the last first, then all that have room."""
    drawn = [span for span in series if list(_ends([span]))]
    columns = {
        span.days: Box(
            days(span.days.start) + 1, scale(max(_ends([span]))),
            days(day_after(span.days.end)) - 1, scale(0),
        )
        for span in drawn
    }  # fmt: skip
    ordered = sorted(drawn, key=lambda span: -max(_ends([span])))[:1] + drawn[-1:] + drawn
    labelled: set[Period] = set()
    for span in ordered:
        if span.days in labelled:
            continue
        labelled.add(span.days)
        x = (days(span.days.start) + days(day_after(span.days.end))) / 2
        y = scale(max(_ends([span]))) - (11 if span.open else 4)
        half = width_of(span.told) / 2
        middle = min(max(x, half), WIDTH - half)
        box = box_of(span.told, middle, y, "middle")
        # Over another column a figure would be read as that column's.
        if not any(box.meets(other) for when, other in columns.items() if when != span.days):
            _placed(canvas, span.told, [(middle, y, "middle")])


def _placed(canvas: Canvas, text: str, places: Sequence[tuple[float, float, str]]) -> bool:
    """Writing at the first of some places where it stands free; nowhere if at none."""
    for x, y, anchor in places:
        if canvas.fits(text, x, y, anchor):
            canvas.write(text, x, y, anchor=anchor, halo=True)
            return True
    return False


class Stated(NamedTuple):
    """A figure as it stood from a day on."""

    day: date
    value: float
    told: str


def lay_steps(
    canvas: Canvas, panels: Sequence[tuple[str, Sequence[Stated]]], since: date, until: date,
    words: Words = ENGLISH,
) -> None:  # fmt: skip
    """A panel for each figure: it stands until it is stated anew. All are over the same days."""
    scales = [fitted([point.value for point in points], 0, 0, most=2) for _, points in panels]
    edge = max(room_for(scale, most=2) for scale in scales)
    for (name, points), scale in zip(panels, scales, strict=True):
        if name:
            canvas.paragraph(name, bold=len(panels) > 1)
        days = Days(since, until, edge, WIDTH - EDGE)
        top = canvas.height + LINE + 2
        here = Scale(scale.low, scale.high, top + TALL * 0.7, top)
        lay_amounts(canvas, here, edge, WIDTH, most=2)
        ordered = sorted(points)
        way = f"M{days(ordered[0].day):.1f} {here(ordered[0].value):.1f}"
        for point in ordered[1:]:
            way += f"H{days(point.day):.1f}V{here(point.value):.1f}"
        canvas.path(f"{way}H{days(until):.1f}", "line")
        for point in ordered:
            canvas.dot(days(point.day), here(point.value), "bar")
        for point in ordered:
            x, y = days(point.day), here(point.value)
            _placed(
                canvas, point.told,
                [(x, y - 7, "middle"), (x + 3, y - 7, "start"), (x - 6, y + 4, "end"),
                 (x, y + 16, "middle"), (x + 6, y + 16, "start"), (x + 6, y - 7, "start")],
            )  # fmt: skip
        canvas.height = top + TALL * 0.7
        lay_days(canvas, days, canvas.height, words)
        canvas.height += LINE + 12


class Stood(NamedTuple):
    """An estimate on the day it was stated, within its range."""

    day: date
    told: str
    value: float | None
    low: float | None
    high: float | None


def lay_estimates(
    canvas: Canvas, panels: Sequence[tuple[str, Sequence[Stood]]], words: Words = ENGLISH
) -> None:
    """A panel for each population, each on its own scale and all over the same days: a band for the
    range, a dot for the figure, an arrow where it may be more.
    """
    days_of = [stood.day for _, series in panels for stood in series]
    scales = [
        fitted([end for stood in series for end in stood[2:] if end is not None], 0, 0, most=2)
        for _, series in panels
    ]
    edge = max(room_for(scale, most=2) for scale in scales)
    first, last = date(min(days_of).year, 1, 1), date(max(days_of).year + 1, 1, 1)
    for (name, series), scale in zip(panels, scales, strict=True):
        canvas.paragraph(name, bold=True)
        days = Days(first, last, edge, WIDTH - EDGE)
        top = canvas.height + LINE
        here = Scale(scale.low, scale.high, top + TALL * 0.6, top)
        lay_amounts(canvas, here, edge, WIDTH, most=2)
        for stood in series:
            _estimate(canvas, stood, days(stood.day), here)
        for stood in series:
            x = days(stood.day)
            y = here(max(end for end in stood[2:] if end is not None))
            beside = [(x - 9, at, "end") for at in (y + 10, y + 24, y - 2)]
            beside += [(x + 9, at, "start") for at in (y + 10, y + 24, y - 2)]
            _placed(canvas, stood.told, beside)
        canvas.height = top + TALL * 0.6
        lay_days(canvas, days, canvas.height, words)
        canvas.height += LINE + 12


def _estimate(canvas: Canvas, stood: Stood, x: float, scale: Scale) -> None:
    if stood.low is not None and stood.high is not None:
        tall = scale(stood.low) - scale(stood.high)
        canvas.rect(x - 5, scale(stood.high), 10, tall, "band")
        for end in (stood.low, stood.high):
            canvas.line(x - 5, scale(end), x + 5, scale(end), "line")
    elif stood.low is not None and stood.value is None:
        canvas.line(x - 5, scale(stood.low), x + 5, scale(stood.low), "line")
        canvas.line(x, scale(stood.low), x, scale(stood.low) - 8, "line")
        canvas.arrow(x, scale(stood.low) - 5, up=True)
    elif stood.high is not None and stood.value is None:
        canvas.hatched(x - 5, scale(stood.high), 10, scale(0) - scale(stood.high))
        canvas.line(x - 5, scale(stood.high), x + 5, scale(stood.high), "line")
    if stood.value is not None:
        canvas.dot(x, scale(stood.value), "bar")


class Curve(NamedTuple):
    """Points joined by straight lines, or by steps where a figure holds until the next."""

    points: Sequence[tuple[float, float]]
    look: str = "line"
    stepped: bool = False
    filled: bool = False


def lay_curves(
    canvas: Canvas, curves: Sequence[Curve], *, across: str, upright: str = "",
    marks: Sequence[tuple[float, str]] = (), percent: bool = False, amounts: bool = True,
    parts: bool = False, low: float | None = None, tall: float = TALL,
) -> None:  # fmt: skip
    """Curves over one linear scale. `marks` are upright lines with their names; `parts` says that
    figures across may be broken; `low` is where they begin, where not at nought.
    """
    xs = [x for curve in curves for x, _ in curve.points] + [x for x, _ in marks]
    ys = [y for curve in curves for _, y in curve.points]
    height = fitted(ys, 0, 0, most=2, whole=False)
    edge = room_for(height, most=2, whole=False, percent=percent) if amounts else 2.0
    wide = fitted(xs, 0, 0, most=4, whole=not parts)
    if low is not None:
        wide = Scale(low, max(xs) if max(xs) > low else low + 1, 0, 0)
    wide = Scale(wide.low, wide.high, edge, WIDTH - EDGE)
    if upright:
        canvas.paragraph(upright, "quiet")
    top = canvas.height + LINE * (len(marks) + 0.5)
    here = Scale(height.low, height.high, top + tall, top)
    if amounts:
        lay_amounts(canvas, here, edge, WIDTH, most=2, whole=False, percent=percent)
    for curve in curves:
        canvas.path(_way(curve, wide, here), "band" if curve.filled else curve.look)
    for at, (x, name) in enumerate(sorted(marks)):
        y = top - LINE * at - 4
        canvas.line(wide(x), y + 2, wide(x), top + tall, "other")
        places = [(wide(x) + 3, y, "start"), (wide(x) - 3, y, "end")]
        _placed(canvas, name, [*places, (WIDTH, y, "end"), (0.0, y, "start")])
    canvas.height = top + tall
    canvas.line(edge, here(0), WIDTH - EDGE, here(0), "axis")
    for value in wide.marks(4, whole=not parts):
        name = f"{value:,.0f}" if float(value).is_integer() else f"{value:,g}"
        x = wide(value)
        canvas.line(x, canvas.height, x, canvas.height + 4, "axis")
        _placed(canvas, name, [(x, canvas.height + 18, "middle"), (x, canvas.height + 18, "end")])
    canvas.height += 20
    canvas.paragraph(across, "quiet")


def _way(curve: Curve, wide: Scale, here: Scale) -> str:
    (x, y), *rest = curve.points
    way = f"M{wide(x):.1f} {here(y):.1f}"
    for x, y in rest:
        way += f"H{wide(x):.1f}V{here(y):.1f}" if curve.stepped else f"L{wide(x):.1f} {here(y):.1f}"
    if curve.filled:
        way += f"L{wide(curve.points[-1][0]):.1f} {here(0):.1f}L{wide(curve.points[0][0]):.1f} {here(0):.1f}Z"  # noqa: E501
    return way
