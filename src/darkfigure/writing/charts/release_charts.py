"""Released tables as pictures: columns over time where a table is cut by it, else bars."""

from __future__ import annotations

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, parse_period
from darkfigure.publication.release import (
    Release,
    ReleasedCell,
    ReleasedTable,
    labels_of,
)
from darkfigure.writing.charts.canvas import Canvas, framed
from darkfigure.writing.charts.panels import Span, largest, lay_columns
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_rows
from darkfigure.writing.words import ENGLISH, Words

#: Rows drawn, and series: of more the largest, and how many are left out is said.
MOST, PANELS = 40, 8


def table_drawn(release: Release, table: ReleasedTable, words: Words = ENGLISH) -> str:
    """A released table as SVG."""
    return framed(table_picture(release, table, words).svg)


def table_picture(release: Release, table: ReleasedTable, words: Words = ENGLISH) -> Picture:
    """A released table drawn; what is kept out is never drawn as nought."""
    made_up = [words.text("release.book.made_up")] if table.synthetic else []
    canvas = titled(f"{table.title} ({release.head.edition})", made_up)
    canvas.paragraph(table.unit_title, "quiet")
    spans = _spans(table, words)
    if spans:
        drawn = largest(spans, PANELS)
        lay_columns(canvas, [*drawn.items()], words)
        _left_out(canvas, len(spans) - len(drawn), words)
    else:
        first = sorted(table.cells, key=lambda cell: -_size(cell))[:MOST]
        kept_cells = [cell for cell in table.cells if cell in first][:MOST]
        lay_rows(canvas, [_row(table, cell, words) for cell in kept_cells])
        _left_out(canvas, len(table.cells) - len(kept_cells), words)
    lay_key(canvas, _key(table, words))
    heads = [*(dimension.title for dimension in table.dimensions), table.unit_title]
    rows = [[*labels_of(table, cell), told_of(cell, words)] for cell in table.cells]
    return picture(table.title, heads, rows, canvas, words)


def _left_out(canvas: Canvas, number: int, words: Words) -> None:
    if number > 0:
        canvas.paragraph(words.text("chart.left_out", number=number))


def told_of(cell: ReleasedCell, words: Words = ENGLISH) -> str:
    """A figure in words: itself, its bounds, or the shorthand of why there is none."""
    if cell.value is not None:
        marks = " ".join(f"[{mark}]" for mark in cell.marks)
        return f"{cell.value:,} {marks}".strip()
    mark = f"[{cell.marks[0]}]" if cell.marks else "[x]"
    return f"{mark} {bounds_told(cell.low, cell.high, words)}".strip()


def bounds_told(low: float | None, high: float | None, words: Words = ENGLISH) -> str:
    """Bounds in words; nothing where they say nothing."""
    if low is not None and high is not None:
        return words.text("figure.between", low=low, high=high)
    return words.text("figure.at_least", low=low) if low else ""


def _row(table: ReleasedTable, cell: ReleasedCell, words: Words) -> Row:
    label = ", ".join(labels_of(table, cell)) or table.title
    return Row(
        label,
        told_of(cell, words),
        cell.value,
        cell.low or None,
        cell.high,
        open=_is_open(cell),
    )


def _is_open(cell: ReleasedCell) -> bool:
    """Whether a figure has a bound below, that says something, and none above."""
    return cell.value is None and bool(cell.low) and cell.high is None


def _size(cell: ReleasedCell) -> float:
    return float(cell.value or cell.high or cell.low or 0)


def _spans(table: ReleasedTable, words: Words) -> dict[str, list[Span]]:
    """The cells of each series with the days they are of, where the table is cut by time and every
    cell says which.
    """
    times = [at for at, dimension in enumerate(table.dimensions) if dimension.is_time]
    if len(times) != 1 or len(table.dimensions[times[0]].codes) < 2:
        return {}
    spans: dict[str, list[Span]] = {}
    for cell in table.cells:
        days = _days(cell.values[times[0]])
        if days is None:
            return {}
        name = ", ".join(
            label for at, label in enumerate(labels_of(table, cell)) if at not in times
        )
        told = told_of(cell, words)
        span = Span(days, told, cell.value, cell.low or None, cell.high, _is_open(cell))
        spans.setdefault(name, []).append(span)
    for series in spans.values():
        series.sort(key=lambda span: span.days)
    return spans


def _days(code: str) -> Period | None:
    first, _, last = code.partition(" to ")
    try:
        return parse_period(f"{first}..{last or first}")
    except Unreadable:
        return None


def _key(table: ReleasedTable, words: Words) -> list[tuple[str, str]]:
    cells = table.cells
    used = {
        "hatch": any(cell.high is not None and cell.high != cell.low for cell in cells),
        "arrow": any(map(_is_open, cells)),
        "cross": any(not cell.low and (cell.value, cell.high) == (None, None) for cell in cells),
    }
    return [(look, words.text(f"charts.key.{look}")) for look, is_used in used.items() if is_used]
