"""What is left of a total for a longer time once the figures shown are taken from it: it lies in
the days of that time of which nothing is shown.

A total counts only where it is stated undivided for time that is asked about, by the body that
stated every figure shown within it, and no earlier than these: it then knows of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from darkfigure.basis.period import Period
from darkfigure.basis.saying import say
from darkfigure.basis.spans import lacking
from darkfigure.basis.statement import Block
from darkfigure.tables.building import source_of
from darkfigure.tables.cell import Source
from darkfigure.tables.evidence import Total
from darkfigure.tables.intervals import Bounded, difference
from darkfigure.tables.pieces import Key, Piece, joined, piece_from
from darkfigure.tables.question import Question


@dataclass(frozen=True)
class Remaining:
    """The figures shown make `parts` of a `total`; `rest` lies in `days`."""

    dims: Mapping[str, str | None]
    total: Source
    block: int
    parts: Bounded
    rest: Bounded
    days: tuple[Period, ...]


def remaining(
    question: Question,
    used: Iterable[tuple[Key, Piece]],
    totals: Sequence[Total],
    by_id: Mapping[int, Block],
) -> list[Remaining]:
    """What each total leaves; none that the figures shown fill, exceed or do not touch."""
    shown: dict[tuple[str, tuple[str | None, ...]], list[Piece]] = defaultdict(list)
    for key, piece in used:
        shown[key.population, key.dims].append(piece)
    found: list[Remaining] = []
    for total in sorted(totals, key=lambda each: _place(by_id[each.blocks[0]])):
        block = by_id[total.blocks[0]]
        within = [
            piece
            for piece in shown[block.population, tuple(total.dims)]
            if any(block.period.meets(each.period) for each in piece.blocks)
        ]
        if within and all(_known_to(block, each) for piece in within for each in piece.blocks):
            found += _left(question, block, total, within)
    return found


def _place(block: Block) -> tuple[object, ...]:
    return block.period.start, block.period.end, -block.stated_on.toordinal(), block.row_key


def _known_to(whole: Block, part: Block) -> bool:
    """Whether a total was stated with a figure within it in view."""
    return (
        whole.stated_by == part.stated_by
        and whole.stated_on >= part.stated_on
        and whole.period.covers(part.period)
    )


def _left(
    question: Question, block: Block, total: Total, within: Sequence[Piece]
) -> Iterable[Remaining]:
    days = lacking([each.period for piece in within for each in piece.blocks], block.period)
    whole, parts = piece_from([block], total, 0), joined(within)
    rest = difference(_bounded(whole), _bounded(parts))
    if days and rest.high is not None and rest.high >= 0:
        yield Remaining(
            dict(zip(question.by, total.dims, strict=True)),
            source_of(block, whole, say("rule.only")),
            block.id,
            _bounded(parts),
            rest._replace(low=max(rest.low or 0, 0)),
            tuple(days),
        )


def _bounded(piece: Piece) -> Bounded:
    """A count and its bounds: it is never below nought."""
    return Bounded(piece.value, piece.low or 0, piece.high)
