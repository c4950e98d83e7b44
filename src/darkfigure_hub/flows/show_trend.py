"""Show a trend: a measure in two periods, of the bodies that returned in both."""

from __future__ import annotations

from dataclasses import replace

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import Period
from darkfigure.basis.permission import Permission
from darkfigure.publication import Question
from darkfigure.publication.trends import BODIES, Trend, alike, trend_of
from darkfigure_hub.flows.answer_question import answered


def show_trend(scope: Scope, question: Question, of: str, first: Period, last: Period) -> Trend:
    """A question asked of two periods by body. Raises Unreadable where they are in the wrong order
    or unlike, `of` is no dimension of bodies, and where no body returned in both.
    """
    scope.require(Permission.READ_FIGURES)
    if of not in BODIES:
        raise Unreadable(
            f"of={of} is no dimension of bodies that return: write one of {', '.join(BODIES)}."
        )
    if first.end >= last.start:
        raise Unreadable(f"A trend runs forward: {first.label} does not end before {last.label}.")
    if not alike(first, last):
        raise Unreadable(
            f"{first.label} and {last.label} are not alike: a trend takes two periods of one "
            "length that begin on the same day of the year."
        )
    if question.by or question.cut or question.period:
        raise Unreadable("A trend says from and to, and by whom; leave by and period out.")
    asked = replace(question, by=(of,))
    then, now = (answered(scope, replace(asked, period=period)) for period in (first, last))
    return trend_of(then, now, of)
