"""The three ledgers as tables: replies to asks, evidence in items, answers accepted. Each row
carries when it was known.

`known_from` and `known_to` are days on which the centre held the row to be so; as at a day, rows
known then count. A grade that was changed, a link that was taken back, an ask that was withdrawn
end a row and begin another; which, one rule says for all of them (`standing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import polars as pl

PLACE = {"question": pl.String, "area": pl.String, "period": pl.String}
KNOWN = {"known_from": pl.Date, "known_to": pl.Date}
ASKS = {
    **PLACE,
    "ask": pl.String,
    "agency": pl.String,
    "due": pl.Date,
    "asked_on": pl.Date,
    **KNOWN,
}
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
#: More time that was given for replies.
EXCEPTIONS = {"ask": pl.String, "until": pl.Date, **KNOWN}
#: Items that may confirm others, whoever may read them.
CORROBORATORS = {"item": pl.String, "agency": pl.String, "origin": pl.String, **KNOWN}


class ReplyKind(StrEnum):
    """What an agency answers to an ask."""

    ITEMS = "items"
    NIL_SEARCHED = "nil_searched"
    NIL_UNSEARCHED = "nil_unsearched"
    NOT_HELD = "not_held"
    NOT_RECORDED = "not_recorded_in_unit"
    REFUSED = "refused"
    PARTIAL = "partial"


class Version(NamedTuple):
    """One of several statements about the same thing: the day it speaks of, the day from which it
    is known, and what tells it from another of the same days.
    """

    on: date
    known_from: date
    mark: str


class Spell(NamedTuple):
    """Days from a first one on, until one that is no longer among them; until further notice where
    that is None.
    """

    first: date
    until: date | None = None

    def has(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.first <= day and (self.until is None or day < self.until)


def standing(
    versions: Sequence[Version], away: Sequence[Sequence[Spell]] = ()
) -> list[list[Spell]]:
    """For each version the spells during which it stands; `away` has for each those during which it
    is taken back.

    The one rule of every ledger. Of those known on a day and not taken back, the one of the latest
    day stands: what came late but speaks of an earlier day closes nothing, and what was taken back
    lets the one before it stand again. The order in which they arrived is of no account, and what
    was candidates before an arrival or a withdrawal does not change by it.
    """
    absent = away or [()] * len(versions)
    turns = {each.known_from for each in versions}
    turns |= {day for spells in absent for each in spells for day in each if day is not None}
    days = sorted(turns)
    stood: list[list[Spell]] = [[] for _ in versions]
    for day, until in zip(days, [*days[1:], None], strict=True):
        candidates = [
            (version, place)
            for place, version in enumerate(versions)
            if version.known_from <= day and not any(each.has(day) for each in absent[place])
        ]
        if candidates:
            spells = stood[max(candidates)[1]]
            if spells and spells[-1].until == day:
                spells[-1] = Spell(spells[-1].first, until)
            else:
                spells.append(Spell(day, until))
    return stood


def laid_out(
    rows: pl.DataFrame, about: Sequence[str], away: Mapping[int, Sequence[Spell]]
) -> pl.DataFrame:
    """The rows of a ledger with the days during which each stands: a row for each spell.

    `rows` has `id`, the columns `about` that name what a row is about, `on`, `known_from` and
    `mark`; `away` has the spells for which an id is taken back. Gives the same columns with
    `known_to`.
    """
    rivals = (pl.len().over(list(about)) > 1) | pl.col("id").is_in(list(away)).any().over(
        list(about)
    )
    marked = rows.with_columns(rivals=rivals)
    alone = marked.filter(~pl.col("rivals")).with_columns(known_to=pl.lit(None, pl.Date))
    contested = marked.filter("rivals")
    places: list[int] = []
    spells: list[Spell] = []
    for same in _groups(contested.select(list(about)).rows()):
        stated = contested[same].select("on", "known_from", "mark").rows()
        absent = [away.get(each, ()) for each in contested[same]["id"].to_list()]
        for place, stood in zip(
            same, standing([Version(*each) for each in stated], absent), strict=True
        ):
            places += [place] * len(stood)
            spells += stood
    settled = contested[places].with_columns(
        known_from=pl.Series([each.first for each in spells], dtype=pl.Date),
        known_to=pl.Series([each.until for each in spells], dtype=pl.Date),
    )
    return pl.concat([alone, settled]).drop("rivals")


def _groups(keys: Sequence[tuple[object, ...]]) -> list[list[int]]:
    """The places of equal keys, by key."""
    places: dict[tuple[object, ...], list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return list(places.values())


def both(left: pl.DataFrame, right: pl.DataFrame, on: str) -> pl.DataFrame:
    """Rows of two ledgers joined, for the days during which both stand."""
    joined = left.join(right, on=on, suffix="_other")
    first = pl.max_horizontal("known_from", "known_from_other")
    until = pl.min_horizontal("known_to", "known_to_other")
    return (
        joined.with_columns(known_from=first, known_to=until)
        .drop("known_from_other", "known_to_other")
        .filter(pl.col("known_to").is_null() | (pl.col("known_to") > pl.col("known_from")))
    )


class Relation(StrEnum):
    """What an item says of a question."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


def _empty(columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))


_PLACE = ("question", "area", "period")


@dataclass(frozen=True, eq=False)
class Ledgers:
    """Everything coverage is worked out from. No log of who read what is among it, and none may
    be. What is worked out of them is kept by them, not by what they say.
    """

    asks: pl.DataFrame = field(default_factory=lambda: _empty(ASKS))
    replies: pl.DataFrame = field(default_factory=lambda: _empty(REPLIES))
    items: pl.DataFrame = field(default_factory=lambda: _empty(ITEMS))
    answers: pl.DataFrame = field(default_factory=lambda: _empty(ANSWERS))
    closures: pl.DataFrame = field(default_factory=lambda: _empty(CLOSURES))
    corroborators: pl.DataFrame = field(default_factory=lambda: _empty(CORROBORATORS))
    exceptions: pl.DataFrame = field(default_factory=lambda: _empty(EXCEPTIONS))

    def known(self, day: date) -> Ledgers:
        """The rows known on a day."""
        return Ledgers(
            *(
                known_on(each, day)
                for each in (
                    self.asks,
                    self.replies,
                    self.items,
                    self.answers,
                    self.closures,
                    self.corroborators,
                    self.exceptions,
                )
            )
        )

    def near(self, places: pl.DataFrame) -> Ledgers:
        """Ledgers without most rows that are about none of some places (columns question, area and
        period). What replies, confirms or gives time for something else stays.
        """
        among = [pl.col(name).is_in(places[name].unique().implode()) for name in _PLACE]

        def kept(frame: pl.DataFrame) -> pl.DataFrame:
            # One after the other: few questions leave few rows to look at for the rest.
            for each in among:
                frame = frame.filter(each)
            return frame

        return replace(
            self,
            asks=kept(self.asks),
            items=kept(self.items),
            answers=kept(self.answers),
            closures=kept(self.closures),
        )


def known_on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rows of a ledger that are known on a day."""
    if frame.is_empty():
        return frame
    return frame.filter(
        (pl.col("known_from") <= day) & (pl.col("known_to").is_null() | (pl.col("known_to") > day))
    )
