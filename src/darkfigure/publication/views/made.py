"""A view of an answer: its cells as rows in the order wanted, with what is worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from darkfigure.basis.saying import Saying, say
from darkfigure.basis.status import Status
from darkfigure.publication.answer import Answer, label_of
from darkfigure.publication.marked import highest
from darkfigure.publication.views.adding import (
    Category,
    added_rows,
    categories,
    largest,
    rank_of,
    refuse_overlap,
    settled,
    total_rows,
)
from darkfigure.publication.views.change import with_changes
from darkfigure.publication.views.derived import Kind, View, ViewRow, row_of
from darkfigure.publication.views.ratio import whole_of, with_ratios
from darkfigure.publication.views.share import with_shares
from darkfigure.publication.views.wishes import ADDING, Wishes, groups_across, undivided
from darkfigure.tables.question import Question


def viewed(question: Question, wishes: Wishes, answering: Callable[[Question], Answer]) -> View:
    """The answer to a question as it is wanted; `answering` answers it, and what is asked undivided
    where that is needed. Raises as `view`.
    """
    whole = whole_of(question, wishes.of) if wishes.of else undivided(question, wishes)
    answer = answering(question)
    needed = (wishes.undivided or wishes.of) and answer.cells and whole != question
    return view(answer, wishes, answering(whole) if needed else None)


def view(answer: Answer, wishes: Wishes, whole: Answer | None = None) -> View:
    """An answer as it is wanted. `whole` is the answer to what is asked undivided
    (`wishes.undivided`), where shares and totals are wanted.

    Raises NotDerivable where rows may hold the same twice and are to be added up.
    """
    adding = [f"--{name}" for name in ADDING if getattr(wishes, name)]
    if adding and answer.cells:
        refuse_overlap(answer, " and ".join(adding))
    across = groups_across(answer.question, wishes)
    rows, notes = _rows(answer, wishes, across)
    totals, said = total_rows(answer, across, whole) if wishes.total else ([], [])
    rows, notes = [*rows, *totals], [*notes, *said]
    wholes: dict[str, tuple[str, ...]] = {}
    if wishes.change:
        rows = with_changes(answer.question, rows)
        notes.append(say("views.changes"))
    if wishes.share:
        rows, said, wholes = with_shares(answer, rows, whole)
        notes += said
    if wishes.of and whole is not None:
        rows, said, wholes = with_ratios(answer, rows, whole)
        notes += said
    pending = [
        row_of(answer.question, cell) for cell in answer.cells if cell.status == Status.IN_PROGRESS
    ]
    marking = highest(each.marking for each in (answer, whole) if each is not None)
    told = tuple(notes) if answer.cells else ()
    return View(answer, wishes, (*rows, *pending), told, wholes, marking)


def _rows(
    answer: Answer, wishes: Wishes, across: Sequence[str]
) -> tuple[list[ViewRow], list[Saying]]:
    """The rows of cells, in order; and of all others, where only the largest are wanted."""
    question = answer.question
    parts = categories(settled(answer.cells), across)
    kept, rest, notes = largest(question, parts, wishes.top or len(parts))
    kept = _in_order(answer, wishes, kept)
    rows = [row_of(question, cell) for part in kept for cell in part.cells]
    return [*rows, *added_rows(question, rest, across, Kind.OTHERS)], notes


def _in_order(answer: Answer, wishes: Wishes, parts: Sequence[Category]) -> list[Category]:
    """Categories in the order wanted; those alike, and all where none is wanted, as they come."""
    if wishes.sort == "label":
        return sorted(parts, key=lambda part: label_of(answer.question, part.cells[0]).casefold())
    if wishes.sort == "figure" or wishes.top:
        return sorted(parts, key=lambda part: rank_of(answer.question, part), reverse=True)
    return [*parts]
