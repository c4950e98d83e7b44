"""A flow drawn: stages as bars, persons as bands between them, as SVG text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from darkfigure.basis.saying import Saying
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.tables.flow import Step

WIDTH, BAR, GAP, ROOM, LABEL = 1100, 14, 26, 300, 190
INK, BAND, PENDING, DONE = "#0b0c0c", "#5694ca", "#b1b4b6", "#1d70b8"
#: Stages that are not over.
_OPEN = ("pending", "going_on", "open", "awaiting", "not_heard", "not_referred")


@dataclass
class _Stage:
    name: Saying
    column: int
    persons: int
    top: float = 0.0
    used_in: float = 0.0
    used_out: float = 0.0


def sankey(title: str, steps: Sequence[Step], words: Words = ENGLISH) -> str:
    """Steps as a Sankey diagram; what is pending is grey. Empty where there are none."""
    if not steps:
        return ""
    stages = _stages(steps)
    scale = ROOM / max(
        sum(s.persons for s in stages.values() if s.column == c)
        for c in {s.column for s in stages.values()}
    )
    height = _place(stages, scale)
    columns = max(stage.column for stage in stages.values())
    across = (WIDTH - LABEL - BAR) / columns
    parts = [_band(stages, step, scale, across, words=words) for step in steps]
    parts += [_bar(stage, scale, across, words=words) for stage in stages.values()]
    spoken = "; ".join(
        words.text("charts.sankey.step", start=step.start, end=step.end, persons=step.persons)
        for step in steps
    )
    return (
        f'<svg role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" '
        'font-family="DejaVu Sans, Arial, sans-serif" '
        f'font-size="12"><title>{escape(title)}</title>'
        f"<desc>{escape(spoken)}</desc>{''.join(parts)}</svg>"
    )


def height_of(drawn: str) -> int:
    """The height of a diagram as drawn."""
    return int(drawn.partition(f'viewBox="0 0 {WIDTH} ')[2].partition('"')[0])


def _stages(steps: Sequence[Step]) -> dict[Saying, _Stage]:
    into: dict[Saying, int] = defaultdict(int)
    out: dict[Saying, int] = defaultdict(int)
    column: dict[Saying, int] = defaultdict(int)
    for step in steps:
        into[step.end] += step.persons
        out[step.start] += step.persons
    for _ in steps:
        for step in steps:
            column[step.end] = max(column[step.end], column[step.start] + 1)
    names = dict.fromkeys(name for step in steps for name in (step.start, step.end))
    return {name: _Stage(name, column[name], max(into[name], out[name])) for name in names}


def _place(stages: dict[Saying, _Stage], scale: float) -> float:
    bottom = 0.0
    for column in range(max(stage.column for stage in stages.values()) + 1):
        top = 8.0
        inside = [each for each in stages.values() if each.column == column]
        for stage in sorted(inside, key=lambda each: _is_open(each.name)):
            stage.top = top
            top += max(stage.persons * scale, 2) + GAP
        bottom = max(bottom, top)
    return bottom


def _band(
    stages: dict[Saying, _Stage], step: Step, scale: float, across: float, words: Words = ENGLISH
) -> str:
    start, end = stages[step.start], stages[step.end]
    thick = max(step.persons * scale, 1)
    left, right = start.column * across + BAR, end.column * across
    from_y, to_y = start.top + start.used_out, end.top + end.used_in
    start.used_out += step.persons * scale
    end.used_in += step.persons * scale
    middle = (left + right) / 2
    colour = PENDING if _is_open(step.end) else BAND
    path = (
        f"M{left:.1f} {from_y:.1f}C{middle:.1f} {from_y:.1f} {middle:.1f} {to_y:.1f} {right:.1f} "
        f"{to_y:.1f}"
        f"V{to_y + thick:.1f}C{middle:.1f} {to_y + thick:.1f} {middle:.1f} {from_y + thick:.1f} "
        f"{left:.1f} {from_y + thick:.1f}Z"
    )
    told = escape(
        words.text("charts.sankey.step", start=step.start, end=step.end, persons=step.persons)
    )
    return f'<path d="{path}" fill="{colour}" fill-opacity="0.45"><title>{told}</title></path>'


def _bar(stage: _Stage, scale: float, across: float, words: Words = ENGLISH) -> str:
    left = stage.column * across
    tall = max(stage.persons * scale, 2)
    colour = PENDING if _is_open(stage.name) else DONE
    middle = stage.top + tall / 2
    return (
        f'<rect x="{left:.1f}" y="{stage.top:.1f}" width="{BAR}" height="{tall:.1f}" '
        f'fill="{colour}"/>'
        f'<text x="{left + BAR + 6:.1f}" y="{middle:.1f}" fill="{INK}" stroke="#fff" '
        'stroke-width="3" paint-order="stroke">'
        f'<tspan font-weight="bold">{stage.persons:,}</tspan>'
        f'<tspan x="{left + BAR + 6:.1f}" dy="14">{escape(words.say(stage.name))}</tspan></text>'
    )


def _is_open(stage: Saying) -> bool:
    return stage.code.removeprefix("flow.stage.") in _OPEN
