"""Answers and bridges as pictures: figures with their bounds, gaps named, steps from one figure to
the next.
"""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.publication import Answer, Bridge
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
        drawn = largest(spans, PANELS)
        lay_columns(canvas, list(drawn.items()), words)
        if len(spans) > len(drawn):
            canvas.paragraph(words.text("chart.left_out", number=len(spans) - len(drawn)))
    else:
        _bars(canvas, answer, [row[:-1] for row in rows], words)
    lay_key(canvas, _key(answer.cells, words))
    return picture(title, [*heads, unit], rows, canvas, words)


def _is_open(cell: Cell) -> bool:
    """Whether a figure has a bound below, that says something, and none above."""
    return cell.value is None and bool(cell.low) and cell.high is None


def _low(cell: Cell) -> Number | None:
    """The bound below; none where it is nought and there is no other: that says nothing."""
    return cell.low if cell.low or cell.value is not None or cell.high is not None else None


def _key(cells: Sequence[Cell], words: Words) -> list[tuple[str, str]]:
    """The marks used, with what each means."""
    bounded = any(cell.high is not None and cell.high != cell.low for cell in cells)
    nothing = any(cell.value is None and _low(cell) is None and cell.high is None for cell in cells)
    used = {
        "hatch": bounded,
        "arrow": any(map(_is_open, cells)),
        "part": any(cell.partly for cell in cells),
        "cross": nothing,
    }
    return [(look, words.text(f"charts.key.{look}")) for look, is_used in used.items() if is_used]


def _bars(canvas: Canvas, answer: Answer, labels: Sequence[Sequence[str]], words: Words) -> None:
    cells = list(zip(answer.cells, labels, strict=True))
    largest = sorted(cells, key=lambda each: -(_size(each[0])))[:MOST]
    kept = {id(cell) for cell, _ in largest}
    rows = [
        Row(
            ", ".join(filter(None, label)), figure(cell, words), cell.value, _low(cell), cell.high,
            open=_is_open(cell), partly=cell.partly,
        )
        for cell, label in cells if id(cell) in kept
    ]  # fmt: skip
    lay_rows(canvas, rows)
    if len(cells) > len(rows):
        said = words.text("chart.left_out", number=len(cells) - len(rows))
        canvas.paragraph(said)


def _size(cell: Cell) -> float:
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
        try:
            return parse_period(whole)
        except Unreadable:
            continue
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
