"""What tables leave out. A whole table that leaves a value out says nought of it; a body of which a
file holds other periods, and of one nothing, has not returned it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from darkfigure.basis.period import Period
from darkfigure.basis.statement import Block, Role
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.tables.evidence import Evidence, Total
from darkfigure.tables.pieces import Key, Piece
from darkfigure.tables.question import Question

#: The dimension whose values are bodies that make returns.
RETURNING = "area"

Days = tuple[date, date]


class Unreturned(NamedTuple):
    """A body that a block holds nothing of, though its file holds something of it for another
    period.
    """

    block: Block
    area: str


@dataclass(frozen=True)
class Lacking:
    """What was not returned of what a question asks about, and totals without a figure in its
    place.
    """

    pieces: tuple[Unreturned, ...] = ()
    totals: tuple[Total, ...] = ()


def what_is_lacking(
    question: Question, usable: Sequence[Block], held: Sequence[Block], evidence: Evidence
) -> Lacking:
    """What was not returned among the usable blocks, beside all that is held in their files."""
    if not question.measure.additive:
        return Lacking()
    wanted = {block.id for block in usable if RETURNING in block.shape}
    pieces: list[Unreturned] = []
    totals: list[Total] = []
    for alike in _files(question, held):
        if len(alike) > 1 and wanted.intersection(block.id for block in alike):
            missing = _unreturned(question, alike, wanted, evidence)
            made = _totals(question, alike, missing, evidence) if missing else {}
            pieces += made
            totals += [total for each in made.values() for total in each]
    return Lacking(tuple(pieces), tuple(totals))


def _files(question: Question, held: Sequence[Block]) -> list[list[Block]]:
    """Standing blocks by body and area, those of one file, breakdown and day together."""
    files: dict[tuple[object, ...], list[Block]] = defaultdict(list)
    for block in held:
        if (
            RETURNING in block.shape
            and block.role is Role.FIGURE
            and block.stands_on(question.as_at)
        ):
            same = (block.return_id, block.unit, block.population, block.shape, block.stated_by)
            files[(*same, block.stated_on)].append(block)
    return list(files.values())


def _unreturned(
    question: Question, alike: Sequence[Block], wanted: set[int], evidence: Evidence
) -> list[Unreturned]:
    areas: dict[int, set[str]] = defaultdict(set)
    for total in evidence.totals(alike, (RETURNING,), (), question.as_at, collapse=False):
        areas[total.blocks[0]].add(str(total.dims[0]))
    every = set[str]().union(*areas.values())
    return [
        Unreturned(block, area)
        for block in alike
        if block.id in wanted
        for area in sorted(every - areas[block.id])
        if in_use({RETURNING: area}, block.period)
    ]


def _totals(
    question: Question,
    alike: Sequence[Block],
    missing: Sequence[Unreturned],
    evidence: Evidence,
) -> dict[Unreturned, list[Total]]:
    """For each piece that was not returned and matters to the question, the places where its
    figures would stand: those where the body's figures of other periods stand.
    """
    by = question.by if RETURNING in question.by else (*question.by, RETURNING)
    at = by.index(RETURNING)
    places: dict[str, set[tuple[str | None, ...]]] = defaultdict(set)
    for total in evidence.totals(alike, by, question.where, question.as_at, collapse=False):
        places[str(total.dims[at])].add(total.dims[: len(question.by)])
    return {
        each: [_without_figure(each.block, dims) for dims in sorted(places[each.area], key=repr)]
        for each in missing
        if each.area in places
    }


def _without_figure(block: Block, dims: tuple[str | None, ...]) -> Total:
    reasons = [CellReason.NO_RETURN.value]
    return Total([block.id], dims, 1, 0, 0, 0, 0, 0, 0, reasons, "")


def in_use(dims: Mapping[str, str | None], period: Period) -> bool:
    """Whether codes were in use throughout a period, as far as their lists say."""
    for name, code in dims.items():
        first, last = _dated(name).get(code or "", (None, None))
        if (first and first > period.start) or (last and last < period.end):
            return False
    return True


@lru_cache
def _dated(name: str) -> dict[str, tuple[date | None, date | None]]:
    """The codes of a dimension that were in use for a time only."""
    codes = codes_for(name).codes.values()
    return {
        each.code: (each.valid_from, each.valid_to)
        for each in codes
        if each.valid_from or each.valid_to
    }


class Noughts:
    """Which of the usable blocks are whole tables that say nought of a value by leaving it out."""

    def __init__(self, question: Question, usable: Sequence[Block]) -> None:
        self._by = question.by
        self._kept = {each.dimension: each.code for each in question.where}
        self._whole = [block for block in usable if block.whole]
        self._known: dict[tuple[str | None, ...], frozenset[int]] = {}

    def of(self, dims: tuple[str | None, ...]) -> frozenset[int]:
        """The numbers of those that would hold a value of the dimensions asked by, had it any."""
        named = zip(self._by, dims, strict=True)
        dated = tuple([code if code in _dated(name) else None for name, code in named])
        if dated not in self._known:
            codes = {**self._kept, **dict(zip(self._by, dated, strict=True))}
            within = (block.id for block in self._whole if in_use(codes, block.period))
            self._known[dated] = frozenset(within)
        return self._known[dated]


def with_noughts(
    question: Question,
    found: Mapping[Key, Mapping[Days, Sequence[Piece]]],
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
    kept = {condition.dimension: condition.code for condition in question.where}
    filled = {}
    for key, periods in found.items():
        filled[key] = {days: [*pieces] for days, pieces in periods.items()}
        dims = {**kept, **dict(zip(question.by, key.dims, strict=True))}
        for shape, by in _tables_of(periods):
            for days, block in tables[(key.population, key.bucket, shape, by)].items():
                if not _met(days, filled[key]) and in_use(dims, block.period):
                    filled[key][days] = [_nought(question, block)]
    return filled


def _tables_of(
    periods: Mapping[Days, Sequence[Piece]],
) -> list[tuple[frozenset[str], str]]:
    blocks = [block for pieces in periods.values() for piece in pieces for block in piece.blocks]
    return [*dict.fromkeys((each.shape, each.stated_by) for each in blocks if each.whole)]


def _met(days: Days, periods: Mapping[Days, Sequence[Piece]]) -> bool:
    return any(start <= days[1] and days[0] <= end for start, end in periods)


def _nought(question: Question, block: Block) -> Piece:
    fixed = {*question.by, *(condition.dimension for condition in question.where)}
    extra = len(block.shape - fixed)
    return Piece((block,), 0, 0, 0, complete=True, reasons=frozenset(), notes=(), extra=extra)
