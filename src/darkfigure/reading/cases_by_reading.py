"""Case records from a table of somebody's own: one row a record, by a reading of columns to fields.

What stands in the table is never shown: fault and proposal name lines and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.saying import say
from darkfigure.cases.casework import CaseBatch, CaseSubmission
from darkfigure.cases.records import COMMON, KINDS, FieldType, RecordKind
from darkfigure.reading.grids import Grids
from darkfigure.reading.instructions import NOTHING, Reading, day_of, tidy_key
from darkfigure.reading.located import Located, locate
from darkfigure.reading.sheets import Workbook, open_workbook


def read_cases(
    path: Path, reading: Reading, *, stated_on: date | None = None
) -> list[CaseSubmission]:
    """The submission that a table makes by a reading of case records.

    `stated_on` is the day the records were made known where neither file nor reading says. Raises
    ReturnRefused where the table is not found.
    """
    book = open_workbook(path)
    tables, told = locate(book, reading)
    submission = CaseSubmission("cases", path.name, whole=False)
    for each in (*book.told, *told):
        submission.remark("file", each)
    always = dict(reading.always)
    if stated_on is not None:
        always["stated_on"] = stated_on.isoformat()
    submission.tables = _batches(path, book, tables[0], reading, always, submission)
    return [submission]


def _batches(
    path: Path,
    book: Workbook,
    table: Located,
    reading: Reading,
    always: Mapping[str, str],
    submission: CaseSubmission,
) -> Iterator[CaseBatch]:
    kind = KINDS[reading.kind]
    places = {
        column.is_: at
        for column in reading.columns
        if column.is_ != NOTHING and (at := table.column(column.name))
    }
    headings = {column.is_: column.name for column in reading.columns}
    down = tuple(
        at for column in reading.columns if column.down and (at := table.column(column.name))
    )
    for grid in Grids(path, book, table, submission, down):
        rows = grid.select(
            row=pl.col("line"),
            **{name: pl.lit(text) for name, text in always.items() if name not in places},
            **{name: pl.col(f"c{at}") for name, at in places.items()},
        )
        yield submission.take(kind, _worded(rows, kind, reading, headings, submission))


def _worded(
    rows: pl.DataFrame,
    kind: RecordKind,
    reading: Reading,
    headings: Mapping[str, str],
    submission: CaseSubmission,
) -> pl.DataFrame:
    """Texts as the own form writes them: days, codes of the reading, nothing for an empty cell."""
    days = {each.name for each in (*COMMON, *kind.fields) if each.type is FieldType.DATE}
    for name in [name for name in rows.columns if name != "row"]:
        given = reading.codes.get(name, {})
        texts = [text for text in rows[name].unique().to_list() if text]
        words = {text: given.get(tidy_key(text), text) for text in texts}
        if name in days:
            words = {
                text: _day(word, reading, rows, name, headings.get(name, name), submission)
                for text, word in words.items()
            }
        changed = {text: word for text, word in words.items() if text != word}
        column = pl.col(name).replace(changed) if changed else pl.col(name)
        rows = rows.with_columns(pl.when(column != "").then(column).alias(name))
    return rows


def _day(
    text: str,
    reading: Reading,
    rows: pl.DataFrame,
    name: str,
    heading: str,
    submission: CaseSubmission,
) -> str:
    try:
        return day_of(text, reading) if text else ""
    except DarkfigureError:
        bad = rows.filter(pl.col(name) == text)["row"].to_list()
        wrong, right = say("problems.wrong.no_one_day"), say("problems.right.day_or_order")
        submission.fault_rows("date", heading, wrong, right, bad)
        return ""
