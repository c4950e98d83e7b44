"""Writes figure statements in Darkfigure's own form, one CSV line for each; its reading is
`data/readings/sources/statements.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TextIO

from darkfigure.basis.inert import InertRecords
from darkfigure.basis.period import written
from darkfigure.basis.statement import Row
from darkfigure.reading.figures import OPTIONAL, REQUIRED


def write(rows: Iterable[Row], out: TextIO) -> None:
    """Write statements in the form `read` takes, losing nothing of them."""
    names = [*REQUIRED, *OPTIONAL]
    target = InertRecords(out, names)
    target.writeheader()
    for row in rows:
        block = row.block
        target.writerow(
            {
                "measure": block.measure,
                "unit": block.unit,
                "population": block.population,
                "status": block.status,
                "role": block.role,
                "period": written(block.period),
                "stated_on": _stated_text(block.stated_on, block.precision),
                "stated_by": block.stated_by,
                "source": block.source,
                **row.dims,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "reason": row.reason,
                "change_reason": row.change_reason,
                "corrects": row.corrects,
                "note": row.note,
            }
        )


def _stated_text(day: date, precision: str) -> str:
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(precision, day.isoformat())
