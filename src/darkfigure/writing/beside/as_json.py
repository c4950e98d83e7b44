"""Several measures side by side as JSON: the rows, and each answer as it is by itself."""

from __future__ import annotations

from typing import Any

from darkfigure.publication.beside import Beside, SideRow, notes_with_titles
from darkfigure.writing.answers.as_json import answer_data, conditions_of
from darkfigure.writing.beside.columns import documents
from darkfigure.writing.documents.head import document
from darkfigure.writing.wording import is_synthetic
from darkfigure.writing.words import ENGLISH, Words


def beside_data(table: Beside, words: Words = ENGLISH) -> dict[str, Any]:
    """The table as plain data. `figures` name cells of `answers`, by measure."""
    return {
        "as_at": table.answers[0].question.as_at.isoformat(),
        "conditions": conditions_of(table.answers[0].question, words),
        "marking": table.marking.name.lower(),
        "measures": [
            {
                "measure": answer.question.measure.code,
                "title": answer.question.measure.title,
                "unit": answer.unit,
                "answer": answer.id,
            }
            for answer in table.answers
        ],
        "of_different_periods": table.of_different_periods,
        "rows": [_row(table, row) for row in table.rows],
        "notes": [
            {"note": words.say(note), "measures": list(titles)}
            for note, titles in notes_with_titles(table.answers)
        ],
        "sources": documents(table, words),
        "answers": [answer_data(answer, words) for answer in table.answers],
    }


def _row(table: Beside, row: SideRow) -> dict[str, Any]:
    codes = [answer.question.measure.code for answer in table.answers]
    return {
        "dims": dict(row.dims),
        "in_progress": row.in_progress,
        "period": row.period or None,
        "figures": {
            code: {
                "value": cell.value,
                "low": cell.low,
                "high": cell.high,
                "reasons": [str(reason) for reason in cell.reasons],
                "period": cell.period,
                "cell": cell.id,
            }
            if cell
            else None
            for code, cell in zip(codes, row.cells, strict=True)
        },
    }


def write_beside(table: Beside, words: Words = ENGLISH) -> str:
    """The table as JSON text."""
    return document("beside", beside_data(table, words), synthetic=is_synthetic(*table.answers))
