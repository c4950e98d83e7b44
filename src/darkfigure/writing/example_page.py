"""The example told on two pages that need nothing beside themselves: a short story with one chart a
section, and every answer, bridge and vintage in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from darkfigure.basis.period import in_words
from darkfigure.intelligence.coverage import Coverage
from darkfigure.publication import Answer, Bridge
from darkfigure.publication.answer import label_of
from darkfigure.publication.series import SeriesEntry
from darkfigure.publication.vintages import Point
from darkfigure.tables.flow import Flow
from darkfigure.writing import charts
from darkfigure.writing.answers import as_html
from darkfigure.writing.charts.picture import Picture, figure_part
from darkfigure.writing.flow import as_html as flow_page
from darkfigure.writing.page import Entry, Head, entry, listed, page, table
from darkfigure.writing.wording import estimate_figure, figure, refusal_lines, step_name, step_why

TITLE = "How many victims? The question of 17 December 2008"
#: A figure as stated in one release: period, release, value, change since the release before.
Cells = Sequence[tuple[str, str, float, float | None]]


@dataclass(frozen=True)
class Told:
    """What is told: answers as given and as they stood otherwise, why they changed, what cannot be
    said, the flow of persons (synthetic), estimates, coverage month by month (synthetic), sources.
    """

    then: Sequence[Answer]
    otherwise: Sequence[Answer]
    bridges: Sequence[Bridge]
    refused: Sequence[Answer]
    convictions: Sequence[Answer]
    counted: Sequence[Bridge]
    persons: Flow
    estimates: Sequence[SeriesEntry]
    coverage: Sequence[Coverage]
    sources: Sequence[str]


def story_page(told: Told) -> str:
    """The question, the answer, why it changed, what cannot be said, the way to a sentence, the
    estimate, coverage: a sentence and a chart each, with links to all of it.
    """
    first, refusal = told.then[0], told.refused[0]
    day = in_words(first.question.as_at)
    parts = [
        f'<p class="lead">On {day} Parliament asked how many victims of trafficking the police had '
        f"identified. <strong>{escape(_answered(first))}</strong></p>",
        _section(
            "The answer", _largest(first, told.refused[-1]), charts.answer_picture(first),
            ("answers.html#answered", "All answers of that day, with their sources"),
            *_DATA,
        ),
        _section(
            "Why it changed", _changed(told.bridges[0]), charts.bridge_picture(told.bridges[0]),
            ("answers.html#why", "Every change, step by step"),
            ("answers.html#vintages", "Every figure over its vintages"), *_DATA,
        ),
        _section(
            "What cannot be said", _unsaid(refusal), charts.answer_picture(refusal),
            ("answers.html#cannot", "What would have to happen for it to be known"), *_DATA,
        ),
        _section(
            "The way of each person to a sentence (synthetic)", _way(told.persons),
            charts.steps_picture(
                "Suspects, from arrest to sentence", told.persons.suspects,
                [flow_page.MADE_UP] if told.persons.synthetic else [],
            ),
            ("flow.html", "Victims and suspects, and how long each step takes"),
            ("flow.json", "Data (JSON)"), ("flow.csv", "CSV"),
        ),
        _section(
            "The estimate of those nobody knows of", _estimated(told.estimates),
            charts.series(told.estimates),
            ("estimates.html", "Each estimate with its method"), ("estimates.json", "Data (JSON)"),
        ),
        _section(
            "What is known of what is asked (synthetic)", _covered(told.coverage),
            charts.ladder_over_time(told.coverage),
            ("coverage.html", "Each question and area, and why it stands where it does"),
            ("coverage.json", "Data (JSON)"),
        ),
        "<h2>More</h2>",
        '<ul><li><a href="answers.html">Every answer, bridge and vintage in full</a></li>'
        '<li><a href="linkage.html">One person on several lists (synthetic)</a></li></ul>',
        "<h2>Sources and licences</h2>",
        listed(told.sources, "notes"),
    ]  # fmt: skip
    return page(TITLE, parts)


_DATA = (("answers.json", "Data (JSON)"), ("answers.ods", "Spreadsheet (ODS)"))


def _section(title: str, said: str, drawn: Picture, *links: tuple[str, str]) -> str:
    """A heading, a sentence that says what to see, a chart with its table, links."""
    onward = " · ".join(f'<a href="{to}">{escape(name)}</a>' for to, name in links)
    return (
        f"<h2>{escape(title)}</h2><p>{escape(said)}</p>{figure_part(drawn)}"
        f'<p class="df-pages">{onward}</p>'
    )


def _answered(answer: Answer) -> str:
    """An answer in a sentence: each of its figures with what it is of."""
    parts = [f"{figure(cell)} ({label_of(answer.question, cell)})" for cell in answer.cells]
    day = in_words(answer.question.as_at)
    return f"{answer.question.measure.title}, as known on {day}: {'; '.join(parts)}."


def _largest(answer: Answer, beyond: Answer) -> str:
    """The largest figure of an answer, and what was not counted beside it."""
    cell = max(answer.cells, key=lambda each: each.value or each.low or 0)
    said = f"The largest of the figures is {figure(cell)}: {label_of(answer.question, cell)}."
    return f"{said} Beyond the campaigns: {refusal_lines(beyond.cannot[0])[0]}"


def _changed(bridge: Bridge) -> str:
    """A bridge in a sentence, with the step that weighs most."""
    title, unit = bridge.question.measure.title, bridge.unit.replace("_", " ")
    said = (
        f"{title} went from {bridge.opening or 0:,} to {bridge.closing or 0:,} {unit} between "
        f"{in_words(bridge.start)} and {in_words(bridge.end)}"
    )
    if not bridge.lines:
        return f"{said}."
    most = max(bridge.lines, key=lambda line: abs(line.amount))
    return f"{said}, above all by {most.amount:+,} {step_name(most)}: {step_why(most)}."


def _unsaid(answer: Answer) -> str:
    """What cannot be said of a question, in the words of its first refusal."""
    title = answer.question.measure.title
    return f"{title}: {refusal_lines(answer.cannot[0])[0]}"


def _way(found: Flow) -> str:
    """How many set out and how many arrived, in a sentence."""
    steps = found.suspects
    first = steps[0].start if steps else None
    whole = sum(step.persons for step in steps if step.start == first)
    sentenced = sum(step.persons for step in steps if step.end.code == "flow.stage.sentenced")
    return (
        f"Of {whole:,} suspects arrested, {sentenced:,} had been sentenced as at "
        f"{in_words(found.as_at)}; each bar shows where the persons above it went, and what is "
        "hatched was not over. The records are made up to fit the published figures."
    )


def _estimated(entries: Sequence[SeriesEntry]) -> str:
    """The last estimate with a range, in a sentence."""
    held = [each for each in entries if each.low is not None and each.high is not None]
    if not held:
        return "No estimate with a range is held."
    last = max(held, key=lambda each: each.stated_on)
    return (
        f"The last estimate with a range is {estimate_figure(last)} for {last.period.label}, by "
        f"{last.stated_by}; the others are of other populations, and are not one line with it."
    )


def _covered(series: Sequence[Coverage]) -> str:
    """The answered share at the start and the end, in a sentence."""
    first, last = series[0], series[-1]
    return (
        f"From {in_words(first.at)} to {in_words(last.at)} the share of the requirement that is "
        f"answered went from {first.headline:.0%} to {last.headline:.0%}. The year of reporting "
        "is made up."
    )


def full_page(
    told: Told,
    vintages: Mapping[str, Mapping[str, Sequence[Point]]],
    triangles: Sequence[tuple[str, Sequence[str], Cells]],
) -> str:
    """Every answer, bridge, vintage and revision triangle."""
    parts = [
        "<p>On 17 December 2008 Parliament asked how many victims of trafficking the police had "
        "identified. This is the answer "
        "then given, made again from the statements on record; the same question as it stood "
        "before and after; and why the "
        "figures changed. Real figures, with their faults; every cell has an id under which its "
        "source opens.</p>",
        '<p><a href="index.html">The same told shortly, with charts</a></p>',
        '<h2 id="answered">As answered on 17 December 2008</h2>',
        *map(as_html.answer_part, told.then),
        "<h2>As it stood before and after</h2>",
        *map(as_html.answer_part, told.otherwise),
        '<h2 id="why">Why the figures changed</h2>',
        *map(as_html.bridge_part, told.bridges),
        '<h2 id="cannot">What cannot be said</h2>',
        *map(as_html.answer_part, told.refused),
        '<h2 id="vintages">Each figure of the two campaigns over its vintages</h2>',
        *_vintages(vintages),
        "<h2>Revision triangles of the National Referral Mechanism</h2>",
        "<p>Each row a quarter, each column a release; after a figure stands what it changed by "
        "since the release before.</p>",
        *(_triangle(*triangle) for triangle in triangles),
        "<h2>Counted from case records (synthetic)</h2>",
        "<p>No record of the two campaigns is public. The records counted here are made up so "
        "that they give every published "
        "figure on every day it was published; they show what a repository of case records can "
        "say and the published figures "
        "could not: convictions by operation, offence and age of the victim, with what is still "
        "open.</p>",
        *map(as_html.answer_part, told.convictions),
        *map(as_html.bridge_part, told.counted),
        "<h2>Sources and licences</h2>",
        listed(told.sources, "notes"),
    ]
    return page(f"{TITLE}: in full", parts)


def _vintages(vintages: Mapping[str, Mapping[str, Sequence[Point]]]) -> Iterator[str]:
    """A chart for each measure some figure of which was stated anew and differs; the figures that
    never differed in one table.
    """
    days = [point.day for series in vintages.values() for held in series.values() for point in held]
    since, until = min(days) - timedelta(days=30), max(days) + timedelta(days=30)
    same: list[list[Entry]] = []
    for title, series in vintages.items():
        moved = {
            name: points
            for name, points in series.items()
            if len({point.value for point in points}) > 1
        }
        if moved:
            yield figure_part(charts.vintages(title, moved, since, until))
        same += [
            [
                entry(title),
                entry(name),
                entry("; ".join(f"{point.by}, {in_words(point.day)}" for point in points)),
                entry(f"{points[0].value:,.0f}", "figure"),
            ]
            for name, points in series.items()
            if name not in moved
        ]
    heads = [Head("Measure"), Head("Figure"), Head("Stated by"), Head("As stated", "figure")]
    yield table("Figures that stayed as they were first stated", heads, same)


def _triangle(title: str, releases: Sequence[str], cells: Cells) -> str:
    """A revision triangle as a table."""
    held = {
        (period, release): f"{value:,.0f}" + (f" ({change:+,.0f})" if change else "")
        for period, release, value, change in cells
    }
    periods = dict.fromkeys(period for period, _, _, _ in cells)
    heads = [Head("Quarter"), *(Head(release, "figure") for release in releases)]
    rows = [
        [entry(period), *(entry(held.get((period, release), ""), "figure") for release in releases)]
        for period in periods
    ]
    return table(title, heads, rows)
