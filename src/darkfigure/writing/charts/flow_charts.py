"""The flow of persons drawn: each stage whole, and beneath it where its persons went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from darkfigure.basis.saying import Saying
from darkfigure.writing.charts.canvas import Canvas
from darkfigure.writing.charts.picture import Picture, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_rows
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.tables.flow import Step

#: Stages that are not over.
_OPEN = ("pending", "going_on", "open", "awaiting", "not_heard", "not_referred")


def steps_picture(
    title: str, steps: Sequence[Step], told: Sequence[str] = (), words: Words = ENGLISH
) -> Picture:
    """Steps drawn, with a title."""
    canvas = titled(title, told)
    lay_steps(canvas, steps, words)
    rows = [(words.say(step.start), words.say(step.end), f"{step.persons:,}") for step in steps]
    heads = [words.text(f"charts.axis.{each}") for each in ("from", "to", "persons")]
    return picture(title, heads, rows, canvas, words)


def lay_steps(canvas: Canvas, steps: Sequence[Step], words: Words = ENGLISH) -> None:
    """Each stage as a bar of its persons, and beneath it the stages they went to, end to end: their
    bars together are as long as its own. What is not over is hatched.
    """
    onward: dict[Saying, list[Step]] = defaultdict(list)
    for step in steps:
        onward[step.start].append(step)
    rows = []
    for stage, parts in onward.items():
        whole = sum(step.persons for step in parts)
        rows.append(Row(words.say(stage), f"{whole:,}", whole, look="end", bold=True))
        at = 0
        for step in parts:
            look = "possible" if is_open(step.end) else "bar"
            name = words.text("charts.flow.to", stage=step.end)
            end = at + step.persons
            rows.append(Row(name, f"{step.persons:,}", end, start=at, look=look, indent=1))
            at = end
    lay_rows(canvas, rows)
    if any(row.look == "possible" for row in rows):
        lay_key(canvas, [("hatch", words.text("charts.key.open"))])


def is_open(stage: Saying) -> bool:
    """Whether persons at a stage are still on their way."""
    return stage.code.removeprefix("flow.stage.") in _OPEN
