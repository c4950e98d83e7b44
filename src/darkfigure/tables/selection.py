"""Which blocks can answer a question, and how the rest fall short."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from darkfigure.basis.period import bucket
from darkfigure.basis.statement import Block, Role
from darkfigure.tables.question import Question


@dataclass(frozen=True)
class Selection:
    """The blocks of a measure, sorted by what they can do for a question.

    `usable` carry the filters and at least one dimension asked by; `undivided` are not broken down
    as asked; `unfiltered` do not carry a dimension the question filters by; `crossing` cross a
    border of the period or cut, of which `longer` state a whole of the time asked about.
    """

    unit: str
    usable: tuple[Block, ...]
    undivided: tuple[Block, ...]
    unfiltered: tuple[Block, ...]
    crossing: tuple[Block, ...]
    other_units: tuple[str, ...]
    longer: tuple[Block, ...] = ()


def select(question: Question, blocks: Sequence[Block]) -> Selection:
    """Sort the blocks standing on the question's day."""
    standing = [
        block for block in blocks if block.role is Role.FIGURE and block.stands_on(question.as_at)
    ]
    if question.period:
        standing = [block for block in standing if block.period.meets(question.period)]
    held = Counter(block.unit for block in standing)
    unit = question.unit or next(
        (name for name in question.measure.units if name in held), question.measure.units[0]
    )
    groups: dict[str, list[Block]] = {
        "usable": [],
        "undivided": [],
        "unfiltered": [],
        "crossing": [],
    }
    for block in standing:
        if block.unit == unit:
            groups[_group(question, block)].append(block)
    return Selection(
        unit=unit,
        other_units=tuple(name for name in held if name != unit),
        longer=tuple(_longer(question, groups["crossing"])),
        **{name: tuple(found) for name, found in groups.items()},
    )


def _group(question: Question, block: Block) -> str:
    if any(condition.dimension not in block.shape for condition in question.where):
        return "unfiltered"
    if question.period and not question.period.covers(block.period):
        return "crossing"
    if question.cut and bucket(block.period, question.cut) is None:
        return "crossing"
    if question.by and not block.shape.intersection(question.by):
        return "undivided"
    if not question.measure.additive and not block.shape <= {
        *question.by,
        *(c.dimension for c in question.where),
    }:
        return "undivided"
    return "usable"


def twins(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Blocks that stand alone, and blocks about the same matter stated by one body on the same
    day.
    """
    met = Counter((block.matter, block.stated_on) for block in blocks)
    alone = [block for block in blocks if met[(block.matter, block.stated_on)] == 1]
    doubled = [block for block in blocks if met[(block.matter, block.stated_on)] > 1]
    return alone, doubled


def _longer(question: Question, crossing: Iterable[Block]) -> list[Block]:
    """Of blocks that time as asked cuts through, those that state a whole of it."""
    measure = question.measure
    if not question.cut or not measure.additive or measure.may_be_negative:
        return []
    divided = {*question.by, *(condition.dimension for condition in question.where)}
    within = [
        block
        for block in crossing
        if block.shape == divided
        and block.period.exact
        and (question.period is None or question.period.covers(block.period))
    ]
    return twins(within)[0]


def can_collapse(question: Question, blocks: Sequence[Block]) -> bool:
    """Whether rows can be added up over all blocks at once: one breakdown, one body, periods that
    do not meet.
    """
    if not blocks or not question.measure.additive or question.cut:
        return False
    first = blocks[0]
    if any(
        (block.shape, block.stated_by, block.population)
        != (first.shape, first.stated_by, first.population)
        for block in blocks
    ):
        return False
    if not first.shape.issuperset(question.by) or twins(blocks)[1]:
        return False
    # Blocks of one matter stated on different days hold different rows: what was restated is closed
    # in the older one.
    ordered = sorted({(block.period.start, block.period.end) for block in blocks})
    return all(before[1] < after[0] for before, after in itertools.pairwise(ordered))
