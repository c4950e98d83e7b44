"""Editions of requirements: entered once, never changed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.intelligence.requirement_sets import RequirementSet, in_force, read_set
from darkfigure_hub.store.models import RequirementEdition
from darkfigure_hub.store.queries import taken_back


def enter_set(held: RequirementSet, loaded_by: str) -> RequirementEdition:
    """Enter an edition."""
    return RequirementEdition.objects.create(
        code=held.edition,
        title=held.title,
        valid_from=held.valid.start,
        valid_to=held.valid.end,
        marking=held.marking,
        follows=held.follows,
        text=held.text,
        sha256=sha256(held.text.encode()).hexdigest(),
        loaded_at=timezone.now(),
        loaded_by=loaded_by,
    )


def held_text(scope: Scope, edition: str) -> str | None:
    """The text of an edition the reader may see; None where it is not held."""
    found = RequirementEdition.objects.filter(code=edition, marking__lte=scope.sees).values_list(
        "text", flat=True
    )
    return found.first()


def loaded_on(scope: Scope, edition: str) -> date | None:
    """The day an edition that the reader may see was loaded; None where it is not held."""
    found = RequirementEdition.objects.filter(code=edition, marking__lte=scope.sees)
    moment = found.values_list("loaded_at", flat=True).first()
    return timezone.localdate(moment) if moment else None


def set_named(scope: Scope, edition: str) -> RequirementSet | None:
    """An edition the reader may see; None where it is not held."""
    text = held_text(scope, edition)
    return read_set(text, edition) if text else None


def editions(scope: Scope) -> list[tuple[str, str, date, date]]:
    """Code, title and days of the editions the reader may see, the latest first."""
    held = RequirementEdition.objects.filter(marking__lte=scope.sees).order_by(
        "-valid_from", "code"
    )
    return [(each.code, each.title, each.valid_from, each.valid_to) for each in held]


def standing(scope: Scope, day: date) -> list[RequirementSet]:
    """The editions in force on a day that the reader may see, but for those taken back by then."""
    back = taken_back.away("edition")
    held = RequirementEdition.objects.filter(marking__lte=scope.sees)
    sets = [
        read_set(each.text, each.code)
        for each in held
        if not any(spell.has(day) for spell in back.get(each.code, ()))
    ]
    return in_force(sets, day)
