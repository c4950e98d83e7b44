"""Questions as the commands that ask them."""

from __future__ import annotations

import shlex

from darkfigure.basis.period import written
from darkfigure.codes import codes_for
from darkfigure.tables.question import STATEMENTS, Condition, Question


def asking(question: Question) -> str:
    """What stands after `darkfigure ask` to ask a question; values by their titles."""
    parts = [question.measure.code]
    if by := [*question.by, *([question.cut] if question.cut else [])]:
        parts += ["--by", ",".join(by)]
    for condition in question.where:
        parts += ["--where", _titled(condition)]
    if question.period:
        parts += ["--period", written(question.period)]
    if question.unit:
        parts += ["--unit", question.unit]
    if question.evidence != STATEMENTS:
        parts += ["--evidence", question.evidence]
    return shlex.join([*parts, "--as-at", question.as_at.isoformat()])


def _titled(condition: Condition) -> str:
    title = codes_for(condition.dimension).label(condition.code)
    return f"{condition.dimension}{'~' if condition.inclusive else '='}{title}"
