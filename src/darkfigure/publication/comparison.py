"""Two answers side by side, cell by cell, with every difference marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkfigure.basis.status import Status
from darkfigure.publication.answer import Answer, label_of
from darkfigure.tables.cell import Cell


@dataclass(frozen=True)
class Compared:
    """A cell in each of the answers; None where an answer does not have it.

    `agrees` says that every answer has it with the same figure; `within` that the figures of the
    others lie within the bounds of the one that has bounds.
    """

    label: str
    cells: tuple[Cell | None, ...]
    agrees: bool
    within: bool


@dataclass(frozen=True)
class Comparison:
    """Answers to one question from different evidence or under different rules. `names` says which
    is which.
    """

    names: tuple[str, ...]
    answers: tuple[Answer, ...]
    rows: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        """Whether no cell differs."""
        return all(row.agrees for row in self.rows)


def compare(names: Sequence[str], answers: Sequence[Answer]) -> Comparison:
    """Lay answers side by side by their breakdown values. Pending cases are figures of their own
    and are left out.
    """
    by_dims = [
        {
            tuple(cell.dims.items()): cell
            for cell in found.cells
            if cell.status != Status.IN_PROGRESS
        }
        for found in answers
    ]
    keys = dict.fromkeys(key for cells in by_dims for key in cells)
    rows = []
    for key in keys:
        cells = tuple(found.get(key) for found in by_dims)
        shown = next(cell for cell in cells if cell is not None)
        rows.append(
            Compared(label_of(answers[0].question, shown), cells, _agree(cells), _within(cells))
        )
    return Comparison(tuple(names), tuple(answers), tuple(rows))


def _agree(cells: Sequence[Cell | None]) -> bool:
    values = {None if cell is None else cell.value for cell in cells}
    return len(values) == 1


def _within(cells: Sequence[Cell | None]) -> bool:
    values = [cell.value for cell in cells if cell is not None and cell.value is not None]
    return all(
        cell is not None
        and all(
            (cell.low is None or cell.low <= value) and (cell.high is None or value <= cell.high)
            for value in values
        )
        for cell in cells
    )
