"""People who are not one person and yet agree on much: twins, brothers and sisters, parents and
children, people found together.

Fellegi and Sunter's model has two kinds of pairs, of one person and of strangers, in whom every
agreement is independent. Kin and companions share family name, place, nationality, day of encounter
as a bundle; weighed one by one these look like one person. Here a pair may also be of such a kind
(data/linkage/relations.toml): the chance that it is one person's is

    lambda m / (lambda m + sum of kappa k + u)

with m, u, k how often pairs of one person, of strangers, of a kind look like this one, and lambda,
kappa how many there are, which is learnt from the pairs themselves by expectation maximisation
where there are enough of them. A mixture of several kinds of non-matches is Larsen and Rubin's
(2001) way to model dependence.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
import polars as pl

from darkfigure.linkage.comparisons import SAID_ALREADY, Comparison
from darkfigure.linkage.places import Places, both_sides, place_of, places_of
from darkfigure.linkage.prior import expected_matches, worth

Bits = np.ndarray[Any, np.dtype[np.float64]]
_LEAST = 1e-6
#: Pairs whose records are laid side by side at a time: what both say is held in memory.
_AT_A_TIME = 400_000
#: A pair that the sure rule decides has at least these bits: one in ten thousand may be wrong.
SURE = math.log2(0.9999 / 0.0001)
_SURELY = {
    "document": ("same number",),
    "given": ("same given name",),
    "family": ("same family name",),
    "born": ("same date of birth",),
}
#: What tells one person from another. Where none of it is known of both, sex, place and day tell a
#: kind of people at best: such a pair is not joined, whatever else agrees.
_TELLING = frozenset({"given", "family", "initials", "born", "document", "reference"})
_UNNAMED = 0.03
AT_MOST_NAMED = math.log2(0.98 / 0.02)
AT_MOST_UNNAMED = math.log2(_UNNAMED / (1 - _UNNAMED))
_NAMES_ALONE = frozenset({"given", "family", "initials", "sex", "nationality"})
_FAR = frozenset({"different", "one digit of the date differs, ten or more years apart"})
_CONTRADICTS = ("sex", "nationality")
#: Steps that tell kin from one person, and how many times as often as expected they may be learnt
#: to be met by one person.
_SELDOM = {
    "given": {"different": 2.5},
    "born": {"years at most ten apart": 10.0, "different": 10.0},
}


class Weighed(Protocol):
    """A trained step: its words, and how often one person's and strangers' pairs meet it."""

    @property
    def words(self) -> str:
        """What is met."""

    @property
    def m(self) -> float:
        """How often pairs of one person meet it."""

    @property
    def u(self) -> float:
        """How often pairs of strangers do."""


@lru_cache
def kinds() -> dict[str, dict[str, Any]]:
    """The kinds of pairs that are not one person's, as their file has them, by name."""
    return {name: said for name, said in _told().items() if "for_each_match" in said}


def careless() -> Mapping[str, Any]:
    """How many pairs of one person are written carelessly (`share`), what is left of what their
    comparisons say (`keeps`), and what no carelessness excuses (`never`).
    """
    return _told()["careless"]


@lru_cache
def _told() -> dict[str, dict[str, Any]]:
    text = (files("darkfigure") / "data" / "linkage" / "relations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Looked:
    """Pairs with what they look like: `bits` for one person against strangers, before the prior;
    for each kind `likeness`, bits for that kind against one person; `sure` where nothing is left to
    weigh; `places` the step of each comparison, `parts` its bits, not a number where no
    carelessness excuses it; `nobody` where nothing that tells one person from another can be
    compared.
    """

    bits: Bits
    likeness: Mapping[str, Bits]
    sure: np.ndarray[Any, np.dtype[np.bool_]]
    places: Mapping[str, Places] = field(default_factory=dict)
    parts: Mapping[str, np.ndarray[Any, np.dtype[np.float32]]] = field(default_factory=dict)
    nobody: np.ndarray[Any, np.dtype[np.bool_]] = field(
        default_factory=lambda: np.zeros(1, dtype=bool)
    )
    doubtful: np.ndarray[Any, np.dtype[np.bool_]] = field(
        default_factory=lambda: np.zeros(1, dtype=bool)
    )

    @cached_property
    def for_one(self) -> Bits:
        """Bits for one person, some of whose records are written carelessly throughout: errors do
        not come one by one.
        """
        if not self.parts:
            return self.bits
        said = careless()
        slack = np.zeros(len(self.bits))
        for part in self.parts.values():
            slack += np.nan_to_num(
                np.log2(said["keeps"] * np.exp2(part.astype(float)) + 1 - said["keeps"]) - part
            )
        made: Bits = self.bits + np.log2(1 - said["share"] + said["share"] * np.exp2(slack))
        return made

    def weights(self, prior: float, related: Mapping[str, float]) -> Bits:
        """Bits for one person against all else. `prior` and `related`: shares of all pairs that are
        one person's, of each kind.
        """
        weight = math.log2(prior / (1 - prior)) + self.for_one - self.taken(related)
        weight = np.where(self.nobody, np.minimum(weight, AT_MOST_UNNAMED), weight)
        weight = np.where(self.doubtful, np.minimum(weight, AT_MOST_NAMED), weight)
        return np.where(self.sure, np.maximum(weight, SURE), weight)

    def taken(self, related: Mapping[str, float]) -> Bits:
        """Bits that kin and companions take from a pair."""
        against = np.zeros_like(self.bits)
        for name, share in related.items():
            if name in self.likeness:
                against += share * np.exp2(np.minimum(self.bits + self.likeness[name], 900))
        taken: Bits = np.log2(1 + against)
        return taken

    def fast(self, related: Mapping[str, float]) -> Bits:
        """The same, endless where nothing is left to weigh: no prior moves such a pair."""
        return np.where(self.nobody | self.sure | self.doubtful, np.inf, self.taken(related))

    def chances(self, prior: float, related: Mapping[str, float]) -> tuple[Bits, dict[str, Bits]]:
        """How likely each pair is one person's, and of each kind."""
        one = prior * np.exp2(np.minimum(self.for_one, 900))
        kin = {
            name: related[name] * np.exp2(np.minimum(self.bits + each, 900))
            for name, each in self.likeness.items()
        }
        whole: Bits = 1 + one + sum(kin.values())
        one = np.where(self.nobody, np.minimum(one, whole * _UNNAMED), one)
        return one / whole, {name: each / whole for name, each in kin.items()}


def look(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    bits: Bits,
    comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
    rarity: Mapping[str, pl.DataFrame],
) -> Looked:
    """What pairs look like. `pairs` has `left` and `right`, places in `frame`, which is prepared;
    `bits` a weight for each.
    """
    looking = Looking(frame, comparisons, rarity)
    return _together([looking.at(pairs, bits, part) for part in parts_of(pairs.height)])


def parts_of(pairs: int) -> list[slice]:
    """Pairs some at a time, one part at least."""
    starts = range(0, max(pairs, 1), _AT_A_TIME)
    return [slice(at, at + _AT_A_TIME) for at in starts]


class Looking:
    """Prepared records whose pairs are looked at, some at a time."""

    def __init__(
        self,
        frame: pl.DataFrame,
        comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
        rarity: Mapping[str, pl.DataFrame],
    ) -> None:
        self._frame, self._comparisons = frame, comparisons
        self._declared = {name: comparison for name, (comparison, _) in comparisons.items()}
        self._shares = {
            column: frame.select(column)
            .join(table, on=column, how="left", maintain_order="left")[f"tf_{column}"]
            .to_numpy()
            for column, table in rarity.items()
        }

    def _places(self, pairs: pl.DataFrame) -> dict[str, Places]:
        """The step of each comparison, as it came with the pairs where they were compared just
        now.
        """
        if place_of(next(iter(self._declared))) in pairs.columns:
            return {name: pairs[place_of(name)].to_numpy() for name in self._declared}
        return places_of(both_sides(self._frame, pairs, self._declared), self._declared)

    def at(self, pairs: pl.DataFrame, bits: Bits, part: slice) -> Looked:
        """What some of the pairs look like."""
        some, bits = pairs[part], bits[part]
        if not self._declared:
            nothing = np.zeros(len(bits), dtype=bool)
            return Looked(bits, {}, nothing, nobody=~nothing, doubtful=nothing)
        places = self._places(some)
        left = some["left"].to_numpy()
        likeness = {name: np.zeros(len(bits)) for name in kinds()}
        parts = {}
        for name, (comparison, steps) in self._comparisons.items():
            at = places[name]
            ratio = np.array(
                [math.log2(max(step.u, _LEAST) / max(step.m, _LEAST)) for step in steps]
            )
            stranger = np.where(at >= 0, ratio[at], 0.0)
            stranger += _rarer(left, at, comparison, steps, self._shares)
            never = careless()["never"].get(name, [])
            if never != "anything":
                excused = ~np.isin(
                    at, [place for place, step in enumerate(steps) if step.words in never]
                )
                parts[name] = np.where(excused, -stranger, np.nan).astype(np.float32)
            for kind, said in kinds().items():
                likeness[kind] += _against_one(
                    said.get(name, "strangers"), name, at, steps, stranger
                )
        silent = [places[name] < 0 for name in _TELLING & places.keys()]
        nobody = np.logical_and.reduce(silent) if silent else np.ones(len(bits), dtype=bool)
        doubtful = _doubtful(places, self._comparisons, len(bits))
        sure = _sure(places, self._comparisons, len(bits))
        return Looked(bits, likeness, sure, places, parts, nobody, doubtful)


def _together(parts: Sequence[Looked]) -> Looked:
    """Pairs looked at in parts as one."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return Looked(
        np.concatenate([part.bits for part in parts]),
        {name: np.concatenate([part.likeness[name] for part in parts]) for name in first.likeness},
        np.concatenate([part.sure for part in parts]),
        {name: np.concatenate([part.places[name] for part in parts]) for name in first.places},
        {name: np.concatenate([part.parts[name] for part in parts]) for name in first.parts},
        np.concatenate([part.nobody for part in parts]),
        np.concatenate([part.doubtful for part in parts]),
    )


def _rarer(
    left: np.ndarray[Any, np.dtype[np.int64]],
    at: Places,
    comparison: Comparison,
    steps: Sequence[Weighed],
    shares: Mapping[str, Bits],
) -> Bits:
    """By how many bits strangers meet the step less, or more, often than they do on average: their
    values are rare or common. `shares` has how common each record's value is.
    """
    found = np.zeros(len(at))
    for place, level in enumerate(comparison.levels):
        met = np.flatnonzero(at == place)
        if not level.frequency or level.frequency not in shares or not len(met):
            continue
        share = shares[level.frequency][left[met]]
        share = np.where(np.isnan(share), steps[place].u, share)
        found[met] = np.log2(np.maximum(share, 1e-5) / max(steps[place].u, _LEAST))
    return found


def _against_one(
    said: Any, name: str, at: Places, steps: Sequence[Weighed], stranger: Bits
) -> Bits:
    """Bits for a kind of pair against one person by one comparison."""
    if said == "one person":
        return np.zeros(len(at))
    if said == "strangers":
        return stranger
    never = set(said.get("not", ()))
    named = {words: share for words, share in said.items() if words != "not"}
    there = {step.words for step in steps}
    left = 1 - sum(share for words, share in named.items() if words in there)
    rest = sum(step.u for step in steps if step.words not in named and step.words not in never)
    repeats = SAID_ALREADY.get(name, ())
    found = np.zeros(len(at))
    for place, step in enumerate(steps):
        met = at == place
        if step.words in never:
            found[met] = math.log2(_LEAST / max(step.m, _LEAST))
        elif step.words in named:
            found[met] = math.log2(named[step.words] / max(step.m, _LEAST))
        elif step.words not in repeats:
            found[met] = stranger[met] + math.log2(max(left, 0.01) / max(rest, _LEAST))
    return found


def _doubtful(
    places: Mapping[str, Places],
    comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
    size: int,
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Pairs that somebody should look at however much agrees: of names alone, since namesakes are
    many; with births ten or more years apart, unless they have one document, since a child may bear
    a parent's name.
    """
    nothing = np.zeros(size, dtype=bool)
    more = np.logical_or.reduce(
        [nothing, *(at >= 0 for name, at in places.items() if name not in _NAMES_ALONE)]
    )
    far, same = nothing, nothing
    if "born" in places:
        steps = comparisons["born"][1]
        far = np.isin(
            places["born"], [place for place, step in enumerate(steps) if step.words in _FAR]
        )
    if "document" in places:
        same = places["document"] == 0
    made: np.ndarray[Any, np.dtype[np.bool_]] = ~more | (far & ~same)
    return made


def _sure(
    places: Mapping[str, Places],
    comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
    size: int,
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Document number, names and date of birth agree and nothing contradicts: one person, whatever
    else is learnt.
    """
    if not _SURELY.keys() <= places.keys():
        return np.zeros(size, dtype=bool)
    sure = np.ones(size, dtype=bool)
    for name, words in _SURELY.items():
        fits = [place for place, step in enumerate(comparisons[name][1]) if step.words in words]
        sure &= np.isin(places[name], fits)
    for name in _CONTRADICTS:
        if name in places:
            sure &= places[name] != len(comparisons[name][1]) - 1
    return sure


@dataclass(frozen=True)
class Learnt:
    """What pairs taught: shares of all pairs that are one person's (`prior`) and of each kind
    (`related`); for each comparison how often one person's pairs meet each step, and how many pairs
    of one person spoke for it.
    """

    prior: float
    related: Mapping[str, float]
    m: Mapping[str, tuple[Sequence[float], float]]
    looked: Looked


def learn(
    looked: Looked,
    comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
    records: int,
    stands_for: float = 1.0,
    rounds: int = 100,
) -> Learnt:
    """Expectation maximisation over all pairs looked at, u held fast: values that reproduce
    themselves, beside what is expected.

    Pairs that were not looked at are taken as of strangers, but that each stands for so many of its
    like where they are a sample. Expected values count as `worth` says,
    so that few pairs teach little.
    """
    pairs = max(records * (records - 1) / 2, 1.0)
    expected = expected_matches(records)
    alone = records / (records + worth("records_worth"))
    among_kin = records / (records + worth("kin_records_worth"))
    prior = expected / pairs
    related = {name: said["for_each_match"] * prior for name, said in kinds().items()}
    stated = {
        name: np.array([level.m for level in comparison.levels])
        / sum(level.m for level in comparison.levels)
        for name, (comparison, _) in comparisons.items()
    }
    start = {name: np.array([step.m for step in steps]) for name, (_, steps) in comparisons.items()}
    m, taught, now = dict(start), dict.fromkeys(comparisons, 0.0), looked
    for _ in range(rounds):
        one, kin = now.chances(prior, related)
        matches = alone * stands_for * float(one.sum()) + (1 - alone) * expected
        fresh = min(max(matches, 0.05) / pairs, 0.5)
        for name, said in kinds().items():
            found = among_kin * stands_for * float(kin[name].sum()) if name in kin else 0.0
            found += (1 - among_kin) * said["for_each_match"] * matches
            related[name] = max(found / pairs, said["least"] * fresh)
        for name, at in looked.places.items():
            known = at >= 0
            counts = stands_for * np.bincount(
                at[known], weights=one[known], minlength=len(start[name])
            )
            taught[name] = float(counts.sum())
            mine = max(
                worth("pairs_worth") / (taught[name] + worth("pairs_worth")), worth("least_share")
            )
            fresh_m = (1 - mine) * counts / max(taught[name], _LEAST) + mine * stated[name]
            m[name] = _held(
                fresh_m,
                stated[name],
                [step.words for step in comparisons[name][1]],
                _SELDOM.get(name, {}),
            )
        now = moved(looked, comparisons, start, m)
        if abs(fresh - prior) < 1e-5 * prior:
            break
        prior = fresh
    return Learnt(
        prior, related, {name: (m[name].tolist(), taught[name]) for name in comparisons}, now
    )


def _held(m: Bits, stated: Bits, words: Sequence[str], seldom: Mapping[str, float]) -> Bits:
    """Values of m, those of steps that one person's records seldom meet held to so many times what
    is expected of them.

    Lists full of families would teach otherwise that one person has two given names, or two birth
    years.
    """
    most = np.array([seldom.get(each, np.inf) for each in words]) * stated
    bounded, free = np.minimum(m, most), np.isinf(most)
    bounded[free] *= (1 - bounded[~free].sum()) / max(bounded[free].sum(), _LEAST)
    return bounded


def moved(
    looked: Looked,
    comparisons: Mapping[str, tuple[Comparison, Sequence[Weighed]]],
    start: Mapping[str, Bits],
    m: Mapping[str, Bits],
) -> Looked:
    """The same pairs, looked at by the values `start` of m, by other values."""
    bits, likeness = (
        looked.bits.copy(),
        {name: each.copy() for name, each in looked.likeness.items()},
    )
    parts = dict(looked.parts)
    for name, at in looked.places.items():
        more = np.log2(np.maximum(m[name], _LEAST) / np.maximum(start[name], _LEAST))
        for place, step in enumerate(comparisons[name][1]):
            if step.words in SAID_ALREADY.get(name, ()):
                more[place] = 0.0  # weighs nothing, whatever m is
        delta = np.where(at >= 0, more[at], 0.0)
        bits += delta
        if name in parts:
            parts[name] = parts[name] + delta.astype(np.float32)
        for kind, said in kinds().items():
            if said.get(name, "strangers") != "one person":
                likeness[kind] -= delta
    return replace(looked, bits=bits, likeness=likeness, parts=parts)
