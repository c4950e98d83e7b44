"""Answers and bridges as JSON, and answers read back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from darkfigure import intelligence
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Bridge, Cannot, Comparison
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.question import asked_again

if TYPE_CHECKING:
    from darkfigure.intelligence.requirements import Requirement


def answer_data(answer: Answer) -> dict[str, Any]:
    """An answer as plain data."""
    return {
        "question": answer.question.canonical(),
        "title": answer.question.measure.title,
        "definition": answer.question.measure.definition,
        "unit": answer.unit,
        "as_at": answer.question.as_at.isoformat(),
        "answer": answer.id,
        "basis": answer.basis,
        "cells": [_cell(cell) for cell in answer.cells],
        "notes": list(answer.notes),
        "cannot": [
            {
                "reason": str(refusal.reason),
                "detail": refusal.detail,
                "requirement": _requirement(refusal.requirement),
            }
            for refusal in answer.cannot
        ],
    }


def _requirement(requirement: Requirement) -> dict[str, str]:
    return {"id": requirement.id, "text": requirement.text, "closes_when": requirement.closes_when}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "id": cell.id,
        "dims": dict(cell.dims),
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "status": cell.status,
        "reasons": [str(reason) for reason in cell.reasons],
        "notes": list(cell.notes),
        "period": cell.period,
        "rule": cell.rule,
        "unknown": dict(cell.unknown),
        "sources": [
            {**source._asdict(), "stated_on": source.stated_on.isoformat()}
            for source in cell.sources
        ],
    }


def write_answer(answer: Answer) -> str:
    """An answer as JSON text."""
    return json.dumps(answer_data(answer), indent=2, ensure_ascii=False) + "\n"


def read_answer(text: str) -> Answer:
    """The answer that `write_answer` wrote. Its cells no longer point into a repository."""
    data = json.loads(text)
    asked = data["question"]
    known = {
        requirement.id: requirement for requirement in intelligence.requirements.requirements()
    }
    question = asked_again(asked, date.fromisoformat(data["as_at"]))
    return Answer(
        question=question,
        unit=data["unit"],
        basis=data["basis"],
        notes=tuple(data["notes"]),
        cells=tuple(_read_cell(entry) for entry in data["cells"]),
        cannot=tuple(
            Cannot(CellReason(entry["reason"]), entry["detail"], known[entry["requirement"]["id"]])
            for entry in data["cannot"]
        ),
    )


def _read_cell(entry: dict[str, Any]) -> Cell:
    sources = tuple(
        Source(**{**source, "stated_on": date.fromisoformat(source["stated_on"])})
        for source in entry["sources"]
    )
    return Cell(
        id=entry["id"],
        dims=entry["dims"],
        value=entry["value"],
        low=entry["low"],
        high=entry["high"],
        status=entry["status"],
        reasons=tuple(CellReason(reason) for reason in entry["reasons"]),
        notes=tuple(entry["notes"]),
        sources=sources,
        period=entry["period"],
        rule=entry["rule"],
        unknown=entry["unknown"],
    )


def bridge_data(bridge: Bridge) -> dict[str, Any]:
    """A bridge as plain data."""
    return {
        "question": bridge.question.canonical(),
        "title": bridge.question.measure.title,
        "unit": bridge.unit,
        "from": bridge.start.isoformat(),
        "to": bridge.end.isoformat(),
        "explained_as_at": bridge.question.as_at.isoformat(),
        "opening": bridge.opening,
        "lines": [
            {
                "cell": line.cell,
                "reason": str(line.reason),
                "amount": line.amount,
                "detail": line.detail,
                "sources": list(line.sources),
            }
            for line in bridge.lines
        ],
        "closing": bridge.closing,
        "adds_up": bridge.adds_up,
        "cells": [
            {
                "cell": span.cell,
                "opening": span.opening,
                "closing": span.closing,
                "opening_id": span.opening_id,
                "closing_id": span.closing_id,
            }
            for span in bridge.spans
        ],
        "notes": list(bridge.notes),
    }


def write_bridge(bridge: Bridge) -> str:
    """A bridge as JSON text."""
    return json.dumps(bridge_data(bridge), indent=2, ensure_ascii=False) + "\n"


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Answers side by side as plain data."""
    return {
        "names": list(comparison.names),
        "agrees": comparison.agrees,
        "cells": [
            {
                "label": row.label,
                "agrees": row.agrees,
                "within_bounds": row.within,
                "dims": dict(next(cell.dims for cell in row.cells if cell)),
                "figures": {
                    name: {"value": cell.value, "low": cell.low, "high": cell.high, "id": cell.id}
                    if cell
                    else None
                    for name, cell in zip(comparison.names, row.cells, strict=True)
                },
            }
            for row in comparison.rows
        ],
        "answers": [answer_data(found) for found in comparison.answers],
    }
