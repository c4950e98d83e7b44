"""The pairs that rules find, each told once and some at a time, so that they are never all held.

Records are put in order by what a rule looks at: those that agree stand side by side, and the pairs
of a record are the run that follows it. What two rules find is told once, since the pairs of some
records, by all rules, are sorted together.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from darkfigure.linkage.blocking import BARE, NEAR, NOBODY, Rule

Places = np.ndarray[Any, np.dtype[np.int32]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Ends = tuple[Numbers, Numbers]
Whole = np.ndarray[Any, np.dtype[np.integer[Any]]]
Both = tuple[np.ndarray[Any, np.dtype[Any]], np.ndarray[Any, np.dtype[Any]]]
Narrow = Callable[[Places, Places], np.ndarray[Any, np.dtype[np.bool_]]]
#: A record that a rule says nothing of has no place among those it orders.
_NONE = -1
#: What is hashed: with the same seed the same values are the same wherever they are met.
_SEED = 20_081_217


@dataclass(frozen=True)
class _Run:
    """Records in the order of what a rule looks at: hashed (`keys`), then by number (`ids`).

    Two values of one hash would be taken as agreeing, once in some billions of runs: their pair
    would be compared, and weighed as what it is.
    """

    keys: np.ndarray[Any, np.dtype[np.uint64]]
    ids: Places
    only: str

    @cached_property
    def stops(self) -> Places:
        """Where those that agree with each end."""
        first = np.r_[np.flatnonzero(self.keys[1:] != self.keys[:-1]) + 1, len(self.keys)]
        return np.repeat(first, np.diff(np.r_[0, first])).astype(np.int32)

    def places(self, records: int) -> Places:
        """The place of each record, by number."""
        places = np.full(records, _NONE, dtype=np.int32)
        places[self.ids] = np.arange(len(self.ids), dtype=np.int32)
        return places


class Pairing:
    """Prepared records in the order of each of some rules."""

    def __init__(self, frame: pl.DataFrame, rules: Sequence[Rule]) -> None:
        self._rules = [rule for rule in rules if rule.only != NOBODY]
        self._frame = frame.select("brief", "birth_year")
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            self._runs = list(pool.map(lambda rule: _run(frame, rule), self._rules))

    def every(self, at_once: int) -> Iterator[Ends]:
        """Each pair of records that some rule finds, the lower number first, in order; about so
        many at a time.
        """
        return map(self.pairs_of, self.parts(at_once))

    def parts(self, at_once: int) -> list[range]:
        """Records whose pairs with those that follow are about so many."""
        number = np.zeros(self._frame.height, dtype=np.int64)
        for run in self._runs:
            number[run.ids] += run.stops - np.arange(1, len(run.ids) + 1)
        up_to = np.cumsum(number)
        cuts = np.searchsorted(up_to, np.arange(at_once, int(number.sum()) or 1, at_once))
        edges = np.unique(np.r_[0, cuts, self._frame.height]).tolist()
        return [range(first, last) for first, last in itertools.pairwise(edges)]

    def pairs_of(self, records: range) -> Ends:
        """Each pair of some records with those that follow, in order."""
        by_rule = []
        for run, place in zip(self._runs, self._places, strict=True):
            at = place[records.start : records.stop]
            at = at[at != _NONE]
            left, right = side_by_side(run.ids, at + 1, run.stops[at], at)
            by_rule.append(_told(left, right, self._narrow.get(run.only)))
        return _once(by_rule)

    @cached_property
    def _places(self) -> list[Places]:
        return [run.places(self._frame.height) for run in self._runs]

    @cached_property
    def _narrow(self) -> dict[str, Narrow]:
        return _narrowed(self._frame)

    def arriving(self, fresh: pl.DataFrame) -> Ends:
        """Each pair of a new record with one that is held, or with another new one. Their numbers
        follow those held.
        """
        narrow = _narrowed(pl.concat([self._frame, fresh.select(self._frame.columns)]))
        by_rule = []
        for rule, run in zip(self._rules, self._runs, strict=True):
            new = _run(fresh, rule)
            start, stop = (np.searchsorted(run.keys, new.keys, side) for side in ("left", "right"))
            right, left = side_by_side(new.ids, start, stop, among=run.ids)
            by_rule.append(_told(left, right, narrow.get(rule.only)))
            left, right = side_by_side(new.ids, np.arange(len(new.ids)) + 1, new.stops)
            by_rule.append(_told(left, right, narrow.get(rule.only)))
        return _once(by_rule)


def paired_alone(
    frame: pl.DataFrame, left: Whole, right: Whole
) -> tuple[pl.DataFrame, Ends, Numbers]:
    """The records of some pairs alone, numbered anew and in the same order; the pairs by these
    numbers; which number each had.
    """
    there = np.zeros(frame.height, dtype=bool)
    there[left] = there[right] = True
    those, place = np.flatnonzero(there), np.cumsum(there) - 1
    alone = frame[those].with_columns(id=pl.int_range(len(those), dtype=pl.Int64))
    return alone, (place[left], place[right]), those


def _run(frame: pl.DataFrame, rule: Rule) -> _Run:
    """The records of which a rule can say something, in its order."""
    looked = frame.select("id", *rule.columns).drop_nulls()
    keys = looked.select(rule.columns).hash_rows(_SEED).to_numpy()
    order = np.argsort(keys, kind="stable")
    return _Run(keys[order], looked["id"].to_numpy()[order].astype(np.int32), rule.only)


def side_by_side(
    ids: Whole, starts: Whole, stops: Whole, at: Whole | None = None, among: Whole | None = None
) -> Both:
    """Each of `ids`, or those at some places, with those at the places from its start to its stop,
    `among` others or themselves.
    """
    number = (stops - starts).astype(np.int64)
    before = np.r_[0, np.cumsum(number)]
    others = np.arange(before[-1]) + np.repeat(starts - before[:-1], number)
    beside = ids if among is None else among
    return np.repeat(ids if at is None else ids[at], number), beside[others]


def _told(left: Places, right: Places, narrow: Narrow | None) -> Numbers:
    """Pairs as one number each."""
    if narrow is not None:
        wanted = narrow(left, right)
        left, right = left[wanted], right[wanted]
    told: Numbers = (left.astype(np.int64) << 32) | right
    return told


def _once(by_rule: Sequence[Numbers]) -> Ends:
    """Both ends of pairs that may have been told by several rules, in order."""
    told = np.concatenate(by_rule) if by_rule else np.zeros(0, dtype=np.int64)
    told.sort()
    told = told[np.r_[True, told[1:] != told[:-1]]] if len(told) else told
    return told >> 32, told & (2**32 - 1)


def _narrowed(frame: pl.DataFrame) -> dict[str, Narrow]:
    """What a rule is narrowed to, by its words in a query."""
    brief = frame["brief"].is_not_null().to_numpy()
    year = frame["birth_year"].cast(pl.Float64).to_numpy()

    def bare(left: Places, right: Places) -> np.ndarray[Any, np.dtype[np.bool_]]:
        either: np.ndarray[Any, np.dtype[np.bool_]] = brief[left] | brief[right]
        return either

    def near(left: Places, right: Places) -> np.ndarray[Any, np.dtype[np.bool_]]:
        close: np.ndarray[Any, np.dtype[np.bool_]] = np.abs(year[left] - year[right]) <= 3
        return bare(left, right) & close

    return {BARE: bare, NEAR: near}
