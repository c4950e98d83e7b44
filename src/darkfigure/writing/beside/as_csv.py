"""Several measures side by side as CSV: a line for each row, the same columns for each measure."""

from __future__ import annotations

import io
from collections.abc import Iterator

from darkfigure.basis.inert import InertRecords
from darkfigure.publication import Answer
from darkfigure.publication.beside import Beside, SideRow
from darkfigure.tables.cell import Cell
from darkfigure.writing.answers.as_csv import BETWEEN
from darkfigure.writing.beside.columns import documents, note_lines, refusals
from darkfigure.writing.wording import condition_words, is_synthetic, refusal_lines
from darkfigure.writing.words import ENGLISH, Words

#: What is said of the whole table on each of its lines.
ABOUT = ("as_at", "conditions", "evidence", "marking", "synthetic")
#: What is said of each figure, in columns that begin with the code of its measure.
OF_A_FIGURE = (
    "value",
    "low",
    "high",
    "unit",
    "status",
    "reasons",
    "period",
    "partly_held",
    "notes",
    "cell",
)


def write_beside(table: Beside, words: Words = ENGLISH) -> str:
    """Rows of figures, then a line for each thing that cannot be said, each note and each
    source.
    """
    out = io.StringIO()
    target = InertRecords(out, column_names(table))
    target.writeheader()
    for record in records_of(table, words):
        target.writerow(record)
    return out.getvalue()


def column_names(table: Beside) -> list[str]:
    """The columns of the table as data."""
    measures = [answer.question.measure.code for answer in table.answers]
    figures = [f"{code}_{name}" for code in measures for name in OF_A_FIGURE]
    return ["line", *table.dims, "in_progress", *figures, "measure", "said", "needed", *ABOUT]


def records_of(table: Beside, words: Words = ENGLISH) -> Iterator[dict[str, object]]:
    """The table as data: a record for each row, then for what is said beneath it."""
    asked = table.answers[0].question
    about = {
        "as_at": asked.as_at.isoformat(),
        "conditions": BETWEEN.join(condition_words(condition, words) for condition in asked.where),
        "evidence": asked.evidence,
        "marking": table.marking.name.lower(),
        "synthetic": "yes" if is_synthetic(*table.answers) else "no",
    }
    for record in _records(table, words):
        yield {**record, **about}


def _records(table: Beside, words: Words) -> Iterator[dict[str, object]]:
    for row in table.rows:
        yield {"line": "figures", **_labels(row), **_figures(table, row, words)}
    for measure, refusal in refusals(table):
        detail, needed = refusal_lines(refusal, words)
        yield {
            "line": "cannot be said",
            "measure": measure.code,
            "said": detail,
            "needed": needed,
        }
    for line in note_lines(table, words):
        yield {"line": "note", "said": line}
    for line in documents(table, words):
        yield {"line": "source", "said": line}


def _labels(row: SideRow) -> dict[str, object]:
    return {**row.dims, "in_progress": "yes" if row.in_progress else ""}


def _figures(table: Beside, row: SideRow, words: Words) -> dict[str, object]:
    return {
        f"{answer.question.measure.code}_{name}": value
        for answer, cell in zip(table.answers, row.cells, strict=True)
        if cell is not None
        for name, value in figure_data(answer, cell, words).items()
    }


def figure_data(answer: Answer, cell: Cell, words: Words) -> dict[str, object]:
    """What is said of a figure, by column."""
    return {
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "unit": answer.unit,
        "status": cell.status,
        "reasons": BETWEEN.join(cell.reasons),
        "period": cell.period,
        "partly_held": "yes" if cell.partly else "",
        "notes": BETWEEN.join(map(words.say, cell.notes)),
        "cell": cell.id,
    }
