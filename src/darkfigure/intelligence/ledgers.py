"""The three ledgers as tables: replies to asks, evidence in items, answers accepted. Each row
carries when it was known.

`known_from` and `known_to` are days on which the centre held the row to be so; as at a day, rows
known then count. A grade that was changed, a link that was taken back, an ask that was withdrawn
end a row and begin another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import polars as pl

PLACE = {"question": pl.String, "area": pl.String, "period": pl.String}
KNOWN = {"known_from": pl.Date, "known_to": pl.Date}
ASKS = {**PLACE, "ask": pl.String, "agency": pl.String, "due": pl.Date, **KNOWN}
REPLIES = {
    "ask": pl.String,
    **PLACE,
    "agency": pl.String,
    "kind": pl.String,
    "effort": pl.String,
    "on": pl.Date,
    **KNOWN,
}
ITEMS = {
    **PLACE,
    "item": pl.String,
    "agency": pl.String,
    "origin": pl.String,
    "kind": pl.String,
    "relation": pl.String,
    "source": pl.String,
    "information": pl.String,
    "corroborated_by": pl.String,
    "on": pl.Date,
    **KNOWN,
}
ANSWERS = {**PLACE, "accepted_on": pl.Date, "lapses_on": pl.Date, **KNOWN}
CLOSURES = {**PLACE, "why": pl.String, **KNOWN}


class ReplyKind(StrEnum):
    """What an agency answers to an ask."""

    ITEMS = "items"
    NIL_SEARCHED = "nil_searched"
    NIL_UNSEARCHED = "nil_unsearched"
    NOT_HELD = "not_held"
    NOT_RECORDED = "not_recorded_in_unit"
    REFUSED = "refused"
    PARTIAL = "partial"


#: Replies that say something of the question: items, some of them, or nothing after a search.
INFORMATIVE = (ReplyKind.ITEMS, ReplyKind.PARTIAL, ReplyKind.NIL_SEARCHED)


class Version(NamedTuple):
    """One of several statements about the same thing: the day it speaks of, the day from which it
    is known, and what tells it from another of the same days.
    """

    on: date
    known_from: date
    mark: str


def stands_until(versions: Sequence[Version]) -> list[date | None]:
    """For each version the first day on which it no longer stands, None while it does.

    Of those known on a day the one of the latest day stands: what came late but speaks of an
    earlier day closes nothing, and stands for no day once a later one is known. The order in which
    they arrived is of no account, and what was known before an arrival does not change by it.
    """
    return [
        min(
            (max(each.known_from, other.known_from) for each in versions if each > other),
            default=None,
        )
        for other in versions
    ]


class Relation(StrEnum):
    """What an item says of a question."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


def _empty(columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))


@dataclass(frozen=True)
class Ledgers:
    """Everything coverage is worked out from. No log of who read what is among it, and none may
    be.
    """

    asks: pl.DataFrame = field(default_factory=lambda: _empty(ASKS))
    replies: pl.DataFrame = field(default_factory=lambda: _empty(REPLIES))
    items: pl.DataFrame = field(default_factory=lambda: _empty(ITEMS))
    answers: pl.DataFrame = field(default_factory=lambda: _empty(ANSWERS))
    closures: pl.DataFrame = field(default_factory=lambda: _empty(CLOSURES))

    def known(self, day: date) -> Ledgers:
        """The rows known on a day."""
        return Ledgers(
            *(
                _standing(each, day)
                for each in (self.asks, self.replies, self.items, self.answers, self.closures)
            )
        )


def _standing(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    if frame.is_empty():
        return frame
    return frame.filter(
        (pl.col("known_from") <= day) & (pl.col("known_to").is_null() | (pl.col("known_to") > day))
    )
