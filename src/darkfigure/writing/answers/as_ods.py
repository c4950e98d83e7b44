"""Answers as an OpenDocument spreadsheet: a cover, one sheet for each answer, figures as
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P

from darkfigure.publication import Answer
from darkfigure.writing.wording import (
    as_at_words,
    column_title,
    dim_words,
    footnotes,
    refusal_lines,
    source_lines,
    value_title,
)


def write_answers(
    answers: Sequence[Answer], path: Path, *, title: str, licences: Sequence[str]
) -> None:
    """Write answers to `path`, the first sheet saying what each holds and on what terms."""
    document = OpenDocumentSpreadsheet()
    bold = Style(name="bold", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    wide = Style(name="wide", family="table-column")
    wide.addElement(TableColumnProperties(columnwidth="6cm"))
    document.automaticstyles.addElement(wide)
    cover = _sheet(document, "Cover", wide, 3)
    _row(cover, [title], bold)
    _row(cover, ["Sheet", "Content", "As at"], bold)
    for number, answer in enumerate(answers, 1):
        _row(
            cover,
            [f"Table {number}", answer.question.measure.title, answer.question.as_at.isoformat()],
        )
    for licence in licences:
        _row(cover, [licence])
    for number, answer in enumerate(answers, 1):
        _answer_sheet(_sheet(document, f"Table {number}", wide, 8), answer, bold)
    document.save(str(path))


def _sheet(document: OpenDocumentSpreadsheet, name: str, wide: Style, columns: int) -> Table:
    sheet = Table(name=name)
    sheet.addElement(TableColumn(stylename=wide, numbercolumnsrepeated=columns))
    document.spreadsheet.addElement(sheet)
    return sheet


def _answer_sheet(sheet: Table, answer: Answer, bold: Style) -> None:
    _row(sheet, [answer.question.measure.title], bold)
    _row(sheet, [f"{as_at_words(answer)}. Basis {answer.basis}"])
    notes = footnotes(answer.cells)
    dims = list(dict.fromkeys(name for cell in answer.cells for name in cell.dims))
    if answer.cells:
        _row(
            sheet,
            [
                "Period",
                *map(column_title, dims),
                value_title(answer),
                "Low",
                "High",
                "Reasons",
                "Note",
                "Cell",
            ],
            bold,
        )
    for cell, marks in zip(answer.cells, notes.marks, strict=True):
        words = [dim_words(name, cell.dims.get(name)) for name in dims]
        _row(
            sheet,
            [
                cell.period,
                *words,
                cell.value,
                cell.low,
                cell.high,
                ", ".join(reason.words for reason in cell.reasons),
                " ".join(f"[{mark}]" for mark in marks),
                cell.id,
            ],
        )
    lines = [f"[{number}] {text}" for number, text in enumerate(notes.texts, 1)]
    lines += list(answer.notes)
    lines += [line for refusal in answer.cannot for line in refusal_lines(refusal)]
    lines += [f"Source: {line}" for line in source_lines(answer)]
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
        cell.addElement(P(text="" if value is None else str(value)))
        row.addElement(cell)
    sheet.addElement(row)
