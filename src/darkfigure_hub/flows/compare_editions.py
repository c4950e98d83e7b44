"""Compare two editions of the assessment: judgements with what moved them, figures with bridges,
coverage, estimates, what is asked.
"""

from __future__ import annotations

from darkfigure.assessment.comparison import (
    Compared,
    Dated,
    FigureMoved,
    figures_in_both,
    judgements_moved,
    questions_moved,
)
from darkfigure.assessment.edition import Edition, Rendering, key_of
from darkfigure.assessment.references import Form, Kind, Reference
from darkfigure.assessment.shown import Shown
from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.tables.question import CASES
from darkfigure.writing.editions.taken import bridge_shown
from darkfigure_hub.flows.ask_of_reference import question_of
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.measure_coverage import compare_coverage
from darkfigure_hub.flows.set_requirements import requirement_set


def compare_editions(scope: Scope, before: Edition, after: Edition) -> Compared:
    """Two editions side by side, in one rendering. Raises Unreadable where the second is not the
    later, or they are of different renderings.
    """
    scope.require(Permission.READ_RELEASES)
    if before.head.as_at >= after.head.as_at:
        raise Unreadable(
            f"{before.head.name} is as known on {before.head.as_at}, {after.head.name} on "
            f"{after.head.as_at}: name the earlier first."
        )
    if before.rendering is not after.rendering:
        raise Unreadable("Compare two restricted renderings, or two public ones.")
    sets = (
        requirement_set(scope, before.head.requirements),
        requirement_set(scope, after.head.requirements),
    )
    opened, closed = questions_moved(*sets, after.sees)
    return Compared(
        Dated(before.head.name, before.head.as_at),
        Dated(after.head.name, after.head.as_at),
        judgements_moved(before, after),
        tuple(
            FigureMoved(
                after.values[new].question or after.values[new].title,
                before.values[old],
                after.values[new],
                _bridge(scope, before, after, new, old),
            )
            for old, new in figures_in_both(before, after, Kind.ASK, Kind.BRIDGE)
        ),
        tuple(
            FigureMoved(after.values[new].title, before.values[old], after.values[new])
            for old, new in figures_in_both(before, after, Kind.ESTIMATE)
        ),
        compare_coverage(
            scope,
            before.head.requirements,
            before.head.as_at,
            after.head.requirements,
            after.head.as_at,
        ),
        opened,
        closed,
        before.synthetic or after.synthetic,
    )


def _bridge(scope: Scope, before: Edition, after: Edition, new: str, old: str) -> Shown | None:
    """What moved a figure, where it is another; nothing of what the rendering does not show."""
    then, now = before.values[old], after.values[new]
    if not FigureMoved("", then, now).changed or then.withheld or now.withheld:
        return None
    question = question_of(_reference(after, new), after.head)
    public = after.rendering is Rendering.PUBLIC
    if public and question.evidence == CASES:
        return None
    try:
        found = explain_change(scope, question, before.head.as_at, after.head.as_at)
    except DarkfigureError:
        return None
    if public and found.marking > Marking.PUBLIC:
        return None
    return bridge_shown(found, Form.TABLE)


def _reference(edition: Edition, key: str) -> Reference:
    return next(
        live.reference for chapter, live, _ in edition.figures() if key_of(chapter, live) == key
    )
