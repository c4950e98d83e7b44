"""Totals against their parts, within one submission: years against quarters, totals against
breakdowns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

import polars as pl

from darkfigure.basis.period import Period
from darkfigure.basis.saying import Saying, Word, quote, say, several
from darkfigure.basis.spans import claimed
from darkfigure.basis.statement import DIMENSIONS, Head, Role
from darkfigure.cases.submission import Submission
from darkfigure.codes import codes_for
from darkfigure.tables.cover import Span, plan_cover
from darkfigure.tables.evidence import Number, tidy
from darkfigure.tables.unreturned import RETURNING, what_is_missing

#: Beyond this many rows a submission is not reconciled: its rows would have to be kept in memory.
ROW_LIMIT = 250_000

#: From this size on a tenfold figure is told; so many figures alike make a period a copy.
JUMP_FROM, ALIKE = 100, 3

Values = dict[tuple[str, ...], Number]
#: For each head the least and the most that each value of its breakdown can be.
Bounds = dict[int, dict[tuple[str, ...], tuple[float, float]]]


@dataclass(frozen=True)
class Mismatch:
    """A stated total and the parts stated beside it that do not add up to it."""

    head: Head
    dims: dict[str, str]
    stated: Number
    added: Number
    parts: Saying
    again: bool = False

    @property
    def said(self) -> Saying:
        """Which total, what it was stated as, and what its parts make, or what else it was stated
        as.
        """
        labels = (codes_for(name).label(code) for name, code in self.dims.items())
        where = several([self.head.measure, self.head.period.label, *labels], "comma")
        if self.again:
            return say(
                "problems.remark.again",
                where=where,
                stated=self.stated,
                other=self.added,
                source=self.parts,
            )
        return say(
            "problems.remark.total",
            where=where,
            stated=self.stated,
            parts=self.parts,
            added=self.added,
            off=self.stated - self.added,
        )


class Reconciler:
    """Watches the batches of a submission pass, then says what does not add up."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._frames: list[pl.DataFrame] = []
        self._rows = 0

    def watch(self, batch: pl.DataFrame) -> None:
        """Take note of a batch; nothing is kept once the limit is passed."""
        self._rows += batch.height
        if self._rows <= ROW_LIMIT:
            numbers = [pl.col(name).cast(pl.Float64) for name in ("value", "low", "high")]
            self._frames.append(batch.select("head", *DIMENSIONS, *numbers))
        else:
            self._frames.clear()

    def mismatches(self) -> list[Mismatch]:
        """Every stated total that its parts do not make, the least broken down first."""
        heads = self._submission.heads
        if self._rows > ROW_LIMIT or len(heads) < 2 or not self._frames:
            return []
        values, bounds = self._values(), self._bounds()
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number, head in enumerate(heads):
            if head.role is Role.FIGURE:
                key = (head.measure, head.unit, head.population, head.stated_by, head.stated_on)
                groups[key].append(number)
        found = [
            miss
            for numbers in groups.values()
            for miss in (
                *self._said_twice(numbers, values),
                *self._over_time(numbers, values),
                *self._over_dims(numbers, values, bounds),
            )
        ]
        return sorted(found, key=lambda miss: (len(miss.dims), miss.head.measure, miss.head.period))

    def unreturned(self) -> list[Saying]:
        """Every body that one period of the file holds nothing of, though another does."""
        heads = self._submission.heads
        if self._rows > ROW_LIMIT or len(heads) < 2 or not self._frames:
            return []
        pairs = pl.concat([each.select("head", RETURNING) for each in self._frames])
        held: dict[int, set[str]] = defaultdict(set)
        for number, area in pairs.drop_nulls().unique().iter_rows():
            held[number].add(area)
        alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number, head in enumerate(heads):
            if head.role is Role.FIGURE and RETURNING in head.shape:
                same = (head.measure, head.unit, head.population, head.shape, head.stated_by)
                alike[(*same, head.stated_on)].append(number)
        return [
            said for numbers in alike.values() for said in _without_return(heads, numbers, held)
        ]

    def oddities(self) -> list[Saying]:
        """What is seldom so of a series: a figure ten times the one before, a period that says what
        the one before it says.
        """
        if self.skipped or not self._frames:
            return []
        heads, values = self._submission.heads, self._values()
        alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number, head in enumerate(heads):
            if head.role is Role.FIGURE and number in values:
                series = (head.measure, head.unit, head.population, head.shape, head.stated_by)
                alike[(*series, head.stated_on, head.period.days // 28)].append(number)
        pairs = [
            pair
            for numbers in alike.values()
            for pair in pairwise(sorted(numbers, key=lambda n: heads[n].period.start))
            if not heads[pair[0]].period.meets(heads[pair[1]].period)
        ]
        return [*self._same_again(pairs, values), *self._jumps(pairs, values)]

    def _same_again(
        self, pairs: Sequence[tuple[int, int]], values: dict[int, Values]
    ) -> Iterator[Saying]:
        for earlier, later in pairs:
            before, after = values[earlier], values[later]
            if len(before) >= ALIKE and before == after and any(after.values()):
                yield say("problems.remark.same_again", **self._about(earlier, later))

    def _jumps(
        self, pairs: Sequence[tuple[int, int]], values: dict[int, Values]
    ) -> Iterator[Saying]:
        """Tenfold figures, told once for two periods of a measure, however they are broken down."""
        heads = self._submission.heads
        first: dict[tuple[str, str, str], Saying] = {}
        jumps: Counter[tuple[str, str, str]] = Counter()
        for earlier, later in pairs:
            for dims, value in values[later].items():
                if dims in values[earlier] and _is_jump(values[earlier][dims], value):
                    named = self._about(earlier, later)
                    about = (named["measure"], named["before"], named["after"])
                    codes = zip(_order(heads[later].shape), dims, strict=True)
                    labels = [codes_for(name).label(code) for name, code in codes]
                    first.setdefault(about, _in_all(labels))
                    jumps[about] += 1
        for about, count in jumps.items():
            measure, before, after = about
            yield say(
                "problems.remark.jump",
                count=count,
                where=first[about],
                measure=measure,
                before=before,
                after=after,
            )

    def _about(self, earlier: int, later: int) -> dict[str, str]:
        heads = self._submission.heads
        return {
            "measure": heads[later].measure,
            "before": heads[earlier].period.label,
            "after": heads[later].period.label,
        }

    @property
    def skipped(self) -> bool:
        """Whether the submission was too large to reconcile."""
        return self._rows > ROW_LIMIT

    def _values(self) -> dict[int, Values]:
        """For each head the sum stated for each value of its breakdown; those with an unknown left
        out.
        """
        sums = (
            pl.concat(self._frames)
            .group_by("head", *DIMENSIONS)
            .agg(value=pl.col("value").sum(), whole=pl.col("value").is_not_null().all())
            .filter("whole")
            .drop("whole")
            .sort("head", *DIMENSIONS)
        )
        values: dict[int, Values] = defaultdict(dict)
        for number, *dims, value in sums.iter_rows():
            values[number][tuple(dim for dim in dims if dim is not None)] = tidy(value)
        return values

    def _bounds(self) -> Bounds:
        """For each head the least and the most that each value of its breakdown can be: what is not
        stated at all has neither.
        """
        open_ = pl.col("value").is_null() & pl.col("high").is_null()
        sums = (
            pl.concat(self._frames)
            .group_by("head", *DIMENSIONS)
            .agg(
                low=pl.coalesce("value", "low", pl.lit(0.0)).sum(),
                high=pl.when(open_).then(inf).otherwise(pl.coalesce("value", "high")).sum(),
            )
        )
        bounds: Bounds = defaultdict(dict)
        for number, *dims, low, high in sums.iter_rows():
            bounds[number][tuple(dim for dim in dims if dim is not None)] = (low, high)
        return bounds

    def _said_twice(self, numbers: Sequence[int], values: dict[int, Values]) -> Iterator[Mismatch]:
        """Figures of one matter that one body states twice on one day, and differently."""
        heads = self._submission.heads
        matters: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for number in numbers:
            period = heads[number].period
            matters[(heads[number].shape, period.start, period.end)].append(number)
        for first, *others in matters.values():
            for other in others:
                for dims, stated in values[first].items():
                    again = values[other].get(dims, stated)
                    if again != stated:
                        found = self._mismatch(
                            first, dims, stated, again, quote(heads[other].source)
                        )
                        yield replace(found, again=True)

    def _over_time(self, numbers: Sequence[int], values: dict[int, Values]) -> Iterator[Mismatch]:
        heads = self._submission.heads
        shapes: dict[frozenset[str], list[int]] = defaultdict(list)
        for number in numbers:
            shapes[heads[number].shape].append(number)
        for same in shapes.values():
            spans = tuple(
                Span(heads[n].period.start, heads[n].period.end, heads[n].stated_on) for n in same
            )
            for place, tiles in plan_cover(spans).tiled:
                for dims, stated in values[same[place]].items():
                    parts = [values[same[tile]].get(dims) for tile in tiles]
                    added = sum(part for part in parts if part is not None)
                    if None not in parts and added != stated:
                        yield self._mismatch(
                            same[place],
                            dims,
                            stated,
                            added,
                            say("problems.remark.periods", count=len(tiles)),
                        )

    def _over_dims(
        self, numbers: Sequence[int], values: dict[int, Values], bounds: Bounds
    ) -> Iterator[Mismatch]:
        """Totals that are less than their parts can be, or more."""
        heads = self._submission.heads
        for total in numbers:
            for parts in (n for n in numbers if _broken_down_by_one(heads[total], heads[n])):
                extra = next(iter(heads[parts].shape - heads[total].shape))
                place = _order(heads[parts].shape).index(extra)
                least: dict[tuple[str, ...], float] = defaultdict(float)
                most: dict[tuple[str, ...], float] = defaultdict(float)
                for dims, (low, high) in bounds[parts].items():
                    least[dims[:place] + dims[place + 1 :]] += low
                    most[dims[:place] + dims[place + 1 :]] += high
                for dims, stated in values[total].items():
                    if dims in least and not least[dims] <= stated <= most[dims]:
                        off = least[dims] if stated < least[dims] else most[dims]
                        yield self._mismatch(
                            total,
                            dims,
                            stated,
                            tidy(off),
                            say("problems.remark.parts", dimension=Word("dimension", extra)),
                        )

    def _mismatch(
        self, number: int, dims: tuple[str, ...], stated: Number, added: Number, parts: Saying
    ) -> Mismatch:
        head = self._submission.heads[number]
        return Mismatch(
            head, dict(zip(_order(head.shape), dims, strict=True)), stated, added, parts
        )


def _without_return(
    heads: Sequence[Head], numbers: Sequence[int], held: Mapping[int, set[str]]
) -> Iterator[Saying]:
    days: dict[str, list[Period]] = defaultdict(list)
    gaps = what_is_missing(
        [heads[number].period for number in numbers], [held[number] for number in numbers]
    )
    for missing in gaps:
        days[missing.area] += missing.days
    for area in sorted(area for area, lacking in days.items() if lacking):
        label = codes_for(RETURNING).label(area)
        yield say("problems.remark.unreturned", area=label, period=claimed(days[area]))


def _in_all(labels: Sequence[str]) -> Saying:
    """Labels one after another; "in all" without any."""
    return (
        say("problems.in_all")
        if not labels
        else say("problems.named", names=several(labels, "comma"))
    )


def _is_jump(one: Number, other: Number) -> bool:
    """Whether a figure of some size is ten times another."""
    least, most = sorted((abs(one), abs(other)))
    return most >= JUMP_FROM and most >= 10 * max(least, 1)


def _order(shape: frozenset[str]) -> list[str]:
    return [name for name in DIMENSIONS if name in shape]


def _broken_down_by_one(total: Head, parts: Head) -> bool:
    return (
        total.shape < parts.shape
        and len(parts.shape) == len(total.shape) + 1
        and (total.period.start, total.period.end) == (parts.period.start, parts.period.end)
    )


def watched(submission: Submission) -> Iterator[pl.DataFrame]:
    """The batches of a submission; once they are through, what does not add up stands among its
    remarks.
    """
    reconciler = Reconciler(submission)
    for batch in submission.batches:
        reconciler.watch(batch)
        yield batch
    for miss in reconciler.mismatches():
        submission.remark("total", miss.said)
    for said in reconciler.oddities():
        submission.remark("odd", said)
    for said in reconciler.unreturned():
        submission.remark("no return", said)
    if reconciler.skipped:
        submission.remark("size", say("problems.remark.unreconciled", limit=ROW_LIMIT))
