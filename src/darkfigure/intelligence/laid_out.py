"""Rows of ledgers as arrays, laid out once so that many days can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

Days = np.ndarray[Any, np.dtype[np.int32]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Chosen = np.ndarray[Any, np.dtype[np.bool_]]
_EPOCH = date(1970, 1, 1)
_NEVER = np.int32(2**31 - 1)


def number_of(day: date) -> int:
    """A day as its number since 1970."""
    return (day - _EPOCH).days


def days_of(column: pl.Series) -> Days:
    """Days as numbers; none is never."""
    days: Days = column.cast(pl.Int32).fill_null(int(_NEVER)).to_numpy()
    return days


@dataclass(frozen=True)
class Spells:
    """The days on which each row of a ledger stands: from its first, until one that is not among
    them.
    """

    first: Days
    until: Days

    def on(self, day: int) -> Chosen:
        """Which rows stand on a day."""
        standing: Chosen = (self.first <= day) & (self.until > day)
        return standing


def spells_of(rows: pl.DataFrame, suffix: str = "") -> Spells:
    """The spells of rows with `known_from` and `known_to`."""
    return Spells(days_of(rows[f"known_from{suffix}"]), days_of(rows[f"known_to{suffix}"]))


def codes_of(column: pl.Series) -> Places:
    """Numbers in order of the texts of a column; none comes last."""
    return _coded(column)[1]


def looked_up(column: pl.Series, table: Mapping[str, float]) -> np.ndarray[Any, Any]:
    """The number that each text of a column has in a table; none (NaN) where it is not in it."""
    names, codes = _coded(column)
    return np.array([*(table.get(name, np.nan) for name in names), np.nan])[codes]


def _coded(column: pl.Series) -> tuple[list[str], Places]:
    names = column.drop_nulls().unique().sort()
    codes = column.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return names.to_list(), codes.fill_null(len(names)).to_numpy()


def in_order(columns: Sequence[Places]) -> Places:
    """The order of rows by some columns of numbers, the first before the others."""
    packed: list[Places] = []
    room = 0
    for column in reversed(columns):
        least = int(column.min(initial=0))
        bits = int(column.max(initial=0) - least).bit_length() or 1
        if packed and room + bits <= 63:
            packed[-1] = packed[-1] + ((column.astype(np.int64) - least) << room)
            room += bits
        else:
            packed.append(column.astype(np.int64) - least)
            room = bits
    return np.lexsort(packed)


def any_of(places: Places, number: int, chosen: Chosen) -> Chosen:
    """Whether any of the rows chosen is at each of so many places."""
    there = np.zeros(number, dtype=bool)
    there[places[chosen]] = True
    return there
