"""Answers and bridges as pictures: figures with their bounds, gaps named, steps from one figure to
the next.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt

from darkfigure.basis.statement import TIME_CUTS
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.answer import SYNTHETIC
from darkfigure.tables.cell import Cell
from darkfigure.writing.charts.drawing import ACCENT, INK, MUTED, svg
from darkfigure.writing.wording import (
    as_at_words,
    ends_of,
    figure,
    label_in,
    refusal_lines,
    step_name,
    unit_title,
    warnings,
)
from darkfigure.writing.words import ENGLISH, Words

#: Cells drawn; of more the largest, and how many are left out is said.
MOST = 40
_FELL = "#d4351c"


def draw_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as SVG: lines over time where it is cut by time, else bars. What is not held is
    written where its figure would be, never drawn as nought.
    """
    title = f"{answer.question.measure.title}. {as_at_words(answer, words)}"
    told = warnings(answer.notes, words)
    if not answer.cells:
        told += [refusal_lines(each, words)[0] for each in answer.cannot]
        return _nothing(title, told)
    cut = answer.question.cut if answer.question.cut in TIME_CUTS else ""
    several = len({cell.dims.get(cut) for cell in answer.cells}) > 1
    made = _over_time(answer, cut, words) if cut and several else _bars(answer, words)
    named = alt.TitleParams(title, subtitle=_lines(told))
    return svg(made.properties(title=named), title) + "\n"


def _label(cell: Cell, without: str, answer: Answer, words: Words) -> str:
    parts = [label_in(cell, name, words) for name in cell.dims if name != without]
    return ", ".join(parts) or answer.question.measure.title


def _row(cell: Cell, label: str, words: Words) -> dict[str, Any]:
    low = cell.low if cell.low is not None else cell.value
    high = cell.high if cell.high is not None else cell.value
    return {
        "label": label,
        "value": cell.value,
        "low": low,
        "high": high,
        "told": figure(cell, words),
        "at": cell.value if cell.value is not None else low or 0,
    }


def _bars(answer: Answer, words: Words) -> alt.TopLevelMixin:
    cells = sorted(answer.cells, key=lambda cell: -(cell.value or cell.high or 0))
    drawn = cells if len(cells) <= MOST else cells[:MOST]
    shown = [cell for cell in answer.cells if cell in drawn]
    rows = [_row(cell, _label(cell, "", answer, words), words) for cell in shown]
    if len(cells) > len(drawn):
        left = words.text("chart.left_out", number=len(cells) - len(drawn))
        rows.append({"label": left, "value": None, "low": None, "high": None, "told": "", "at": 0})
    order = [row["label"] for row in rows]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=320))
    )
    x = alt.X("value:Q", title=unit_title(answer.unit, words), scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=ACCENT, height=14).encode(x=x)
    bounds = base.mark_rule(color=INK, strokeWidth=2).encode(x="low:Q", x2="high:Q")
    told = base.mark_text(align="left", dx=6, color=INK, dy=-8, fontSize=11).encode(
        x="at:Q", text="told:N"
    )
    return alt.layer(bars, bounds, told).properties(width=420, height=34 * len(order))


def _over_time(answer: Answer, cut: str, words: Words) -> alt.TopLevelMixin:
    rows = [
        {**_row(cell, _label(cell, cut, answer, words), words), "time": cell.labelled(cut) or ""}
        for cell in answer.cells
    ]
    times = sorted({row["time"] for row in rows})
    largest = _largest(rows)
    kept = [row for row in rows if row["label"] in largest]
    x = alt.X("time:O", sort=times, title=None, axis=alt.Axis(labelAngle=-45))
    y = alt.Y("value:Q", title=unit_title(answer.unit, words), scale=alt.Scale(zero=True))
    colour = alt.Color(
        "label:N",
        title=None,
        sort=largest,
        legend=alt.Legend(labelLimit=320) if len(largest) > 1 else None,
    )
    base = alt.Chart(alt.InlineData(values=kept)).encode(x=x, color=colour)
    line = base.mark_line(strokeWidth=2).encode(y=y)
    dots = base.mark_point(filled=True, size=45, opacity=1).encode(y=y)
    bounds = base.mark_rule().encode(y="low:Q", y2="high:Q")
    none = [row for row in kept if row["value"] is None]
    gaps = alt.Chart(alt.InlineData(values=none)).mark_text(
        angle=270, align="left", color=MUTED, fontSize=10, dx=4
    )
    layers = [line, bounds, dots, gaps.encode(x=x, y="at:Q", text="told:N")]
    return alt.layer(*layers).properties(width=max(320, min(900, 36 * len(times))), height=260)


def _largest(rows: Sequence[dict[str, Any]], most: int = 8) -> list[str]:
    """The labels with the largest figures, in the order in which they first appear."""
    sizes: dict[str, float] = {}
    for row in rows:
        sizes[row["label"]] = sizes.get(row["label"], 0) + (row["value"] or row["high"] or 0)
    kept = set(sorted(sizes, key=lambda label: -sizes[label])[:most])
    return [label for label in sizes if label in kept]


def _nothing(title: str, told: Sequence[str]) -> str:
    """A picture that says why there is nothing to draw."""
    data = alt.InlineData(values=[{"told": "\n".join(_lines(told))}])
    text = alt.Chart(data).mark_text(align="left", color=INK, fontSize=12, lineBreak="\n")
    said = text.encode(text="told:N", x=alt.value(0), y=alt.value(14))
    return (
        svg(said.properties(width=640, height=20 + 16 * len(_lines(told)), title=title), title)
        + "\n"
    )


def _lines(told: Sequence[str], width: int = 100) -> list[str]:
    return [line for each in told for line in textwrap.wrap(each, width)]


def draw_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as SVG: the opening figure, each step up or down, the closing figure."""
    title = words.text(
        "bridge.caption", title=bridge.question.measure.title, start=bridge.start, end=bridge.end
    )
    (first, opening), (last, closing) = ends_of(bridge, words)
    rows = [{"step": first, "from": 0, "to": bridge.opening or 0, "told": opening, "kind": "end"}]
    level = bridge.opening or 0
    for line in bridge.lines:
        rows.append(
            {
                "step": step_name(line, words),
                "from": level,
                "to": level + line.amount,
                "told": f"{line.amount:+,}",
                "kind": "up" if line.amount > 0 else "down",
            }
        )
        level += line.amount
    end = {"step": last, "from": 0, "to": bridge.closing or 0, "told": closing, "kind": "end"}
    # A step that comes twice, as of two cells, keeps a row of its own.
    names = [f"{at:03} {row['step']}" for at, row in enumerate([*rows, end])]
    numbered = [{**row, "row": name} for row, name in zip([*rows, end], names, strict=True)]
    y = alt.Y(
        "row:N",
        sort=names,
        title=None,
        axis=alt.Axis(labelLimit=360, labelExpr="slice(datum.label, 4)"),
    )
    base = alt.Chart(alt.InlineData(values=numbered)).encode(y=y)
    kinds = alt.Scale(domain=["end", "up", "down"], range=[ACCENT, "#00703c", _FELL])
    bars = base.mark_bar(height=16).encode(
        x=alt.X("from:Q", title=unit_title(bridge.unit, words)),
        x2="to:Q",
        color=alt.Color("kind:N", scale=kinds, legend=None),
    )
    told = base.mark_text(align="left", dx=6, color=INK, fontSize=11)
    labels = told.encode(x=alt.X("end:Q"), text="told:N").transform_calculate(
        end="max(datum.from, datum.to)"
    )
    told = [words.say(note) for note in bridge.notes if note.code == SYNTHETIC]
    named = alt.TitleParams(title, subtitle=_lines(told))
    chart = alt.layer(bars, labels).properties(width=460, height=30 * len(names), title=named)
    return svg(chart, title) + "\n"
