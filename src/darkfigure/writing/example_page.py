"""The example as one page that needs nothing beside itself: answers, bridges, vintages, revision
triangles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from html import escape

from darkfigure.publication import Answer, Bridge
from darkfigure.publication.vintages import Point
from darkfigure.tables.flow import Flow
from darkfigure.writing import charts
from darkfigure.writing.answers import as_html
from darkfigure.writing.flow import as_html as flow_page


def write(
    then: Sequence[Answer],
    otherwise: Sequence[Answer],
    bridges: Sequence[Bridge],
    refused: Sequence[Answer],
    vintages: Mapping[str, Sequence[Point]],
    triangles: Sequence[tuple[str, Sequence[str], Sequence[tuple[str, str, float, float | None]]]],
    convictions: Sequence[Answer],
    counted: Sequence[Bridge],
    persons: Flow,
    sources: Sequence[str],
) -> str:
    """The page as text. `sources` cites each example file in words."""
    parts = [
        "<p>On 17 December 2008 Parliament asked how many victims of trafficking the police had "
        "identified. This is the answer "
        "then given, made again from the statements on record; the same question as it stood "
        "before and after; and why the "
        "figures changed. Real figures, with their faults; every cell has an id under which its "
        "source opens.</p>",
        "<h2>As answered on 17 December 2008</h2>",
        *map(as_html.answer_part, then),
        "<h2>As it stood before and after</h2>",
        *map(as_html.answer_part, otherwise),
        "<h2>Why the figures changed</h2>",
        *map(as_html.bridge_part, bridges),
        "<h2>What cannot be said</h2>",
        *map(as_html.answer_part, refused),
        "<h2>Each figure of the two campaigns over its vintages</h2>",
        '<div class="charts">' + "".join(_vintages(vintages)) + "</div>",
        "<h2>Revision triangles of the National Referral Mechanism</h2>",
        (
            "<p>Each row a quarter, each column a release, shaded by the change since the release "
            "before.</p>"
        ),
        '<div class="charts">'
        + "".join(_figure(charts.triangle(*triangle)) for triangle in triangles)
        + "</div>",
        "<h2>Counted from case records (synthetic)</h2>",
        "<p>No record of the two campaigns is public. The records counted here are made up so "
        "that they give every published "
        "figure on every day it was published; they show what a repository of case records can "
        "say and the published figures "
        "could not: convictions by operation, offence and age of the victim, with what is still "
        "open.</p>",
        *map(as_html.answer_part, convictions),
        *map(as_html.bridge_part, counted),
        *flow_page.body(persons),
        "<h2>Sources and licences</h2>",
        _licences(sources),
    ]
    return as_html.page("How many victims? The question of 17 December 2008", parts)


def _vintages(vintages: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    """Every figure over the same stretch of time: from a month before the first was stated to a
    month after the last.
    """
    days = [point.day for points in vintages.values() for point in points]
    for title, points in vintages.items():
        since, until = min(days) - timedelta(days=30), max(days) + timedelta(days=30)
        yield _figure(charts.vintages(title, points, since, until))


def _figure(svg: str) -> str:
    return f"<figure>{svg}</figure>"


def _licences(sources: Sequence[str]) -> str:
    rows = "".join(f"<li>{escape(cited)}</li>" for cited in sources)
    return f'<ul class="notes">{rows}</ul>'
