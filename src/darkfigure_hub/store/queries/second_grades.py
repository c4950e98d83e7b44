"""Second grades: what waits for one, what was given, beside the grade the item had."""

from __future__ import annotations

from datetime import date

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.agreement import is_graded_twice
from darkfigure_hub.store.models import IntelligenceItem, ItemGrade, SecondGrade
from darkfigure_hub.store.queries.intelligence import HeldItem, item_named


def _name(item: IntelligenceItem) -> str:
    return f"{item.of.agency} {item.of.reference}/{item.number}"


def waiting(scope: Scope, day: date) -> list[tuple[str, HeldItem]]:
    """Items of the sample that the reader may see, that stand on a day and have no second grade,
    the oldest first.
    """
    rows = (
        IntelligenceItem.objects.filter(
            of__marking__lte=scope.sees, marking__lte=scope.sees, second_grade__isnull=True
        )
        .select_related("of")
        .order_by("id")
    )
    names = [name for name in map(_name, rows) if is_graded_twice(name)]
    held = [(name, item_named(scope, name, day)) for name in names]
    return [(name, item) for name, item in held if item is not None]


def given_by(item: HeldItem) -> str:
    """Who gave an item the grade it has."""
    return str(ItemGrade.objects.values_list("graded_by", flat=True).get(pk=item.grade))


def enter(item: HeldItem, letters: str, by: str) -> None:
    """Enter a second grade beside the one that the item has."""
    SecondGrade.objects.create(
        item_id=item.number,
        first=item.letters,
        first_by=given_by(item),
        letters=letters,
        graded_by=by,
    )


def pairs(scope: Scope) -> list[tuple[str, str, str]]:
    """Every item graded twice that the reader may see: its name, the first and second grade."""
    rows = (
        SecondGrade.objects.filter(item__of__marking__lte=scope.sees, item__marking__lte=scope.sees)
        .select_related("item__of")
        .order_by("-id")
    )
    return [(_name(row.item), row.first, row.letters) for row in rows]
