"""A linkage written: as text, as plain data, as a page with charts. No name, date or number of a person is in any of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from darkfigure.linkage import Linked, Overlap
from darkfigure.linkage.explaining import Part
from darkfigure.linkage.quality import Quality

#: Of fewer pairs joined than this it is not said what precision and recall are expected.
_ENOUGH = 20


@dataclass(frozen=True)
class Report:
    """What is said of a linkage. `truth` where it is known; `model` what the model itself expects; `drawn` persons in draws."""

    linked: Linked
    engine: str
    seconds: float
    memory: int
    model: Quality
    truth: Quality | None = None
    drawn: Sequence[int] = ()
    overlaps: Sequence[Overlap] = ()
    synthetic: bool = False
    remarks: Sequence[str] = ()


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
        "expected_by_the_model": _quality(report.model) if report.model.found >= _ENOUGH else None,
        "thresholds": vars(linked.thresholds),
        "remarks": [*report.remarks, *linked.model.remarks],
    }
    if report.truth:
        data |= {"precision": report.truth.precision, "recall": report.truth.recall, "f1": report.truth.f1}
        data["pairs_true"] = int(report.truth.true)
    if len(report.drawn):
        data["persons_drawn"] = {
            "mean": float(np.mean(report.drawn)),
            "low": float(np.quantile(report.drawn, 0.025)),
            "high": float(np.quantile(report.drawn, 0.975)),
            "draws": len(report.drawn),
        }
    if report.synthetic:
        data["synthetic"] = True
    return data


def _quality(found: Quality) -> dict[str, float]:
    return {"precision": found.precision, "recall": found.recall, "f1": found.f1}


def write_report(report: Report) -> str:
    """A linkage in sentences, and what each step weighs."""
    return summary(report) + "\n" + _weights(report.linked)


def summary(report: Report) -> str:
    """A linkage in sentences."""
    data = report_data(report)
    persons = data["persons"]
    lines = ["SYNTHETIC: the records are made up.", ""] if report.synthetic else []
    lines += [
        f"{_counted(data['records'], 'record')} on {_counted(len(data['lists']), 'list')} "
        f"{'are' if data['records'] != 1 else 'is'} {_counted(persons['decided'], 'person')}"
        + (f" ({persons['least']:,} to {persons['most']:,})." if persons["least"] < persons["most"] else "."),
    ]
    if len(report.drawn):
        drawn = data["persons_drawn"]
        lines.append(
            f"Over {drawn['draws']} plausible ways of putting them together: {drawn['mean']:,.1f} persons on average, 95% of them "
            f"between {drawn['low']:,.0f} and {drawn['high']:,.0f}."
        )
    if report.truth:
        found = report.truth
        lines.append(
            f"Against the truth: precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}."
        )
    if report.model.found >= _ENOUGH:
        lines.append(
            f"The model itself expects precision {report.model.precision:.3f} and recall {report.model.recall:.3f}."
        )
    lines += [
        f"{_counted(data['pairs'], 'pair')} scored at or above the floor, {data['for_review']:,} of them for somebody to look at.",
        f"{data['engine']}, {data['seconds']:.1f} s, peak memory {data['memory_mb']:,.0f} MB; model {data['model']}.",
    ]
    lines += [f"Remark: {remark}" for remark in data["remarks"]]
    return "\n".join(lines) + "\n"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _weights(linked: Linked) -> str:
    table = Table(box=box.SIMPLE_HEAD, title="What each step weighs, in bits", title_justify="left")
    for name in ("compared", "found", "one person", "different", "bits"):
        table.add_column(name, justify="left" if name in ("compared", "found") else "right")
    for name, steps in linked.model.comparisons.items():
        for step in steps:
            learnt = "" if step.learnt else " (expected, not learnt)"
            table.add_row(name, step.words + learnt, f"{step.m:.4f}", f"{step.u:.2g}", f"{step.weight:+.1f}")
    out = io.StringIO()
    Console(file=out, width=110, force_terminal=False).print(table)
    return out.getvalue()


def write_review(
    pairs: Sequence[tuple[str, str, float]],
    why: Sequence[tuple[Part, ...]],
    sides: Sequence[tuple[Mapping[str, str], Mapping[str, str]]],
    more: int,
) -> str:
    """Pairs to be looked at, both records side by side and why the model thinks so. Shows names: for who may see them."""
    out = io.StringIO()
    console = Console(file=out, width=120, force_terminal=False, highlight=False)
    for (left, right, probability), parts, (one, other) in zip(pairs, why, sides, strict=True):
        table = Table(box=box.SIMPLE_HEAD, title=f"{left}  and  {right}: {probability:.1%}", title_justify="left")
        for name in ("", left, right):
            table.add_column(name, overflow="fold")
        for field in dict.fromkeys((*one, *other)):
            table.add_row(field.replace("_", " "), one.get(field, ""), other.get(field, ""))
        console.print(table)
        total = 0.0
        for part in parts:
            total += part.weight
            bar = ("+" if part.weight > 0 else "-") * min(round(abs(part.weight)), 30)
            console.print(f"  {part.comparison[:34]:34} {part.weight:+6.1f}  {total:+6.1f}  {bar:<30} {part.words}")
        console.print()
    if more:
        console.print(f"{more:,} more are waiting.")
    return out.getvalue() or "Nothing is waiting to be looked at.\n"


def parts_data(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The way to a pair's weight as plain data."""
    return [{"compared": part.comparison, "found": part.words, "bits": round(part.weight, 3)} for part in parts]
