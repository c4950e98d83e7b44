"""Answer a question: from what the asker may see, as known on the day asked for; remembered so that
its cells open.
"""

from __future__ import annotations

from django.utils import timezone

from darkfigure import publication
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.requirements import Needs
from darkfigure.publication import Answer, Question, answer
from darkfigure.tables.question import CASES
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.keep_answer import keep_answer
from darkfigure_hub.store import queries
from darkfigure_hub.store.limits import CELLS, at_most, reading
from darkfigure_hub.store.queries import editions
from darkfigure_hub.store.queries.evidence import StoreEvidence


def answer_question(scope: Scope, question: Question) -> Answer:
    """The answer to a question, or the reasons there is none."""
    scope.require(Permission.READ_FIGURES)
    found = answered(scope, question)
    with logging(scope):
        keep_answer(scope, found)
        detail = {
            "answer": found.id,
            "measure": question.measure.code,
            "as_at": question.as_at.isoformat(),
        }
        record(scope, "question answered", {**detail, "basis": found.basis})
    return found


def answered(scope: Scope, question: Question) -> Answer:
    """The answer to a question, which is not kept: to compare with one that was given."""
    scope.require(Permission.READ_FIGURES)
    needs = Needs(lambda: editions.standing(scope, timezone.localdate()))
    with reading(scope):
        found = (
            publication.answer_from_cases(question, queries.case_records.StoreRecords(scope), needs)
            if question.evidence == CASES
            else answer(question, StoreEvidence(scope), needs)
        )
    at_most(scope, found.cells, CELLS)
    return found
