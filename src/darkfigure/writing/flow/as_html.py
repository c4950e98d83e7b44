"""The flow of persons as one self-contained page with diagrams, and as a picture."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from darkfigure.basis.period import in_words
from darkfigure.writing import charts
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.charts.sankey import WIDTH, height_of, sankey
from darkfigure.writing.wording import dim_words, number

if TYPE_CHECKING:
    from darkfigure.tables.flow import Flow, Step


def write_flow(found: Flow) -> str:
    """A flow as a page."""
    return page(title(found), body(found))


def title(found: Flow) -> str:
    """What a flow is about."""
    kept = (
        " and ".join(dim_words(each.dimension, each.code) for each in found.where) or "all records"
    )
    return f"Flow of persons: {kept}"


def body(found: Flow) -> list[str]:
    """Diagrams and tables of a flow, as parts of a page."""
    parts = [f"<p>As at {in_words(found.as_at)}.</p>"]
    if found.synthetic:
        parts.append(
            "<p><strong>Synthetic: the records counted here are made up. They say nothing "
            "about "
            "real people.</strong></p>"
        )
    for name, steps in (("Victims", found.victims), ("Suspects", found.suspects)):
        parts.append(f"<h2>{name}</h2>")
        drawn = sankey(f"{name}: {title(found)}", steps)
        parts.append(
            f"<figure>{drawn}</figure>{_table(name, steps)}" if drawn else "<p>No records held.</p>"
        )
    if found.durations:
        parts.append("<h2>Days between stages</h2>")
        parts += [f"<figure>{charts.waiting(each)}</figure>" for each in found.durations]
    for what, count in found.unplaced.items():
        parts.append(
            f"<p>Not in the flow: {count:,} {escape(what)} that may belong here but are not "
            "linked, or do not say.</p>"
        )
    return parts


def draw_flow(found: Flow) -> str:
    """Victims and suspects as one picture, one below the other; empty where no records are held."""
    drawn = [
        sankey(f"{name}: {title(found)}", steps)
        for name, steps in (("Victims", found.victims), ("Suspects", found.suspects))
        if steps
    ]
    heights = [height_of(each) for each in drawn]
    placed = [
        each.replace("<svg ", f'<svg y="{sum(heights[:at])}" height="{heights[at]}" ', 1)
        for at, each in enumerate(drawn)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title(found))}" '
        f'viewBox="0 0 {WIDTH} {max(sum(heights), 1)}" width="{WIDTH}" '
        f'height="{max(sum(heights), 1)}">{"".join(placed)}</svg>\n'
    )


def _table(name: str, steps: tuple[Step, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(step.start)}</th><td>{escape(step.end)}</td>'
        f'<td class="figure">{number(step.persons)}</td></tr>'
        for step in steps
    )
    return (
        f'<table><caption>{escape(name)}</caption><thead><tr><th scope="col">From</th><th '
        'scope="col">To</th>'
        f'<th scope="col" class="figure">Persons</th></tr></thead><tbody>{rows}</tbody></table>'
    )
