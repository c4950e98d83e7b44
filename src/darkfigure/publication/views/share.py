"""The share of each row of the whole of its period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from darkfigure.basis.saying import Saying, say
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.adding import rests_apart, settled
from darkfigure.publication.views.derived import (
    UNKNOWN,
    Derived,
    Kind,
    ViewRow,
    as_asked,
    least_of,
    sum_of,
)
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import Bounded, Sum, of_cell, share, share_of_whole
from darkfigure.tables.question import Question

#: No period: where a row is of several.
SEVERAL = "*"


class Whole:
    """What shares of one period are of: its cells added up, or what is held of it without the
    breakdown where they do not add up to a figure.
    """

    def __init__(self, question: Question, cells: Sequence[Cell], held: Cell | None) -> None:
        self.cells = tuple(cells)
        self.held = held
        self.periods = {cell.period for cell in cells}
        self._question = question
        self._sum = Sum(of_cell(cell, least_of(question)) for cell in cells)

    @property
    def of(self) -> tuple[str, ...]:
        """The cells that a share is of."""
        return (self.held.id,) if self.held else tuple(cell.id for cell in self.cells)

    def rest(self, members: Sequence[Cell]) -> Bounded:
        """All of it but these."""
        return self._sum.without(of_cell(cell, least_of(self._question)) for cell in members)


class Shares(NamedTuple):
    """Rows with their shares, what is to be said of these, and the wholes they are of."""

    rows: list[ViewRow]
    notes: list[Saying]
    wholes: dict[str, tuple[str, ...]]


def with_shares(answer: Answer, rows: Sequence[ViewRow], without: Answer | None) -> Shares:
    """Rows with their share of the whole of their period. `without` answers what is asked without
    the breakdown.
    """
    question = answer.question
    wholes = _wholes(answer, without)
    shared = [
        replace(row, share=_share(question, row, time, wholes[time]))
        if (time := _time(question, row)) in wholes and _has_share(row)
        else row
        for row in rows
    ]
    notes = []
    if any(whole.held is None for whole in wholes.values()):
        notes.append(say("views.share_of_rows"))
    if any(whole.held is not None for whole in wholes.values()):
        notes.append(say("views.share_of_undivided"))
    return Shares(shared, notes, {time: whole.of for time, whole in wholes.items()})


def _has_share(row: ViewRow) -> bool:
    return not row.in_progress and row.kind is not Kind.UNDIVIDED


def _time(question: Question, row: ViewRow) -> str:
    """The period whose whole a row has a share of; "" where time is not cut."""
    cut = question.cut if question.by else ""
    return (row.dims.get(cut) or SEVERAL) if cut else ""


def _wholes(answer: Answer, without: Answer | None) -> dict[str, Whole]:
    """The whole of each period."""
    question = answer.question
    cut = question.cut if question.by else ""
    groups: dict[str, list[Cell]] = {}
    for cell in settled(answer.cells):
        groups.setdefault((cell.dims[cut] or "") if cut else "", []).append(cell)
    held = {cell.dims.get(cut) or "": cell for cell in without.cells} if without else {}
    return {
        time: Whole(question, cells, _stated(question, cells, held.get(time)))
        for time, cells in groups.items()
    }


def _stated(question: Question, cells: Sequence[Cell], held: Cell | None) -> Cell | None:
    """What is held undivided, where the rows add up to nothing that is known and it can hold
    them.
    """
    total = sum_of(question, tuple(cells))
    if held is None or held.value is None or total.value is not None:
        return None
    same_time = {cell.period for cell in cells} == {held.period}
    exact = held.low in (None, held.value) and held.high in (None, held.value)
    fits = total.low is not None and total.low <= held.value
    apart = rests_apart(held, cells)
    return held if same_time and exact and fits and apart else None


def _share(question: Question, row: ViewRow, time: str, whole: Whole) -> Derived:
    if len(whole.periods) > 1:
        return Derived(UNKNOWN, row.of, say("views.share_of_periods"), time)
    part = sum_of(question, row.members)
    if whole.held is not None and whole.held.value is not None:
        found = share_of_whole(part, whole.held.value)
    else:
        found = share(part, whole.rest(row.members))
    if found is None:
        return Derived(UNKNOWN, row.of, say("views.no_share"), time)
    return Derived(as_asked(question, found), row.of, whole=time)
