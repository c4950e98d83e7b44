"""Building cells: labels, ids, and the documents each rests on. What cells share is worked out
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from darkfigure.basis.period import bucket
from darkfigure.basis.saying import Saying, quote
from darkfigure.basis.spans import claimed, fills
from darkfigure.basis.statement import Block
from darkfigure.basis.status import CellReason
from darkfigure.codes import SEPARATOR, codes_for
from darkfigure.codes.following import follows_lists
from darkfigure.tables.cell import Cell, Source
from darkfigure.tables.evidence import Number
from darkfigure.tables.pieces import Key, Piece
from darkfigure.tables.question import Question


class Provenance(NamedTuple):
    """What a set of blocks has in common: the time covered, its status, one block for each
    document.
    """

    period: str
    status: str
    documents: tuple[Block, ...]


class Rival(NamedTuple):
    """A figure that is not used, the rule by which it lost, and the one of the same days that is
    used in its place.
    """

    piece: Piece
    rule: Saying
    used: Piece


class CellBuilder:
    """Builds the cells of one answer. `populations` are those among its cells: named only where
    there are several.
    """

    def __init__(self, question: Question, populations: set[str]) -> None:
        self._question = question
        self._several = len(populations) > 1
        self._known: dict[tuple[int, ...], Provenance] = {}

    def cell(self, key: Key, used: Piece, others: Sequence[Rival], rule: Saying) -> Cell:
        """The cell at `key` with the figure of `used`; `others` are figures not used."""
        dims = self._dims(key)
        ids = tuple([block.id for block in used.blocks])
        rests_on = self._known.get(ids)
        if rests_on is None:
            rests_on = self._known[ids] = provenance(used.blocks)
        sources = [source_of(block, used, None, rests_on.period) for block in rests_on.documents]
        sources += [
            source_of(block, rival.piece, rival.rule)._replace(instead=_instead(rival, used))
            for rival in others
            for block in provenance(rival.piece.blocks).documents
        ]
        return Cell(
            id=f"{self._question.id}-{mark_of(dims)}",
            dims=dims,
            value=used.value,
            low=used.low,
            high=used.high,
            status=rests_on.status,
            reasons=tuple(CellReason(reason) for reason in sorted(used.reasons)),
            notes=tuple(map(quote, used.notes)),
            sources=tuple(sources),
            period=rests_on.period,
            rule=rule,
            blocks=ids,
            partly=self._partly(key, used),
        )

    def _partly(self, key: Key, used: Piece) -> bool:
        cut = self._question.cut
        if not key.bucket or cut == "period":
            return False
        periods = [block.period for block in used.blocks]
        named = bucket(periods[0], cut)
        return named is not None and not fills(periods, named)

    def _dims(self, key: Key) -> dict[str, str | None]:
        dims: dict[str, str | None] = dict(zip(self._question.by, key.dims, strict=True))
        if self._question.cut:
            dims[self._question.cut] = key.bucket
        if self._several:
            dims["population"] = key.population
        return dims


def _instead(
    rival: Rival, whole: Piece
) -> tuple[Number | None, Number | None, Number | None] | None:
    """What is used in place of a rival, where that is not all of the cell's figure."""
    figure = (rival.used.value, rival.used.low, rival.used.high)
    return None if figure == (whole.value, whole.low, whole.high) else figure


def provenance(blocks: Sequence[Block]) -> Provenance:
    """Period, status and documents of blocks."""
    statuses = {block.status for block in blocks}
    documents: dict[tuple[object, ...], Block] = {}
    for block in blocks:
        documents.setdefault(block.document, block)
    return Provenance(
        claimed(block.period for block in blocks),
        statuses.pop() if len(statuses) == 1 else "provisional",
        tuple(documents.values()),
    )


def source_of(block: Block, piece: Piece, rule: Saying | None, period: str = "") -> Source:
    """A document as the source of a piece; `rule` says why it is not used, None where it is."""
    return Source(
        used=rule is None,
        value=piece.value,
        low=piece.low,
        high=piece.high,
        stated_on=block.stated_on,
        precision=block.precision,
        stated_by=_agency(block.stated_by),
        source=block.source,
        file=block.file_name,
        return_sha256=block.return_sha256,
        period=period or provenance(piece.blocks).period,
        rule=rule,
    )


@follows_lists()
def _agency(code: str) -> str:
    return codes_for("agency").label(code)


def mark_of(dims: Mapping[str, str | None]) -> str:
    """Six hexadecimal digits that name a cell among those of its answer."""
    return sha256(repr(dims).encode()).hexdigest()[:6]


def in_order(question: Question, cells: Iterable[Cell]) -> list[Cell]:
    """Cells in the order of the code lists; a figure that is not broken down comes after those that
    are.
    """

    @cache
    def place(name: str, value: str | None) -> tuple[bool, int, tuple[int, ...]]:
        order = codes_for(name).order
        return value is None, *_combined(order, value or "")

    def rank(cell: Cell) -> tuple[object, ...]:
        places = [place(name, cell.dims[name]) for name in question.by]
        return (*places, cell.dims.get(question.cut) or "", cell.dims.get("population") or "")

    return sorted(cells, key=rank)


def _combined(order: Mapping[str, int], value: str) -> tuple[int, tuple[int, ...]]:
    listed = tuple(order.get(part, len(order)) for part in value.split(SEPARATOR))
    return len(listed), listed
