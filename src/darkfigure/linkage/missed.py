"""What was not found: matches that no rule looked at, or that look too unlike to be told, and
between which lists.

Pairs that no rule found are weighed too, all of them where records are few, a sample where they are
many: from three strata, so that most of the sample falls where matches are likelier (one area; one
nationality and births close together; all the rest), each pair standing for as many as were not
drawn (Horvitz and Thompson 1952). What they weigh, summed, is how many matches are expected among
them. How likely two records of two lists are one person's is learnt for each two lists: a list that
names nobody twice, and two lists that share many people, are both seen in their own pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from darkfigure.linkage.clusters import Numbers, Weights
from darkfigure.linkage.model import FLOOR, PAIRS, Model
from darkfigure.linkage.weighing import Scales

#: Up to this many pairs all are weighed; else this many are drawn.
EVERY = 2_000_000
_SAMPLE = 600_000
#: Pairs less likely than this are known by their number alone.
FAINTEST = 1e-4
#: A list pair of its own is believed as far as it shows more than this many matches; else what all
#: lists show.
_SHOWN = 1.0
_BIT = float(np.log(2))


@dataclass(frozen=True)
class Missed:
    """What was not found: faint pairs by place with natural log odds, and how many matches are
    expected besides.

    `lists` names lists and `of` the list of each record; `expected` has the number between list a
    and list b (a <= b) at [a, b], `spread` its standard error.
    """

    lists: tuple[str, ...]
    of: Numbers
    left: Numbers
    right: Numbers
    odds: Weights
    expected: Weights
    spread: Weights

    @property
    def matches(self) -> float:
        """How many matches were missed, as expected."""
        return float((1 / (1 + np.exp(-self.odds))).sum() + self.expected.sum())

    def some(self, persons: Numbers, shift: float, random: np.random.Generator) -> Numbers:
        """Pairs of places joined in one draw, so that as many are as were missed; nobody is put on
        a list twice by it.

        `shift` moves all odds; `persons` is the draw so far.
        """
        on: Numbers = np.zeros(len(persons), dtype=np.int64)
        np.bitwise_or.at(on, persons, np.left_shift(1, self.of))
        joined: list[tuple[int, int]] = []
        for left, right in self._candidates(shift, random):
            a, b = int(persons[left]), int(persons[right])
            shared = on[a] & on[b]
            if a != b and (
                not shared or shared == 1 << int(self.of[left]) == 1 << int(self.of[right])
            ):
                joined.append((left, right))
                on[a] |= on[b]
                on[b] = on[a]
        return np.array(joined, dtype=np.int64).reshape(-1, 2)

    def _candidates(self, shift: float, random: np.random.Generator) -> Iterator[tuple[int, int]]:
        met = random.random(len(self.odds)) < 1 / (1 + np.exp(-(self.odds + shift)))
        yield from zip(self.left[met].tolist(), self.right[met].tolist(), strict=True)
        mean = np.maximum(random.normal(self.expected, self.spread), 0.0) * np.exp(shift)
        many = random.poisson(mean)
        for a, b in np.argwhere(many).tolist():
            ones, others = np.flatnonzero(self.of == a), np.flatnonzero(self.of == b)
            yield from zip(
                random.choice(ones, many[a, b]).tolist(),
                random.choice(others, many[a, b]).tolist(),
                strict=True,
            )

    def moved(self, was: Numbers) -> Missed:
        """The same after records were put in another order; `was` is the place each had."""
        now = np.empty_like(was)
        now[was] = np.arange(len(was))
        return replace(self, of=self.of[was], left=now[self.left], right=now[self.right])

    def grown(self, of: Numbers, lists: Sequence[str]) -> Missed:
        """The same for more records of the same lists: as many expected for each pair of records as
        before.
        """
        before = np.bincount(self.of, minlength=len(self.lists)).astype(float)
        place = {name: at for at, name in enumerate(lists)}
        kept = np.array([place[name] for name in self.lists])
        now = np.bincount(of, minlength=len(lists)).astype(float)
        share = np.outer(now[kept], now[kept]) / np.maximum(np.outer(before, before), 1.0)
        expected, spread = np.zeros((2, len(lists), len(lists)))
        expected[np.ix_(kept, kept)], spread[np.ix_(kept, kept)] = (
            self.expected * share,
            self.spread * share,
        )
        nobody = np.zeros(0, dtype=np.int64)
        return Missed(
            tuple(lists), of, nobody, nobody, np.zeros(0), np.triu(expected), np.triu(spread)
        )


@dataclass(frozen=True)
class Looked:
    """Pairs found by rules and those found besides, as `model.PAIRS`; the model with what two lists
    share; what was missed.
    """

    pairs: pl.DataFrame
    model: Model
    missed: Missed


def every_pair(records: int) -> bool:
    """Whether records are so few that every pair of them is weighed."""
    return records * (records - 1) // 2 <= EVERY


def look_again(
    frame: pl.DataFrame,
    lists: pl.Series,
    pairs: pl.DataFrame,
    model: Model,
    scales: Scales,
    *,
    seed: int = 1,
    add: bool = True,
) -> Looked:
    """Look at pairs that no rule found, learn what every two lists share, and say what is missed
    still.

    `frame` is as `preparation.prepared` makes it, `lists` the list of each record, `pairs` those
    found by rules. Without `add` no pair is added to them: whoever links asked for other rules.
    """
    names, of = numbered(lists)
    if frame.height < 2:
        nothing = pairs.with_columns(stands_for=pl.lit(1.0))
        return Looked(pairs.select(PAIRS.names()), model, _missed(nothing, names, of, True))
    others = _others(frame, pairs, seed)
    weighed = scales.weigh(others["left"].to_numpy(), others["right"].to_numpy()).with_columns(
        stands_for=others["stands_for"]
    )
    # Of pairs for which nothing speaks, none is told from chance.
    weighed = weighed.filter(pl.col("weight") > np.log2(model.prior / (1 - model.prior)))
    whole = pl.concat([pairs.with_columns(stands_for=pl.lit(1.0)), weighed])
    if not model.between:
        model = model.with_lists(_shared(whole, names, of, model))
    whole = adjusted(whole, lists, model)
    exact = bool((weighed["stands_for"] == 1.0).all())
    by_rule = pl.int_range(whole.height, dtype=pl.Int64) < pairs.height
    taken = by_rule | (pl.lit(exact and add) & (pl.col("probability") >= FLOOR))
    kept, rest = whole.filter(taken), whole.filter(~taken)
    return Looked(
        kept.select(PAIRS.names()).sort("left", "right"),
        model,
        _missed(rest, names, of, exact),
    )


def numbered(lists: pl.Series) -> tuple[tuple[str, ...], Numbers]:
    """The lists there are, in order of name; the place of each record's list among them."""
    names = lists.unique().sort().to_list()
    return tuple(names), lists.cast(pl.Enum(names)).to_physical().cast(pl.Int64).to_numpy()


def adjusted(pairs: pl.DataFrame, lists: pl.Series, model: Model) -> pl.DataFrame:
    """Pairs with the weight that what their two lists share adds. It alone puts no pair beyond
    doubt: kin share lists as well.
    """
    if not model.between or pairs.is_empty():
        return pairs
    names, of = numbered(lists)
    bits = np.zeros((len(names), len(names)))
    for (a, one), (b, other) in ((x, y) for x in enumerate(names) for y in enumerate(names)):
        bits[a, b] = model.between.get(between(one, other), 0.0)
    left, right = of[pairs["left"].to_numpy()], of[pairs["right"].to_numpy()]
    weight = _lifted(pairs["weight"].to_numpy(), pairs["kin"].to_numpy(), bits[left, right])
    return pairs.with_columns(
        weight=pl.Series(weight), probability=pl.Series(1 / (1 + np.exp2(-weight)))
    )


def _lifted(weight: Weights, kin: Weights, bits: Weights) -> Weights:
    """Weights where two lists share more, or fewer, people by so many bits: kin of one another's
    people among them as well.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        against = np.where(np.isinf(kin), np.inf, kin + np.log2(1 - np.exp2(-np.minimum(kin, 900))))
        lifted: Weights = np.where(
            np.isinf(kin), weight, weight + bits + kin - np.logaddexp2(0.0, bits + against)
        )
    return lifted


def between(one: str, other: str) -> str:
    """What two lists are called together."""
    return " | ".join(sorted((one, other)))


def _shared(
    whole: pl.DataFrame, names: Sequence[str], of: Numbers, model: Model
) -> dict[str, float]:
    """Bits that two lists add to the prior, for every two: the share of matches that reproduces
    itself.
    """
    size = len(names)
    left, right = of[whole["left"].to_numpy()], of[whole["right"].to_numpy()]
    key = np.minimum(left, right) * size + np.maximum(left, right)
    counts = np.bincount(of, minlength=size).astype(float)
    number = np.triu(np.outer(counts, counts))
    np.fill_diagonal(number, counts * (counts - 1) / 2)
    number = np.maximum(number.ravel(), 1e-9)
    base = float(np.log(model.prior / (1 - model.prior)))
    weight, kin, stands = (whole[name].to_numpy() for name in ("weight", "kin", "stands_for"))
    prior = np.full(size * size, model.prior)
    for _ in range(200):
        bits = (np.log(prior) - np.log1p(-prior) - base) / _BIT
        share = 1 / (1 + np.exp2(-_lifted(weight, kin, bits[key])))
        matches = np.bincount(key, weights=share * stands, minlength=size * size)
        pooled = max(
            matches.sum() / number[np.triu(np.ones((size, size))).ravel() > 0].sum(), 1e-12
        )
        fresh = np.clip((matches + _SHOWN) / (number + _SHOWN / pooled), 1e-12, 0.5)
        if np.abs(np.log(fresh / prior)).max() < 1e-5:
            break
        prior = fresh
    bits = (np.log(prior) - np.log1p(-prior) - base) / _BIT
    return {
        between(names[a], names[b]): float(bits[a * size + b])
        for a in range(size)
        for b in range(a, size)
    }


def _missed(rest: pl.DataFrame, names: tuple[str, ...], of: Numbers, exact: bool) -> Missed:
    faint = rest.filter((pl.col("probability") >= FAINTEST) & pl.lit(exact))
    numbered = rest.filter(~((pl.col("probability") >= FAINTEST) & pl.lit(exact)))
    expected, spread = np.zeros((2, len(names), len(names)))
    left, right = of[numbered["left"].to_numpy()], of[numbered["right"].to_numpy()]
    at = (np.minimum(left, right), np.maximum(left, right))
    worth = (numbered["probability"] * numbered["stands_for"]).to_numpy()
    np.add.at(expected, at, worth)
    if not exact:
        np.add.at(spread, at, worth**2)
    odds = faint["weight"].to_numpy() * _BIT
    return Missed(
        names,
        of,
        faint["left"].to_numpy(),
        faint["right"].to_numpy(),
        odds,
        expected,
        np.sqrt(spread),
    )


def _others(frame: pl.DataFrame, pairs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Pairs that no rule found, with how many each stands for."""
    size = frame.height
    by_rule = np.sort(pairs["left"].to_numpy() * size + pairs["right"].to_numpy())
    if every_pair(size):
        left, right = np.triu_indices(size, 1)
        stands = np.ones(len(left))
    else:
        left, right, stands = _sample(frame, np.random.default_rng(seed))
    fresh = ~np.isin(left * size + right, by_rule, assume_unique=False)
    return pl.DataFrame(
        {"left": left[fresh], "right": right[fresh], "stands_for": stands[fresh]},
        schema={"left": pl.Int64, "right": pl.Int64, "stands_for": pl.Float64},
    )


def _sample(frame: pl.DataFrame, random: np.random.Generator) -> tuple[Numbers, Numbers, Weights]:
    """Pairs drawn by stratum; a pair of several strata belongs to the first."""
    near = frame["nationality"].fill_null("") + "/" + frame["birth_span"].cast(pl.String)
    strata = [_codes(frame["area"]), _codes(near), np.zeros(frame.height, dtype=np.int64)]
    drawn: list[tuple[Numbers, Numbers, Weights]] = []
    for at, codes in enumerate(strata):
        left, right, stands_for = _drawn(codes, _SAMPLE // len(strata), random)
        mine = np.ones(len(left), dtype=bool)
        for earlier in strata[:at]:
            mine &= (earlier[left] != earlier[right]) | (earlier[left] < 0)
        drawn.append((left[mine], right[mine], np.full(int(mine.sum()), stands_for)))
    left, right, stands = (np.concatenate(each) for each in zip(*drawn, strict=True))
    return left, right, stands


def _codes(values: pl.Series) -> Numbers:
    codes: Numbers = values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy() - 1
    return codes


def _drawn(
    codes: Numbers, number: int, random: np.random.Generator
) -> tuple[Numbers, Numbers, float]:
    """Pairs of places with one code, drawn alike from all such pairs, and how many each stands for;
    code -1 is none.
    """
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    starts = (
        np.flatnonzero(np.r_[True, np.diff(codes[order]) != 0])
        if len(order)
        else np.zeros(0, dtype=np.int64)
    )
    sizes = np.diff(np.r_[starts, len(order)]).astype(float)
    pairs = sizes * (sizes - 1) / 2
    if not pairs.sum():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0.0
    block = random.choice(len(pairs), size=number, p=pairs / pairs.sum())
    first = (random.random(number) * sizes[block]).astype(np.int64)
    second = (random.random(number) * (sizes[block] - 1)).astype(np.int64)
    second += second >= first
    one, other = order[starts[block] + first], order[starts[block] + second]
    return np.minimum(one, other), np.maximum(one, other), float(pairs.sum() / number)
