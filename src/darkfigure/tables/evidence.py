"""What tabulation reads: blocks of statements, and totals over their rows. The store and the memory
both give it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from darkfigure.basis.statement import Block, Number, Row, tidy
from darkfigure.tables.question import Condition

__all__ = ["Evidence", "Number", "Total", "collapsed", "tidy"]


@dataclass(slots=True)
class Total:
    """The rows of one breakdown value, added up; of one block, or of several where they were
    collapsed.

    `blocks` are those added up; of several of one document those between the first and the last may
    be named too. `dims` follows the dimensions asked by; None where a block is not broken down so.
    `count` rows were read, of which `valued` hold a figure; `low` and `high` sum the bounds of the
    `lows` and `highs` rows that have one.
    """

    blocks: Sequence[int]
    dims: tuple[str | None, ...]
    count: int
    valued: int
    value: Number
    lows: int
    low: Number
    highs: int
    high: Number
    reasons: Sequence[str]
    note: str


class Evidence(Protocol):
    """Read access to statements, within what the reader may see."""

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure, closed ones too, that the reader may see."""

    def withheld(self, measure: str) -> int:
        """How many standing blocks of the measure the reader may not see."""

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows of `blocks` standing on `as_at`, added up by `by`; over all blocks at once where
        `collapse`.
        """

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> Iterable[Row]:
        """The single rows of `blocks` that stood on `as_at`, or all of them for None, in file
        order.
        """


def collapsed(totals: Iterable[Total]) -> list[Total]:
    """Totals of one breakdown value over all blocks, added up."""
    groups: dict[tuple[str | None, ...], Total] = {}
    for total in totals:
        held = groups.get(total.dims)
        if held is None:
            groups[total.dims] = total
            continue
        held.blocks = [*held.blocks, *total.blocks]
        for name in ("count", "valued", "value", "lows", "low", "highs", "high"):
            setattr(held, name, getattr(held, name) + getattr(total, name))
        held.reasons, held.note = sorted({*held.reasons, *total.reasons}), ""
    return list(groups.values())
