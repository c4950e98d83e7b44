"""Why what is held is not divided as asked: the reason that a body states of a whole breakdown, or
that no figure held has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from darkfigure.basis.saying import Saying, Stated, Word, say, several
from darkfigure.basis.spans import claimed
from darkfigure.basis.statement import Row
from darkfigure.basis.status import CellReason
from darkfigure.codes import codes_for
from darkfigure.tables.cell import Cell
from darkfigure.tables.gathering import Gathered
from darkfigure.tables.question import Question
from darkfigure.tables.undivided import kept_to, speaks_of, undivided_by


class Refusal(NamedTuple):
    """A reason, in words, the questions nearest that have an answer, and the dimensions of the
    breakdown that fails, where it is one; `wider` where it is said of a measure that holds the one
    asked about.
    """

    reason: CellReason
    detail: Saying
    near: tuple[Question, ...] = ()
    by: tuple[str, ...] = ()
    wider: bool = False


def stated(row: Row) -> Refusal:
    """What a body states of a breakdown as a whole."""
    block, by = row.block, undivided_by(row)
    bodies = [codes_for(body.dimension).label(body.code) for body in kept_to(row)]
    detail = say(
        "gap.breakdown" if row.note else "gap.breakdown.bare",
        dimensions=_named(by),
        period=block.period.label,
        kept=say("nearest.kept", values=several(bodies, "comma")) if bodies else "",
        by=block.stated_as,
        when=Stated(block.stated_on, block.precision),
        source=block.source,
        **({"note": row.note} if row.note else {}),
    )
    return Refusal(CellReason(row.reason), detail, by=by)


def in_no_cell(question: Question, cells: Sequence[Cell], gathered: Gathered) -> list[Refusal]:
    """The dimensions asked for that no cell is divided by, where several are asked for and none of
    what is stated of breakdowns says why.
    """
    if any(all(cell.dims[name] is not None for name in question.by) for cell in cells):
        return []
    never = [name for name in question.by if all(cell.dims[name] is None for cell in cells)]
    blocks = {block.id: block for block in gathered.selection.usable}
    unsaid = []
    for cell in cells:
        under = [blocks[number] for number in cell.blocks if number in blocks]
        if not any(speaks_of(row, cell, under) for row in gathered.breakdowns):
            unsaid += under
    if not unsaid:
        return []
    code = "gap.not_by" if never else "gap.not_together"
    lacking = tuple(never or question.by)
    detail = say(code, dimensions=_named(lacking), period=claimed(block.period for block in unsaid))
    return [Refusal(CellReason.NOT_DIVIDED, detail, by=lacking)]


def _named(by: Sequence[str]) -> object:
    return several([Word("dimension", name) for name in by], "and")


def gap_on_record(row: Row) -> Refusal:
    """A statement that something is not known, which no figure has replaced."""
    gap = say(
        "gap.stated",
        note=row.note,
        by=row.block.stated_as,
        when=Stated(row.block.stated_on, row.block.precision),
        source=row.block.source,
    )
    return Refusal(CellReason(row.reason), gap)
