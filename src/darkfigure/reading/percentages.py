"""Figures that a spreadsheet keeps as 0.35 and shows as 35%."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from darkfigure.basis.errors import DarkfigureError
from darkfigure.reading.instructions import Reading, tidy_key
from darkfigure.tables.measures import measure_named

#: The unit of what is counted in per cent.
_PERCENT = "percent"
_SHOWN = r"^-?[0-9]+(\.[0-9]+)?%$"


def as_shown(rows: pl.DataFrame, reading: Reading, *, as_kept: bool) -> tuple[pl.DataFrame, int]:
    """Cells that a file shows as per cent, as numbers: 35 where the figure is counted in per cent,
    else 0.35, as the file keeps it, and everywhere with `as_kept`; and how many were taken as
    shown.
    """
    is_share = pl.col("cell").str.contains(_SHOWN)
    texts = rows.filter(is_share)["cell"].unique().to_list()
    if not texts:
        return rows, 0
    in_percent = pl.lit(False) if as_kept else _in_percent(rows, reading)
    written_as = pl.col("cell").replace({text: _kept(text) for text in texts})
    number = pl.when(in_percent).then(pl.col("cell").str.strip_suffix("%")).otherwise(written_as)
    count = rows.filter(is_share & in_percent).height
    return rows.with_columns(cell=pl.when(is_share).then(number).otherwise("cell")), count


def _kept(text: str) -> str:
    return f"{(Decimal(text.removesuffix('%')) / 100).normalize():f}"


def _in_percent(rows: pl.DataFrame, reading: Reading) -> pl.Expr:
    """Whether the figure of a row is counted in per cent, by its unit or by that of its measure."""
    units = reading.codes.get("unit", {})
    spelt = [
        text
        for text in rows["unit"].unique().to_list()
        if text and units.get(tidy_key(text), text) == _PERCENT
    ]
    counted = [text for text in rows["measure"].unique().to_list() if _counts_so(text, reading)]
    unit = pl.col("unit").fill_null("")
    return unit.is_in(spelt) | ((unit == "") & pl.col("measure").is_in(counted))


def _counts_so(text: str | None, reading: Reading) -> bool:
    """Whether a measure is counted in per cent; not where it is not known."""
    name = reading.codes.get("measure", {}).get(tidy_key(text or ""), text or "")
    try:
        return measure_named(name).units[0] == _PERCENT
    except DarkfigureError:
        return False
