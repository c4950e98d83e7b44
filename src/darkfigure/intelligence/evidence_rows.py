"""Evidence laid out by cell, and what it weighs on any day: items, and for questions of existence
nils after a search.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from darkfigure.intelligence.coverage_engine import HELD, LAST, WIDTH, put_together, weigh
from darkfigure.intelligence.grading import WEIGHTINGS, grading
from darkfigure.intelligence.laid_out import (
    Chosen,
    any_of,
    codes_of,
    days_of,
    in_order,
    looked_up,
    spells_of,
)
from darkfigure.intelligence.ledgers import Relation, ReplyKind

YEAR = 365.25
Found = np.ndarray[Any, np.dtype[np.float64]]
_SIGNS = {Relation.SUPPORTS: 1, Relation.REFUTES: -1, Relation.CONTEXT: 0}
#: Where nobody says from whom something comes, it comes from the agency that reports it.
_ORIGIN = pl.coalesce("origin", pl.lit("agency ") + pl.col("agency"))


class EvidenceRows:
    """Items and replies with the cells they belong to, and those that confirm items.

    `cells` are in order of `cell`; the other frames hold every row of their ledgers, whenever it
    was known.
    """

    def __init__(
        self,
        cells: pl.DataFrame,
        items: pl.DataFrame,
        replies: pl.DataFrame,
        corroborators: pl.DataFrame,
    ) -> None:
        numbers = cells["cell"].to_numpy()
        rows = pl.concat([_of_items(items), _of_searches(cells, replies)])
        place = np.searchsorted(numbers, rows["cell"].to_numpy())
        codes = {name: codes_of(rows[name]) for name in ("agency", "origin", "kind")}
        order = in_order(
            [place, days_of(rows["on"]).astype(np.int64), *codes.values(), rows["sign"].to_numpy()]
        )
        rows = rows[order]
        self._place = place[order]
        self._starts = np.searchsorted(self._place, np.arange(cells.height + 1))
        self._on, self._known = days_of(rows["on"]), spells_of(rows)
        self._time = self._on / YEAR
        self._codes = [codes[name][order] for name in ("agency", "origin", "kind")]
        self._sign = rows["sign"].to_numpy()
        self._qualified = (
            (rows["source"].is_in(["1", "2"]) & rows["information"].is_in(["A", "B", "C"]))
            .fill_null(value=False)
            .to_numpy()
        )
        self._half_life = cells["half_life"].fill_null(np.inf).to_numpy()
        self._confirmed = _Confirmed(rows, corroborators)
        self._weights = {each: _Weighing(rows, cells.height, each) for each in WEIGHTINGS}
        self._counted = np.zeros(rows.height, dtype=bool)
        self._as_c = np.zeros(rows.height, dtype=bool)
        self._begun = False

    def weighed(self, at: int, known: int) -> dict[str, Found]:
        """Evidence of each cell in each setting of the weights (columns as in `coverage_engine`),
        aged to a day, of the rows known on a day.
        """
        counted = self._known.on(known) & (self._on <= at)
        as_c = self._confirmed.lacking(counted, known)
        altered = (counted != self._counted) | (as_c != self._as_c)
        changed = (
            np.unique(self._place[altered]) if self._begun else np.arange(len(self._half_life))
        )
        self._counted, self._as_c, self._begun = counted, as_c, True
        with ThreadPoolExecutor(max_workers=len(WEIGHTINGS)) as pool:
            evidence = pool.map(
                lambda each: self._weigh(self._weights[each], changed, at), WEIGHTINGS
            )
            return dict(zip(WEIGHTINGS, evidence, strict=True))

    def _weigh(self, weighing: _Weighing, changed: np.ndarray[Any, Any], at: int) -> Found:
        measure = grading()["measure"]
        limits = (measure["corroborated_from"], measure["contested_from"], measure["dependence"])
        put_together(  # type: ignore[call-arg]
            changed,
            self._starts,
            self._time,
            *self._codes,
            self._sign,
            weighing.of(self._as_c),
            self._qualified,
            self._counted,
            self._half_life,
            *limits,
            *weighing.room,
        )
        found = np.zeros((len(self._half_life), WIDTH))
        corroborated_from, _, dependence = limits
        weigh(
            self._starts,
            self._half_life,
            at / YEAR,
            corroborated_from,
            dependence,
            *weighing.room,
            found,
        )
        return found


class _Weighing:
    """What each row weighs in one setting of the weights, as it is graded and as C, and what is
    held of the cells in it.
    """

    def __init__(self, rows: pl.DataFrame, cells: int, setting: str) -> None:
        tables = grading()
        weights = {
            source + letter: weight
            for source, row in tables["weights"][setting].items()
            for letter, weight in row.items()
        }
        effort = np.nan_to_num(looked_up(rows["effort"], tables["effort"]))
        graded = looked_up(rows["source"] + rows["information"], weights)
        lower = looked_up(rows["source"] + "C", weights)
        self._weights = np.where(np.isnan(graded), effort, graded)
        self._as_c = np.where(np.isnan(lower), effort, lower)
        held = np.zeros((cells, HELD))
        held[:, LAST] = -np.inf
        number = rows.height
        #: What is held of the cells, and of the origins in each.
        self.room = (held, np.zeros(number, np.int64), np.zeros(number, np.int64), np.zeros(number))

    def of(self, as_c: Chosen) -> Found:
        """What each row weighs, those that count as C as such."""
        return np.where(as_c, self._as_c, self._weights) if as_c.any() else self._weights


class _Confirmed:
    """Which items that say they are confirmed are not: B needs an item held, of another origin,
    that is not itself among what weighs in the cell; without it the item counts as C.
    """

    def __init__(self, rows: pl.DataFrame, corroborators: pl.DataFrame) -> None:
        rows = rows.with_row_index("row")
        asks = rows.filter(
            (pl.col("information") == "B") & pl.col("corroborated_by").is_not_null()
        ).select("row", "cell", "corroborated_by", own="origin")
        confirming = corroborators.select(
            "known_from", "known_to", corroborated_by="item", other=_ORIGIN
        )
        outside = asks.join(confirming, on="corroborated_by").filter(
            pl.col("other") != pl.col("own")
        )
        twice = asks.join(
            rows.drop_nulls("item").select("cell", corroborated_by="item", inside="row"),
            on=["cell", "corroborated_by"],
        )
        self._asks = asks["row"].to_numpy()
        self._outside, self._known = outside["row"].to_numpy(), spells_of(outside)
        self._twice, self._inside = twice["row"].to_numpy(), twice["inside"].to_numpy()

    def lacking(self, counted: Chosen, known: int) -> Chosen:
        """The rows that count as C on a day."""
        number = len(counted)
        confirmed = any_of(self._outside, number, self._known.on(known))
        confirmed &= ~any_of(self._twice, number, counted[self._inside])
        lacking = np.zeros(number, dtype=bool)
        lacking[self._asks] = ~confirmed[self._asks]
        return lacking


_COLUMNS = (
    "cell",
    "agency",
    "origin",
    "kind",
    "on",
    "source",
    "information",
    "sign",
    "effort",
    "item",
    "corroborated_by",
    "known_from",
    "known_to",
)


def _of_items(items: pl.DataFrame) -> pl.DataFrame:
    return items.with_columns(
        origin=_ORIGIN,
        sign=pl.col("relation").replace_strict(_SIGNS, return_dtype=pl.Int64),
        effort=pl.lit(None, pl.String),
    ).select(_COLUMNS)


def _of_searches(cells: pl.DataFrame, replies: pl.DataFrame) -> pl.DataFrame:
    """Nils after a search, of questions of existence: they speak against."""
    existence = cells.filter("existence").select("cell")
    nils = replies.filter(pl.col("kind") == ReplyKind.NIL_SEARCHED).join(
        existence, on="cell", how="semi"
    )
    nothing = pl.lit(None, pl.String)
    return nils.with_columns(
        origin=pl.lit("search by ") + pl.col("agency"),
        kind=pl.lit("search"),
        source=nothing,
        information=nothing,
        sign=pl.lit(-1, pl.Int64),
        item=nothing,
        corroborated_by=nothing,
    ).select(_COLUMNS)
