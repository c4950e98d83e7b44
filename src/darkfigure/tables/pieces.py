"""Pieces: what one body states for one cell and one period, gathered from totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from darkfigure.basis.period import bucket
from darkfigure.basis.statement import Block
from darkfigure.tables.evidence import Number, Total
from darkfigure.tables.question import Question


class Key(NamedTuple):
    """Where a piece belongs: population, bucket of time ("" where time is not cut), values of the
    dimensions asked.
    """

    population: str
    bucket: str
    dims: tuple[str | None, ...]

    def refines(self, other: Key) -> bool:
        """Whether this key is `other` broken down further."""
        return (
            self != other
            and (self.population, self.bucket) == (other.population, other.bucket)
            and all(
                theirs is None or mine == theirs
                for mine, theirs in zip(self.dims, other.dims, strict=True)
            )
        )


class Piece(NamedTuple):
    """The figure of one body in one breakdown for one period.

    `extra` counts the dimensions it was added up over. `complete` is false where some rows hold no
    figure.
    """

    blocks: tuple[Block, ...]
    value: Number | None
    low: Number | None
    high: Number | None
    complete: bool
    reasons: frozenset[str]
    notes: tuple[str, ...]
    extra: int

    @property
    def stated_on(self) -> date:
        """The oldest of the days its parts were stated on: a set is as recent as its oldest
        part.
        """
        return min(block.stated_on for block in self.blocks)

    @property
    def preference(self) -> tuple[object, ...]:
        """Sorts first the piece to use: latest, most direct, the document itself, then a fixed
        order.
        """
        first = self.blocks[0]
        return (
            -self.stated_on.toordinal(),
            self.extra,
            first.rank,
            first.stated_by,
            first.return_sha256,
            first.row_key,
        )

    def says_same_as(self, other: Piece) -> bool:
        """Whether both give the same figure and bounds."""
        return (self.value, self.low, self.high) == (other.value, other.low, other.high)


def piece_from(blocks: Sequence[Block], total: Total, extra: int) -> Piece:
    """The piece that a total over `blocks` makes. A figure is whole only where every row holds
    one.
    """
    complete = total.valued == total.count
    value = total.value if complete else None
    low = total.low if total.lows else None
    high = total.high if total.highs == total.count else None
    return Piece(
        tuple(blocks),
        value,
        low,
        high,
        complete,
        frozenset(total.reasons),
        (total.note,) if total.note else (),
        extra,
    )


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces added up; the bounds add up where each has one."""
    if len(pieces) == 1:
        return pieces[0]
    values, lows, highs = (
        [getattr(piece, name) for piece in pieces] for name in ("value", "low", "high")
    )
    known_lows = [low for low in lows if low is not None]
    return Piece(
        blocks=tuple(block for piece in pieces for block in piece.blocks),
        value=None if None in values else sum(values),
        low=sum(known_lows) if known_lows else None,
        high=None if None in highs else sum(highs),
        complete=all(piece.complete for piece in pieces),
        reasons=frozenset().union(*(piece.reasons for piece in pieces)),
        notes=tuple(sorted({note for piece in pieces for note in piece.notes})),
        extra=max(piece.extra for piece in pieces),
    )


def gather(
    question: Question, totals: Iterable[Total], by_id: Mapping[int, Block]
) -> dict[Key, dict[tuple[date, date], list[Piece]]]:
    """Pieces by key and period; those of one body and breakdown for one period are added
    together.
    """
    parts: dict[tuple[Key, date, date, frozenset[str], str], list[Piece]] = defaultdict(list)
    fixed = {*question.by, *(condition.dimension for condition in question.where)}
    for total in totals:
        block = by_id[total.blocks[0]]
        held = bucket(block.period, question.cut) if question.cut else None
        key = Key(block.population, held.label if held else "", tuple(total.dims))
        piece = piece_from([block], total, len(block.shape - fixed))
        parts[(key, block.period.start, block.period.end, block.shape, block.stated_by)].append(
            piece
        )
    gathered: dict[Key, dict[tuple[date, date], list[Piece]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for (key, start, end, _, _), pieces in parts.items():
        gathered[key][(start, end)].append(
            joined(pieces) if question.measure.additive else _latest(pieces)
        )
    return gathered


def _latest(pieces: Sequence[Piece]) -> Piece:
    return min(pieces, key=lambda piece: piece.preference)


def settle_twins(
    question: Question, rows: Iterable[Total], by_id: Mapping[int, Block], shape: Sequence[str]
) -> tuple[list[Total], list[tuple[Total, Total]]]:
    """Count each series of twin blocks once.

    `rows` are totals by every dimension of `shape`. Gives totals by the dimensions asked, and pairs
    of totals (used, not used) whose figures differ.
    """
    series: dict[tuple[object, ...], list[Total]] = defaultdict(list)
    for total in rows:
        series[(by_id[total.blocks[0]].matter, total.dims)].append(total)
    places = [list(shape).index(name) if name in shape else None for name in question.by]
    used, differing = [], []
    for found in series.values():
        found.sort(key=lambda total: piece_from([by_id[total.blocks[0]]], total, 0).preference)
        kept = [
            replace(
                total, dims=tuple(None if place is None else total.dims[place] for place in places)
            )
            for total in found
        ]
        used.append(kept[0])
        differing += [
            (kept[0], other)
            for other in kept[1:]
            if (other.value, other.low) != (kept[0].value, kept[0].low)
        ]
    return used, differing
