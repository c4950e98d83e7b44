"""A chart with what it says: its figures in words for who does not see it, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from darkfigure.writing.charts.canvas import Canvas
from darkfigure.writing.page import Head, entry, table
from darkfigure.writing.words import ENGLISH, Words

#: Rows told to who does not see the drawing; of more it is said that the table has them.
TOLD = 40
#: Tables of more rows stand folded beneath their chart.
OPEN = 16


@dataclass(frozen=True)
class Picture:
    """A drawing, and its figures as a table: headings, and rows that begin with what each is of."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    svg: str


def picture(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], canvas: Canvas,
    words: Words = ENGLISH,
) -> Picture:  # fmt: skip
    """A finished drawing with the figures it shows."""
    told = "; ".join(
        f"{', '.join(filter(None, row[:-1]))}: {row[-1]}" if len(row) > 1 else row[0]
        for row in rows[:TOLD]
    )
    if len(rows) > TOLD:
        told += "; " + words.text("charts.more_told", number=len(rows) - TOLD)
    return Picture(title, tuple(heads), tuple(map(tuple, rows)), canvas.svg(title, told))


def titled(title: str, told: Sequence[str] = ()) -> Canvas:
    """A drawing that begins with its title and what a reader must not miss."""
    canvas = Canvas()
    canvas.paragraph(title, bold=True)
    for line in told:
        canvas.paragraph(line)
    canvas.height += 6
    return canvas


def figure_part(drawn: Picture, words: Words = ENGLISH) -> str:
    """A chart on a page, its table beneath or beside it."""
    table = table_part(drawn)
    if len(drawn.rows) > OPEN:
        said = escape(words.text("charts.as_table", number=len(drawn.rows)))
        table = f"<details><summary>{said}</summary>{table}</details>"
    return f'<figure class="df-chart">{drawn.svg}<div class="df-figures">{table}</div></figure>'


def table_part(drawn: Picture) -> str:
    """The figures of a chart as a table; the last column to the right."""
    *before, last = drawn.heads
    heads = [*map(Head, before), Head(last, "figure" if before else "")]
    rows = [[*map(entry, row[:-1]), entry(row[-1], heads[-1].kind)] for row in drawn.rows]
    return table(drawn.title, heads, rows)
