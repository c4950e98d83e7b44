"""Compare answers: statements beside records, or one counting rule beside another."""

from __future__ import annotations

from collections.abc import Sequence

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Comparison, Question, compare
from darkfigure_hub.flows.answer_question import answer_question


def compare_answers(scope: Scope, questions: Sequence[tuple[str, Question]]) -> Comparison:
    """The answers to named questions, cell by cell. Each is answered, kept and logged as if asked
    alone.
    """
    scope.require(Permission.READ_FIGURES)
    names = [name for name, _ in questions]
    return compare(names, [answer_question(scope, question) for _, question in questions])
