"""The flow of persons as data, and as one self-contained page with diagrams."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from darkfigure.basis.period import in_words
from darkfigure.writing import charts
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.charts.sankey import sankey
from darkfigure.writing.wording import dim_words, number

if TYPE_CHECKING:
    from darkfigure.tables.flow import Flow, Step


def flow_data(found: Flow) -> dict[str, Any]:
    """A flow as plain data."""
    return {
        "as_at": found.as_at.isoformat(),
        "where": [str(condition) for condition in found.where],
        "synthetic": found.synthetic,
        **{
            name: [{"from": step.start, "to": step.end, "persons": step.persons} for step in steps]
            for name, steps in (("victims", found.victims), ("suspects", found.suspects))
        },
        "durations": [
            {
                "step": each.name,
                "persons": each.persons,
                "ended": each.ended,
                "waiting": each.waiting,
                "median_days": each.median,
                "low": each.low,
                "high": each.high,
                "still_waiting": [
                    {"day": day, "share": round(share, 6)} for day, share in each.curve
                ],
            }
            for each in found.durations
        ],
        "unplaced": dict(found.unplaced),
    }


def write_json(found: Flow) -> str:
    """A flow as JSON text."""
    return json.dumps(flow_data(found), indent=2, ensure_ascii=False) + "\n"


def write_page(found: Flow) -> str:
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
