"""What was not returned: a body of which a file holds other periods, and of one period nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from darkfigure.basis.period import Period, bucket
from darkfigure.basis.spans import fills, lacking
from darkfigure.basis.statement import Block, Role
from darkfigure.basis.status import CellReason
from darkfigure.codes import in_use
from darkfigure.tables.evidence import Evidence, Total
from darkfigure.tables.question import Question

#: The dimension whose values are bodies that make returns.
RETURNING = "area"


class Missing(NamedTuple):
    """A body of which one of several periods holds nothing: the place of the period among them, and
    its days for which nothing of the body is held at any length. None where only the division
    differs: a year stands where quarters are asked for, or the other way about.
    """

    place: int
    area: str
    days: tuple[Period, ...]


class Unreturned(NamedTuple):
    """A body that a block holds nothing of, though its file holds something of it for another
    period; and the days for which nothing of it is held at all.
    """

    block: Block
    area: str
    days: tuple[Period, ...]

    @property
    def reasons(self) -> tuple[CellReason, ...]:
        """Why there is no figure: nothing was returned for some days; what was, is not divided
        so.
        """
        none = (CellReason.NO_RETURN,) if self.days else ()
        return none if self.days == (self.block.period,) else (*none, CellReason.NOT_DIVIDED)


@dataclass(frozen=True)
class Lacking:
    """What was not returned of what a question asks about, and totals without a figure in its
    place.
    """

    pieces: tuple[Unreturned, ...] = ()
    totals: tuple[Total, ...] = ()


def what_is_missing(
    periods: Sequence[Period],
    bodies: Sequence[Set[str]],
    elsewhere: Mapping[str, Sequence[Period]] | None = None,
) -> Iterator[Missing]:
    """Every body that some of the periods hold something of and others nothing, while it was one.

    `bodies` are those of each period; `elsewhere` are further periods held of a body.
    """
    covered: dict[str, list[Period]] = defaultdict(list)
    for period, areas in zip(periods, bodies, strict=True):
        for area in areas:
            covered[area].append(period)
    for place, (period, areas) in enumerate(zip(periods, bodies, strict=True)):
        for area in sorted(covered.keys() - areas):
            if in_use({RETURNING: area}, period):
                somewhere = [*covered[area], *(elsewhere or {}).get(area, ())]
                yield Missing(place, area, tuple(lacking(somewhere, period)))


def what_is_lacking(
    question: Question, usable: Sequence[Block], standing: Sequence[Block], evidence: Evidence
) -> Lacking:
    """What was not returned among the usable blocks, beside what stands of their files."""
    if not question.measure.additive:
        return Lacking()
    numbers = {block.id for block in usable if RETURNING in block.shape}
    by_kind: dict[tuple[object, ...], _Bodies] = {}
    pieces: list[Unreturned] = []
    totals: list[Total] = []
    for blocks in _files(question, standing):
        if len(blocks) > 1 and numbers.intersection(block.id for block in blocks):
            kind = _kind(blocks[0])
            if kind not in by_kind:
                by_kind[kind] = _bodies(question, kind, standing, numbers, evidence)
            missing = _unreturned(question, blocks, numbers, by_kind[kind])
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


class _Bodies(NamedTuple):
    """Which bodies blocks of a kind hold something of, by block and by matter; and of each body the
    blocks that do, at any length.
    """

    of_block: dict[int, set[str]]
    of_matter: dict[tuple[object, ...], set[str]]
    holding: dict[str, list[Block]]


def _bodies(
    question: Question,
    kind: tuple[object, ...],
    standing: Sequence[Block],
    numbers: set[int],
    evidence: Evidence,
) -> _Bodies:
    """What is held of bodies in the files asked, and elsewhere for the time asked."""
    same = [block for block in standing if _kind(block) == kind and block.stands_on(question.as_at)]
    asked = [block for block in same if block.id in numbers]
    files = {block.return_id for block in asked}
    span = Period(min(b.period.start for b in asked), max(b.period.end for b in asked))
    alike = {
        block.id: block for block in same if block.return_id in files or block.period.meets(span)
    }
    bodies = _Bodies(defaultdict(set), defaultdict(set), defaultdict(list))
    read = evidence.totals([*alike.values()], (RETURNING,), (), question.as_at, collapse=False)
    for total in read:
        block, area = alike[total.blocks[0]], str(total.dims[0])
        bodies.of_block[block.id].add(area)
        bodies.of_matter[block.matter].add(area)
        bodies.holding[area].append(block)
    return bodies


def _unreturned(
    question: Question, blocks: Sequence[Block], numbers: set[int], bodies: _Bodies
) -> list[Unreturned]:
    """What a file lacks and no other file holds, since one may correct single figures of another;
    but for what is asked about by itself and is held at another length.
    """
    every = set[str]().union(*(bodies.of_block[block.id] for block in blocks))
    missing = what_is_missing(
        [block.period for block in blocks],
        [bodies.of_matter[block.matter] & every for block in blocks],
        {area: [block.period for block in bodies.holding[area]] for area in every},
    )
    pieces = (Unreturned(blocks[gap.place], gap.area, gap.days) for gap in missing)
    return [
        piece
        for piece in pieces
        if piece.block.id in numbers
        and not _said_otherwise(question, piece, bodies.holding[piece.area], numbers)
    ]


def _kind(block: Block) -> tuple[object, ...]:
    """What blocks have in common that say the same of one body for different periods."""
    return (block.role, block.unit, block.population, block.shape, block.stated_by)


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
        piece: [_without_figure(piece, dims) for dims in sorted(places[piece.area], key=repr)]
        for piece in missing
        if piece.area in places
    }


def _said_otherwise(
    question: Question, piece: Unreturned, holding: Sequence[Block], numbers: set[int]
) -> bool:
    """Whether a body, asked about by itself, has figures at another length for all the days of a
    cell: they are used, and nothing is missing beside them.
    """
    asked = {*question.by, *(condition.dimension for condition in question.where)}
    if piece.days or RETURNING not in asked:
        return False
    periods = [block.period for block in holding if block.id in numbers]
    if question.cut:
        stretch = bucket(piece.block.period, question.cut)
        periods = [period for period in periods if bucket(period, question.cut) == stretch]
    return fills(periods, piece.block.period)


def _without_figure(piece: Unreturned, dims: tuple[str | None, ...]) -> Total:
    reasons = [reason.value for reason in piece.reasons]
    return Total([piece.block.id], dims, 1, 0, 0, 0, 0, 0, 0, reasons, "")
