"""Answer one question about several measures side by side."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication.beside import Beside, beside
from darkfigure.tables.question import Question
from darkfigure_hub.flows.answer_question import answer_question


def answer_beside(scope: Scope, questions: Sequence[Question]) -> Beside:
    """The answers to a question about several measures. Each is answered, kept and logged as if
    asked alone.
    """
    scope.require(Permission.READ_FIGURES)
    return beside([answer_question(scope, question) for question in questions])
