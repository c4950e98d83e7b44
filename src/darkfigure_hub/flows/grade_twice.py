"""Grade a sample of items twice: by somebody who neither submitted nor graded an item and is not
told the grade it has; how far the two agree is worked out over all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.intelligence.agreement import Agreement, agreements
from darkfigure.intelligence.grading import read_grade
from darkfigure_hub.access import logging, record
from darkfigure_hub.store.queries import second_grades as store


@dataclass(frozen=True)
class Agreed:
    """How far graders agree in each place of a grade, and the items on which they do not: name,
    first and second grade.
    """

    places: dict[str, Agreement]
    apart: tuple[tuple[str, str, str], ...]


def waiting_for_second(scope: Scope) -> list[str]:
    """The items that who asks may grade second, the oldest first. Raises NotPermitted."""
    scope.require(Permission.GRADE_ITEM)
    found = store.waiting(scope, timezone.localdate())
    return [
        name for name, item in found if scope.who not in (item.submitted_by, store.given_by(item))
    ]


def grade_second(scope: Scope, name: str, grade: str) -> str:
    """Give an item of the sample its second grade, which changes nothing of it. Gives the grade it
    had, which is told now.

    Raises NotPermitted for who submitted or graded it; UnknownName; Unreadable for a grade that is
    none; DarkfigureError where it has a second grade already.
    """
    scope.require(Permission.GRADE_ITEM)
    found = dict(store.waiting(scope, timezone.localdate())).get(name)
    if found is None:
        raise UnknownName(f"{told(name)} does not wait for a second grade.")
    if scope.who in (found.submitted_by, store.given_by(found)):
        raise NotPermitted("Who submitted or graded an item does not grade it a second time.")
    made = read_grade(grade)
    with logging(scope):
        try:
            with transaction.atomic():
                store.enter(found, made.letters, scope.who)
        except IntegrityError:
            raise DarkfigureError(f"{name} was graded twice meanwhile.") from None
        record(scope, "item graded twice", {"item": found.number, "grade": made.letters})
    return found.letters


def show_agreement(scope: Scope) -> Agreed:
    """How far graders agree over all items graded twice. Raises NotPermitted."""
    scope.require(Permission.GRADE_ITEM)
    found = store.pairs(scope)
    record(scope, "agreement shown", {"items": len(found)})
    apart = tuple(each for each in found if each[1] != each[2])
    return Agreed(agreements([each[1:] for each in found]), apart)
