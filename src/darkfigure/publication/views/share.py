"""The share of each row of the whole of its period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from darkfigure.basis.saying import Saying, say
from darkfigure.publication.answer import Answer
from darkfigure.publication.views.adding import rests_apart, settled
from darkfigure.publication.views.derived import UNKNOWN, Derived, Kind, ViewRow, as_asked, sum_of
from darkfigure.tables.cell import Cell
from darkfigure.tables.intervals import Bounded, share, share_of_whole
from darkfigure.tables.question import Question


@dataclass(frozen=True)
class Whole:
    """What shares of one period are of: its cells, and what is held of it undivided where they do
    not add up to a figure.
    """

    cells: tuple[Cell, ...]
    held: Cell | None


def with_shares(
    answer: Answer, rows: Sequence[ViewRow], whole: Answer | None
) -> tuple[list[ViewRow], list[Saying]]:
    """Rows with their share of the whole of their period, and what that whole is."""
    question = answer.question
    wholes = _wholes(answer, whole)
    shown = [
        replace(row, share=_share(question, row, wholes[time]))
        if (time := _time(question, row)) in wholes and row.kind is not Kind.UNDIVIDED
        else row
        for row in rows
    ]
    notes = []
    if any(each.held is None for each in wholes.values()):
        notes.append(say("views.share_of_rows"))
    if any(each.held is not None for each in wholes.values()):
        notes.append(say("views.share_of_undivided"))
    return shown, notes


def _time(question: Question, row: ViewRow) -> str | None:
    """The period whose whole a row has a share of; None where it is of several."""
    if not question.cut or not question.by:
        return ""
    return row.dims.get(question.cut)


def _wholes(answer: Answer, whole: Answer | None) -> dict[str | None, Whole]:
    """The whole of each period: the sum of all rows, or what is held where that is not known."""
    question = answer.question
    cut = question.cut if question.by else ""
    groups: dict[str | None, list[Cell]] = {}
    for cell in settled(answer.cells):
        groups.setdefault(cell.dims[cut] if cut else "", []).append(cell)
    held = {cell.dims[cut] if cut else "": cell for cell in whole.cells} if whole else {}
    return {
        time: Whole(tuple(cells), _stated(question, cells, held.get(time)))
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


def _share(question: Question, row: ViewRow, whole: Whole) -> Derived:
    of = tuple(cell.id for cell in whole.cells)
    if len({cell.period for cell in whole.cells}) > 1:
        return Derived(UNKNOWN, of, say("views.share_of_periods"))
    members = {cell.id for cell in row.members}
    part = sum_of(question, row.members)
    if whole.held is not None and whole.held.value is not None:
        found = share_of_whole(part, whole.held.value)
        of = (*row.of, whole.held.id)
    else:
        rest = tuple(cell for cell in whole.cells if cell.id not in members)
        found = share(part, sum_of(question, rest))
    return _told(question, found, of)


def _told(question: Question, found: Bounded | None, of: tuple[str, ...]) -> Derived:
    if found is None:
        return Derived(UNKNOWN, of, say("views.no_share"))
    return Derived(as_asked(question, found), of)
