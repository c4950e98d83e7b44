"""Answers and bridges as CSV, one line for each cell and each refusal, and cells read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from darkfigure.basis.inert import InertRecords, InertRows, plain
from darkfigure.basis.saying import quote
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Bridge, Comparison
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Number, tidy
from darkfigure.tables.question import Question
from darkfigure.writing.wording import (
    condition_words,
    dims_of,
    face_of_bridge,
    face_of_several,
    is_synthetic,
    refusal_lines,
    verdict_on,
)
from darkfigure.writing.words import ENGLISH, Words

_FIXED = [
    "measure",
    "value",
    "low",
    "high",
    "unit",
    "status",
    "reasons",
    "period",
    "partly_held",
    "notes",
    "rule",
    "stated_on",
    "stated_by",
    "sources",
    "cell",
    "as_at",
    "conditions",
    "evidence",
    "basis",
    "marking",
    "synthetic",
]
#: What stands between several texts of a cell.
BETWEEN = " | "


def write_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as CSV. A refusal is a line with a reason and no figure: there is no empty
    table.
    """
    out = io.StringIO()
    target = InertRecords(out, columns_of(answer))
    target.writeheader()
    for record in records_of(answer, words):
        target.writerow(record)
    return out.getvalue()


def columns_of(answer: Answer) -> list[str]:
    """The columns of an answer as data."""
    dims = dims_of(answer) or [*answer.question.by]
    return ["line", *dims, *(name for name in _FIXED if name not in dims)]


def records_of(answer: Answer, words: Words = ENGLISH) -> Iterator[dict[str, object]]:
    """An answer as data: a record for each cell and each refusal. It can be read again."""
    about = {
        "as_at": answer.question.as_at.isoformat(),
        **_about(answer.question, words),
        "evidence": answer.question.evidence,
        "basis": answer.basis,
        "marking": answer.marking.name.lower(),
        "synthetic": "yes" if is_synthetic(answer) else "no",
    }
    for cell in answer.cells:
        yield {"line": "figure", **cell.dims, **_fixed(cell, answer, words), **about}
    for refusal in answer.cannot:
        yield {
            "line": "cannot be said",
            "measure": answer.question.measure.code,
            "unit": answer.unit,
            "reasons": str(refusal.reason),
            "notes": words.say(refusal.detail),
            "rule": refusal_lines(refusal, words)[1],
            **about,
        }


def _about(question: Question, words: Words) -> dict[str, str]:
    """The conditions that figures are kept to, by their titles."""
    conditions = [condition_words(condition, words) for condition in question.where]
    return {"conditions": BETWEEN.join(conditions)}


def _fixed(cell: Cell, answer: Answer, words: Words) -> dict[str, object]:
    used = [source for source in cell.sources if source.used]
    sources = dict.fromkeys(
        f"{source.stated_by} {source.stated_on}: {source.source}" for source in used
    )
    return {
        "measure": answer.question.measure.code,
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "unit": answer.unit,
        "status": cell.status,
        "reasons": BETWEEN.join(cell.reasons),
        "period": cell.period,
        "partly_held": "yes" if cell.partly else "",
        "notes": BETWEEN.join(map(words.say, cell.notes)),
        "rule": words.say(cell.rule),
        "stated_on": max((source.stated_on for source in used), default=""),
        "stated_by": BETWEEN.join(dict.fromkeys(source.stated_by for source in used)),
        "sources": BETWEEN.join(sources),
        "cell": cell.id,
    }


def read_cells(text: str) -> list[Cell]:
    """The cells that `write_answer` wrote, without their sources."""
    cells = []
    for record in csv.DictReader(io.StringIO(text)):
        record = {name: plain(value) for name, value in record.items()}
        if record.pop("line") != "figure":
            continue
        dims = {name: value or None for name, value in record.items() if name not in _FIXED}
        cells.append(
            Cell(
                id=record["cell"],
                dims=dims,
                value=_number(record["value"]),
                low=_number(record["low"]),
                high=_number(record["high"]),
                status=record["status"],
                reasons=tuple(CellReason(word) for word in _split(record["reasons"])),
                notes=tuple(map(quote, _split(record["notes"]))),
                sources=(),
                period=record["period"],
                rule=quote(record["rule"]) if record["rule"] else None,
                partly=record["partly_held"] == "yes",
            )
        )
    return cells


def _number(text: str) -> Number | None:
    return tidy(text) if text else None


def _split(text: str) -> list[str]:
    return text.split(BETWEEN) if text else []


def write_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as CSV: opening, one line for each reason, closing."""
    out = io.StringIO()
    target = InertRows(out)
    about = [
        bridge.question.measure.code,
        bridge.unit,
        *_about(bridge.question, words).values(),
        bridge.marking.name.lower(),
        "yes" if is_synthetic(bridge.at_start, bridge.at_end) else "no",
    ]
    heads = ["measure", "unit", "conditions", "marking", "synthetic"]
    target.writerow(["step", "cell", "amount", "detail", "sources", *heads])
    target.writerow([f"opening {bridge.start}", "", bridge.opening, "", "", *about])
    for line in bridge.lines:
        target.writerow(
            [
                line.reason,
                line.cell,
                line.amount,
                words.say(line.detail),
                BETWEEN.join(map(words.say, line.sources)),
                *about,
            ]
        )
    target.writerow([f"closing {bridge.end}", "", bridge.closing, "", "", *about])
    for warning in face_of_bridge(bridge, words):
        target.writerow(["warning", "", "", warning, "", *about])
    return out.getvalue()


def write_comparison(comparison: Comparison, words: Words = ENGLISH) -> str:
    """Answers side by side as CSV: a line for each cell, three columns for each answer."""
    out = io.StringIO()
    target = InertRows(out)
    ends = ("value", "low", "high")
    heads = [f"{name}_{end}" for name in comparison.names for end in ends]
    face = face_of_several(comparison.marking, comparison.answers, words)
    first = comparison.answers[0].question
    about = [BETWEEN.join(face), *_about(first, words).values()]
    target.writerow(["label", *heads, "verdict", "warning", "conditions"])
    for row in comparison.rows:
        figures = [getattr(cell, end, None) for cell in row.cells for end in ends]
        target.writerow([row.label, *figures, verdict_on(row, words), *about])
    if not comparison.rows:
        target.writerow(["", *("" for _ in heads), "", *about])
    for reason in comparison.apart:
        title = words.text("compared.apart")
        target.writerow([title, *("" for _ in heads), "", words.say(reason), about[1]])
    return out.getvalue()
