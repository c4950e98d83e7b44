"""What was not returned: a body of which a file holds other periods, and of one period nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from darkfigure.basis.statement import Block, Role
from darkfigure.basis.status import CellReason
from darkfigure.codes import in_use
from darkfigure.tables.evidence import Evidence, Total
from darkfigure.tables.question import Question

#: The dimension whose values are bodies that make returns.
RETURNING = "area"


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
    question: Question, usable: Sequence[Block], standing: Sequence[Block], evidence: Evidence
) -> Lacking:
    """What was not returned among the usable blocks, beside what stands of their files."""
    if not question.measure.additive:
        return Lacking()
    numbers = {block.id for block in usable if RETURNING in block.shape}
    pieces: list[Unreturned] = []
    totals: list[Total] = []
    for blocks in _files(question, standing):
        if len(blocks) > 1 and numbers.intersection(block.id for block in blocks):
            missing = _unreturned(question, blocks, numbers, standing, evidence)
            places_of = _totals(question, blocks, missing, evidence) if missing else {}
            pieces += places_of
            totals += [total for piece in places_of.values() for total in piece]
    return Lacking(tuple(pieces), tuple(totals))


def _files(question: Question, standing: Sequence[Block]) -> list[list[Block]]:
    """Standing blocks by body and area, those of one file, breakdown and day together."""
    files: dict[tuple[object, ...], list[Block]] = defaultdict(list)
    for block in standing:
        if (
            RETURNING in block.shape
            and block.role is Role.FIGURE
            and block.stands_on(question.as_at)
        ):
            same = (block.return_id, block.unit, block.population, block.shape, block.stated_by)
            files[(*same, block.stated_on)].append(block)
    return list(files.values())


def _unreturned(
    question: Question,
    blocks: Sequence[Block],
    numbers: set[int],
    standing: Sequence[Block],
    evidence: Evidence,
) -> list[Unreturned]:
    """What a file lacks and no other file holds: one may correct single figures of another."""
    matters, own = {block.matter for block in blocks}, {block.id for block in blocks}
    alike = [
        block for block in standing if block.matter in matters and block.stands_on(question.as_at)
    ]
    matter_of = {block.id: block.matter for block in alike}
    held: dict[tuple[object, ...], set[str]] = defaultdict(set)
    every: set[str] = set()
    for total in evidence.totals(alike, (RETURNING,), (), question.as_at, collapse=False):
        number, area = total.blocks[0], str(total.dims[0])
        held[matter_of[number]].add(area)
        if number in own:
            every.add(area)
    return [
        Unreturned(block, area)
        for block in blocks
        if block.id in numbers
        for area in sorted(every - held[block.matter])
        if in_use({RETURNING: area}, block.period)
    ]


def _totals(
    question: Question,
    blocks: Sequence[Block],
    missing: Sequence[Unreturned],
    evidence: Evidence,
) -> dict[Unreturned, list[Total]]:
    """For each piece that was not returned and matters to the question, the places where its
    figures would stand: those where the body's figures of other periods stand.
    """
    by = question.by if RETURNING in question.by else (*question.by, RETURNING)
    at = by.index(RETURNING)
    places: dict[str, set[tuple[str | None, ...]]] = defaultdict(set)
    for total in evidence.totals(blocks, by, question.where, question.as_at, collapse=False):
        places[str(total.dims[at])].add(total.dims[: len(question.by)])
    return {
        piece: [_without_figure(piece.block, dims) for dims in sorted(places[piece.area], key=repr)]
        for piece in missing
        if piece.area in places
    }


def _without_figure(block: Block, dims: tuple[str | None, ...]) -> Total:
    reasons = [CellReason.NO_RETURN.value]
    return Total([block.id], dims, 1, 0, 0, 0, 0, 0, 0, reasons, "")
