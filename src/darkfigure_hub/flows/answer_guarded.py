"""Answer the parts of a response: each as asked, small counts kept out over all of them, and what
of it rests on returns that are marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from darkfigure.basis.errors import NotPermitted, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.status import CellReason
from darkfigure.publication import Answer, Question
from darkfigure.publication.all_released import Attacked, Out, guarded_with_all
from darkfigure.publication.answer import told_by
from darkfigure.publication.small_counts import guarded_together
from darkfigure.tables.question import CASES
from darkfigure.writing.releases.attacked import lines_of
from darkfigure_hub.access import seeing_what_is_public
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.store.queries import marked_returns
from darkfigure_hub.store.queries.marked_returns import MarkedReturn

#: So many marked returns are named.
SHOWN = 12


@dataclass(frozen=True)
class Guarded:
    """Answers as they go out, the answers as they are, and for each the marked returns that it says
    something of which the public does not see.
    """

    told: tuple[Answer, ...]
    found: tuple[Answer, ...]
    marked: tuple[tuple[MarkedReturn, ...], ...]


def answer_guarded(
    scope: Scope, questions: Sequence[Question], before: Sequence[Out] = ()
) -> Guarded:
    """The answers to questions that go out together, kept nowhere. Small counts from records, and
    of figures that rest on what is marked, are kept out, also of what follows from them and from
    all that went out `before`. Raises as `guarded_together`, and where that cannot be kept.
    """
    scope.require(Permission.READ_FIGURES)
    found = tuple(answered(scope, question) for question in questions)
    marked = tuple(_marked(scope, each) for each in found)
    places = {place for place, each in enumerate(marked) if each}
    if not before:
        return Guarded(tuple(guarded_together(found, places)), found, marked)
    names = [f"part {number}" for number in range(1, len(found) + 1)]
    told, attacked = guarded_with_all(names, found, before, places)
    refuse_faults(attacked)
    return Guarded(tuple(told), found, marked)


def refuse_faults(attacked: Attacked) -> None:
    """Raises Unreadable with what comes out of what is to go out."""
    if attacked.passes:
        return
    lines = "\n  ".join(lines_of(attacked))
    raise Unreadable(
        f"{len(attacked.given)} protected counts come out of what is to go out and of what went "
        f"out before:\n  {lines}\nMerge values or leave out a breakdown."
    )


def for_anybody(scope: Scope, question: Question) -> Answer:
    """The answer that the public has."""
    scope.require(Permission.READ_FIGURES)
    return answered(seeing_what_is_public(scope), question)


def refuse_marked(scope: Scope, marked: Sequence[MarkedReturn]) -> NoReturn:
    """Raises NotPermitted: what goes out rests on marked returns, and it is not said why it may."""
    scope.require(Permission.READ_FIGURES)
    shown = [
        f"return {each.number}{f' of {each.agency}' if each.agency else ''} ({each.marking})"
        for each in marked[:SHOWN]
    ]
    more = f" and {len(marked) - SHOWN:,} more" if len(marked) > SHOWN else ""
    raise NotPermitted(
        f"What is released rests on returns that are marked: {', '.join(shown)}{more}. Say why it "
        "may be released, with --release-marked REASON, or leave it out of the disclosure log, "
        "with --private."
    )


def _marked(scope: Scope, found: Answer) -> tuple[MarkedReturn, ...]:
    """The marked returns behind an answer that says something else than the public is told."""
    if not marked_returns.any_held(scope):
        return ()
    if _said(for_anybody(scope, found.question)) == _said(found):
        return ()
    if found.question.evidence == CASES:
        return tuple(marked_returns.of_cases(scope))
    blocks = {block for cell in found.cells for block in cell.blocks}
    files = {each.return_sha256 for cell in found.cells for each in cell.sources}
    return tuple(marked_returns.behind(scope, found.question.measure.code, blocks, files))


def _said(found: Answer) -> object:
    """What an answer says, whatever it is named."""
    cells = [
        (told_by(cell), cell.dims, cell.status, cell.reasons, cell.notes, cell.period)
        for cell in found.cells
    ]
    sources = [cell.sources for cell in found.cells]
    why = [
        (each.reason, each.detail)
        for each in found.cannot
        if each.reason is not CellReason.WITHHELD
    ]
    return cells, sources, found.notes, why
