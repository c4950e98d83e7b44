"""Keep an answer that is given: its id opens to what was said, whatever arrives later."""

from __future__ import annotations

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Answer
from darkfigure.writing.answers.as_json import packed_answer
from darkfigure_hub.store.queries import kept_answers


def keep_answer(scope: Scope, found: Answer) -> None:
    """Keep an answer as it is given."""
    scope.require(Permission.READ_FIGURES)
    kept_answers.keep(scope.sees, found, packed_answer)
