"""How an answer is wanted: with changes, shares, totals; the largest first, or only these; a
dimension across. What cannot be is refused before anything is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from darkfigure.basis.errors import DarkfigureError, UnknownName
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.tables.question import Question

SORTS = ("figure", "label")
#: What needs figures that are added up, by the name of its option.
ADDING = ("share", "total", "top")
#: The share of what: a dimension that the question keeps to a value of, or a wider measure.
OF = "of"

#: What can be wanted, by name.
WANTED = ("change", "share", "total", "top", "sort", "pivot", OF)


class NotDerivable(DarkfigureError):
    """Something that cannot be worked out from an answer without saying what is not so."""


@dataclass(frozen=True)
class Wishes:
    """What is wanted of an answer beside its cells."""

    change: bool = False
    share: bool = False
    total: bool = False
    top: int | None = None
    sort: str = ""
    pivot: str = ""
    of: str = ""

    def __bool__(self) -> bool:
        return self != Wishes()

    @property
    def undivided(self) -> bool:
        """Whether the figure that is held undivided is to be asked for as well."""
        return self.total or self.share


def wishes_of(questions: Sequence[Question], **wanted: Any) -> Wishes:
    """What is wanted of the answer to a question; of several measures nothing can be. Raises as
    `wishes_for`.
    """
    wishes = wishes_for(questions[0], **wanted)
    if wishes and len(questions) > 1:
        raise NotDerivable(
            "Changes, shares, totals and the order of rows are of one measure: ask for one at a "
            "time."
        )
    return wishes


def wishes_for(
    question: Question,
    *,
    change: bool = False,
    share: bool = False,
    total: bool = False,
    top: int | None = None,
    sort: str | None = None,
    pivot: str | None = None,
    of: str | None = None,
) -> Wishes:
    """What is wanted of the answer to a question. Raises UnknownName for a name that is none,
    NotDerivable where the question has no answer of which it could be worked out.
    """
    sort = (sort or "").strip().lower()
    if sort and sort not in SORTS:
        raise UnknownName(f"Rows are not sorted by {sort!r}. Write {' or '.join(SORTS)}.")
    if top is not None and top < 1:
        raise UnknownName(f"The {top} largest rows are none. Write 1 or more.")
    of = (of or "").strip()
    wishes = Wishes(change, share, total, top, sort, _across(question, pivot), of)
    if of and (share or total or top):
        raise NotDerivable(
            "A share is of one whole: leave out --share, --total and --top, or --of."
        )
    _refuse_what_is_not_added(question, wishes)
    if change and not question.cut:
        raise NotDerivable(
            "A change is from one time to the next, and time is not cut here. Add one of "
            f"{', '.join(TIME_CUTS)} to --by."
        )
    if (share or total or top) and not (question.by or question.cut):
        raise NotDerivable(
            "There is one row, and nothing to add up. Break the figure down with --by."
        )
    return wishes


def _across(question: Question, pivot: str | None) -> str:
    name = (pivot or "").strip().lower().replace("-", "_")
    known = [*question.by, *([question.cut] if question.cut else [])]
    if name and name not in known:
        raise UnknownName(
            f"{pivot!r} cannot stand across, as the question is not asked by it. It is asked by "
            f"{', '.join(known) or 'none'}."
        )
    return name


def _refuse_what_is_not_added(question: Question, wishes: Wishes) -> None:
    if question.measure.additive:
        return
    named = [f"--{name}" for name in (*ADDING, "change", OF) if getattr(wishes, name)]
    if named:
        raise NotDerivable(
            f"{question.measure.title}: figures of it are not added up or taken from one another, "
            "as they may be shares, or estimates of different populations. Leave out "
            f"{' and '.join(named)}."
        )


def groups_across(question: Question, wishes: Wishes) -> tuple[str, ...]:
    """The dimensions that are not added over: what stands across, else time where something else is
    broken down too.
    """
    if wishes.pivot:
        return (wishes.pivot,)
    return (question.cut,) if question.cut and question.by else ()


def undivided(question: Question, wishes: Wishes) -> Question:
    """The question for what is held of each group without the other breakdowns."""
    across = groups_across(question, wishes)
    return replace(
        question,
        by=tuple(name for name in question.by if name in across),
        cut=question.cut if question.cut in across else "",
    )
