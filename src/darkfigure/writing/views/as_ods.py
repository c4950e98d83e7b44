"""A view of an answer as an OpenDocument spreadsheet: the table as read, then as data."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.publication.views import View
from darkfigure.writing.answers.as_ods import sheets_as_ods
from darkfigure.writing.views.as_csv import column_names, records_of
from darkfigure.writing.views.columns import Entry, cells_of, columns_of, face, note_lines
from darkfigure.writing.wording import (
    as_at_words,
    footnotes,
    refusal_lines,
    source_lines,
    title_of,
)
from darkfigure.writing.words import ENGLISH, Words


def write_view(view: View, words: Words = ENGLISH) -> bytes:
    """Two sheets: figures with what is said beneath them, and the records of the CSV."""
    names, label = column_names(view), words.text("head.table", number=1)
    records = [[record.get(name) for name in names] for record in records_of(view, words)]
    data = f"{label} {words.text('head.data')}"
    return sheets_as_ods({label: _rows(view, words), data: [names, *records]}, headed=1)


def _rows(view: View, words: Words) -> list[list[object]]:
    columns, answer = columns_of(view, words), view.answer
    note, cell = words.text("head.note"), words.text("head.cell")
    heads = [name for head in columns.figures for name in (head, *columns.derived, note, cell)]
    basis = words.text("page.basis", basis=answer.basis)
    rows: list[list[object]] = [
        *_lines(face(view, words)),
        [title_of(answer.question, words)],
        [f"{as_at_words(answer, words)}. {basis}"],
        [*columns.labels, *heads],
    ]
    rows += [
        [*labels, *(part for entry in entries for part in _parts(entry))]
        for labels, entries in columns.rows
    ]
    lines = [
        f"[{mark}] {text}" for mark, text in enumerate(footnotes(cells_of(view), words).texts, 1)
    ]
    lines += [*note_lines(view, words), *map(words.say, answer.notes)]
    lines += [line for refusal in answer.cannot for line in refusal_lines(refusal, words)]
    lines += [words.text("page.source_line", source=line) for line in source_lines(answer, words)]
    return rows + [[line] for line in lines]


def _parts(entry: Entry) -> list[object]:
    """A figure as a number where it is written as one, what is derived, its marks, its cell."""
    row = entry.row
    plain = row is not None and row.figure.value is not None
    value = row.figure.value if row is not None else None
    figure: object = value if plain and entry.text == f"{value:,}" else entry.text
    marks = " ".join(f"[{mark}]" for mark in entry.marks)
    return [figure, *entry.derived, marks, row.cell.id if row is not None and row.cell else ""]


def _lines(texts: Sequence[str]) -> list[list[object]]:
    """Texts as rows of a single entry."""
    return [[text] for text in texts]
