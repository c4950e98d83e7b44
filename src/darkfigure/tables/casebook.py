"""The casebook: case records as known on a day, and the columns that figures are broken down by.

Expressions are Ibis, so that one way of counting runs on the repository's database and on a
snapshot's files alike. Where a record does not say something, its column holds "?" and the reason:
unknown is a value, and is carried along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

import ibis
import polars as pl

from darkfigure.basis.marking import Marking
from darkfigure.basis.status import CellReason
from darkfigure.cases.records import KINDS, FieldType
from darkfigure.codes.nationality_groups import nationality_groups
from darkfigure.tables.counted import UNKNOWN

#: Ibis expressions are not typed closely enough to be worth naming.
Table = Any
Column = Any
NOT_KNOWN, NOT_LINKED, NOT_CONCLUDED = (
    UNKNOWN + reason
    for reason in (CellReason.NOT_KNOWN, CellReason.NOT_LINKED, CellReason.NOT_CONCLUDED)
)
MAJORITY = 18
#: Who is whom: the persons that a pseudonym was taken to be during some time, in each of the
#: readings.
LINKS = {
    "record": "string",
    "person": "string",
    "surely": "string",
    "possibly": "string",
    "reason": "string",
    "known_from": "date",
    "known_to": "date",
}


class Joined(StrEnum):
    """Which reading of the links persons are counted by; the last two bound the first."""

    DECIDED = "person"
    SURELY = "surely"
    POSSIBLY = "possibly"


@dataclass(frozen=True)
class CaseReturn:
    """A return of case records: what a reader would cite. `id` numbers it where it is held. Its
    records are not there any more where it was disposed of.
    """

    id: int
    sha256: str
    file: str
    agency: str
    source: str
    known_from: date
    marking: Marking = Marking.PUBLIC
    disposed_on: date | None = None


class Records(Protocol):
    """Read access to versions of case records, within what the reader may see."""

    def table(self, kind: str) -> Table:
        """Every version of a kind: the columns of `cases.casework.VERSION`, known_to, return_id and
        the kind's fields.
        """

    def fetch(self, expression: Table | str) -> list[tuple[Any, ...]]:
        """The rows of an expression built on `table`, or of a query over the tables case_KIND."""

    def frame(self, expression: Table) -> pl.DataFrame:
        """As `fetch`, for many rows of text, as a frame."""

    def returns(self) -> Sequence[CaseReturn]:
        """The case returns behind the records, oldest first."""

    def links(self) -> Table | None:
        """Who was taken to be whom: the columns `LINKS`. None where nobody was ever linked."""


class Casebook:
    """Records as known on one day; persons as linked by then in one of the readings, or, with None,
    each as its agency knows it.
    """

    def __init__(
        self, records: Records, as_at: date, joined: Joined | None = Joined.DECIDED
    ) -> None:
        self.records = records
        self.as_at = as_at
        self._joined = joined
        self._links = None if joined is None else records.links()

    def standing(self, kind: str) -> Table:
        """The versions of a kind that stood on the day, withdrawn ones left out."""
        held = self.records.table(kind)
        standing = held.filter(self._stands(held) & ~held.withdrawn)
        return standing if self._links is None else self._linked(standing, kind, self._links)

    def _stands(self, held: Table) -> Column:
        day = ibis.literal(self.as_at)
        return (held.known_from <= day) & (held.known_to.isnull() | (held.known_to > day))

    def _linked(self, table: Table, kind: str, links: Table) -> Table:
        """References to persons as links of the day make them: one name for all records of a
        person.
        """
        known = links.filter(self._stands(links))
        names = [field.name for field in KINDS[kind].kept if field.type is FieldType.PERSON]
        for name in ["record"] if kind == "person" else names:
            held = known.select(linked_of=known.record, linked_to=known[self._joined])
            joined = table.left_join(held, table[name] == held.linked_of)
            table = joined.mutate(**{name: ibis.coalesce(joined.linked_to, joined[name])}).drop(
                "linked_of", "linked_to"
            )
        return table

    def campaigns(self) -> list[str]:
        """The campaigns of which an operation is on record."""
        return sorted(
            row[0]
            for row in self.records.fetch(self.standing("operation").select("campaign").distinct())
        )

    def charges(self) -> Table:
        """Charges with what their arrest adds: the person as the force knows them, the operation,
        the place.
        """
        charge, arrest = self.standing("charge"), self.standing("arrest")
        held = arrest.select(
            arrest_of=arrest.record,
            arrest_person=arrest.person,
            arrest_operation=arrest.operation,
            arrest_area=arrest.area,
            arrest_offence=arrest.offence,
            arrest_day=arrest.date,
        )
        joined = charge.left_join(held, charge.arrest == held.arrest_of).drop("arrest_of")
        return joined.mutate(
            person=ibis.coalesce(joined.arrest_person, joined.person),
            operation=ibis.coalesce(joined.operation, joined.arrest_operation),
            area=ibis.coalesce(joined.area, joined.arrest_area),
            linked=joined.arrest.notnull() | joined.operation.notnull(),
        ).drop("arrest_person", "arrest_operation", "arrest_area")

    def column(self, table: Table, name: str) -> Table:
        """`table` with a text column `name` saying the breakdown value, or "?" and why it is not
        known.
        """
        if name in _JOINED:
            return _JOINED[name](self, table)
        if name == "age_group" and "age" in table.columns:
            grown = ibis.cases((table.age < MAJORITY, "child"), (table.age >= MAJORITY, "adult"))
            known = ibis.coalesce(table.age_group, grown) if "age_group" in table.columns else grown
            return table.mutate(age_group=ibis.coalesce(known, NOT_KNOWN))
        if name not in table.columns:
            return table.mutate(**{name: ibis.literal(NOT_KNOWN)})
        return table.mutate(**{name: ibis.coalesce(table[name], NOT_KNOWN)})

    def _operation(self, table: Table) -> Table:
        operations = self.standing("operation")
        parts = operations.select(part=operations.record, campaign=operations.campaign)
        joined = table.left_join(parts, table.operation == parts.part)
        why = (
            ibis.ifelse(joined.linked, NOT_KNOWN, NOT_LINKED)
            if "linked" in table.columns
            else ibis.literal(NOT_KNOWN)
        )
        return _beside(
            table, joined, operation=ibis.coalesce(joined.campaign, joined.operation, why)
        )

    def _person(self, table: Table, name: str) -> Table:
        persons = self.standing("person")
        if self._links is None:
            held = persons.select(person_of=persons.record, said=persons[name])
        else:
            # What the records of one person say differently is not known.
            one = ibis.ifelse(
                persons[name].nunique() == 1, persons[name].max(), ibis.null("string")
            )
            held = persons.group_by(person_of=persons.record).agg(said=one)
        joined = table.left_join(held, table.person == held.person_of)
        return _beside(table, joined, **{name: ibis.coalesce(joined.said, NOT_KNOWN)})

    def _sex(self, table: Table) -> Table:
        return self._person(table, "sex")

    def _nationality(self, table: Table) -> Table:
        return self._person(table, "nationality")

    def _nationality_group(self, table: Table) -> Table:
        joined = self._person(table, "nationality")
        groups = [
            (joined.nationality.isin(members), ibis.literal(group))
            for group, members in nationality_groups().items()
        ]
        unknown = (
            joined.nationality.startswith(UNKNOWN) | (joined.nationality == "Unknown"),
            ibis.literal(NOT_KNOWN),
        )
        return joined.mutate(nationality_group=ibis.cases(unknown, *groups, else_="other")).drop(
            "nationality"
        )

    def _victim_age_group(self, table: Table) -> Table:
        recovered = self.column(self.standing("recovery"), "age_group")
        # "child" sorts after "adult": a person recovered once as a child counts as one.
        known = recovered.filter(~recovered.age_group.startswith(UNKNOWN))
        ages = known.group_by(victim_of=known.person).agg(victim_age=known.age_group.max())
        joined = table.left_join(ages, table.victim == ages.victim_of)
        why = ibis.ifelse(joined.victim.isnull(), NOT_LINKED, NOT_KNOWN)
        return _beside(table, joined, victim_age_group=ibis.coalesce(joined.victim_age, why))

    def _definition(self, table: Table) -> Table:
        """The finding as stated; one that cannot be said is not known, as where none is stated."""
        if "definition" not in table.columns:
            return table.mutate(definition=ibis.literal(NOT_KNOWN))
        said = table.definition.nullif("not_known")
        return table.mutate(definition=ibis.coalesce(said, NOT_KNOWN))


def _beside(table: Table, joined: Table, **said: Column) -> Table:
    """The columns of a table after a join, with what the join says, in one step: an engine reads
    as many columns at each step as it is told of.
    """
    kept = {name: joined[name] for name in table.columns if name not in said}
    return joined.select(**kept, **said)


#: What a breakdown is worked out from, where that is not a column of its own name alone.
_FROM = {
    "age_group": ("age", "age_group"),
    "operation": ("operation", "linked"),
    "sex": ("person",),
    "nationality": ("person",),
    "nationality_group": ("person",),
    "victim_age_group": ("victim",),
}


def needed(table: Table, names: Iterable[str], beside: Iterable[str]) -> Table:
    """A table with the columns that some breakdowns are worked out from, and those named besides,
    as far as it has them.
    """
    wanted = {*beside, *(each for name in names for each in _FROM.get(name, (name,)))}
    return table.select([name for name in table.columns if name in wanted])


_JOINED = {
    "operation": Casebook._operation,
    "sex": Casebook._sex,
    "nationality": Casebook._nationality,
    "nationality_group": Casebook._nationality_group,
    "victim_age_group": Casebook._victim_age_group,
    "definition": Casebook._definition,
}


def time_label(day: Column, cut: str) -> Column:
    """The month, quarter or year of a day, written as periods are."""
    year = day.year().cast("string")
    if cut == "year":
        return year
    if cut == "quarter":
        return year + " Q" + day.quarter().cast("string")
    if cut == "financial_year":
        first = ibis.ifelse(day.month() >= 4, day.year(), day.year() - 1)
        return first.cast("string") + "/" + ((first + 1) % 100).cast("string").lpad(2, "0")
    return year + "-" + day.month().cast("string").lpad(2, "0")
