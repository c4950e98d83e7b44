"""A linkage written: as text, as plain data, as a page with charts. No name, date or number of a
person is in any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich import box
from rich.table import Table

from darkfigure.basis.saying import Saying
from darkfigure.linkage import Linked, Overlap
from darkfigure.linkage.explaining import Part
from darkfigure.linkage.quality import Band, Expected, Quality
from darkfigure.writing.documents.head import document
from darkfigure.writing.terminal import console, written
from darkfigure.writing.words import ENGLISH, Words

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
    why: Saying | None = None
    warning: Saying | None = None
    formula: Saying | None = None


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
    remarks: Sequence[Saying] = ()


@dataclass(frozen=True)
class Review:
    """Links in doubt: pairs with their probability, why the model thinks so, both records side by
    side (names: for the terminal alone), and how many more wait.
    """

    pairs: Sequence[tuple[str, str, float]]
    why: Sequence[tuple[Part, ...]]
    sides: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]
    more: int


def report_data(report: Report, words: Words = ENGLISH) -> dict[str, Any]:
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
        "remarks": [words.say(each) for each in (*report.remarks, *linked.model.remarks)],
    }
    if report.truth:
        data |= {
            "precision": report.truth.precision,
            "recall": report.truth.recall,
            "f1": report.truth.f1,
        }
        data["pairs_true"] = int(report.truth.true)
        data["persons_true"] = report.known
        data["calibration"] = [
            {**vars(band), "words": words.say(band.words)} for band in report.calibration
        ]
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
        data["estimate"] = _hidden(report.hidden, words=words)
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


def _hidden(found: Hidden, words: Words = ENGLISH) -> dict[str, Any]:
    told = {
        name: words.say(text)
        for name, text in (("warning", found.warning), ("by_formula", found.formula))
        if text
    }
    if found.total is None:
        return {"total": None, "why": words.say(found.why), **told}
    return {
        "total": found.total,
        "low": found.interval[0] if found.interval else None,
        "high": found.interval[1] if found.interval else None,
        "level": 0.95,
        **({"why": words.say(found.why)} if found.why else {}),
        "shares_of_variance": dict(found.shares),
        "replicates_without_estimate": found.without,
        **told,
    }


def write_report_json(report: Report, words: Words = ENGLISH) -> str:
    """A linkage as JSON."""
    return document("linkage", report_data(report, words=words), synthetic=report.synthetic)


def write_report(report: Report, words: Words = ENGLISH) -> str:
    """A linkage in sentences, how right its probabilities are where the truth is known, and what
    each step weighs.
    """
    calibrated = _calibrated(report.calibration, words=words) + "\n" if report.calibration else ""
    return summary(report, words=words) + "\n" + calibrated + _weights(report.linked, words=words)


def summary(report: Report, words: Words = ENGLISH) -> str:
    """A linkage in sentences."""
    data = report_data(report, words=words)
    persons = data["persons"]
    lines = [words.text("linkage.synthetic"), ""] if report.synthetic else []
    who = words.text(
        "linkage.summary.who",
        count=data["records"],
        records=_counted(data["records"], "record", words=words),
        lists=_counted(len(data["lists"]), "list", words=words),
    )
    drawn = data.get("persons_drawn")
    if drawn and drawn["low"] == drawn["high"] == persons["least"] == persons["most"]:
        who = words.text("linkage.summary.same", draws=drawn["draws"], who=who)
    elif drawn:
        lines.append(
            words.text(
                "linkage.summary.drawn",
                who=who,
                persons=_counted(round(drawn["mean"]), "person", words=words),
                low=drawn["low"],
                high=drawn["high"],
                draws=drawn["draws"],
            )
        )
        who = words.text("linkage.summary.decided")
    lines.append(
        words.text(
            "linkage.summary.persons",
            who=who,
            persons=_counted(persons["decided"], "person", words=words),
        )
        + (
            words.text("linkage.summary.range", least=persons["least"], most=persons["most"])
            if persons["least"] < persons["most"]
            else "."
        )
    )
    lines += _how_right(report, words)
    missed = round(data.get("matches_not_found", 0))
    if missed:
        lines.append(
            words.text("linkage.summary.missed", pairs=_counted(missed, "pair", words=words))
        )
    lines += [
        (
            words.text(
                "linkage.summary.scored",
                pairs=_counted(data["pairs"], "pair", words=words),
                review=data["for_review"],
            )
        ),
        (
            words.text(
                "linkage.summary.engine",
                engine=data["engine"],
                seconds=data["seconds"],
                memory=data["memory_mb"],
                model=data["model"],
            )
        ),
    ]
    lines += [words.text("linkage.remark.said", remark=remark) for remark in data["remarks"]]
    lines += _hidden_lines(report.hidden, words=words) if report.hidden else []
    return "\n".join(lines) + "\n"


def _how_right(report: Report, words: Words = ENGLISH) -> list[str]:
    """How right the pairs are: in truth, where it is known, and as is expected without it."""
    lines = []
    if report.truth:
        found = report.truth
        lines.append(
            words.text(
                "linkage.summary.truth",
                persons=_counted(report.known or 0, "person", words=words),
                precision=found.precision,
                recall=found.recall,
                f1=found.f1,
            )
        )
    if _can_expect(report):
        said = report.model
        lines.append(
            words.text(
                "linkage.summary.expected",
                precision=said.precision,
                precision_low=said.precision_range[0],
                precision_high=said.precision_range[1],
                recall=said.recall,
                recall_low=said.recall_range[0],
                recall_high=said.recall_range[1],
            )
        )
    return lines


def _hidden_lines(found: Hidden, words: Words = ENGLISH) -> list[str]:
    lines = [""]
    if found.total is None:
        lines.append(words.text("linkage.hidden.not_said", why=found.why))
    else:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in found.shares.items())
        within = (
            words.text(
                "linkage.hidden.within",
                low=found.interval[0],
                high=found.interval[1],
                shares=shares,
            )
            if found.interval
            else ". "
        )
        lines.append(
            words.text("linkage.hidden.total", total=found.total, within=within, why=found.why)
        )
    if found.without and found.interval:
        lines.append(
            words.text(
                "linkage.hidden.without",
                replicates=_counted(found.without, "replicate", words=words),
            )
        )
    return [*lines, *(words.say(each) for each in (found.warning, found.formula) if each)]


def _calibrated(bands: Sequence[Band], words: Words = ENGLISH) -> str:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=words.text("linkage.calibration.title"),
        title_justify="left",
    )
    for name in ("probability", "pairs", "expected", words.text("linkage.calibration.true")):
        table.add_column(name, justify="left" if name == "probability" else "right")
    for band in bands:
        table.add_row(
            words.say(band.words), f"{band.pairs:,}", f"{band.expected:,.1f}", f"{band.true:,}"
        )
    return _printed(table)


def _printed(table: Table) -> str:
    shown_on = console(110)
    shown_on.print(table)
    return written(shown_on)


def _counted(number: int, what: str, words: Words = ENGLISH) -> str:
    return words.text(f"linkage.counted.{what}", count=number)


def _weights(linked: Linked, words: Words = ENGLISH) -> str:
    table = Table(
        box=box.SIMPLE_HEAD, title=words.text("linkage.weights.title"), title_justify="left"
    )
    for name in ("compared", "found", words.text("linkage.weights.one"), "different", "bits"):
        table.add_column(name, justify="left" if name in ("compared", "found") else "right")
    for name, steps in linked.model.comparisons.items():
        for step in steps:
            learnt = "" if step.learnt else words.text("linkage.weights.expected")
            table.add_row(
                name, step.words + learnt, f"{step.m:.4f}", f"{step.u:.2g}", f"{step.weight:+.1f}"
            )
    return _printed(table)


def write_review(review: Review, words: Words = ENGLISH) -> str:
    """Pairs to be looked at, both records side by side and why the model thinks so. Shows names:
    for who may see them.
    """
    if not review.pairs:
        return words.text("linkage.review.nothing") + "\n"
    shown_on = console(120)
    for (left, right, probability), parts, (one, other) in zip(
        review.pairs, review.why, review.sides, strict=True
    ):
        table = Table(
            box=box.SIMPLE_HEAD,
            title=words.text(
                "linkage.review.pair", left=left, right=right, probability=probability
            ),
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
            of = words.say(part.comparison)[:34]
            shown_on.print(
                f"  {of:34} {part.weight:+6.1f}  {total:+6.1f}  {bar:<30} {words.say(part.words)}"
            )
        shown_on.print()
    if review.more:
        shown_on.print(words.text("linkage.review.more", number=review.more))
    return written(shown_on)


def write_review_json(review: Review, words: Words = ENGLISH) -> str:
    """Pairs to be looked at as JSON, without the records themselves."""
    data = [
        {"left": left, "right": right, "probability": share, "why": parts_data(parts, words=words)}
        for (left, right, share), parts in zip(review.pairs, review.why, strict=True)
    ]
    return document("review", {"waiting": data, "more": review.more}, synthetic=None)


def parts_data(parts: Sequence[Part], words: Words = ENGLISH) -> list[dict[str, Any]]:
    """The way to a pair's weight as plain data."""
    return [
        {
            "compared": words.say(part.comparison),
            "found": words.say(part.words),
            "bits": round(part.weight, 3),
        }
        for part in parts
    ]
