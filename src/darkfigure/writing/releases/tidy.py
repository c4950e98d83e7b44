"""A released table in tidy long form: a row for each cell, codes beside their labels."""

from __future__ import annotations

import io
from typing import Any

import polars as pl

from darkfigure.basis.inert import InertRecords
from darkfigure.publication.release import Dimension as Divided
from darkfigure.publication.release import Release, ReleasedCell, ReleasedTable

LABEL = "_label"
#: Columns of figures; what their marks mean stands in the metadata.
FIGURES = ("value", "low", "high")
BETWEEN = " | "
TAIL = ("unit", "marks", "reasons", "synthetic")


def columns_of(table: ReleasedTable) -> list[str]:
    """The columns of a table: code and label of each dimension, figures, what is said of them."""
    pairs = [name for one in table.dimensions for name in (one.code, one.code + LABEL)]
    return ["table", *pairs, *FIGURES, *TAIL]


def records_of(table: ReleasedTable) -> list[dict[str, Any]]:
    """A record for each cell of a table."""
    return [_record(table, cell) for cell in table.cells]


def _record(table: ReleasedTable, cell: ReleasedCell) -> dict[str, Any]:
    pairs = zip(table.dimensions, cell.values, strict=True)
    return {
        "table": table.code,
        **{name: text for one, code in pairs for name, text in _coded(one, code)},
        **dict(zip(FIGURES, cell.says, strict=True)),
        "unit": table.unit,
        "marks": BETWEEN.join(cell.marks),
        "reasons": BETWEEN.join(cell.reasons),
        "synthetic": "yes" if table.synthetic else "no",
    }


def _coded(dimension: Divided, code: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (dimension.code, code), (dimension.code + LABEL, dimension.label(code))


def csv_of(table: ReleasedTable) -> bytes:
    """A table as CSV, in UTF-8, in which no text is a formula."""
    out = io.StringIO()
    target = InertRecords(out, columns_of(table))
    target.writeheader()
    for record in records_of(table):
        target.writerow(record)
    return out.getvalue().encode()


def parquet_of(table: ReleasedTable, release: Release) -> bytes:
    """A table as Parquet, with what it is and on what terms among its metadata."""
    kinds = dict.fromkeys(columns_of(table), pl.String) | dict.fromkeys(FIGURES, pl.Float64)
    frame = pl.DataFrame(records_of(table), schema=kinds)
    out = io.BytesIO()
    frame.write_parquet(
        out,
        metadata={
            "title": table.title,
            "release": release.identifier,
            "licence": release.head.licence,
            "as_at": table.as_at.isoformat(),
            "synthetic": "yes" if table.synthetic else "no",
        },
    )
    return out.getvalue()
