"""Answers as an OpenDocument spreadsheet: a cover, one sheet for each answer, figures as
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P

from darkfigure.basis.inert import inert
from darkfigure.publication import Answer
from darkfigure.publication.marked import highest
from darkfigure.writing.answers.as_csv import columns_of, records_of
from darkfigure.writing.wording import (
    as_at_words,
    claims_beneath,
    column_title,
    dims_of,
    face_of,
    face_of_several,
    footnotes,
    label_in,
    refusal_lines,
    source_lines,
    title_of,
    unit_title,
)
from darkfigure.writing.words import ENGLISH, Words


def write_answer(answer: Answer, words: Words = ENGLISH) -> bytes:
    """One answer as a spreadsheet."""
    return write_answers([answer], words, title=title_of(answer.question, words))


def write_answers(
    answers: Sequence[Answer],
    words: Words = ENGLISH,
    *,
    title: str,
    licences: Sequence[str] = (),
) -> bytes:
    """Answers as a spreadsheet, the first sheet saying what each holds and on what terms."""
    document, bold, wide = _document()
    cover = _sheet(document, words.text("head.cover"), wide, 3)
    face = face_of_several(highest(each.marking for each in answers), answers, words)
    for line in face:
        _row(cover, [line], bold)
    _row(cover, [title], bold)
    _row(cover, [words.text(f"head.{name}") for name in ("sheet", "content", "as_at")], bold)
    names = [words.text("head.table", number=number) for number in range(1, len(answers) + 1)]
    for name, answer in zip(names, answers, strict=True):
        _row(cover, [name, title_of(answer.question, words), answer.question.as_at.isoformat()])
    for licence in licences:
        _row(cover, [licence])
    for name, answer in zip(names, answers, strict=True):
        _answer_sheet(_sheet(document, name, wide, 8), answer, bold, words)
    for name, answer in zip(names, answers, strict=True):
        _data_sheet(_sheet(document, f"{name} {words.text('head.data')}", wide, 8), answer, words)
    return _bytes(document)


def sheets_as_ods(sheets: Mapping[str, Sequence[Sequence[object]]], headed: int = 0) -> bytes:
    """Sheets of plain rows by name, figures as numbers; the first `headed` rows are bold."""
    document, bold, wide = _document()
    for name, rows in sheets.items():
        sheet = _sheet(document, name, wide, max(map(len, rows), default=1))
        for place, row in enumerate(rows):
            _row(sheet, row, bold if place < headed else None)
    return _bytes(document)


def _document() -> tuple[OpenDocumentSpreadsheet, Style, Style]:
    """An empty spreadsheet with its bold cells and its wide columns."""
    document = OpenDocumentSpreadsheet()
    bold = Style(name="bold", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    wide = Style(name="wide", family="table-column")
    wide.addElement(TableColumnProperties(columnwidth="6cm"))
    document.automaticstyles.addElement(wide)
    return document, bold, wide


def _bytes(document: OpenDocumentSpreadsheet) -> bytes:
    target = BytesIO()
    document.write(target)
    return target.getvalue()


def _data_sheet(sheet: Table, answer: Answer, words: Words) -> None:
    """An answer as data, under the columns of its CSV: to be read by programs, this one too."""
    columns = columns_of(answer)
    _row(sheet, columns)
    for record in records_of(answer, words):
        _row(sheet, [record.get(name) for name in columns])


def _sheet(document: OpenDocumentSpreadsheet, name: str, wide: Style, columns: int) -> Table:
    sheet = Table(name=name)
    sheet.addElement(TableColumn(stylename=wide, numbercolumnsrepeated=columns))
    document.spreadsheet.addElement(sheet)
    return sheet


def _answer_sheet(sheet: Table, answer: Answer, bold: Style, words: Words) -> None:
    for line in face_of(answer, words):
        _row(sheet, [line], bold)
    _row(sheet, [title_of(answer.question, words)], bold)
    basis = words.text("page.basis", basis=answer.basis)
    _row(sheet, [f"{as_at_words(answer, words)}. {basis}"])
    notes = footnotes(answer.cells, words)
    dims = dims_of(answer)
    if answer.cells:
        titles = [column_title(name, words) for name in dims]
        rest = [words.text(f"head.{name}") for name in ("low", "high", "reasons", "note", "cell")]
        top = [words.text("head.period"), *titles, unit_title(answer.unit, words), *rest]
        _row(sheet, top, bold)
    for cell, marks in zip(answer.cells, notes.marks, strict=True):
        labels = [label_in(cell, name, words) for name in dims]
        _row(
            sheet,
            [
                cell.period,
                *labels,
                cell.value,
                cell.low,
                cell.high,
                words.joined(cell.reasons, "comma"),
                " ".join(f"[{mark}]" for mark in marks),
                cell.id,
            ],
        )
    lines = [f"[{number}] {text}" for number, text in enumerate(notes.texts, 1)]
    lines += map(words.say, answer.notes)
    lines += claims_beneath(answer, words)
    lines += [line for refusal in answer.cannot for line in refusal_lines(refusal, words)]
    lines += [words.text("page.source_line", source=line) for line in source_lines(answer, words)]
    for line in lines:
        _row(sheet, [line])


def _row(sheet: Table, values: Sequence[object], style: Style | None = None) -> None:
    row = TableRow()
    for value in values:
        given = {"stylename": style} if style else {}
        if isinstance(value, (int, float)):
            cell = TableCell(valuetype="float", value=str(value), **given)
        else:
            cell = TableCell(valuetype="string", **given)
        cell.addElement(P(text="" if value is None else str(inert(value))))
        row.addElement(cell)
    sheet.addElement(row)
