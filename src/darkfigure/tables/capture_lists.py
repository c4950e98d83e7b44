"""Lists of persons from case records: who was reported by whom, as known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.period import Period
from darkfigure.tables.casebook import Casebook, Records
from darkfigure.tables.question import Condition

#: Kinds of record that put a victim on a list.
LISTING = ("recovery", "referral")
#: What can make a list of its own.
LISTED_BY = ("agency", "organisation", "organisation_kind", "area")


def lists_of_victims(
    records: Records,
    as_at: date,
    by: str = "agency",
    *,
    where: Sequence[Condition] = (),
    period: Period | None = None,
) -> dict[str, set[str]]:
    """Pseudonyms of victims by list, from recoveries and referrals that certainly meet the
    conditions.

    A person is the same on two lists only where both name them by one pseudonym: linkage is not
    done here. Raises UnknownName.
    """
    if by not in LISTED_BY:
        raise UnknownName(f"{by!r} does not make lists. Known are {', '.join(LISTED_BY)}.")
    book = Casebook(records, as_at)
    found: dict[str, set[str]] = {}
    for kind in LISTING:
        table = book.standing(kind)
        if by not in table.columns:
            continue
        for condition in where:
            table = book.column(table, condition.dimension)
            table = table.filter(table[condition.dimension] == condition.code)
        if period:
            table = table.filter(
                table.date.between(ibis.literal(period.start), ibis.literal(period.end))
            )
        kept = table.filter(table.person.notnull() & table[by].notnull())
        for name, person in records.fetch(kept.select(by, "person").distinct()):
            found.setdefault(name, set()).add(person)
    return dict(sorted(found.items()))
