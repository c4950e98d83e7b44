"""Requirement coverage: where each cell stands on the ladder, from three ledgers kept apart. Never
called knowledge.

What is counted is not how many reports came but which cells have replies, independent evidence that
has not aged away, and an accepted answer. Grades weigh by a table, published in three settings;
statuses that differ between them are flagged as fragile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from darkfigure.intelligence.asked_rows import AskedRows
from darkfigure.intelligence.cells import CellSet
from darkfigure.intelligence.coverage_engine import (
    AGAINST,
    CORROBORATED,
    FOR,
    LARGEST,
    LATEST,
    ORIGINS,
    WAS,
)
from darkfigure.intelligence.evidence_rows import YEAR, EvidenceRows, Found
from darkfigure.intelligence.grading import grading
from darkfigure.intelligence.laid_out import Chosen, any_of, days_of, number_of, spells_of
from darkfigure.intelligence.ledgers import ASKS, Ledgers


class CellStatus(StrEnum):
    """The ladder, and what stands beside it."""

    NOT_ASKED = "N0"
    NO_RETURN = "N1"
    NIL = "N2"
    INDICATED = "N3"
    CORROBORATED = "N4"
    ANSWERED = "N5"
    CONTESTED = "X"
    LAPSED = "L"
    CLOSED = "Z"
    WITHHELD = "W"


#: How high each stands: what contradicts never moves a cell up. Contested and lapsed stand with
#: indicated.
RANK = {"N0": 0, "N1": 1, "N2": 2, "L": 3, "X": 3, "N3": 3, "N4": 4, "N5": 5, "Z": -1, "W": -1}
#: Statuses from the top of the ladder down: the first that is true of a cell is its own.
_LADDER = pl.Series(["Z", "X", "N5", "N4", "L", "N3", "N2", "N1", "N0"])


@dataclass(frozen=True)
class Coverage:
    """Where every cell stood: `cells` has the cell's columns and status, e_for, e_against, origins,
    largest_share, latest, fragile, asked, due, replied, on_time, informed.

    `agencies` says of each cell and agency asked how many asks were due, replied to,
    replied to in time and informed.
    `at` is the day evidence has aged to, `known` the day whose ledgers were read; `synthetic` says
    that made-up reports are among it.
    """

    edition: str
    at: date
    known: date
    cells: pl.DataFrame
    agencies: pl.DataFrame
    synthetic: bool = False

    @property
    def live(self) -> pl.DataFrame:
        """Cells not closed without answer."""
        return self.cells.filter(pl.col("status") != CellStatus.CLOSED)

    def withheld_from(self, cells: Sequence[int]) -> Coverage:
        """The same where some cells rest on what a reader may not see: they say so, and hold no
        figure passed off as whole.
        """
        hidden = pl.col("cell").is_in(list(cells))
        numbers = ("e_for", "e_against", "origins", "largest_share", "age")
        made = self.cells.with_columns(
            pl.when(hidden)
            .then(pl.lit(str(CellStatus.WITHHELD)))
            .otherwise("status")
            .alias("status"),
            *(pl.when(~hidden).then(name).alias(name) for name in numbers),
        )
        return replace(self, cells=made)

    def shares(self, by: Sequence[str] = ()) -> pl.DataFrame:
        """The vector that is published: share of weight by status, cut by columns of cells; with
        replies, origins and the floor.
        """
        return self._shares(by) if by else self._whole

    @cached_property
    def _whole(self) -> pl.DataFrame:
        return self._shares(())

    def _shares(self, by: Sequence[str]) -> pl.DataFrame:
        live = self.live
        if "agency" in by:
            live = live.drop("due", "replied", "on_time", "informed").join(self.agencies, on="cell")
        whole = [
            pl.col("weight").filter(pl.col("status") == status).sum().alias(status)
            for status in CellStatus
            if status != "Z"
        ]
        made = [
            pl.col("weight").sum().alias("weight"),
            pl.len().alias("cells"),
            *whole,
            pl.col("due").sum().alias("asks_due"),
            (pl.col("replied").sum() / pl.col("due").sum()).alias("response"),
            (pl.col("on_time").sum() / pl.col("due").sum()).alias("on_time"),
            (pl.col("informed").sum() / pl.col("due").sum()).alias("informative"),
            pl.col("origins").mean().alias("origins"),
            (pl.col("origins") == 1).filter(pl.col("origins") > 0).mean().alias("single_origin"),
            pl.col("largest_share").filter(pl.col("origins") > 0).mean().alias("largest_share"),
            pl.col("age").median().alias("median_age"),
            (pl.col("weight") * pl.col("fragile")).sum().alias("fragile"),
        ]
        found = (
            live.group_by(list(by), maintain_order=True).agg(made) if by else live.select(made)
        ).with_columns(
            [
                (pl.col(status) / pl.col("weight")).alias(str(status))
                for status in CellStatus
                if status != "Z"
            ]
            + [(pl.col("fragile") / pl.col("weight")).alias("fragile")]
        )
        return found.sort(list(by)) if by else found

    @property
    def headline(self) -> float:
        """The weighted share of cells that are answered."""
        live = self.live
        whole = float(live["weight"].sum())
        return (
            float(live.filter(pl.col("status") == "N5")["weight"].sum()) / whole if whole else 0.0
        )

    @property
    def floor(self) -> list[str]:
        """Live questions with every cell not asked or without return."""
        highest = self.live.group_by("question").agg(
            pl.col("status").is_in(["N0", "N1"]).all().alias("none")
        )
        return sorted(highest.filter("none")["question"].to_list())


def coverage(
    cellset: CellSet,
    ledgers: Ledgers,
    at: date,
    *,
    known: date | None = None,
    only: Sequence[int] | None = None,
) -> Coverage:
    """Where each cell of an edition stands on a day. `known` reads the ledgers as held on another
    day; `only` some cells alone.
    """
    if only is not None:
        cells = cellset.cells.filter(pl.col("cell").is_in(list(only)))
        reads = cellset.reads.join(cells.select("cell"), on="cell", how="semi")
        cellset = replace(cellset, cells=cells, reads=reads)
        ledgers = ledgers.near(_Placed(cells, reads).keys)
    return _Laid(cellset, ledgers).by(at, at if known is None else known)


def coverage_by_day(cellset: CellSet, ledgers: Ledgers, days: Iterable[date]) -> Iterator[Coverage]:
    """Where each cell stood on each of some days, as known then: the ledgers are laid out once, and
    from one day to the next only cells in which something changed are put together anew.
    """
    laid = _Laid(cellset, ledgers)
    return (laid.by(day, day) for day in days)


def updated(
    before: Coverage, cellset: CellSet, ledgers: Ledgers, touched: Sequence[int]
) -> Coverage:
    """The same day's coverage after some cells got new rows: they alone are worked out anew."""
    made = coverage(cellset, ledgers, before.at, known=before.known, only=touched)
    kept, others = (
        each.filter(~pl.col("cell").is_in(list(touched)))
        for each in (before.cells, before.agencies)
    )
    agencies = pl.concat([others, made.agencies]).sort("cell", "agency")
    return replace(before, cells=pl.concat([kept, made.cells]).sort("cell"), agencies=agencies)


class _Placed:
    """Finds the cells that rows of a ledger belong to."""

    def __init__(self, cells: pl.DataFrame, reads: pl.DataFrame) -> None:
        self.keys = reads.join(cells.select("cell", "area", "period"), on="cell")

    def rows(self, ledger: pl.DataFrame) -> pl.DataFrame:
        """The rows with the cell they belong to; a row read by several cells stands under each."""
        return ledger.join(self.keys, on=["question", "area", "period"], how="inner")


class _Laid:
    """The ledgers by cell, laid out once."""

    def __init__(self, cellset: CellSet, ledgers: Ledgers) -> None:
        self._cells, self._edition = cellset.cells.sort("cell"), cellset.edition
        placed = _Placed(self._cells, cellset.reads)
        items, replies = placed.rows(ledgers.items), placed.rows(ledgers.replies)
        self._evidence = EvidenceRows(self._cells, items, replies, ledgers.corroborators)
        self._asked = AskedRows(self._cells, placed.rows(ledgers.asks), replies, items, ledgers)
        self._answers, self._closures = placed.rows(ledgers.answers), placed.rows(ledgers.closures)

    def by(self, at: date, known: date) -> Coverage:
        """Where each cell stood on a day, of the rows known on a day."""
        evidence = self._evidence.weighed(number_of(at), number_of(known))
        replied = self._asked.by(at, known)
        asked = replied.cells["asked"] > 0
        answered, lapsed = self._answered(number_of(at), number_of(known))
        closed = self._at(self._closures, spells_of(self._closures).on(number_of(known)))
        ranks = [
            _ladder(result, closed, answered, lapsed, asked & (replied.told > 0), asked)
            for result in evidence.values()
        ]
        central = evidence["central"]
        ages = (number_of(at) - np.round(central[:, LATEST] * YEAR)) / YEAR
        made = self._cells.with_columns(
            **{name: pl.Series(numbers) for name, numbers in replied.cells.items()},
            told=pl.Series(np.where(asked, replied.told, 0)).replace(0, None),
            status=_LADDER[ranks[0]],
            e_for=pl.Series(central[:, FOR]),
            e_against=pl.Series(central[:, AGAINST]),
            origins=pl.Series(central[:, ORIGINS].astype(np.int64)),
            largest_share=pl.Series(central[:, LARGEST]),
            age=pl.Series(np.where(central[:, ORIGINS] > 0, ages, np.nan)).fill_nan(None),
            fragile=pl.Series((ranks[0] != ranks[1]) | (ranks[0] != ranks[2])),
        )
        return Coverage(self._edition, at, known, made, replied.agencies)

    def _answered(self, at: int, known: int) -> tuple[Chosen, Chosen]:
        """Which cells an accepted answer stands for, and for which one has lapsed."""
        rows = self._answers
        accepted = spells_of(rows).on(known) & (days_of(rows["accepted_on"]) <= at)
        stands = days_of(rows["lapses_on"]) > at
        return self._at(rows, accepted & stands), self._at(rows, accepted & ~stands)

    def _at(self, rows: pl.DataFrame, chosen: Chosen) -> Chosen:
        numbers = self._cells["cell"].to_numpy()
        return any_of(np.searchsorted(numbers, rows["cell"].to_numpy()), len(numbers), chosen)


def sent_in_reply(asks: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The asks to which the agency asked has sent an item on the very cell, since it was asked;
    both with the cell they belong to.
    """
    sent = items.group_by("cell", "agency").agg(sent=pl.col("known_from").max())
    return asks.join(sent, on=["cell", "agency"]).filter(pl.col("sent") >= pl.col("asked_on"))


def waiting(cellset: CellSet, ledgers: Ledgers, day: date) -> pl.DataFrame:
    """Asks that stand on a day and that the agency they are put to has neither replied to nor
    answered by an item on their cell, in the columns of the ledger; the first due first.
    """
    standing = ledgers.known(day)
    placed = _Placed(cellset.cells, cellset.reads)
    asks = placed.rows(standing.asks)
    said = standing.replies.filter(pl.col("on") <= day)
    left_over = asks.join(said, on=["ask", "agency"], how="anti").join(
        sent_in_reply(asks, placed.rows(standing.items)), on=["ask", "agency"], how="anti"
    )
    return left_over.select(list(ASKS)).unique().sort("due", "agency", "question", "area", "period")


def _ladder(
    found: Found, closed: Chosen, answered: Chosen, lapsed: Chosen, told: Chosen, asked: Chosen
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place of each cell's status in `_LADDER`."""
    measure = grading()["measure"]
    contested = (found[:, FOR] >= measure["contested_from"]) & (
        found[:, AGAINST] >= measure["contested_from"]
    )
    corroborated = found[:, CORROBORATED] > 0
    was = (found[:, WAS] > 0) | lapsed
    indicated = found[:, ORIGINS] > 0
    rungs = [closed, contested, answered, corroborated, was, indicated, told, asked]
    return np.select(rungs, range(len(rungs)), len(rungs))
