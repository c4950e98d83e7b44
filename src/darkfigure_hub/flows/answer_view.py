"""Answer a question as it is wanted: with changes, shares, totals, in another order."""

from __future__ import annotations

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.views import View, Wishes, viewed
from darkfigure.tables.question import Question
from darkfigure_hub.flows.answer_question import answer_question


def answer_view(scope: Scope, question: Question, wishes: Wishes) -> View:
    """The answer as it is wanted. What is asked undivided beside it is answered, kept and logged as
    if asked alone: its cells open too.
    """
    scope.require(Permission.READ_FIGURES)
    return viewed(question, wishes, lambda asked: answer_question(scope, asked))
