"""Answers, released tables and bridges as pictures: figures with their bounds, gaps named, steps
from one figure to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.release import Release, ReleasedCell, ReleasedTable, labels_of
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Number
from darkfigure.writing.charts.canvas import Canvas, framed
from darkfigure.writing.charts.panels import Span, largest, lay_columns
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_rows
from darkfigure.writing.wording import (
    as_at_words,
    ends_of,
    face_of,
    face_of_bridge,
    figure,
    labelled,
    refusal_lines,
    step_name,
    title_of,
    unit_title,
)
from darkfigure.writing.words import ENGLISH, Words

#: An answer of so many rows at most is drawn above its table.
FEW = 12
#: Rows drawn, and series: of more the largest, and how many are left out is said.
MOST, PANELS = 40, 8


def draw_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as SVG."""
    return framed(answer_picture(answer, words).svg)


def says_more_drawn(answer: Answer) -> bool:
    """Whether a chart tells what the table does not show at a glance: how figures run over time, or
    how a few compare.
    """
    cells = answer.cells
    if sum(cell.value is not None or bool(cell.high) for cell in cells) < 2:
        return False
    spans = _spans(answer, ENGLISH)
    if not spans:
        return len(cells) <= FEW and answer.question.cut not in TIME_CUTS
    return len(spans) <= PANELS and max(map(len, spans.values())) <= MOST


def answer_part(answer: Answer, words: Words = ENGLISH) -> str:
    """The chart of an answer, to stand above its table; nothing where it would say no more."""
    if not says_more_drawn(answer):
        return ""
    return f'<figure class="df-chart">{answer_picture(answer, words).svg}</figure>'


def answer_picture(answer: Answer, words: Words = ENGLISH) -> Picture:
    """An answer drawn: columns over time where it is cut by time, else bars. What is not held is
    marked where its figure would be, never drawn as nought.
    """
    title = f"{title_of(answer.question, words)}. {as_at_words(answer, words)}"
    told = face_of(answer, words)
    heads, labels = labelled(answer, words)
    rows = [[*label, figure(cell, words)] for label, cell in zip(labels, answer.cells, strict=True)]
    if not answer.cells:
        rows = [[refusal_lines(each, words)[0]] for each in answer.cannot]
        canvas = titled(title, [*told, *(row[0] for row in rows)])
        return picture(title, [words.text("page.cannot")], rows, canvas, words)
    unit = unit_title(answer.unit, words)
    if not heads:
        heads, rows = [words.text("head.measure")], [[title, row[-1]] for row in rows]
    canvas = titled(title, told)
    canvas.paragraph(unit, "quiet")
    spans = _spans(answer, words)
    if spans:
        _columns(canvas, spans, words)
    else:
        _bars(canvas, answer, [row[:-1] for row in rows], words)
    partly = any(cell.partly for cell in answer.cells)
    lay_key(canvas, _key(answer.cells, words, partly=partly))
    return picture(title, [*heads, unit], rows, canvas, words)


class Figured(Protocol):
    """What is drawn of a cell: its figure and the bounds of it."""

    @property
    def value(self) -> Number | None:
        """The figure."""

    @property
    def low(self) -> Number | None:
        """The least that it can be."""

    @property
    def high(self) -> Number | None:
        """The most that it can be."""


def _is_open(cell: Figured) -> bool:
    """Whether a figure has a bound below, that says something, and none above."""
    return cell.value is None and bool(cell.low) and cell.high is None


def _low(cell: Figured) -> Number | None:
    """The bound below; none where it is nought and there is no other: that says nothing."""
    return cell.low if cell.low or cell.value is not None or cell.high is not None else None


def _key(cells: Sequence[Figured], words: Words, *, partly: bool = False) -> list[tuple[str, str]]:
    """The marks used, with what each means."""
    bounded = any(cell.high is not None and cell.high != cell.low for cell in cells)
    nothing = any(cell.value is None and _low(cell) is None and cell.high is None for cell in cells)
    used = {
        "hatch": bounded,
        "arrow": any(map(_is_open, cells)),
        "part": partly,
        "cross": nothing,
    }
    return [(look, words.text(f"charts.key.{look}")) for look, is_used in used.items() if is_used]


def _columns(canvas: Canvas, spans: Mapping[str, list[Span]], words: Words) -> None:
    drawn = largest(spans, PANELS)
    lay_columns(canvas, list(drawn.items()), words)
    _left_out(canvas, len(spans) - len(drawn), words)


def _left_out(canvas: Canvas, number: int, words: Words) -> None:
    if number > 0:
        canvas.paragraph(words.text("chart.left_out", number=number))


def _largest_of(cells: Sequence[Figured]) -> set[int]:
    """The places of the cells that are drawn: of many the largest."""
    order = sorted(range(len(cells)), key=lambda at: -_size(cells[at]))
    return set(order[:MOST])


def _bars(canvas: Canvas, answer: Answer, labels: Sequence[Sequence[str]], words: Words) -> None:
    drawn = _largest_of(answer.cells)
    rows = [
        Row(
            ", ".join(filter(None, label)), figure(cell, words), cell.value, _low(cell), cell.high,
            open=_is_open(cell), partly=cell.partly,
        )
        for at, (cell, label) in enumerate(zip(answer.cells, labels, strict=True)) if at in drawn
    ]  # fmt: skip
    lay_rows(canvas, rows)
    _left_out(canvas, len(answer.cells) - len(rows), words)


def _size(cell: Figured) -> float:
    return float(cell.value or cell.high or cell.low or 0)


def _spans(answer: Answer, words: Words) -> dict[str, list[Span]]:
    """The cells of each series with the days they are of, where the answer is cut by time and every
    cell says which; nothing otherwise.
    """
    cut = answer.question.cut if answer.question.cut in TIME_CUTS else ""
    if not cut or len({cell.dims.get(cut) for cell in answer.cells}) < 2:
        return {}
    _, labels = labelled(answer, words)
    place = list(answer.cells[0].dims).index(cut)
    found: dict[str, list[Span]] = {}
    for cell, label in zip(answer.cells, labels, strict=True):
        days = _days(cell, cut)
        if days is None:
            return {}
        name = ", ".join(each for at, each in enumerate(label) if at != place)
        found.setdefault(name, []).append(
            Span(
                days, figure(cell, words) if cell.value is None else f"{cell.value:,}",
                cell.value, _low(cell), cell.high, _is_open(cell), cell.partly,
            )
        )  # fmt: skip
    for series in found.values():
        series.sort(key=lambda span: span.days)
    return found


def _days(cell: Cell, cut: str) -> Period | None:
    """The days that a cell is drawn over: those that figures are held for, where these can be told,
    else those of its label.
    """
    label = cell.dims.get(cut) or ""
    for text in (cell.period, label) if cell.partly else (label,):
        first, _, last = text.partition(" to ")
        # A month alone could be read as two years: as an end of a stretch it is a month.
        whole = text if cut == "period" and not last else f"{first}..{last or first}"
        if days := _parsed(whole):
            return days
    return None


def _parsed(text: str) -> Period | None:
    try:
        return parse_period(text)
    except Unreadable:
        return None


def draw_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as SVG."""
    return framed(bridge_picture(bridge, words).svg)


def bridge_picture(bridge: Bridge, words: Words = ENGLISH) -> Picture:
    """A bridge drawn: the opening figure, each step up or down, the closing figure."""
    title = words.text(
        "bridge.caption",
        title=title_of(bridge.question, words),
        start=bridge.start,
        end=bridge.end,
    )
    first, last = ends_of(bridge, words)
    rows = [Row(*first, bridge.opening, look="end", bold=True)]
    level = bridge.opening or 0
    for line in bridge.lines:
        look = "bar" if line.amount > 0 else "down"
        after = level + line.amount
        rows.append(Row(step_name(line, words), f"{line.amount:+,}", after, start=level, look=look))
        level = after
    rows.append(Row(*last, bridge.closing, look="end", bold=True))
    unit = unit_title(bridge.unit, words)
    canvas = titled(title, face_of_bridge(bridge, words))
    canvas.paragraph(unit, "quiet")
    lay_rows(canvas, rows)
    if any(row.look == "down" for row in rows):
        lay_key(canvas, [("down", words.text("charts.key.down"))])
    told = [(row.label, row.told) for row in rows]
    return picture(title, [words.text("head.step"), unit], told, canvas, words)


def table_drawn(release: Release, table: ReleasedTable, words: Words = ENGLISH) -> str:
    """A released table as SVG."""
    return framed(table_picture(release, table, words).svg)


def table_picture(release: Release, table: ReleasedTable, words: Words = ENGLISH) -> Picture:
    """A released table drawn; what is kept out is never drawn as nought."""
    made_up = [words.text("release.book.made_up")] if table.synthetic else []
    canvas = titled(f"{table.title} ({release.head.edition})", made_up)
    canvas.paragraph(table.unit_title, "quiet")
    spans = _released_spans(table, words)
    if spans:
        _columns(canvas, spans, words)
    else:
        drawn = _largest_of(table.cells)
        kept_cells = [cell for at, cell in enumerate(table.cells) if at in drawn]
        lay_rows(canvas, [_released_row(table, cell, words) for cell in kept_cells])
        _left_out(canvas, len(table.cells) - len(kept_cells), words)
    lay_key(canvas, _key(table.cells, words))
    heads = [*(dimension.title for dimension in table.dimensions), table.unit_title]
    rows = [[*labels_of(table, cell), told_of(cell, words)] for cell in table.cells]
    return picture(table.title, heads, rows, canvas, words)


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


def _released_row(table: ReleasedTable, cell: ReleasedCell, words: Words) -> Row:
    label = ", ".join(labels_of(table, cell)) or table.title
    return Row(
        label,
        told_of(cell, words),
        cell.value,
        _low(cell),
        cell.high,
        open=_is_open(cell),
    )


def _released_spans(table: ReleasedTable, words: Words) -> dict[str, list[Span]]:
    """The cells of each series with the days they are of, where the table is cut by time and every
    cell says which.
    """
    times = [at for at, dimension in enumerate(table.dimensions) if dimension.is_time]
    if len(times) != 1 or len(table.dimensions[times[0]].codes) < 2:
        return {}
    spans: dict[str, list[Span]] = {}
    for cell in table.cells:
        first, _, last = cell.values[times[0]].partition(" to ")
        days = _parsed(f"{first}..{last or first}")
        if days is None:
            return {}
        name = ", ".join(
            label for at, label in enumerate(labels_of(table, cell)) if at not in times
        )
        told = told_of(cell, words)
        span = Span(days, told, cell.value, _low(cell), cell.high, _is_open(cell))
        spans.setdefault(name, []).append(span)
    for series in spans.values():
        series.sort(key=lambda span: span.days)
    return spans
