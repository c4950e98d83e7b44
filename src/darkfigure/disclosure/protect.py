"""A table protected in one of five ways, and what each keeps: the table that can go out, and a
report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.averaging import named_rightly
from darkfigure.disclosure.check import Found
from darkfigure.disclosure.coarsening import Coarsened, coarsened, merged
from darkfigure.disclosure.cube import TOTAL, Behind, Cube, Whole, Yes, dimension
from darkfigure.disclosure.elementary import read_back
from darkfigure.disclosure.kept_beside import Others, Within, kept_beside
from darkfigure.disclosure.noise import noised
from darkfigure.disclosure.perturbation import Noise, perturbed
from darkfigure.disclosure.published import PublishedCell, PublishedTable, small_differences
from darkfigure.disclosure.rounding import rounded
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.suppress import Suppressed, Watch, suppress
from darkfigure.disclosure.witness import Outcome


class Method(StrEnum):
    """How a table is protected."""

    SUPPRESS = "suppress"
    ROUND = "round"
    PERTURB = "perturb"
    COARSEN = "coarsen"
    NOISE = "noise"


class State(StrEnum):
    """What a published number is: as counted (no word), or what was done to it."""

    SHOWN = ""
    SUPPRESSED = "suppressed"
    ROUNDED = "rounded"
    PERTURBED = "perturbed"
    NOISY = "noisy"


@dataclass(frozen=True)
class Kept:
    """What a table tells before and after, and what of it can be read back.

    `cells` and `hidden` count cells, `distinct` figures made of different people; `small` are the
    cells that must be hidden, `read_back` how many of them sums tell where they alone are hidden,
    with noughts shown and without; `off` is by how much published numbers differ, on average and at
    most; `told`, `unproved` how many hidden figures can be worked out, or are not proved not to be;
    `kept` the part of what the table told that is left, by entropy of its finest cells; `named` how
    many small figures an attacker names rightly by their noisy number, and by averaging all.
    """

    cells: int
    distinct: int
    small: int
    read_back: tuple[int, int]
    hidden: int = 0
    told: int = 0
    unproved: int = 0
    off: tuple[float, int] = (0.0, 0)
    kept: float = 1.0
    named: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Protected:
    """A table that can go out. `published` has a number for each figure of `cube`, `hidden` says
    which are not told. `epsilon` is what noise guarantees.
    """

    method: Method
    rule: Rule
    cube: Cube
    published: Whole
    hidden: Yes
    state: State
    before: Kept
    kept: Kept
    count: str = "count"
    coarsened: Coarsened | None = None
    suppressed: Suppressed | None = None
    epsilon: float = 0.0
    #: What comes out of tables that are out already, whatever this one hides.
    told_beside: tuple[Found, ...] = ()

    @property
    def witnesses(self) -> int:
        """How many whole tables prove what is hidden."""
        settled = self.suppressed.settled if self.suppressed else None
        return len(settled.differences) if settled else 0

    @property
    def safe(self) -> bool:
        """Whether nothing that must be hidden is told or left unproved."""
        return not (self.kept.told or self.kept.unproved or self.told_beside)

    def rows(self) -> Iterator[tuple[dict[str, str], int | None, State]]:
        """Every cell that is published: its values, its number (none where hidden), what it is.

        Cells rounded to nought are left out, as empty ones are; a value that is a group of its own
        stands once.
        """
        named: set[tuple[str, ...]] = set()
        for values, figure in self.cube.rows():
            if (called := tuple(values.values())) in named:
                continue
            named.add(called)
            if self.hidden[figure]:
                yield values, None, State.SUPPRESSED
            elif self.published[figure] or self.state is State.SHOWN:
                yield values, int(self.published[figure]), self.state


def table_of(
    frame: pl.DataFrame,
    by: Sequence[str],
    count: str,
    levels: Mapping[str, Sequence[Mapping[str, str]]] = MappingProxyType({}),
    behind: Mapping[str, str] = MappingProxyType({}),
) -> Cube:
    """The cube of a table: a column for each dimension, and one of counts (whole, nought or
    more). `levels` say by dimension which group each value falls in, one coarser than another: the
    groups are published as margins. `behind` names the columns of whose each row is: of a
    contributor, of a record.
    """
    if not by:
        raise Unreadable("Name the dimensions of the table (--by A,B).")
    dimensions = [dimension(name, frame[name].to_list(), *levels.get(name, ())) for name in by]
    places = [{value: at for at, value in enumerate(each.levels[0])} for each in dimensions]
    codes = np.stack(
        [
            np.array([place[value] for value in frame[name]], dtype=np.int64)
            for name, place in zip(by, places, strict=True)
        ],
        axis=1,
    )
    counts = frame[count].to_numpy().astype(np.int64)
    holding = counts > 0
    rows = {
        kind: Behind(
            codes[holding], tuple(frame[column].filter(pl.Series(holding))), counts[holding]
        )
        for kind, column in behind.items()
    }
    return Cube(dimensions, codes, counts, behind=rows)


def protect(
    cube: Cube,
    rule: Rule,
    method: Method,
    *,
    secret: bytes = b"",
    chosen: Mapping[str, Mapping[str, str]] | None = None,
    earlier: Sequence[PublishedTable] = (),
    beside: Sequence[PublishedTable] = (),
    within: Within = (),
    epsilon: float = 0.0,
    seconds: float = 60.0,
    watch: Watch | None = None,
) -> Protected:
    """Protect a table. `secret` is needed to perturb, `epsilon` for noise; `chosen` are values
    merged first, by dimension; of `earlier` vintages of it, what differs by few people is hidden
    too, and what comes out of it and tables of the same people `beside` it. `within` is as for
    `together`.
    """
    if (beside or earlier) and method not in (Method.SUPPRESS, Method.COARSEN):
        raise Unreadable(
            f"--method {method} does not look at what is out already: with --after and --beside "
            "counts are hidden (--method suppress) or merged (--method coarsen)."
        )
    if rule.looks_behind and method not in (Method.SUPPRESS, Method.COARSEN):
        raise Unreadable(
            f"--method {method} does not keep apart who contributed what: a count that one "
            "contributor dominates is hidden (--method suppress) or merged (--method coarsen)."
        )
    before = _before(cube, rule)
    first = merged(cube, chosen) if chosen else None
    table = first.cube if first else cube
    if method is Method.ROUND:
        return _rounded(table, rule, before, first)
    if method is Method.PERTURB:
        return _perturbed(table, rule, before, secret, first)
    if method is Method.NOISE:
        return _noised(table, rule, before, epsilon, first)
    if method is Method.COARSEN and first is None:
        first = coarsened(cube, rule)
        table = first.cube
    must = rule.must_hide(table) | _differing(table, earlier, rule)
    others = Others(beside, earlier, [*within, *_merged_within(first, beside)])
    return _suppressed(table, rule, method, before, first, must, others, seconds, watch)


def _merged_within(
    first: Coarsened | None, beside: Sequence[PublishedTable]
) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """What values of tables beside went into which of those that this one merged."""
    known = {value for table in beside for cell in table.cells for value in cell.values.values()}
    for name, groups in first.merged.items() if first else ():
        if known & groups.keys():
            yield {f"{name}, merged": groups}


def _differing(cube: Cube, earlier: Sequence[PublishedTable], rule: Rule) -> Yes:
    """Figures that differ from an earlier vintage's by fewer people than the threshold."""
    differ: Yes = np.zeros(cube.figures, dtype=bool)
    if not earlier:
        return differ
    cells = tuple(
        PublishedCell(
            {name: value for name, value in values.items() if value != TOTAL},
            *2 * (int(cube.values[figure]),),
            figure,
        )
        for values, figure in cube.rows()
    )
    later = PublishedTable("", tuple(each.name for each in cube.dimensions), cells)
    for vintage in earlier:
        differ[[cell.place for _, cell in small_differences(vintage, later, rule)]] = True
    return differ


def _before(cube: Cube, rule: Rule) -> Kept:
    small = rule.must_hide(cube)
    cells = cube.cells_of_figure
    counts = [
        int(cells[read_back(cube.sums, ~small, cube.values, least).told].sum())
        for least in (cube.members, np.zeros_like(cube.members))
    ]
    return Kept(len(cube), cube.figures, int(cells[small].sum()), (counts[0], counts[1]))


def _with(before: Kept, cube: Cube, first: Coarsened | None, **counts: object) -> Kept:
    return Kept(
        **{
            **before.__dict__,
            "cells": len(cube),
            "distinct": cube.figures,
            "kept": first.kept if first else 1.0,
            **counts,
        }
    )


def _suppressed(
    table: Cube,
    rule: Rule,
    method: Method,
    before: Kept,
    first: Coarsened | None,
    must: Yes,
    others: Others,
    seconds: float,
    watch: Watch | None,
) -> Protected:
    if rule.looks_behind:
        # one width for all: what the most dominated figure needs
        width = max(rule.width, int(rule.uncertain_by(table).max()))
        rule = replace(rule, width=width)

    def hidden(must: Yes, left: float) -> Suppressed:
        return suppress(table, rule, must, seconds=left, watch=watch)

    out_beside: tuple[Found, ...] = ()
    if others.beside or (others.earlier and rule.moves):
        protected, out_beside = kept_beside(table, rule, must, hidden, others, seconds)
    else:
        protected = hidden(must, seconds)
    small = int(table.cells_of_figure[protected.primary].sum())
    out = protected.of(Outcome.TOLD)
    unproved = protected.of(Outcome.UNPROVED)
    kept = _with(
        before,
        table,
        first,
        small=small,
        hidden=protected.hidden_cells,
        told=len(out),
        unproved=len(unproved),
    )
    return Protected(
        method,
        rule,
        table,
        table.values,
        protected.hidden,
        State.SHOWN,
        before,
        kept,
        coarsened=first,
        suppressed=protected,
        told_beside=out_beside,
    )


def _rounded(table: Cube, rule: Rule, before: Kept, first: Coarsened | None) -> Protected:
    protected = rounded(table, rule.threshold)
    kept = _with(before, table, first, off=_off(table, protected.published))
    nothing = np.zeros(table.figures, dtype=bool)
    return Protected(
        Method.ROUND,
        rule,
        table,
        protected.published,
        nothing,
        State.ROUNDED,
        before,
        kept,
        coarsened=first,
    )


def _perturbed(
    table: Cube, rule: Rule, before: Kept, secret: bytes, first: Coarsened | None
) -> Protected:
    protected = perturbed(table, secret, Noise(most=rule.threshold, variance=rule.threshold / 2))
    small = rule.must_hide(table)
    kept = _with(
        before,
        table,
        first,
        off=_off(table, protected),
        small=int(small.sum()),
        named=named_rightly(table, protected, small),
    )
    nothing = np.zeros(table.figures, dtype=bool)
    return Protected(
        Method.PERTURB,
        rule,
        table,
        protected,
        nothing,
        State.PERTURBED,
        before,
        kept,
        coarsened=first,
    )


def _noised(
    table: Cube, rule: Rule, before: Kept, epsilon: float, first: Coarsened | None
) -> Protected:
    made, off = noised(table, epsilon)
    return Protected(
        Method.NOISE,
        rule,
        made,
        made.values,
        np.zeros(made.figures, dtype=bool),
        State.NOISY,
        before,
        _with(before, made, first, off=off),
        coarsened=first,
        epsilon=epsilon,
    )


def _off(table: Cube, published: Whole) -> tuple[float, int]:
    off = np.abs(published - table.values)
    mean = float((off * table.cells_of_figure).sum() / len(table))
    return mean, int(off.max())
