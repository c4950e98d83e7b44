"""The marking of an answer: the highest of all that it rests on or speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from darkfigure.basis.marking import Marking
from darkfigure.basis.statement import Block
from darkfigure.tables.gathering import Gathered


def highest(markings: Iterable[Marking]) -> Marking:
    """The highest of some markings; public where there is none."""
    return max(markings, default=Marking.PUBLIC)


def marking_of(gathered: Gathered, held: Sequence[Block] = ()) -> Marking:
    """The marking of what was read for an answer; `held` are blocks that it names beside."""
    return highest(block.marking for block in (*_spoken_of(gathered), *held))


def _spoken_of(gathered: Gathered) -> Iterator[Block]:
    """Blocks that cells, notes and refusals speak of, of former bodies too."""
    selection = gathered.selection
    yield from (*selection.usable, *selection.undivided, *selection.crossing)
    for rows in (gathered.unsaid, gathered.reasons, gathered.breakdowns):
        yield from (row.block for row in rows)
    for _, before in gathered.before[1:]:
        yield from _spoken_of(before)
