"""Answers about several measures side by side: a row for each breakdown value, a column for each
measure. Nothing is added up, and no figure is another than in the answer it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import Status
from darkfigure.publication.answer import Answer, place_of
from darkfigure.publication.marked import highest
from darkfigure.tables.building import in_order
from darkfigure.tables.cell import Cell


@dataclass(frozen=True)
class SideRow:
    """What stands in one row: for each measure its cell, None where its answer has none.

    `in_progress` marks a row of cases that are not concluded.
    """

    dims: Mapping[str, str | None]
    in_progress: bool
    cells: tuple[Cell | None, ...]

    @property
    def present(self) -> tuple[Cell, ...]:
        """The cells there are."""
        return tuple(cell for cell in self.cells if cell is not None)

    @property
    def period(self) -> str:
        """The time that every figure of the row is for; "" where they are for different times."""
        periods = {cell.period for cell in self.present}
        return periods.pop() if len(periods) == 1 else ""


@dataclass(frozen=True)
class Beside:
    """Answers to one question about several measures, in the order asked, and their common rows."""

    answers: tuple[Answer, ...]
    rows: tuple[SideRow, ...]

    @property
    def marking(self) -> Marking:
        """The highest marking of the answers."""
        return highest(answer.marking for answer in self.answers)

    @cached_property
    def dims(self) -> tuple[str, ...]:
        """What rows are told apart by, in order."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.dims))

    @cached_property
    def cut_by_time(self) -> bool:
        """Whether time is among what rows are told apart by."""
        return any(name in TIME_CUTS for name in self.dims)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, row by row."""
        return tuple(cell for row in self.rows for cell in row.present)

    @cached_property
    def of_different_periods(self) -> bool:
        """Whether a row holds figures for different times."""
        return any(not row.period for row in self.rows)

    def period_told(self, row: SideRow, cell: Cell) -> str:
        """The time that a figure has to say by itself, as its row does not say it: "" where the row
        does.
        """
        if self.cut_by_time and "period" not in self.dims:
            return cell.period if cell.partly else ""
        return "" if row.period else cell.period


def beside(answers: Sequence[Answer]) -> Beside:
    """Lay answers about several measures side by side by their breakdown values."""
    columns = [{place_of(cell): cell for cell in answer.cells} for answer in answers]
    first = {place: cell for column in reversed(columns) for place, cell in column.items()}
    rows = []
    for cell in _ordered(answers, first.values()):
        place = place_of(cell)
        rows.append(SideRow(cell.dims, place[1], tuple(column.get(place) for column in columns)))
    return Beside(tuple(answers), tuple(rows))


def _ordered(answers: Sequence[Answer], cells: Iterable[Cell]) -> list[Cell]:
    """Cells in the order of the code lists, cases in progress last."""
    ordered = in_order(answers[0].question, cells)
    return sorted(ordered, key=lambda cell: cell.status == Status.IN_PROGRESS)


def notes_with_titles(answers: Sequence[Answer]) -> list[tuple[Saying, tuple[str, ...]]]:
    """The notes of all answers, each once, with the titles of the measures that it speaks of; no
    title where it is a note of all.
    """
    told: dict[Saying, list[str]] = {}
    for answer in answers:
        for note in answer.notes:
            told.setdefault(note, []).append(answer.question.measure.title)
    return [
        (note, () if len(titles) == len(answers) else tuple(titles))
        for note, titles in told.items()
    ]
