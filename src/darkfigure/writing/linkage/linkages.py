"""A linkage written: as text, as plain data, as a page with charts. No name, date or number of a
person is in any of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich import box
from rich.table import Table

from darkfigure.linkage import Linked, Overlap
from darkfigure.linkage.explaining import Part
from darkfigure.linkage.quality import Band, Expected, Quality
from darkfigure.writing.terminal import console, written

#: Of fewer pairs joined than this it is not said what precision and recall are expected.
_ENOUGH = 20


@dataclass(frozen=True)
class Hidden:
    """How many there are with those on no list, within `interval` in 95% of replicates; `why` one
    of the two is not said.

    `shares` are parts of the doubt by where they come from, `without` how many replicates had no
    estimate.
    """

    total: float | None = None
    interval: tuple[float, float] | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    without: int = 0
    why: str = ""
    warning: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Report:
    """What is said of a linkage. `model` is what is expected without the truth; `truth`, `known`
    (persons) and `calibration` are there where it is given; `drawn` are the persons of each draw.
    """

    linked: Linked
    engine: str
    seconds: float
    memory: int
    model: Expected
    truth: Quality | None = None
    drawn: Sequence[int] = ()
    overlaps: Sequence[Overlap] = ()
    calibration: Sequence[Band] = ()
    known: int | None = None
    hidden: Hidden | None = None
    synthetic: bool = False
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class Review:
    """Links in doubt: pairs with their probability, why the model thinks so, both records side by
    side (names: for the terminal alone), and how many more wait.
    """

    pairs: Sequence[tuple[str, str, float]]
    why: Sequence[tuple[Part, ...]]
    sides: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]
    more: int


def report_data(report: Report) -> dict[str, Any]:
    """A linkage as plain data."""
    linked = report.linked
    least, decided, most = linked.found.persons
    data: dict[str, Any] = {
        "records": linked.records.height,
        "lists": dict(sorted(linked.records["list"].value_counts().iter_rows())),
        "persons": {"decided": decided, "least": least, "most": most},
        "pairs": linked.pairs.height,
        "for_review": linked.for_review().height,
        "engine": report.engine,
        "model": linked.model.id,
        "seconds": round(report.seconds, 3),
        "memory_mb": round(report.memory / 1e6, 1),
        "expected": _expected(report.model) if _can_expect(report) else None,
        "thresholds": vars(linked.thresholds),
        "remarks": [*report.remarks, *linked.model.remarks],
    }
    if report.truth:
        data |= {
            "precision": report.truth.precision,
            "recall": report.truth.recall,
            "f1": report.truth.f1,
        }
        data["pairs_true"] = int(report.truth.true)
        data["persons_true"] = report.known
        data["calibration"] = [vars(band) for band in report.calibration]
    if len(report.drawn):
        data["persons_drawn"] = {
            "mean": float(np.mean(report.drawn)),
            "low": float(np.quantile(report.drawn, 0.025)),
            "high": float(np.quantile(report.drawn, 0.975)),
            "draws": len(report.drawn),
        }
    if linked.missed is not None:
        data["matches_not_found"] = round(linked.missed.matches, 1)
    if report.hidden:
        data["estimate"] = _hidden(report.hidden)
    if report.synthetic:
        data["synthetic"] = True
    return data


def _can_expect(report: Report) -> bool:
    """Whether enough was joined, and what was not found is known, to say how right it is without
    the truth.
    """
    return report.model.found >= _ENOUGH and report.linked.missed is not None


def _expected(found: Expected) -> dict[str, Any]:
    return {
        "precision": found.precision,
        "precision_range": list(found.precision_range),
        "recall": found.recall,
        "recall_range": list(found.recall_range),
    }


def _hidden(found: Hidden) -> dict[str, Any]:
    told = {
        name: text
        for name, text in (("warning", found.warning), ("by_formula", found.formula))
        if text
    }
    if found.total is None:
        return {"total": None, "why": found.why, **told}
    return {
        "total": found.total,
        "low": found.interval[0] if found.interval else None,
        "high": found.interval[1] if found.interval else None,
        "level": 0.95,
        **({"why": found.why} if found.why else {}),
        "shares_of_variance": dict(found.shares),
        "replicates_without_estimate": found.without,
        **told,
    }


def write_report_json(report: Report) -> str:
    """A linkage as JSON."""
    return json.dumps(report_data(report), indent=2) + "\n"


def write_report(report: Report) -> str:
    """A linkage in sentences, how right its probabilities are where the truth is known, and what
    each step weighs.
    """
    calibrated = _calibrated(report.calibration) + "\n" if report.calibration else ""
    return summary(report) + "\n" + calibrated + _weights(report.linked)


def summary(report: Report) -> str:
    """A linkage in sentences."""
    data = report_data(report)
    persons = data["persons"]
    lines = ["SYNTHETIC: the records are made up.", ""] if report.synthetic else []
    who = f"{_counted(data['records'], 'record')} on {_counted(len(data['lists']), 'list')} "
    who += "are" if data["records"] != 1 else "is"
    drawn = data.get("persons_drawn")
    if drawn and drawn["low"] == drawn["high"] == persons["least"] == persons["most"]:
        who = f"In each of {drawn['draws']} plausible ways of putting them together, {who}"
    elif drawn:
        lines.append(
            f"{who} about {_counted(round(drawn['mean']), 'person')} (95%: {drawn['low']:,.0f} to "
            f"{drawn['high']:,.0f}, over "
            f"{drawn['draws']} plausible ways of putting them together, with what was not found)."
        )
        who = "As decided they are"
    lines.append(
        f"{who} {_counted(persons['decided'], 'person')}"
        + (
            f" ({persons['least']:,} to {persons['most']:,})."
            if persons["least"] < persons["most"]
            else "."
        )
    )
    if report.truth:
        found = report.truth
        lines.append(
            f"In truth they are {_counted(report.known or 0, 'person')}: precision "
            f"{found.precision:.4f}, recall "
            f"{found.recall:.4f}, F1 {found.f1:.4f} among all pairs."
        )
    if _can_expect(report):
        said = report.model
        lines.append(
            f"Without the truth, expected among all pairs: precision {said.precision:.3f} "
            f"({said.precision_range[0]:.3f} to "
            f"{said.precision_range[1]:.3f}), recall {said.recall:.3f} "
            f"({said.recall_range[0]:.3f} to {said.recall_range[1]:.3f})."
        )
    missed = round(data.get("matches_not_found", 0))
    if missed:
        lines.append(
            f"Some {_counted(missed, 'pair')} of one person are expected among those too "
            "unlike "
            "to be found."
        )
    lines += [
        (
            f"{_counted(data['pairs'], 'pair')} scored at or above the floor, "
            f"{data['for_review']:,} "
            "of them for somebody to look at."
        ),
        (
            f"{data['engine']}, {data['seconds']:.1f} s, peak memory {data['memory_mb']:,.0f} MB; "
            f"model {data['model']}."
        ),
    ]
    lines += [f"Remark: {remark}" for remark in data["remarks"]]
    lines += _hidden_lines(report.hidden) if report.hidden else []
    return "\n".join(lines) + "\n"


def _hidden_lines(found: Hidden) -> list[str]:
    lines = [""]
    if found.total is None:
        lines.append(f"How many there are with those on no list is not said. {found.why}")
    else:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in found.shares.items())
        within = (
            f" (95%: {found.interval[0]:,.0f} to {found.interval[1]:,.0f}). Of the doubt: {shares}."
            if found.interval
            else ". "
        )
        lines.append(f"With those on no list: {found.total:,.0f} in all{within}{found.why}")
    if found.without and found.interval:
        lines.append(
            f"{_counted(found.without, 'replicate')} had no estimate and count as above every "
            "other."
        )
    return [*lines, *filter(None, (found.warning, found.formula))]


def _calibrated(bands: Sequence[Band]) -> str:
    table = Table(
        box=box.SIMPLE_HEAD,
        title="Are pairs one person's as often as they say?",
        title_justify="left",
    )
    for name in ("probability", "pairs", "expected", "in truth"):
        table.add_column(name, justify="left" if name == "probability" else "right")
    for band in bands:
        table.add_row(band.words, f"{band.pairs:,}", f"{band.expected:,.1f}", f"{band.true:,}")
    return _printed(table)


def _printed(table: Table) -> str:
    shown_on = console(110)
    shown_on.print(table)
    return written(shown_on)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _weights(linked: Linked) -> str:
    table = Table(box=box.SIMPLE_HEAD, title="What each step weighs, in bits", title_justify="left")
    for name in ("compared", "found", "one person", "different", "bits"):
        table.add_column(name, justify="left" if name in ("compared", "found") else "right")
    for name, steps in linked.model.comparisons.items():
        for step in steps:
            learnt = "" if step.learnt else " (expected, not learnt)"
            table.add_row(
                name, step.words + learnt, f"{step.m:.4f}", f"{step.u:.2g}", f"{step.weight:+.1f}"
            )
    return _printed(table)


def write_review(review: Review) -> str:
    """Pairs to be looked at, both records side by side and why the model thinks so. Shows names:
    for who may see them.
    """
    if not review.pairs:
        return "Nothing is waiting to be looked at.\n"
    shown_on = console(120)
    for (left, right, probability), parts, (one, other) in zip(
        review.pairs, review.why, review.sides, strict=True
    ):
        table = Table(
            box=box.SIMPLE_HEAD,
            title=f"{left}  and  {right}: {probability:.1%}",
            title_justify="left",
        )
        for name in ("", left, right):
            table.add_column(name, overflow="fold")
        for name in dict.fromkeys((*one, *other)):
            table.add_row(name.replace("_", " "), one.get(name, ""), other.get(name, ""))
        shown_on.print(table)
        total = 0.0
        for part in parts:
            total += part.weight
            bar = ("+" if part.weight > 0 else "-") * min(round(abs(part.weight)), 30)
            shown_on.print(
                f"  {part.comparison[:34]:34} {part.weight:+6.1f}  {total:+6.1f}  {bar:<30} "
                f"{part.words}"
            )
        shown_on.print()
    if review.more:
        shown_on.print(f"{review.more:,} more are waiting.")
    return written(shown_on)


def write_review_json(review: Review) -> str:
    """Pairs to be looked at as JSON, without the records themselves."""
    data = [
        {"left": left, "right": right, "probability": share, "why": parts_data(parts)}
        for (left, right, share), parts in zip(review.pairs, review.why, strict=True)
    ]
    return json.dumps({"waiting": data, "more": review.more}, indent=2) + "\n"


def parts_data(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The way to a pair's weight as plain data."""
    return [
        {"compared": part.comparison, "found": part.words, "bits": round(part.weight, 3)}
        for part in parts
    ]
