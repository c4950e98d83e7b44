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
from darkfigure.writing.charts.drawing import ACCENT, INK, MUTED, svg
from darkfigure.writing.linkage.linkages import Report, Review, summary

with extra("charts"):
    import altair as alt

if TYPE_CHECKING:
    from darkfigure.linkage import Linked, Model
    from darkfigure.linkage.explaining import Part

_AGAINST = "#d4351c"


def match_weights(model: Model) -> str:
    """Bits for and against by step, a block for each comparison."""
    rows = [
        {"step": f"{name}: {step.words}", "bits": step.weight, "for": step.weight > 0}
        for name, steps in model.comparisons.items()
        for step in steps
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    chart = chart.encode(
        x=alt.X("bits:Q", title="Bits against (left) and for (right) being one person"),
        y=alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=360)),
        color=alt.condition("datum.for", alt.value(ACCENT), alt.value(_AGAINST)),
    )
    return svg(
        chart.properties(width=420, height=15 * len(rows)), "What each step of a comparison weighs"
    )


def threshold_errors(linked: Linked, truth: pl.Series | None = None) -> str:
    """Pairs wrongly joined and wrongly left apart at each threshold, as the model expects and,
    where known, in truth.
    """
    probability = linked.pairs["probability"].to_numpy()
    kinds = {"expected by the model": probability}
    if truth is not None:
        said = truth.to_numpy()
        kinds["in truth"] = (
            said[linked.pairs["left"].to_numpy()] == said[linked.pairs["right"].to_numpy()]
        ).astype(float)
    rows = []
    for kind, right in kinds.items():
        for threshold in np.linspace(0.02, 0.99, 60):
            joined = probability >= threshold
            wrong = {
                "joined, two persons": float((1 - right[joined]).sum()),
                "apart, one person": float(right[~joined].sum()),
            }
            rows += [
                {"threshold": float(threshold), "pairs": n, "error": f"{name} ({kind})"}
                for name, n in wrong.items()
            ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_line()
    chart = chart.encode(
        x=alt.X("threshold:Q", title="Threshold"),
        y=alt.Y("pairs:Q", title="Pairs in error"),
        color=alt.Color(
            "error:N", title=None, scale=alt.Scale(range=[ACCENT, "#5694ca", _AGAINST, "#f47738"]),
            legend=alt.Legend(orient="bottom", columns=2, labelLimit=300),
        ),
    )  # fmt: skip
    held = alt.Chart(alt.InlineData(values=[{"threshold": linked.thresholds.automatic}]))
    rule = held.mark_rule(strokeDash=[4, 4], color=INK).encode(x="threshold:Q")
    return svg(
        alt.layer(chart, rule).properties(width=480, height=240),
        "Errors by threshold; the broken line is the one in use",
    )


def person_sizes(linked: Linked) -> str:
    """Persons by how many records they have."""
    sizes = np.unique(linked.found.decided, return_counts=True)[1]
    counts = np.bincount(np.minimum(sizes, 12))
    rows = [
        {"records": f"{n}{'+' if n == 12 else ''}", "persons": int(counts[n])}
        for n in range(1, len(counts))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("records:N", sort=None, title="Records of a person", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("persons:Q", title="Persons", scale=alt.Scale(type="symlog")),
    )
    labels = base.mark_text(dy=-7, fontSize=10, color=INK).encode(text="persons:Q")
    return svg(
        alt.layer(base.mark_bar(color=ACCENT), labels).properties(width=420, height=200),
        "Persons by number of records",
    )


def persons_drawn(report: Report) -> str:
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
        x=alt.X("from:Q", title="Persons", scale=alt.Scale(zero=False)),
        x2="to:Q",
        y=alt.Y("draws:Q", title="Draws"),
        y2="none:Q",
    )
    marks: list[dict[str, Any]] = [
        {"persons": float(low), "what": "95% from here"},
        {"persons": float(high), "what": "to here"},
        {"persons": report.linked.found.persons[1], "what": "as decided"},
        *([{"persons": report.known, "what": "in truth"}] if report.known else []),
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
    title = (
        f"Persons: about {np.mean(report.drawn):,.0f}, 95% of draws from {low:,.0f} to {high:,.0f}"
    )
    return svg(alt.layer(bars, rules, names).properties(width=480, height=180), title)


def waterfall(parts: Sequence[Part], title: str) -> str:
    """From two records at random to the weight of this pair, a bar for each thing compared. No
    value of a record is shown.
    """
    rows, total = [], 0.0
    for part in parts:
        rows.append(
            {
                "part": f"{part.comparison}: {part.words}",
                "from": total,
                "to": total + part.weight,
                "for": part.weight > 0,
            }
        )
        total += part.weight
    rows.append({"part": "in all", "from": 0.0, "to": total, "for": total > 0})
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar(height=12)
    chart = chart.encode(
        x=alt.X("from:Q", title="Bits"),
        x2="to:Q",
        y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(labelLimit=380)),
        color=alt.condition("datum.for", alt.value(ACCENT), alt.value(_AGAINST)),
    )
    return svg(chart.properties(width=420, height=20 * len(rows)), title)


def draw_linkage(report: Report) -> str:
    """How many persons each plausible linkage makes."""
    return persons_drawn(report) + "\n"


def write_linkage(report: Report) -> str:
    """A linkage as one page that needs nothing beside itself."""
    truth = None if report.truth is None else report.linked.records["truth"]
    lead = "".join(f"<p>{escape(line)}</p>" for line in summary(report).splitlines() if line)
    drawn = [("Persons", persons_drawn(report))] if len(report.drawn) else []
    charts = [
        *drawn,
        ("Records of a person", person_sizes(report.linked)),
        ("Match weights", match_weights(report.linked.model)),
        ("Thresholds", threshold_errors(report.linked, truth)),
    ]
    parts = [lead]
    parts += [f"<h2>{escape(name)}</h2><figure>{chart}</figure>" for name, chart in charts]
    return page("Who is whom", parts)


def write_review(review: Review) -> str:
    """Pairs waiting for somebody, each with the way to its weight. The records themselves are shown
    at the terminal only.
    """
    parts = [
        f"<h2>{escape(left)} and {escape(right)}</h2><p>One person with probability "
        f"{probability:.1%}.</p>"
        f"<figure>{waterfall(steps, f'{left} and {right}')}</figure>"
        for (left, right, probability), steps in zip(review.pairs, review.why, strict=True)
    ]
    return page("Links to be looked at", parts or ["<p>Nothing is waiting.</p>"])
