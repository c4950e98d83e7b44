"""Conditions under which items of handling C are shared, held to the roles and purposes there
are.
"""

from __future__ import annotations

from collections.abc import Iterator

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say, several
from darkfigure.codes import codes_for
from darkfigure.intelligence.grading import Condition, Grade
from darkfigure.intelligence.reporting import IntelligenceReport
from darkfigure_hub.access.roles import APPOINTED, purposes

__all__ = ["Condition", "condition_faults", "condition_given", "condition_said"]


def condition_faults(report: IntelligenceReport) -> Iterator[Problem]:
    """The roles and purposes that conditions of a report name and that there are not."""
    for item in report.items:
        if item.condition is None:
            continue
        for name, given, known in _named(item.condition):
            for each in sorted(set(given) - set(known)):
                column = f"items[{item.number}].condition.{name}"
                wrong = say("problems.wrong.not_known", what=name)
                right = say("problems.right.one_of", known=several(known, "comma"))
                yield Problem(wrong, right, column=column, value=each, rule="condition")


def condition_given(grade: Grade, condition: Condition | None) -> Condition | None:
    """A condition that goes with a grade. Raises DarkfigureError where it goes with none, or names
    what there is not.
    """
    if condition is None or condition == Condition():
        return None
    if grade.letters[2:] != "C":
        raise DarkfigureError("A condition goes with handling C: with P there is none.")
    for name, given, known in _named(condition):
        if unknown := sorted(set(given) - set(known)):
            raise DarkfigureError(
                f"There is no {name[:-1]} {', '.join(unknown)}. There are: {', '.join(known)}."
            )
    return condition


def _named(condition: Condition) -> tuple[tuple[str, tuple[str, ...], list[str]], ...]:
    return (
        ("roles", condition.roles, [str(each) for each in APPOINTED]),
        ("agencies", condition.agencies, [*codes_for("agency").codes]),
        ("purposes", condition.purposes, [*purposes()]),
    )


def condition_said(condition: Condition) -> str:
    """A condition in words, for who sees what is under it."""
    parts = (
        ", ".join(each.replace("_", " ") for each in condition.roles) or "roles by the policy",
        ", ".join(map(codes_for("agency").label, condition.agencies)),
        "for " + ", ".join(purposes()[each].words for each in condition.purposes)
        if condition.purposes
        else "",
        "sanitised" if condition.sanitised else "",
        f"until {condition.until:%-d %B %Y}" if condition.until else "",
    )
    return "; ".join(filter(None, parts))
