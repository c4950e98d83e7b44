"""What bodies state of whole breakdowns: that a measure is not divided by a dimension for some
time, and why. It is stated once, `EVERY` in place of a value, and holds for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.statement import EVERY, Block, Role, Row
from darkfigure.tables.cell import Cell
from darkfigure.tables.evidence import Evidence
from darkfigure.tables.question import Condition, Question


def undivided_by(row: Row) -> tuple[str, ...]:
    """The dimensions by which, taken together, a row says that a measure is not divided."""
    return tuple(name for name, value in row.dims.items() if value == EVERY)


def kept_to(row: Row) -> tuple[Condition, ...]:
    """What a row about a breakdown keeps to: a body of which it is said, and of no other."""
    return tuple(Condition(name, value) for name, value in row.dims.items() if value != EVERY)


def breakdowns_that_fail(
    question: Question, blocks: Sequence[Block], evidence: Evidence
) -> tuple[Row, ...]:
    """What is stated of the breakdowns that a question asks for, where no figure held contradicts
    it: none is so divided for any of the time that it speaks of and the question asks about.
    """
    meeting = [
        block
        for block in blocks
        if block.stands_on(question.as_at)
        and (question.period is None or block.period.meets(question.period))
    ]
    speaking = [block for block in meeting if block.role is Role.BREAKDOWN]
    rows = evidence.rows(speaking, (), question.as_at) if speaking else ()
    return tuple(
        row
        for row in rows
        if _is_asked(question, row) and not _is_held(question, row, meeting, evidence)
    )


def _is_asked(question: Question, row: Row) -> bool:
    """Whether a question asks for a breakdown, and of nothing else than the row speaks of."""
    conditions = {condition.dimension: condition for condition in question.where}
    return {*question.by, *conditions}.issuperset(undivided_by(row)) and all(
        body.dimension in question.by or _keeps(conditions.get(body.dimension), body.code)
        for body in kept_to(row)
    )


def _keeps(condition: Condition | None, code: str) -> bool:
    return condition is not None and condition.holds_for(code)


def _is_held(question: Question, row: Row, blocks: Sequence[Block], evidence: Evidence) -> bool:
    """Whether any figure is divided as a row says that none is, for some of its time."""
    divided = [
        block
        for block in blocks
        if block.role is Role.FIGURE
        and block.shape >= row.block.shape
        and block.period.meets(row.block.period)
    ]
    if not divided:
        return False
    totals = evidence.totals(divided, (), kept_to(row), question.as_at, collapse=False)
    return any(total.valued or total.lows or total.highs for total in totals)


def speaks_of(row: Row, cell: Cell, blocks: Sequence[Block]) -> bool:
    """Whether a row about a breakdown says why a cell that rests on `blocks` is not divided."""
    lacking = {name for name, value in cell.dims.items() if value is None}
    elsewhere = any(
        cell.dims.get(body.dimension, body.code) not in (body.code, None) for body in kept_to(row)
    )
    return (
        bool(lacking.intersection(undivided_by(row)))
        and not elsewhere
        and any(block.period.meets(row.block.period) for block in blocks)
    )
