"""Asks laid out by cell, and what became of them by any day: due, replied to, in time, informed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from darkfigure.intelligence.laid_out import (
    Chosen,
    Places,
    any_of,
    days_of,
    number_of,
    spells_of,
)
from darkfigure.intelligence.ledgers import Ledgers, ReplyKind, known_on
from darkfigure.intelligence.punctuality import due_until, expected, first_given

_KEY = ["cell", "ask", "agency"]
COUNTS = ("due", "replied", "on_time", "informed")
Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Replied:
    """What became of the asks of each cell by a day: `cells` has for each cell how many were asked,
    due, replied to, replied to in time and informed; `told` of how many something was told, due or
    not; `agencies` has the same counts by cell and agency asked.
    """

    cells: dict[str, Numbers]
    told: Numbers
    agencies: pl.DataFrame


class AskedRows:
    """Asks, replies and items with the cells they belong to: every row of their ledgers."""

    def __init__(
        self,
        cells: pl.DataFrame,
        asks: pl.DataFrame,
        replies: pl.DataFrame,
        items: pl.DataFrame,
        ledgers: Ledgers,
    ) -> None:
        numbers = cells["cell"].to_numpy()
        asks = asks.with_row_index("row")
        self._number, self._cells = asks.height, cells.height
        self._cell = np.searchsorted(numbers, asks["cell"].to_numpy())
        self._known, self._due = spells_of(asks), days_of(asks["due"])
        self._expected = np.zeros(asks.height, dtype=bool)
        self._expected[expected(asks)["row"].to_numpy()] = True
        self._asks = asks.select("row", "ask", "agency", "due")
        self._pairs = asks.select("cell", "agency").unique().sort("cell", "agency")
        pairs = self._pairs.with_row_index("pair")
        of = asks.join(pairs, on=["cell", "agency"], how="left", maintain_order="left")
        self._pair = of["pair"].to_numpy().astype(np.int64)
        self._replies = _Replies(asks, replies)
        nils = self._replies.nils
        keys = pl.concat([asks.select(_KEY), nils.select(_KEY)]).unique().with_row_index("key")
        self._told_cell = np.searchsorted(numbers, keys["cell"].to_numpy())
        self._key, self._nil_key = (
            rows.join(keys, on=_KEY, how="left", maintain_order="left")["key"].to_numpy()
            for rows in (asks, nils)
        )
        self._sent = _Sent(asks, items)
        self._given, self._exceptions = ledgers.replies, ledgers.exceptions

    def by(self, at: date, known: date) -> Replied:
        """What became of asks by a day, of the rows known on a day."""
        on, known_day = number_of(at), number_of(known)
        live = self._known.on(known_day)
        due = live & self._expected & (self._due <= on)
        replied = self._replies.by(on, known_day)
        said = any_of(self._replies.row, self._number, replied)
        searched = replied & self._replies.searched
        sent = self._sent.by(on, known_day)
        answered = said | sent
        told = any_of(self._replies.row, self._number, searched) | sent
        counted = {
            "asked": live,
            "due": due,
            "replied": due & answered,
            "on_time": due & answered & self._in_time(known),
            "informed": due & told,
        }
        size = len(self._told_cell)
        of_keys = any_of(self._nil_key, size, self._replies.nils_by(on, known_day))
        of_keys |= any_of(self._key, size, live & sent)
        return Replied(
            {name: self._summed(self._cell, rows, self._cells) for name, rows in counted.items()},
            self._summed(self._told_cell, of_keys, self._cells),
            self._agencies(counted),
        )

    def _agencies(self, counted: dict[str, Chosen]) -> pl.DataFrame:
        size = self._pairs.height
        sums = {name: self._summed(self._pair, rows, size) for name, rows in counted.items()}
        whole = self._pairs.with_columns(**{name: pl.Series(sums[name]) for name in COUNTS})
        return whole.filter(pl.Series(sums["asked"] > 0, dtype=pl.Boolean))

    @staticmethod
    def _summed(places: Places, rows: Chosen, number: int) -> Numbers:
        return np.bincount(places[rows], minlength=number).astype(np.int64)

    def _in_time(self, known: date) -> Chosen:
        """The asks that were replied to until the day they were due, or the later one given."""
        until, later = self._due, known_on(self._exceptions, known)
        if later.height:
            until = days_of(due_until(self._asks, later).sort("row")["until"])
        first = self._sent.first(number_of(known))
        if self._given.height:
            replied = self._asks.join(first_given(self._given, known), on=["ask", "agency"])
            rows = replied["row"].to_numpy()
            np.minimum.at(first, rows, replied["first"].cast(pl.Int64).to_numpy())
        in_time: Chosen = first <= until
        return in_time


class _Replies:
    """Replies by the row of the ask they are given to."""

    def __init__(self, asks: pl.DataFrame, replies: pl.DataFrame) -> None:
        given = replies.drop_nulls("ask")
        #: Nils after a search, whatever ask they are given to.
        self.nils = given.filter(pl.col("kind") == ReplyKind.NIL_SEARCHED)
        self._nils, self._nils_on = spells_of(self.nils), days_of(self.nils["on"])
        rows = given.join(asks.select("row", *_KEY), on=_KEY)
        self.row = rows["row"].to_numpy()
        self.searched = (rows["kind"] == ReplyKind.NIL_SEARCHED).to_numpy()
        self._known, self._on = spells_of(rows), days_of(rows["on"])

    def by(self, on: int, known: int) -> Chosen:
        """Which replies to an ask stand by a day."""
        return self._known.on(known) & (self._on <= on)

    def nils_by(self, on: int, known: int) -> Chosen:
        """Which nils after a search stand by a day."""
        return self._nils.on(known) & (self._nils_on <= on)


class _Sent:
    """Items that the agency asked sent on the very cell, by the row of the ask."""

    def __init__(self, asks: pl.DataFrame, items: pl.DataFrame) -> None:
        those = ["cell", "agency"]
        mine = items.select(*those, "item", "on", "known_from", "known_to").join(
            asks.select(those).unique(), on=those, how="semi"
        )
        rows = asks.select("row", *those, "asked_on").join(mine, on=those)
        same = rows.select(*those, "item").unique().with_row_index("group")
        rows = rows.join(same, on=[*those, "item"], how="left", maintain_order="left")
        self._number, self._groups = asks.height, same.height
        self._row, self._group = rows["row"].to_numpy(), rows["group"].to_numpy()
        self._known, self._on = spells_of(rows), days_of(rows["on"])
        self._since = self._known.first >= days_of(rows["asked_on"])

    def by(self, on: int, known: int) -> Chosen:
        """The asks to which an item stands that was sent since they were put."""
        standing = self._known.on(known) & (self._on <= on) & self._since
        return any_of(self._row, self._number, standing)

    def first(self, known: int) -> Numbers:
        """The day on which the first of the items that stand was first known; never for none."""
        stands = any_of(self._group, self._groups, self._known.on(known))
        counted = self._since & (self._known.first <= known) & stands[self._group]
        first = np.full(self._number, 2**31, dtype=np.int64)
        np.minimum.at(first, self._row[counted], self._known.first[counted].astype(np.int64))
        return first
