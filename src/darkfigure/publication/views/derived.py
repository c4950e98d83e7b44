"""What a view is made of: rows of an answer, and figures worked out from its cells, which say from
which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.basis.status import CellReason, Status
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.wishes import Wishes
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import Bounded, added, of_cell
from darkfigure.tables.question import Question

UNKNOWN = Bounded(None, None, None)


class Kind(StrEnum):
    """What a row of a view is."""

    CELL = "cell"
    OTHERS = "others"
    TOTAL = "total"
    UNDIVIDED = "undivided"


@dataclass(frozen=True)
class Derived:
    """A figure worked out from cells, by id; or why there is none. A share is also of the whole of
    a period, by its label.
    """

    figure: Bounded
    of: tuple[str, ...]
    why: Saying | None = None
    whole: str | None = None


@dataclass(frozen=True)
class ViewRow:
    """A row: a cell of the answer, the rest or the total of several, or what is held undivided.

    `dims` are those it is told apart by: a total has none of the dimensions added over. `members`
    are the cells it is made of, its own one for a cell; `added_over` says how many breakdown values
    stand in it.
    """

    kind: Kind
    dims: Mapping[str, str | None]
    figure: Bounded
    members: tuple[Cell, ...]
    added_over: int = 1
    change: Derived | None = None
    change_per_cent: Derived | None = None
    share: Derived | None = None

    @property
    def cell(self) -> Cell | None:
        """The cell that it shows, where it is one."""
        return self.members[0] if self.kind in (Kind.CELL, Kind.UNDIVIDED) else None

    @property
    def of(self) -> tuple[str, ...]:
        """The ids of the cells it is made of."""
        return tuple(cell.id for cell in self.members)

    @property
    def in_progress(self) -> bool:
        """Whether it is of cases that are not concluded."""
        return any(cell.status == Status.IN_PROGRESS for cell in self.members)

    @property
    def reasons(self) -> tuple[CellReason, ...]:
        """Why it is not known, or not whole."""
        return tuple(dict.fromkeys(reason for cell in self.members for reason in cell.reasons))

    @property
    def periods(self) -> tuple[str, ...]:
        """The times that its figures are for, each once."""
        return tuple(dict.fromkeys(cell.period for cell in self.members))


@dataclass(frozen=True)
class View:
    """An answer shown otherwise: every cell is that of the answer, what is derived says of what.

    `wholes` are the cells that shares of a period are of, by its label; "" where time is not cut;
    `marking` is the highest of all that it rests on.
    """

    answer: Answer
    wishes: Wishes
    rows: tuple[ViewRow, ...]
    notes: tuple[Saying, ...]
    wholes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marking: Marking = Marking.PUBLIC

    @cached_property
    def dims(self) -> tuple[str, ...]:
        """What rows are told apart by, in order."""
        return tuple(dict.fromkeys(name for cell in self.answer.cells for name in cell.dims))

    @cached_property
    def cut_by_time(self) -> bool:
        """Whether time is among what rows are told apart by."""
        return any(name in TIME_CUTS for name in self.dims)


def least_of(question: Question) -> int | None:
    """What no figure can be below; None where one may be negative."""
    return None if question.measure.may_be_negative else 0


def as_asked(question: Question, figure: Bounded) -> Bounded:
    """A figure as a question wants it: strictly, what is not known has no bounds either."""
    return UNKNOWN if question.strict and figure.value is None else figure


def row_of(question: Question, cell: Cell, kind: Kind = Kind.CELL) -> ViewRow:
    """A cell as a row."""
    figure = Bounded(cell.value, cell.low, cell.high)
    return ViewRow(kind, cell.dims, as_asked(question, figure), (cell,))


def sum_of(question: Question, cells: tuple[Cell, ...]) -> Bounded:
    """The figures of cells added up."""
    return added(of_cell(cell, least_of(question)) for cell in cells)
