"""Requirement coverage: where each cell stands on the ladder, from three ledgers kept apart. Never
called knowledge.

What is counted is not how many reports came but which cells have replies, independent evidence that
has not aged away, and an accepted answer. Grades weigh by a table, published in three settings;
statuses that differ between them are flagged as fragile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl

from darkfigure.intelligence.cells import CellSet
from darkfigure.intelligence.coverage_engine import (
    AGAINST,
    CORROBORATED,
    FOR,
    LARGEST,
    LATEST,
    ORIGINS,
    WAS,
    WIDTH,
    weigh,
)
from darkfigure.intelligence.grading import WEIGHTINGS, grading
from darkfigure.intelligence.ledgers import ASKS, Ledgers, Relation, ReplyKind
from darkfigure.intelligence.punctuality import expected, prompt

YEAR = 365.25


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
    day = at if known is None else known
    cells = (
        cellset.cells if only is None else cellset.cells.filter(pl.col("cell").is_in(list(only)))
    )
    reads = (
        cellset.reads
        if only is None
        else cellset.reads.join(cells.select("cell"), on="cell", how="semi")
    )
    placed = _Placed(cells, reads)
    ledgers = ledgers if only is None else ledgers.near(placed.keys)
    held = ledgers.known(day)
    items, replies = placed.rows(held.items), placed.rows(held.replies)
    items = items.filter(pl.col("on") <= at)
    asks = placed.rows(held.asks)
    items = _as_confirmed(items, held.corroborators)
    in_time = prompt(asks, ledgers, placed.rows(ledgers.items), day)
    made = _statuses(
        cells,
        items,
        replies,
        asks,
        placed.rows(held.answers),
        placed.rows(held.closures),
        in_time,
        at,
    )
    return Coverage(
        cellset.edition,
        at,
        day,
        made,
        _asked(asks, replies, items, in_time, at, ["cell", "agency"]).drop("asked", "told"),
    )


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


def _statuses(
    cells: pl.DataFrame,
    items: pl.DataFrame,
    replies: pl.DataFrame,
    asks: pl.DataFrame,
    answers: pl.DataFrame,
    closures: pl.DataFrame,
    in_time: pl.DataFrame,
    at: date,
) -> pl.DataFrame:
    evidence = _evidence_rows(cells, items, replies, at)
    found = {weighting: _weighed(cells, evidence, at, weighting) for weighting in WEIGHTINGS}
    base = cells.join(_asked(asks, replies, items, in_time, at), on="cell", how="left").join(
        _answered(answers, at), on="cell", how="left"
    )
    base = base.with_columns(
        pl.col(name).fill_null(0) for name in ("asked", "due", "replied", "on_time", "informed")
    ).with_columns(pl.col(name).fill_null(value=False) for name in ("answered", "answer_lapsed"))
    base = base.with_columns(closed=pl.col("cell").is_in(closures["cell"].unique().to_list()))
    ranks = [_ladder(base, result) for result in found.values()]
    central = found["central"]
    numbers = central[:, ORIGINS] > 0
    ages = np.where(numbers, -central[:, LATEST], np.nan)
    return base.with_columns(
        status=ranks[0],
        e_for=pl.Series(central[:, FOR]),
        e_against=pl.Series(central[:, AGAINST]),
        origins=pl.Series(central[:, ORIGINS].astype(np.int64)),
        largest_share=pl.Series(central[:, LARGEST]),
        age=pl.Series(ages).fill_nan(None),
        fragile=pl.Series((ranks[0] != ranks[1]) | (ranks[0] != ranks[2])),
    ).drop("answered", "answer_lapsed", "closed")


def _as_confirmed(items: pl.DataFrame, corroborators: pl.DataFrame) -> pl.DataFrame:
    """Items with the grade that their confirmation bears: B needs an item held, of another origin,
    that is not itself among what weighs in the cell; without it the item counts as C.
    """
    confirming = corroborators.select(
        corroborated_by="item", other=pl.coalesce("origin", pl.lit("agency ") + pl.col("agency"))
    ).unique("corroborated_by")
    linked = items.select("cell", corroborated_by="item", twice=pl.lit(value=True)).unique()
    rows = items.join(confirming, on="corroborated_by", how="left").join(
        linked, on=["cell", "corroborated_by"], how="left"
    )
    own = pl.coalesce("origin", pl.lit("agency ") + pl.col("agency"))
    outside = (pl.col("other") != own).fill_null(value=False)
    unconfirmed = ~outside | pl.col("twice").is_not_null()
    as_c = (pl.col("information") == "B") & pl.col("corroborated_by").is_not_null() & unconfirmed
    grade = pl.when(as_c).then(pl.lit("C")).otherwise("information")
    return rows.with_columns(information=grade).drop("other", "twice")


def _evidence_rows(
    cells: pl.DataFrame, items: pl.DataFrame, replies: pl.DataFrame, at: date
) -> pl.DataFrame:
    """Items and, for questions of existence, nils after a search: what weighs for and against, in
    order of cell and day.
    """
    rows = items.select(
        "cell", "agency", "origin", "kind", "on", "source", "information",
        sign=pl.col("relation").replace_strict(
            {Relation.SUPPORTS: 1, Relation.REFUTES: -1, Relation.CONTEXT: 0}, return_dtype=pl.Int64
        ),
        effort=pl.lit(None, pl.String),
    )  # fmt: skip
    existence = cells.filter("existence").select("cell")
    nils = replies.filter(pl.col("kind") == ReplyKind.NIL_SEARCHED).join(
        existence, on="cell", how="semi"
    )
    against = nils.filter(pl.col("on") <= at).select(
        "cell",
        "agency",
        origin=pl.lit("search by ") + pl.col("agency"),
        kind=pl.lit("search"),
        on="on",
        source=pl.lit(None, pl.String),
        information=pl.lit(None, pl.String),
        sign=pl.lit(-1, pl.Int64),
        effort="effort",
    )
    whole = pl.concat([rows, against])
    # Where nobody says from whom something comes, it comes from the agency that reports it.
    return whole.with_columns(
        origin=pl.coalesce("origin", pl.lit("agency ") + pl.col("agency"))
    ).sort("cell", "on", "agency", "origin", "kind", "sign", nulls_last=True)


def _weighed(
    cells: pl.DataFrame, rows: pl.DataFrame, at: date, weighting: str
) -> np.ndarray[Any, Any]:
    """Evidence of each cell in one setting of the weights."""
    tables = grading()
    table = tables["weights"][weighting]
    weights = {
        source + letter: value for source, held in table.items() for letter, value in held.items()
    }
    grades = rows["source"] + rows["information"]
    weight = grades.replace_strict(weights, default=None, return_dtype=pl.Float64)
    effort = rows["effort"].replace_strict(tables["effort"], default=None, return_dtype=pl.Float64)
    qualified = (
        rows["source"].is_in(["1", "2"]) & rows["information"].is_in(["A", "B", "C"])
    ).fill_null(value=False)
    place = np.searchsorted(cells["cell"].to_numpy(), rows["cell"].to_numpy())
    starts = np.searchsorted(place, np.arange(cells.height + 1))
    codes = [
        rows[name].rank("dense").fill_null(0).to_numpy().astype(np.int64)
        for name in ("agency", "origin", "kind")
    ]
    found = np.zeros((cells.height, WIDTH))
    found[:, LATEST] = -np.inf
    measure = tables["measure"]
    days = rows["on"].cast(pl.Int32).to_numpy().astype(np.float64)
    today = (at - date(1970, 1, 1)).days
    weigh(  # type: ignore[call-arg]
        starts,
        (days - today) / YEAR,
        *codes,
        rows["sign"].to_numpy(),
        pl.select(pl.coalesce(weight, effort).fill_null(0.0)).to_series().to_numpy(),
        qualified.to_numpy(),
        cells["half_life"].fill_null(np.inf).to_numpy(),
        0.0,
        measure["corroborated_from"],
        measure["contested_from"],
        measure["dependence"],
        found,
    )
    return found


def _asked(
    asks: pl.DataFrame,
    replies: pl.DataFrame,
    items: pl.DataFrame,
    in_time: pl.DataFrame,
    at: date,
    by: Sequence[str] = ("cell",),
) -> pl.DataFrame:
    """How many asks are live, due, replied to, replied to in time and informed, by cell, or by cell
    and agency. Of an agency that is closed no reply is expected: its asks are not due.

    An item that the agency asked sends on the very cell replies to its ask. What is announced and
    not sent informs of nothing.
    """
    key = ["cell", "ask", "agency"]
    due = expected(asks.filter(pl.col("due") <= at))
    said = replies.filter(pl.col("on") <= at).drop_nulls("ask")
    searched = said.filter(pl.col("kind") == ReplyKind.NIL_SEARCHED).select(key)
    sent = sent_in_reply(asks, items).select(key)
    told = pl.concat([searched, sent]).unique()
    answered = pl.concat([said.select(key), sent]).unique()
    found = _counted(asks, by, "asked")
    for rows, name in (
        (due, "due"),
        (due.join(answered, on=key, how="semi"), "replied"),
        (_both(due, answered, in_time), "on_time"),
        (due.join(told, on=key, how="semi"), "informed"),
        (told, "told"),
    ):
        found = found.join(_counted(rows, by, name), on=list(by), how="left")
    counts = pl.col("due", "replied", "on_time", "informed").fill_null(0)
    return found.with_columns(counts).sort(list(by))


def _both(due: pl.DataFrame, answered: pl.DataFrame, in_time: pl.DataFrame) -> pl.DataFrame:
    """The asks due that were replied to, and in time."""
    key = ["cell", "ask", "agency"]
    return due.join(answered, on=key, how="semi").join(in_time, on=key, how="semi")


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


def _counted(rows: pl.DataFrame, by: Sequence[str], name: str) -> pl.DataFrame:
    return rows.group_by(list(by)).agg(pl.len().cast(pl.Int64).alias(name))


def _answered(answers: pl.DataFrame, at: date) -> pl.DataFrame:
    held = answers.filter(pl.col("accepted_on") <= at)
    stands = pl.col("lapses_on").is_null() | (pl.col("lapses_on") > at)
    return held.group_by("cell").agg(answered=stands.any(), answer_lapsed=(~stands).any())


def _ladder(base: pl.DataFrame, found: np.ndarray[Any, Any]) -> pl.Series:
    """The status of each cell, from the top of the ladder down."""
    measure = grading()["measure"]
    contested = (found[:, FOR] >= measure["contested_from"]) & (
        found[:, AGAINST] >= measure["contested_from"]
    )
    answered = base["answered"].to_numpy()
    corroborated = found[:, CORROBORATED] > 0
    was = (found[:, WAS] > 0) | base["answer_lapsed"].to_numpy()
    indicated = found[:, ORIGINS] > 0
    told = base["told"].fill_null(0).to_numpy() > 0
    asked = base["asked"].to_numpy() > 0
    ladder = np.select(
        [base["closed"].to_numpy(), contested, answered, corroborated, was, indicated, told, asked],
        ["Z", "X", "N5", "N4", "L", "N3", "N2", "N1"],
        "N0",
    )
    return pl.Series("status", ladder)
