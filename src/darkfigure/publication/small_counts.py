"""Small counts of persons kept out of what leaves the house: counts from records under a threshold,
and so many others that none can be worked out from its row's sum.
"""

from __future__ import annotations

from dataclasses import replace

from darkfigure.basis.status import CellReason
from darkfigure.publication.answer import Answer, named_by_content
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import CASES

#: Counts from 1 to one less are not told.
THRESHOLD = 5


def guarded(found: Answer) -> Answer:
    """An answer whose small counts, where they were counted from records, are told as *1 to 4*.

    Where one cell of several would be the only one hidden, the smallest other is told as a range as
    well, so that a sum does not give it away. Figures that were stated, and so are public as they
    stand, are left alone. What was released before is not looked at.
    """
    if found.question.evidence != CASES:
        return found
    small = {place for place, cell in enumerate(found.cells) if is_small(cell)}
    if len(small) == 1 and (more := _smallest_other(found.cells, small)) is not None:
        small.add(more)
    if not small:
        return found
    cells = [_hidden(cell) if place in small else cell for place, cell in enumerate(found.cells)]
    return named_by_content(replace(found, cells=tuple(cells)))


def is_small(cell: Cell) -> bool:
    """Whether a cell tells of some persons, and of fewer than the threshold."""
    told = [number for number in (cell.value, cell.low, cell.high) if number is not None]
    return any(0 < number < THRESHOLD for number in told)


def _smallest_other(cells: tuple[Cell, ...], small: set[int]) -> int | None:
    others = [
        (cell.value, place)
        for place, cell in enumerate(cells)
        if place not in small and cell.value is not None and cell.value > 0
    ]
    return min(others)[1] if others else None


def _hidden(cell: Cell) -> Cell:
    """A cell as a range: up to the threshold, or up to the next round number above its figure."""
    top = max(number for number in (cell.value, cell.low, cell.high, 0) if number is not None)
    high = THRESHOLD - 1 if top < THRESHOLD else -(-(int(top) + 1) // 10) * 10
    low = 1 if (cell.value or cell.low or 0) > 0 else 0
    sources = tuple(each._replace(value=None, low=low, high=high) for each in cell.sources)
    reasons = tuple(dict.fromkeys([*cell.reasons, CellReason.SUPPRESSED]))
    return cell._replace(
        value=None, low=low, high=high, reasons=reasons, sources=sources, unknown={}
    )
