"""Several measures side by side as an OpenDocument spreadsheet: the table as read, then as data."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.publication.beside import Beside
from darkfigure.writing.answers.as_ods import sheets_as_ods
from darkfigure.writing.beside.as_csv import column_names, records_of
from darkfigure.writing.beside.columns import (
    Entry,
    bases,
    columns_of,
    documents,
    face,
    note_lines,
    refusals,
    titles_of,
)
from darkfigure.writing.wording import as_at_words, footnotes, refusal_lines
from darkfigure.writing.words import ENGLISH, Words


def write_beside(table: Beside, words: Words = ENGLISH) -> bytes:
    """Two sheets: figures with what is said beneath them, and the records of the CSV."""
    names, label = column_names(table), words.text("head.table", number=1)
    records = [[record.get(name) for name in names] for record in records_of(table, words)]
    data = f"{label} {words.text('head.data')}"
    return sheets_as_ods({label: _rows(table, words), data: [names, *records]}, headed=1)


def _rows(table: Beside, words: Words) -> list[list[object]]:
    columns = columns_of(table, words)
    note, cell = words.text("head.note"), words.text("head.cell")
    heads = [name for head in columns.measures for name in (head, note, cell)]
    rows: list[list[object]] = [
        *_lines(face(table, words)),
        [titles_of(table, words)],
        [f"{as_at_words(table.answers[0], words)}."],
        [*columns.labels, *heads],
    ]
    rows += [
        [*labels, *(part for entry in entries for part in _parts(entry))]
        for labels, entries in columns.rows
    ]
    rows += [
        [f"[{mark}] {text}"] for mark, text in enumerate(footnotes(table.cells, words).texts, 1)
    ]
    for measure, refusal in refusals(table):
        heading = words.text("beside.cannot_of", title=measure.title)
        said, needed = refusal_lines(refusal, words)
        rows += [[f"{heading}: {said}"], [needed]]
    sources = [words.text("page.source_line", source=line) for line in documents(table, words)]
    return rows + [[line] for line in (*note_lines(table, words), *sources, *bases(table, words))]


def _parts(entry: Entry) -> list[object]:
    """A figure as a number where it is written as one, its marks, and the id of its cell."""
    cell = entry.cell
    plain = cell is not None and cell.value is not None and entry.text == f"{cell.value:,}"
    figure: object = cell.value if cell is not None and plain else entry.text
    marks = " ".join(f"[{mark}]" for mark in entry.marks)
    return [figure, marks, cell.id if cell else ""]


def _lines(texts: Sequence[str]) -> list[list[object]]:
    """Texts as rows of a single entry."""
    return [[text] for text in texts]
