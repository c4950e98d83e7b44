"""Origins: registered once, with every spelling of them. The spellings are in the identity schema,
and leave it only for who may read names: the service is told by number what a spelling stands for.
"""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Q

from darkfigure.basis.marking import Marking, Scope
from darkfigure.basis.permission import Permission
from darkfigure.intelligence.origins import near, normal
from darkfigure_hub.store.models import Origin, OriginJoin
from darkfigure_hub.store.roles import identity_reader

_SPELLING = "INSERT INTO identity.origin_spelling VALUES (%s, %s, %s, %s)"


def found(written: str) -> int | None:
    """The origin that is registered under a spelling. Asked of a function that tells this and no
    more: the service cannot read spellings.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.origin_of(%s)", [normal(written)])
        number: int | None = cursor.fetchone()[0]
        return number


def nearly(written: str) -> list[int]:
    """Origins of so near a spelling that one of them may be meant, nearest first."""
    with identity_reader() as cursor:
        cursor.execute("SELECT normal, origin_id FROM identity.origin_spelling")
        forms = dict(cursor.fetchall())
    return list(dict.fromkeys(forms[form] for form in near(written, forms)))


def register(written: str, on: date, by: str, agency: str = "") -> int:
    """Register an origin, or find it, by a spelling; gives its number."""
    held = found(written)
    if held is not None:
        return held
    made = Origin.objects.create(agency=agency, registered_on=on, registered_by=by)
    add_spelling(int(made.pk), written, on)
    return int(made.pk)


def add_spelling(origin: int, written: str, on: date) -> None:
    """Keep another spelling of an origin."""
    with connection.cursor() as cursor:
        cursor.execute(_SPELLING, [normal(written), origin, written, on])


def spellings(scope: Scope) -> dict[int, list[str]]:
    """Origins with their spellings, the first one first: of items the reader may see, and of none.
    Raises NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    seen = Q(items__marking__lte=scope.sees, items__of__marking__lte=scope.sees)
    if scope.sees >= Marking.OFFICIAL:
        seen |= Q(items=None)
    numbers = list(Origin.objects.filter(seen).distinct().values_list("id", flat=True))
    spelt: dict[int, list[str]] = {}
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT origin_id, written FROM identity.origin_spelling WHERE origin_id = ANY(%s) "
            "ORDER BY known_from, normal",
            [numbers],
        )
        for origin, written in cursor.fetchall():
            spelt.setdefault(origin, []).append(written)
    return spelt


def listed() -> list[Origin]:
    """Every origin registered, with the items that came from it."""
    return list(Origin.objects.prefetch_related("items", "joined_to").order_by("id"))


def held(number: int) -> bool:
    """Whether an origin of this number is registered."""
    return Origin.objects.filter(pk=number).exists()


def join(origin: int, into: int, reason: str, by: str, on: date) -> None:
    """Enter that two origins are one from a day on."""
    OriginJoin.objects.create(
        origin_id=origin, into_id=into, reason=reason, joined_by=by, known_from=on
    )


def root(number: int) -> int:
    """The origin that one was joined into, as it stands after every join."""
    into = dict(OriginJoin.objects.order_by("id").values_list("origin_id", "into_id"))
    while number in into:
        number = into[number]
    return number
