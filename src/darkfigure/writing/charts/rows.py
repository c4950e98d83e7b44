"""Charts in rows: what each is of and its figure in a line of writing, and a bar beneath it.
Nothing on them can collide, however long the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from darkfigure.writing.charts.axes import Scale, fitted
from darkfigure.writing.charts.canvas import LINE, SHADES, WIDTH, Canvas, width_of, wrapped

BAR = 11.0


class Row(NamedTuple):
    """One row: its name, its figure in words, and what is drawn.

    From `start` to `value` it is filled. `low` and `high` are its bounds, hatched beyond what is
    certain; a bound that is `open` above ends in an arrow. `partly` says that only a part of its
    time is held. `look` is the class of a bar of another kind. Without value and bounds a row has
    a cross.
    """

    label: str
    told: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    start: float = 0.0
    open: bool = False
    partly: bool = False
    look: str = "bar"
    indent: int = 0
    bold: bool = False


def lay_rows(canvas: Canvas, rows: Sequence[Row]) -> None:
    """Rows beneath what is drawn already; a stroke says where each begins."""
    scale = scale_of(rows)
    for row in rows:
        top = _named(canvas, row) + 2
        for begin in {0.0, row.start}:
            canvas.line(scale(begin), top - 2, scale(begin), top + BAR + 2, "axis")
        _bar(canvas, row, scale, top)
        canvas.height = top + BAR + 8


def scale_of(rows: Sequence[Row]) -> Scale:
    """A scale that holds every end of every row, with room for the arrow of an open one."""
    ends = [
        end for row in rows for end in (row.start, row.value, row.low, row.high) if end is not None
    ]
    held = fitted(ends, 0, WIDTH, most=200, whole=False)
    low, high = min([0.0, *ends]), max([0.0, *ends]) or held.high
    return Scale(low, high if high > low else low + 1, 1, WIDTH - 9)


def _named(canvas: Canvas, row: Row) -> float:
    """The line of writing of a row; gives where its bar begins."""
    left = 14.0 * row.indent
    wide = width_of(row.told, bold=True)
    room = WIDTH - left - wide - 10
    beside = room >= 110
    lines = wrapped(row.label, room if beside else WIDTH - left, bold=row.bold)
    for line in lines or [""]:
        canvas.height += LINE
        if line:
            canvas.write(line, left, canvas.height - 4, bold=row.bold)
    if beside:
        canvas.write(row.told, WIDTH, canvas.height - 4, anchor="end", bold=True)
        return canvas.height
    for line in wrapped(row.told, WIDTH - left, bold=True):
        canvas.height += LINE
        canvas.write(line, left, canvas.height - 4, bold=True)
    return canvas.height


def _bar(canvas: Canvas, row: Row, scale: Scale, top: float) -> None:
    value, low, high = row.value, row.low, row.high
    if value is None and low is None and high is None:
        canvas.cross(scale(0) + 5, top + BAR / 2)
        return
    sure = low if low is not None else value
    sure = 0.0 if sure is None else sure
    end = max(each for each in (value, low, high) if each is not None)
    start = scale(row.start)
    _filled(canvas, row, min(start, scale(sure)), abs(scale(sure) - start), top)
    if end > sure:
        canvas.hatched(scale(sure), top, scale(end) - scale(sure), BAR)
    if value is not None and low is not None and high is not None and low != high:
        canvas.line(scale(value), top - 2, scale(value), top + BAR + 2, "line")
    if row.open:
        canvas.arrow(scale(end) + 1, top + BAR / 2, up=False)


def _filled(canvas: Canvas, row: Row, x: float, wide: float, top: float) -> None:
    """What is certain, in the way of its kind."""
    wide = max(wide, 1.0)
    if row.look == "down":
        canvas.hatched(x, top, wide, BAR, "down")
    elif row.look == "possible":
        canvas.hatched(x, top, wide, BAR)
    elif row.partly:
        canvas.rect(x + 0.7, top + 0.7, wide - 1.4, BAR - 1.4, "part")
    else:
        canvas.rect(x, top, wide, BAR, row.look)


def lay_ranges(
    canvas: Canvas, rows: Sequence[Row], line: float | None = None, *, end: float | None = None
) -> None:
    """Rows of a figure within its limits on one scale, from nought to `end`; what lies beyond ends
    in an arrow. `line` is drawn across all of them.
    """
    ends = [each for row in rows for each in (row.value, row.low, row.high, line)]
    highs = [each for each in ends if each is not None and isfinite(each)]
    scale = Scale(0, end or max(highs, default=1) or 1, 1, WIDTH - 9)
    first = canvas.height
    for row in rows:
        top = _named(canvas, row) + 2
        middle = top + BAR / 2
        if row.low is not None and row.high is not None:
            beyond = row.high > scale.high
            stop = min(scale(row.high), scale.end)
            canvas.rect(scale(row.low), top + 2, max(stop - scale(row.low), 1), BAR - 4, "band")
            canvas.line(scale(row.low), top, scale(row.low), top + BAR, row.look)
            if beyond:
                canvas.arrow(stop, middle, up=False)
            else:
                canvas.line(stop, top, stop, top + BAR, row.look)
        if row.value is not None and row.value <= scale.high:
            canvas.dot(scale(row.value), middle, "ink" if row.look == "other" else "bar")
        canvas.height = top + BAR + 8
    if line is not None:
        at = scale(line)
        canvas.line(at, first, at, canvas.height, "other")


def lay_key(canvas: Canvas, marks: Sequence[tuple[str, str]]) -> None:
    """What the marks used mean, a line each: a small mark, and its meaning beside it."""
    canvas.height += 4 if marks else 0
    for look, said in marks:
        top = canvas.height + 2.5
        if look.startswith("shade"):
            canvas.shade(0, top, 14, BAR, SHADES_AT[look])
        elif look == "cross":
            canvas.cross(7, top + BAR / 2)
        elif look == "arrow":
            canvas.arrow(4, top + BAR / 2 + 3, up=True)
        elif look in ("hatch", "down"):
            canvas.hatched(0, top, 14, BAR, look)
        elif look in ("line", "other"):
            canvas.line(0, top + BAR / 2, 16, top + BAR / 2, look)
        else:
            canvas.rect(0.7, top, 13, BAR, look)
        for line in wrapped(said, WIDTH - 22):
            canvas.height += LINE
            canvas.write(line, 22, canvas.height - 4, "quiet")


#: Names of shades, for the key.
SHADES_AT = {f"shade{step}": step for step in range(len(SHADES))}
