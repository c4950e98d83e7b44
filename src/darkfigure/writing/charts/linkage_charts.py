"""Charts of a linkage: what each step weighs, errors by threshold, sizes of persons, the way to a
pair's weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.writing.answers.as_html import page
from darkfigure.writing.charts.drawing import ACCENT, INK, MUTED, captioned, svg
from darkfigure.writing.linkage.linkages import Report, Review, summary
from darkfigure.writing.words import ENGLISH, Words

with extra("charts"):
    import altair as alt

if TYPE_CHECKING:
    from darkfigure.linkage import Linked, Model
    from darkfigure.linkage.explaining import Part

_AGAINST = "#d4351c"


def match_weights(model: Model, words: Words = ENGLISH) -> str:
    """Bits for and against by step, a block for each comparison."""
    rows = [
        {"step": f"{name}: {step.words}", "bits": step.weight, "for": step.weight > 0}
        for name, steps in model.comparisons.items()
        for step in steps
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    chart = chart.encode(
        x=alt.X("bits:Q", title=words.text("charts.weights.bits")),
        y=alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=360)),
        color=alt.condition("datum.for", alt.value(ACCENT), alt.value(_AGAINST)),
    )
    return svg(
        chart.properties(width=420, height=15 * len(rows)), words.text("charts.weights.title")
    )


def threshold_errors(linked: Linked, truth: pl.Series | None = None, words: Words = ENGLISH) -> str:
    """Pairs wrongly joined and wrongly left apart at each threshold, as the model expects and,
    where known, in truth.
    """
    probability = linked.pairs["probability"].to_numpy()
    kinds = {words.text("charts.errors.expected"): probability}
    if truth is not None:
        said = truth.to_numpy()
        kinds[words.text("charts.errors.true")] = (
            said[linked.pairs["left"].to_numpy()] == said[linked.pairs["right"].to_numpy()]
        ).astype(float)
    rows = []
    for kind, right in kinds.items():
        for threshold in np.linspace(0.02, 0.99, 60):
            joined = probability >= threshold
            wrong = {
                words.text("charts.errors.joined"): float((1 - right[joined]).sum()),
                words.text("charts.errors.apart"): float(right[~joined].sum()),
            }
            rows += [
                {"threshold": float(threshold), "pairs": n, "error": f"{name} ({kind})"}
                for name, n in wrong.items()
            ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_line()
    chart = chart.encode(
        x=alt.X("threshold:Q", title=words.text("charts.axis.threshold")),
        y=alt.Y("pairs:Q", title=words.text("charts.errors.pairs")),
        color=alt.Color(
            "error:N", title=None, scale=alt.Scale(range=[ACCENT, "#5694ca", _AGAINST, "#f47738"]),
            legend=alt.Legend(orient="bottom", columns=2, labelLimit=300),
        ),
    )  # fmt: skip
    held = alt.Chart(alt.InlineData(values=[{"threshold": linked.thresholds.automatic}]))
    rule = held.mark_rule(strokeDash=[4, 4], color=INK).encode(x="threshold:Q")
    return svg(
        alt.layer(chart, rule).properties(width=480, height=240),
        words.text("charts.errors.title"),
    )


def person_sizes(linked: Linked, words: Words = ENGLISH) -> str:
    """Persons by how many records they have."""
    sizes = np.unique(linked.found.decided, return_counts=True)[1]
    counts = np.bincount(np.minimum(sizes, 12))
    rows = [
        {"records": f"{n}{'+' if n == 12 else ''}", "persons": int(counts[n])}
        for n in range(1, len(counts))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "records:N",
            sort=None,
            title=words.text("charts.persons.records"),
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y(
            "persons:Q", title=words.text("charts.axis.persons"), scale=alt.Scale(type="symlog")
        ),
    )
    labels = base.mark_text(dy=-7, fontSize=10, color=INK).encode(text="persons:Q")
    return svg(
        alt.layer(base.mark_bar(color=ACCENT), labels).properties(width=420, height=200),
        words.text("charts.persons.title"),
    )


def persons_drawn(report: Report, words: Words = ENGLISH) -> str:
    """How many persons there are over plausible ways of putting records together."""
    low, high = np.quantile(report.drawn, [0.025, 0.975])
    counts, edges = np.histogram(
        np.asarray(report.drawn), bins=min(30, len(set(report.drawn)) or 1)
    )
    rows = [
        {"from": float(edges[at]), "to": float(edges[at + 1]), "draws": int(n), "none": 0}
        for at, n in enumerate(counts)
    ]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_rect(color=ACCENT)
    bars = bars.encode(
        x=alt.X("from:Q", title=words.text("charts.axis.persons"), scale=alt.Scale(zero=False)),
        x2="to:Q",
        y=alt.Y("draws:Q", title=words.text("charts.axis.draws")),
        y2="none:Q",
    )
    marks: list[dict[str, Any]] = [
        {"persons": float(low), "what": words.text("charts.drawn.low")},
        {"persons": float(high), "what": words.text("charts.drawn.high")},
        {"persons": report.linked.found.persons[1], "what": words.text("charts.drawn.decided")},
        *(
            [{"persons": report.known, "what": words.text("charts.errors.true")}]
            if report.known
            else []
        ),
    ]
    rules = (
        alt.Chart(alt.InlineData(values=marks))
        .mark_rule(strokeDash=[4, 4], color=MUTED)
        .encode(x="persons:Q")
    )
    for height, mark in enumerate(sorted(marks, key=lambda each: each["persons"])):
        mark["height"] = 8 + 12 * height
    names = alt.Chart(alt.InlineData(values=marks)).mark_text(
        align="left", dx=3, color=INK, fontSize=10
    )
    names = names.encode(x="persons:Q", y=alt.Y("height:Q").scale(None), text="what:N")
    title = words.text("charts.drawn.title", mean=np.mean(report.drawn), low=low, high=high)
    return svg(alt.layer(bars, rules, names).properties(width=480, height=180), title)


def waterfall(parts: Sequence[Part], title: str, words: Words = ENGLISH) -> str:
    """From two records at random to the weight of this pair, a bar for each thing compared. No
    value of a record is shown.
    """
    rows, total = [], 0.0
    for part in parts:
        rows.append(
            {
                "part": f"{words.say(part.comparison)}: {words.say(part.words)}",
                "from": total,
                "to": total + part.weight,
                "for": part.weight > 0,
            }
        )
        total += part.weight
    rows.append(
        {"part": words.text("charts.waterfall.all"), "from": 0.0, "to": total, "for": total > 0}
    )
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar(height=12)
    chart = chart.encode(
        x=alt.X("from:Q", title=words.text("charts.axis.bits")),
        x2="to:Q",
        y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(labelLimit=380)),
        color=alt.condition("datum.for", alt.value(ACCENT), alt.value(_AGAINST)),
    )
    return svg(chart.properties(width=420, height=20 * len(rows)), title)


def draw_linkage(report: Report, words: Words = ENGLISH) -> str:
    """How many persons each plausible linkage makes; how many records each person has where none
    was drawn.
    """
    lines = [line for line in summary(report, words).splitlines() if line][:3]
    drawn = persons_drawn if len(report.drawn) else None
    chart = drawn(report, words=words) if drawn else person_sizes(report.linked, words=words)
    return captioned(chart, lines) + "\n"


def write_linkage(report: Report, words: Words = ENGLISH) -> str:
    """A linkage as one page that needs nothing beside itself."""
    truth = None if report.truth is None else report.linked.records["truth"]
    lead = "".join(f"<p>{escape(line)}</p>" for line in summary(report).splitlines() if line)
    drawn = (
        [(words.text("charts.axis.persons"), persons_drawn(report, words=words))]
        if len(report.drawn)
        else []
    )
    charts = [
        *drawn,
        (words.text("charts.persons.records"), person_sizes(report.linked, words=words)),
        (words.text("charts.page.weights"), match_weights(report.linked.model, words=words)),
        (words.text("charts.page.thresholds"), threshold_errors(report.linked, truth, words=words)),
    ]
    parts = [lead]
    parts += [f"<h2>{escape(name)}</h2><figure>{chart}</figure>" for name, chart in charts]
    return page(words.text("charts.page.title"), parts)


def write_review(review: Review, words: Words = ENGLISH) -> str:
    """Pairs waiting for somebody, each with the way to its weight. The records themselves are shown
    at the terminal only.
    """
    parts = [
        f"<h2>{escape(_both(left, right, words=words))}</h2>"
        f"<p>{words.text('charts.page.probability', probability=probability)}</p>"
        f"<figure>{waterfall(steps, _both(left, right, words=words), words=words)}</figure>"
        for (left, right, probability), steps in zip(review.pairs, review.why, strict=True)
    ]
    return page(
        words.text("charts.page.links"), parts or [f"<p>{words.text('charts.page.nothing')}</p>"]
    )


def _both(left: str, right: str, words: Words = ENGLISH) -> str:
    """The names of two records."""
    return words.text("charts.page.both", left=left, right=right)
