"""The flow of persons as one self-contained page with diagrams, and as a picture."""

from __future__ import annotations

from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from darkfigure.basis.period import in_words
from darkfigure.writing import charts
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.charts.sankey import WIDTH, height_of, sankey
from darkfigure.writing.wording import dim_words, number
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
    day = in_words(found.as_at)
    caption = [f"{title(found)}. As at {day}. Persons; each part to its own scale."]
    caption += [MADE_UP] if found.synthetic else []
    lines = [
        f'<text x="0" y="{18 + 20 * at}" font-family="DejaVu Sans, Arial, sans-serif" '
        f'font-size="14" font-weight="bold">{escape(line)}</text>'
        for at, line in enumerate(caption)
    ]
    tops = list(accumulate((height_of(each) for each in drawn), initial=20 + 20 * len(caption)))
    placed = [
        drawing.replace("<svg ", f'<svg y="{top}" height="{height_of(drawing)}" ', 1)
        for drawing, top in zip(drawn, tops, strict=False)
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(" ".join(caption))}" viewBox="0 0 {WIDTH} {tops[-1]}" '
        f'width="{WIDTH}" height="{tops[-1]}">{"".join([*lines, *placed])}</svg>\n'
    )


def _table(name: str, steps: tuple[Step, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(ENGLISH.say(step.start))}</th>'
        f"<td>{escape(ENGLISH.say(step.end))}</td>"
        f'<td class="figure">{number(step.persons)}</td></tr>'
        for step in steps
    )
    return (
        f'<table><caption>{escape(name)}</caption><thead><tr><th scope="col">From</th><th '
        'scope="col">To</th>'
        f'<th scope="col" class="figure">Persons</th></tr></thead><tbody>{rows}</tbody></table>'
    )
