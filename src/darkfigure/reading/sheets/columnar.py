"""Files that keep typed columns: Parquet, and those of Stata, SPSS and SAS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.basis.errors import NotInstalled
from darkfigure.basis.loading import called_from
from darkfigure.basis.saying import say
from darkfigure.reading.sheets.workbook import (
    NumberedRow,
    Sheet,
    Workbook,
    checked,
    refuse,
    text_of_cell,
)

_survey_frame: Callable[..., pl.DataFrame] = called_from(
    "darkfigure.reading.sheets.surveys", "frame_of"
)
_ROWS = 50_000


def read_parquet(path: Path, name: str) -> Workbook:
    """The one table of a Parquet file."""
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, ValueError, OSError):
        refuse(name, "no_parquet", "send_again")

    def rows() -> Iterator[NumberedRow]:
        yield 1, list(names)
        number = 1
        try:
            for batch in pq.ParquetFile(path).iter_batches(_ROWS):
                columns = [column.to_pylist() for column in batch.columns]
                for row in zip(*columns, strict=True):
                    number += 1
                    yield number, [text_of_cell(cell) for cell in row]
        except (pa.ArrowException, ValueError, OSError):
            refuse(name, "damaged", "send_again", line=number)

    sheet = Sheet("", lambda: checked(rows(), name), typed=True)
    return Workbook(name, say("problems.form.parquet"), (sheet,))


def read_survey(path: Path, name: str) -> Workbook:
    """The one table of a file of Stata, SPSS or SAS, values by their labels where they have them.

    Raises NotInstalled where its reader is not.
    """
    try:
        frame = _survey_frame(path)
    except (NotInstalled, OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - what the reader of surveys raises may quote cells
        refuse(name, "no_survey", "send_again")

    def rows() -> Iterator[NumberedRow]:
        yield 1, frame.columns
        for number, row in enumerate(frame.iter_rows(), 2):
            yield number, [text_of_cell(cell) for cell in row]

    sheet = Sheet("", lambda: checked(rows(), name), typed=True)
    return Workbook(name, say("problems.form.survey"), (sheet,))
