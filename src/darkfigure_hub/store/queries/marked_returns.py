"""Returns that are marked, and not for the public, behind what is about to be released."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from darkfigure.basis.marking import Marking, Scope
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure_hub.store.models import Block, Return


class MarkedReturn(NamedTuple):
    """A return by its number and agency, and how it is marked."""

    number: int
    agency: str
    marking: str


def any_held(scope: Scope) -> bool:
    """Whether anything is marked at all of what the reader sees."""
    return bool(_marked(scope).exists())


def behind(
    scope: Scope, measure: str, block_ids: Iterable[int], sha256s: Iterable[str]
) -> list[MarkedReturn]:
    """The marked returns that hold some blocks or came in some files; where none of them is marked,
    those that state the measure.
    """
    named = Block.objects.filter(id__in=list(block_ids)).values("of_id")
    found = _marked(scope).filter(id__in=named) | _marked(scope).filter(file_id__in=list(sha256s))
    if not found.exists():
        stating = Block.objects.filter(measure=measure).values("of_id")
        found = _marked(scope).filter(id__in=stating)
    return _named(found)


def of_cases(scope: Scope) -> list[MarkedReturn]:
    """The marked returns of case records."""
    return _named(_marked(scope).filter(kind__in=CASE_RETURNS))


def _marked(scope: Scope) -> QuerySet[Return]:
    return Return.objects.filter(marking__gt=Marking.PUBLIC, marking__lte=scope.sees)


def _named(found: QuerySet[Return]) -> list[MarkedReturn]:
    return [
        MarkedReturn(each.pk, each.agency, Marking(each.marking).name.replace("_", "-"))
        for each in found.order_by("id")
    ]
