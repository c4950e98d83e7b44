"""Link lists of people: records made ready, pairs scored, persons made of them; new records added
without looking at old pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.saying import say
from darkfigure.linkage.blocking import Blocked
from darkfigure.linkage.clusters import Numbers, Partition, evidence_of, partition
from darkfigure.linkage.draws import Draws, draw
from darkfigure.linkage.engine import Engine, Held
from darkfigure.linkage.missed import Missed, adjusted, every_pair, look_again, numbered
from darkfigure.linkage.model import FIRST_FLOOR, FLOOR, PAIRS, Model, rarity_of, weighed
from darkfigure.linkage.pairing import paired_alone
from darkfigure.linkage.preparation import prepared
from darkfigure.linkage.thresholds import Thresholds
from darkfigure.linkage.training import trained
from darkfigure.linkage.waiting import Doing, quietly
from darkfigure.linkage.weighing import Scales, completed

Pair = tuple[str, str]


@dataclass(frozen=True)
class Linked:
    """Records with who is whom.

    `records` has `record`, `list` and whatever else came with them, in the order of places; `pairs`
    names places by `left` and `right`; `found` is the partition of places into persons; `missed`
    what was not found, as far as it can be told.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame
    found: Partition
    model: Model
    thresholds: Thresholds
    joined: frozenset[Pair] = frozenset()
    parted: frozenset[Pair] = frozenset()
    missed: Missed | None = None

    @property
    def names(self) -> list[str]:
        """Each record as LIST:RECORD."""
        return name_of(self.records).to_list()

    def persons(self) -> pl.DataFrame:
        """Each record with its person, named by the first of the person's records."""
        names = np.array(self.names)
        return self.records.select("list", "record").with_columns(
            person=pl.Series(names[self.found.decided]),
            surely=pl.Series(names[self.found.surely]),
            possibly=pl.Series(names[self.found.possibly]),
        )

    def for_review(self) -> pl.DataFrame:
        """Pairs somebody should look at, those in most doubt first; what was decided is left
        out.
        """
        wanted = self.pairs.filter(
            (pl.col("probability") >= self.thresholds.clerical)
            & (pl.col("probability") < self.thresholds.certain)
        )
        names = self.names
        decided = self.joined | self.parted
        open_ = [
            pair_of(names[left], names[right]) not in decided
            for left, right in wanted.select("left", "right").rows()
        ]
        return wanted.filter(pl.Series(open_, dtype=pl.Boolean)).sort(
            (pl.col("probability") - 0.5).abs(), "left", "right"
        )

    def decide(self, joined: Iterable[Pair] = (), parted: Iterable[Pair] = ()) -> Linked:
        """The same pairs under other decisions: a pure function of both, so that undoing one
        restores exactly.

        Raises UnknownName for a record that is not here, DarkfigureError where decisions contradict
        one another.
        """
        merged, split = frozenset(map(_ordered, joined)), frozenset(map(_ordered, parted))
        found = _found(self.records, self.pairs, self.thresholds, merged, split)
        for left, right in _places(self.records, frozenset(), split)["parted"]:
            if found.decided[left] == found.decided[right]:
                names = self.names
                raise DarkfigureError(
                    f"{names[left]} and {names[right]} were said to be two persons, and others to "
                    "be one that put them together. "
                    "Undo one of these decisions first."
                )
        return replace(self, joined=merged, parted=split, found=found)

    def draws(self, number: int = 200, seed: int = 1) -> Draws:
        """Plausible ways of putting the records together."""
        evidence = evidence_of(
            self.pairs, self.records.height, **_places(self.records, self.joined, self.parted)
        )
        return draw(evidence, self.found, number, seed, missed=self.missed)


def name_of(records: pl.DataFrame) -> pl.Series:
    """Each record as LIST:RECORD."""
    return records.select(pl.col("list") + ":" + pl.col("record")).to_series()


def pair_of(left: str, right: str) -> Pair:
    """Two names in alphabetical order."""
    return (left, right) if left <= right else (right, left)


def _ordered(pair: Pair) -> Pair:
    return pair_of(*pair)


def _places(
    records: pl.DataFrame, joined: frozenset[Pair], parted: frozenset[Pair]
) -> dict[str, list[tuple[int, int]]]:
    if not joined and not parted:
        return {"joined": [], "parted": []}
    place: Mapping[str, int] = {name: at for at, name in enumerate(name_of(records).to_list())}
    missing = [name for pair in sorted(joined | parted) for name in pair if name not in place]
    if missing:
        raise UnknownName(
            f"{missing[0]!r} is not among the records linked. Name records as LIST:RECORD."
        )
    return {
        "joined": [(place[left], place[right]) for left, right in sorted(joined)],
        "parted": [(place[left], place[right]) for left, right in sorted(parted)],
    }


def _found(
    records: pl.DataFrame,
    pairs: pl.DataFrame,
    thresholds: Thresholds,
    joined: frozenset[Pair],
    parted: frozenset[Pair],
) -> Partition:
    return partition(
        evidence_of(pairs, records.height, **_places(records, joined, parted)), thresholds
    )


def link(
    records: pl.DataFrame,
    engine: Engine,
    *,
    model: Model | None = None,
    blocked: list[Blocked] | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    seed: int = 1,
    doing: Doing = quietly,
) -> Linked:
    """Link records as `fields.as_list` makes them, by a model given or trained on them here.

    The order in which records come is of no account. Where no two records agree on anything, n
    records are n persons.
    """
    ordered = records.sort("list", "record")
    doing(say("linkage.doing.ready"))
    frame = prepared(ordered)
    if model is None:
        model, pairs = trained(frame, engine, blocked=blocked, seed=seed, doing=doing)
    else:
        scoring, weighing = say("linkage.doing.scoring"), say("linkage.doing.weighing")
        doing(scoring)
        rarity = rarity_of(frame, model)
        pairs = engine.paired(frame, model, rarity, FIRST_FLOOR, partial(doing, scoring))
        pairs = weighed(frame, pairs, model, rarity, reached=partial(doing, weighing))
    doing(say("linkage.doing.missed"))
    lists = ordered["list"]
    with Scales(frame, model) as scales:
        looked = look_again(frame, lists, pairs, model, scales, seed=seed, add=blocked is None)
        pairs = completed(
            looked.pairs,
            ordered.height,
            thresholds.possible,
            scales,
            lambda new: adjusted(new, lists, looked.model),
        )
    doing(say("linkage.doing.joining"))
    none: frozenset[Pair] = frozenset()
    found = _found(ordered, pairs, thresholds, none, none)
    return Linked(ordered, pairs, found, looked.model, thresholds, missed=looked.missed)


class Index:
    """Records already linked, held ready so that a new return is compared with them without
    comparing them again.
    """

    def __init__(self, linked: Linked, engine: Engine, frame: pl.DataFrame | None = None) -> None:
        self.linked = linked
        self._frame = prepared(linked.records) if frame is None else frame
        self._keys = _keys(linked.records)
        self._rarity = rarity_of(self._frame, linked.model)
        self._held: Held = engine.held(self._frame, linked.model, self._rarity)

    def add(self, new: pl.DataFrame) -> Linked:
        """Link a new return: its pairs with what is held and within itself; only persons it touches
        are put together anew.

        How rare a name is stays as it was when the index was made. Raises UnknownName for a record
        that is held already.
        """
        held = self.linked.records
        ordered = new.sort("list", "record")
        places = self._places(ordered)
        fresh = prepared(ordered).with_columns(pl.col("id") + held.height)
        records = pl.concat([held, ordered], how="diagonal")
        frame = pl.concat([self._frame, fresh])
        found, more = self._put(records, frame, self._between(records, frame, fresh))
        missed = self.linked.missed
        if missed is not None:
            names, of = numbered(records["list"])
            missed = missed.grown(of, names)
        return _in_order(
            replace(self.linked, records=records, found=found, missed=missed), more, places
        )

    def _places(self, ordered: pl.DataFrame) -> Numbers:
        """How many of those held come before each new record. Raises UnknownName for one that is
        held.
        """
        keys = _keys(ordered)
        places = self._keys.search_sorted(keys).to_numpy().astype(np.int64)
        again = keys.is_in(self._keys[np.minimum(places, len(self._keys) - 1)].implode())
        if again.any():
            first = ordered.filter(again).select("list", "record").row(0)
            raise UnknownName(
                f"{first[0]}:{first[1]} is held already, and {int(again.sum()) - 1:,} more: link "
                "corrections anew."
            )
        return places

    def _between(
        self, records: pl.DataFrame, frame: pl.DataFrame, fresh: pl.DataFrame
    ) -> pl.DataFrame:
        """Pairs of new records with all: every one of them where records are few, as they would be
        looked at anew.
        """
        model, lists = self.linked.model, records["list"]
        if not every_pair(frame.height):
            likely = self._held.paired(fresh, FIRST_FLOOR)
            alone, (left, right), those = paired_alone(
                frame, likely["left"].to_numpy(), likely["right"].to_numpy()
            )
            likely = likely.with_columns(left=pl.Series(left), right=pl.Series(right))
            pairs = _renamed(weighed(alone, likely, model, self._rarity), those)
            return adjusted(pairs, lists, model).select(PAIRS.names())
        before = frame.height - fresh.height
        left, right = np.triu_indices(frame.height, 1)
        with Scales(frame, model, self._rarity) as scales:
            pairs = adjusted(
                scales.weigh(left[right >= before], right[right >= before]), lists, model
            )
        return pairs.filter(pl.col("probability") >= FLOOR).select(PAIRS.names())

    def _put(
        self, records: pl.DataFrame, frame: pl.DataFrame, pairs: pl.DataFrame
    ) -> tuple[Partition, pl.DataFrame]:
        """The partition with new pairs, components that they touch made anew and all others as they
        were; the pairs, completed.
        """
        before, size = self.linked.found, self.linked.records.height
        whole: list[Numbers] = [
            np.concatenate([each, np.arange(size, records.height)])
            for each in (before.surely, before.decided, before.possibly)
        ]
        touched = np.zeros(records.height, dtype=bool)
        for end in ("left", "right"):
            touched[whole[2][pairs[end].to_numpy()]] = True
        inside = touched[whole[2]]
        members = np.flatnonzero(inside)
        pairs_before = self.linked.pairs
        left, right = (pairs_before[end].to_numpy() for end in ("left", "right"))
        old = pairs_before.filter(pl.Series(inside[left] & inside[right]))
        # Ties are broken by name, as they would be had all come together.
        order = (
            records[members]
            .with_columns(at=pl.Series(members))
            .sort("list", "record")["at"]
            .to_numpy()
        )
        place = np.full(records.height, -1)
        place[order] = np.arange(len(order))
        within, model = records[order], self.linked.model
        lists = within["list"]
        known = _renamed(pl.concat([old, pairs]), place)
        with Scales(
            frame[order].with_columns(id=pl.int_range(len(order))), model, self._rarity
        ) as scales:
            local = completed(
                known,
                len(order),
                self.linked.thresholds.possible,
                scales,
                lambda new: adjusted(new, lists, model),
            )
        names = set(name_of(within).to_list())
        made = _found(
            within,
            local,
            self.linked.thresholds,
            frozenset(pair for pair in self.linked.joined if set(pair) <= names),
            frozenset(pair for pair in self.linked.parted if set(pair) <= names),
        )
        for target, part in zip(whole, (made.surely, made.decided, made.possibly), strict=True):
            target[order] = order[part]
        fresh = local.join(_renamed(old, place), on=["left", "right"], how="anti")
        return Partition(*whole), _renamed(fresh, order)


def _renamed(pairs: pl.DataFrame, places: Numbers) -> pl.DataFrame:
    """Pairs with other places for their records, the lower first."""
    left, right = places[pairs["left"].to_numpy()], places[pairs["right"].to_numpy()]
    return pairs.with_columns(
        left=pl.Series(np.minimum(left, right)), right=pl.Series(np.maximum(left, right))
    )


def _keys(records: pl.DataFrame) -> pl.Series:
    """List and reference as one text, in the order of both."""
    return records.select(pl.concat_str("list", "record", separator="\0")).to_series()


def _in_order(linked: Linked, more: pl.DataFrame, places: Numbers) -> Linked:
    """The same linkage with its last records put at the places they have among the others, and
    `more` pairs: as if all had come together. Those held keep their order, and so do their pairs.
    """
    size, held = linked.records.height, linked.records.height - len(places)
    now = np.empty(size, dtype=np.int64)
    now[held:] = places + np.arange(len(places))
    free = np.ones(size, dtype=bool)
    free[now[held:]] = False
    now[:held] = np.flatnonzero(free)
    was = np.empty(size, dtype=np.int64)
    was[now] = np.arange(size)
    readings = []
    for each in (linked.found.surely, linked.found.decided, linked.found.possibly):
        first = np.full(size, size)
        np.minimum.at(first, each, now)
        readings.append(first[each[was]])
    return replace(
        linked,
        records=linked.records[was],
        pairs=_together(_renamed(linked.pairs, now), _renamed(more, now).sort("left", "right")),
        found=Partition(*readings),
        missed=linked.missed.moved(was) if linked.missed is not None else None,
    )


def _together(pairs: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Both in order of their ends, in which each is."""
    before, coming = (
        (each["left"].to_numpy() << 32) | each["right"].to_numpy() for each in (pairs, more)
    )
    order = np.insert(
        np.arange(len(before)),
        np.searchsorted(before, coming),
        len(before) + np.arange(len(coming)),
    )
    return pl.concat([pairs, more])[order]
