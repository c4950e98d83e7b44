"""Whether a table is the whole or a part of what is held: one that leaves out cells of the table
before it is taken for neither until it is said which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.basis.statement import Block, Row
from darkfigure.tables.measures import measure_named


class Extent(StrEnum):
    """What a table is beside one held of the same matter."""

    WHOLE = "whole"
    PART = "part"


class LeftOut(NamedTuple):
    """A whole table that leaves out cells of the one before it: what of, between which statements,
    how many of how many; `late` says that the older one is what arrives.
    """

    measure: str
    period: str
    older: str
    stated_on: date
    newer: str
    newer_on: date
    late: bool
    held: int
    missing: int

    @property
    def problem(self) -> Problem:
        """The fault, for who sent what arrives."""
        source, day = (self.newer, self.newer_on) if self.late else (self.older, self.stated_on)
        wrong = say(
            "problems.wrong.left_out_by" if self.late else "problems.wrong.leaves_out",
            measure=measure_named(self.measure).title,
            period=self.period,
            source=source,
            day=day,
            missing=self.missing,
            held=self.held,
        )
        return Problem(wrong, say("problems.right.whole_or_part"), rule="part")


def what_is_left_out(
    tables: Iterable[tuple[Block, Sequence[Row]]], return_id: int
) -> list[LeftOut]:
    """What whole tables of a return leave out of those before them, or what those after it leave
    out of them. The store asks the same of its tables in SQL.
    """
    matters: dict[tuple[object, ...], list[tuple[Block, Sequence[Row]]]] = defaultdict(list)
    for block, rows in tables:
        matters[block.matter].append((block, rows))
    pairs = [
        _between(older, newer, return_id)
        for same in matters.values()
        for newer in same
        for older in _before(newer[0], same)
        if return_id in (older[0].return_id, newer[0].return_id)
    ]
    return sorted(
        (pair for pair in pairs if pair.missing), key=lambda pair: (pair.measure, pair.period)
    )


def _before(
    newer: Block, same: Sequence[tuple[Block, Sequence[Row]]]
) -> list[tuple[Block, Sequence[Row]]]:
    """The tables that a whole table comes next after."""
    if not newer.whole:
        return []
    days = [block.stated_on for block, _ in same if block.stated_on < newer.stated_on]
    return [table for table in same if days and table[0].stated_on == max(days)]


def _between(
    older: tuple[Block, Sequence[Row]], newer: tuple[Block, Sequence[Row]], return_id: int
) -> LeftOut:
    (before, cells), (after, rows) = older, newer
    stated = {tuple(sorted(row.dims.items())) for row in rows}
    standing = [row for row in cells if row.closed is None or row.closed >= after.stated_on]
    missing = [
        row for row in standing if row.value != 0 and tuple(sorted(row.dims.items())) not in stated
    ]
    return LeftOut(
        before.measure,
        before.period.label,
        before.source,
        before.stated_on,
        after.source,
        after.stated_on,
        before.return_id == return_id,
        len(standing),
        len(missing),
    )
