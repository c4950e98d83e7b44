"""Charts of a linkage: what each step weighs, errors by threshold, sizes of persons, the way to a
pair's weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from darkfigure.writing.charts.canvas import framed
from darkfigure.writing.charts.drawing import captioned
from darkfigure.writing.charts.panels import Curve, lay_curves
from darkfigure.writing.charts.picture import Picture, figure_part, picture, titled
from darkfigure.writing.charts.rows import Row, lay_key, lay_rows
from darkfigure.writing.linkage.linkages import Report, Review, summary
from darkfigure.writing.page import page
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from darkfigure.linkage import Linked, Model
    from darkfigure.linkage.explaining import Part


def match_weights(model: Model, words: Words = ENGLISH) -> Picture:
    """Bits for and against by step of each comparison."""
    rows = [
        _weighed(f"{name}: {step.words}", 0.0, step.weight)
        for name, steps in model.comparisons.items()
        for step in steps
    ]
    title = words.text("charts.weights.title")
    canvas = titled(title, [words.text("charts.weights.bits")])
    lay_rows(canvas, rows)
    lay_key(canvas, [("down", words.text("charts.key.against"))])
    heads = [words.text("charts.axis.step"), words.text("charts.axis.bits")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def _weighed(name: str, start: float, weight: float) -> Row:
    """A step by what it weighs, from where the one before it ended."""
    look = "bar" if weight > 0 else "down"
    return Row(name, f"{weight:+.1f}", start + weight, start=start, look=look)


def threshold_errors(
    linked: Linked, truth: pl.Series | None = None, words: Words = ENGLISH
) -> Picture:
    """Pairs wrongly joined and wrongly left apart at each threshold, as the model expects and,
    where known, in truth.
    """
    probability = linked.pairs["probability"].to_numpy()
    kinds = {"line": ("expected", probability)}
    if truth is not None:
        said = truth.to_numpy()
        same = said[linked.pairs["left"].to_numpy()] == said[linked.pairs["right"].to_numpy()]
        kinds["other"] = ("true", same.astype(float))
    title, mark = words.text("charts.errors.title"), linked.thresholds.automatic
    canvas, rows = titled(title), []
    for error in ("joined", "apart"):
        name, curves = words.text(f"charts.errors.{error}"), []
        for look, (kind, right) in kinds.items():
            points = []
            for threshold in np.linspace(0.02, 0.99, 60):
                wrong = _wrong(probability >= threshold, right, error)
                points.append((float(threshold), wrong))
            at = _wrong(probability >= mark, right, error)
            rows.append((name, words.text(f"charts.errors.{kind}"), f"{at:,.0f}"))
            curves.append(Curve(points, look))
        canvas.paragraph(name, bold=True)
        lay_curves(
            canvas, curves, across=words.text("charts.axis.threshold"),
            upright=words.text("charts.errors.pairs"), marks=[(mark, f"{mark:.2f}")], parts=True,
        )  # fmt: skip
    looks = {look: words.text(f"charts.errors.{kind}") for look, (kind, _) in kinds.items()}
    lay_key(canvas, list(looks.items()))
    heads = [words.text(f"charts.errors.{each}") for each in ("error", "how", "number")]
    return picture(title, heads, rows, canvas, words)


def _wrong(joined: np.ndarray, right: np.ndarray, error: str) -> float:
    """How many pairs are wrong in one way."""
    return float((1 - right[joined]).sum() if error == "joined" else right[~joined].sum())


def person_sizes(linked: Linked, words: Words = ENGLISH) -> Picture:
    """Persons by how many records they have."""
    sizes = np.unique(linked.found.decided, return_counts=True)[1]
    counts = np.bincount(np.minimum(sizes, 12))
    rows = [
        Row(f"{n}{'+' if n == 12 else ''}", f"{counts[n]:,}", float(counts[n]))
        for n in range(1, len(counts))
    ]
    title = words.text("charts.persons.title")
    canvas = titled(title, [words.text("charts.persons.records")])
    lay_rows(canvas, rows)
    heads = [words.text("charts.persons.records"), words.text("charts.axis.persons")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def persons_drawn(report: Report, words: Words = ENGLISH) -> Picture:
    """How many persons there are over plausible ways of putting records together."""
    low, high = np.quantile(report.drawn, [0.025, 0.975])
    counts, edges = np.histogram(
        np.asarray(report.drawn), bins=min(30, len(set(report.drawn)) or 1)
    )
    outline = [(float(edges[0]), 0.0)]
    outline += [(float(edge), float(n)) for edge, n in zip(edges[:-1], counts, strict=True)]
    outline += [(float(edges[-1]), 0.0)]
    marks = {
        "low": float(low),
        "decided": float(report.linked.found.persons[1]),
        "high": float(high),
        **({"true": float(report.known)} if report.known else {}),
    }
    named = {
        words.text("charts.errors.true" if name == "true" else f"charts.drawn.{name}"): at
        for name, at in marks.items()
    }
    title = words.text("charts.drawn.title", mean=np.mean(report.drawn), low=low, high=high)
    canvas = titled(title)
    ends = [float(edges[0]), float(edges[-1]), *marks.values()]
    room = (max(ends) - min(ends)) * 0.05 or 1.0
    curves = [Curve(outline, stepped=True, filled=True), Curve(outline, stepped=True)]
    lay_curves(
        canvas, curves, across=words.text("charts.axis.persons"),
        upright=words.text("charts.axis.draws"), low=float(np.floor(min(ends) - room)),
        marks=[(at, f"{name} {at:,.0f}") for name, at in named.items()],
    )  # fmt: skip
    rows = [(name, f"{at:,.0f}") for name, at in named.items()]
    heads = [words.text("charts.drawn.mark"), words.text("charts.axis.persons")]
    return picture(title, heads, rows, canvas, words)


def waterfall(parts: Sequence[Part], title: str, words: Words = ENGLISH) -> Picture:
    """From two records at random to the weight of this pair, a step for each thing compared. No
    value of a record is shown.
    """
    rows, total = [], 0.0
    for part in parts:
        name = f"{words.say(part.comparison)}: {words.say(part.words)}"
        rows.append(_weighed(name, total, part.weight))
        total += part.weight
    whole = words.text("charts.waterfall.all")
    rows.append(Row(whole, f"{total:+.1f}", total, look="end", bold=True))
    canvas = titled(title, [words.text("charts.axis.bits")])
    lay_rows(canvas, rows)
    lay_key(canvas, [("down", words.text("charts.key.against"))])
    heads = [words.text("charts.axis.step"), words.text("charts.axis.bits")]
    return picture(title, heads, [(row.label, row.told) for row in rows], canvas, words)


def draw_linkage(report: Report, words: Words = ENGLISH) -> str:
    """How many persons each plausible linkage makes; how many records each person has where none
    was drawn.
    """
    lines = [line for line in summary(report, words).splitlines() if line][:3]
    drawn = persons_drawn if len(report.drawn) else None
    chart = drawn(report, words=words) if drawn else person_sizes(report.linked, words=words)
    return framed(captioned(chart, lines, words).svg)


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
    parts += [f"<h2>{escape(name)}</h2>{figure_part(chart, words)}" for name, chart in charts]
    return page(words.text("charts.page.title"), parts)


def write_review(review: Review, words: Words = ENGLISH) -> str:
    """Pairs waiting for somebody, each with the way to its weight. The records themselves are shown
    at the terminal only.
    """
    parts = [
        f"<h2>{escape(_both(left, right, words=words))}</h2>"
        f"<p>{words.text('charts.page.probability', probability=probability)}</p>"
        f"{figure_part(waterfall(steps, _both(left, right, words=words), words=words), words)}"
        for (left, right, probability), steps in zip(review.pairs, review.why, strict=True)
    ]
    return page(
        words.text("charts.page.links"), parts or [f"<p>{words.text('charts.page.nothing')}</p>"]
    )


def _both(left: str, right: str, words: Words = ENGLISH) -> str:
    """The names of two records."""
    return words.text("charts.page.both", left=left, right=right)
