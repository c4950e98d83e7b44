"""The flow of persons as one self-contained page with charts, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from darkfigure.basis.period import in_words
from darkfigure.writing import charts
from darkfigure.writing.charts.canvas import framed
from darkfigure.writing.charts.flow_charts import lay_steps
from darkfigure.writing.charts.picture import figure_part, titled
from darkfigure.writing.page import page
from darkfigure.writing.wording import kept_to, marked
from darkfigure.writing.words import ENGLISH

if TYPE_CHECKING:
    from darkfigure.tables.flow import Flow, Step


#: What stands on a picture of made-up records.
MADE_UP = "SYNTHETIC: the records counted here are made up. They say nothing about real people."


def write_flow(found: Flow) -> str:
    """A flow as a page."""
    return page(title(found), body(found))


def title(found: Flow) -> str:
    """What a flow is about."""
    return f"Flow of persons: {kept_to(found.where) or 'all records'}"


def _told(found: Flow) -> list[str]:
    """What stands beneath the title of a chart of a flow."""
    day = f"{title(found)}. As at {in_words(found.as_at)}. Persons."
    return [day, *marked(found.marking), *([MADE_UP] if found.synthetic else [])]


def _groups(found: Flow) -> Iterator[tuple[str, tuple[Step, ...]]]:
    yield from (("Victims", found.victims), ("Suspects", found.suspects))


def body(found: Flow) -> list[str]:
    """Charts and tables of a flow, as parts of a page."""
    parts = [f"<p><strong>{escape(line)}</strong></p>" for line in marked(found.marking)]
    parts.append(f"<p>As at {in_words(found.as_at)}.</p>")
    if found.synthetic:
        parts.append(
            "<p><strong>Synthetic: the records counted here are made up. They say nothing "
            "about "
            "real people.</strong></p>"
        )
    for name, steps in _groups(found):
        drawn = charts.steps_picture(name, steps, _told(found))
        shown = figure_part(drawn) if steps else "<p>No records held.</p>"
        parts += [f"<h2>{name}</h2>", shown]
    if found.durations:
        waits = figure_part(charts.waiting(found.durations, synthetic=found.synthetic))
        parts += ["<h2>Days between stages</h2>", waits]
    for what, count in found.unplaced.items():
        parts.append(
            f"<p>Not in the flow: {count:,} {escape(what)} that may belong here but are not "
            "linked, or do not say.</p>"
        )
    return parts


def draw_flow(found: Flow) -> str:
    """Victims and suspects as one picture, one below the other."""
    first, *told = _told(found)
    canvas = titled(first, told)
    for name, steps in _groups(found):
        canvas.paragraph(f"{name}: no records held" if not steps else name, bold=True)
        if steps:
            lay_steps(canvas, steps)
    said = "; ".join(
        f"{ENGLISH.say(step.start)}, {ENGLISH.say(step.end)}: {step.persons:,}"
        for _, steps in _groups(found)
        for step in steps
    )
    return framed(canvas.svg(" ".join([first, *told]), said))
