"""Noughts that whole tables state by silence: a value they leave out, and tables of the same
breakdown for other periods hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from darkfigure.basis.statement import Block
from darkfigure.codes import dated_codes, in_use
from darkfigure.tables.pieces import Key, Piece
from darkfigure.tables.question import Question

Days = tuple[date, date]


class Noughts:
    """Which of the usable blocks are whole tables that say nought of a value by leaving it out."""

    def __init__(self, question: Question, usable: Sequence[Block]) -> None:
        self._by = question.by
        self._kept = {condition.dimension: condition.code for condition in question.where}
        self._whole = [block for block in usable if block.whole]
        self._known: dict[tuple[str | None, ...], frozenset[int]] = {}

    def of(self, dims: tuple[str | None, ...]) -> frozenset[int]:
        """The numbers of those that would hold a value of the dimensions asked by, had it any."""
        named = zip(self._by, dims, strict=True)
        dated = tuple([code if code in dated_codes(name) else None for name, code in named])
        if dated not in self._known:
            codes = {**self._kept, **dict(zip(self._by, dated, strict=True))}
            within = (block.id for block in self._whole if in_use(codes, block.period))
            self._known[dated] = frozenset(within)
        return self._known[dated]


def with_noughts(
    question: Question,
    pieces_at: Mapping[Key, Mapping[Days, Sequence[Piece]]],
    usable: Sequence[Block],
    buckets: Mapping[int, str],
) -> dict[Key, dict[Days, list[Piece]]]:
    """Pieces of nought for the periods whose whole tables leave a value out that other tables of
    the same breakdown hold; so the rows of one answer are for the same days.

    `buckets` are the stretches of time blocks lie in, "" where time is not cut.
    """
    tables: dict[tuple[object, ...], dict[Days, Block]] = defaultdict(dict)
    for block in usable:
        if block.whole and block.shape.issuperset(question.by):
            series = (block.population, buckets[block.id], block.shape, block.stated_by)
            tables[series].setdefault((block.period.start, block.period.end), block)
    conditions = {condition.dimension: condition.code for condition in question.where}
    filled = {}
    for key, periods in pieces_at.items():
        filled[key] = {days: [*pieces] for days, pieces in periods.items()}
        dims = {**conditions, **dict(zip(question.by, key.dims, strict=True))}
        for shape, by in _tables_of(periods):
            for days, block in tables[(key.population, key.bucket, shape, by)].items():
                if not _met(days, filled[key]) and in_use(dims, block.period):
                    filled[key][days] = [_nought(question, block)]
    return filled


def _tables_of(
    periods: Mapping[Days, Sequence[Piece]],
) -> list[tuple[frozenset[str], str]]:
    blocks = [block for pieces in periods.values() for piece in pieces for block in piece.blocks]
    return [*dict.fromkeys((block.shape, block.stated_by) for block in blocks if block.whole)]


def _met(days: Days, periods: Mapping[Days, Sequence[Piece]]) -> bool:
    return any(start <= days[1] and days[0] <= end for start, end in periods)


def _nought(question: Question, block: Block) -> Piece:
    fixed = {*question.by, *(condition.dimension for condition in question.where)}
    extra = len(block.shape - fixed)
    return Piece((block,), 0, 0, 0, complete=True, reasons=frozenset(), notes=(), extra=extra)
