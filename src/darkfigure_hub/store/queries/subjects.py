"""Every row in which one person stands, by their pseudonyms and by what is written of their name;
and what they dispute of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
import pyarrow as pa
from django.db import connection
from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.cases.records import KINDS, RecordKind, references_of
from darkfigure.intelligence.origins import normal
from darkfigure.linkage.dates import read_dates
from darkfigure.reading.searched import plain
from darkfigure_hub.store.models import (
    AgencyChange,
    Dispute,
    IntelligenceItem,
    IntelligenceReport,
    Response,
    Return,
)
from darkfigure_hub.store.queries.planning import LOOKED_UP, planned
from darkfigure_hub.store.queries.pseudonyms import naming_persons
from darkfigure_hub.store.roles import identity_reader

#: Tables of linkage, the columns that name a person, and the column that names a row.
OF_LINKS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "person_link": (("record", "person", "surely", "possibly"), "id"),
    "store_linkedrecord": (("record",), "record"),
    "store_linkpair": (("left", "right"), "id"),
    "store_linkdecision": (("left", "right"), "id"),
    "store_linkproposal": (("left", "right"), "id"),
}
#: Columns of a case record that say nothing of the person.
_UNSAID = ("id", "wall", "return_id", "row", "withdrawn", "synthetic", "agency")


@dataclass(frozen=True)
class Sought:
    """Whom somebody looks for: a pseudonym, or a name and, where it is known, a date of birth."""

    person: str = ""
    given_name: str = ""
    family_name: str = ""
    born: str = ""


@dataclass(frozen=True)
class Row:
    """A row in which a person stands: its table and number, who gave it in which return, what it
    says.
    """

    table: str
    number: str
    agency: str
    of: int | None
    row: int | None
    said: Mapping[str, str]


@dataclass(frozen=True)
class Trace:
    """Where a person is named in what was done: what, when, by whom."""

    table: str
    number: str
    at: datetime | None
    said: str
    who: str


@dataclass(frozen=True)
class HeldDispute:
    """What a person disputes, and what became of it."""

    number: int
    agency: str
    kind: str
    of: int
    row: int
    fields: tuple[str, ...]
    ground: str
    why: str
    due_on: date
    opened_by: str
    opened_at: datetime
    ended_at: datetime | None
    ended_why: str
    replaced_on: date | None

    @property
    def state(self) -> str:
        """What follows from its events, and from what the agency stated since."""
        if self.replaced_on:
            return "corrected"
        return "kept" if self.ended_at else "open"


def _seen(scope: Scope) -> list[int]:
    return list(Return.objects.filter(marking__lte=scope.sees).values_list("id", flat=True))


def named(scope: Scope, sought: Sought) -> list[Row]:
    """The rows of names that are of whom is sought: by pseudonym, or by a name in any spelling that
    differs in case, accents, spaces and order alone. A date of birth that is not known, or cannot
    be read, may be theirs. Raises NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    columns = ("given_name", "family_name", "date_of_birth", "document_number")
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT id, person, agency, return_id, known_from, given_name, family_name,"
            " date_of_birth, document_number FROM identity.person WHERE return_id = ANY(%s)"
            " AND (%s = '' OR person = %s) ORDER BY id",
            [list[object](_seen(scope)), sought.person, sought.person],
        )
        held = cursor.fetchall()
    if not sought.person:
        held = _of_name(held, sought)
    return [
        Row(
            "identity.person",
            str(number),
            agency,
            of,
            None,
            {
                "person": person,
                "known_from": str(since),
                **{name: text for name, text in zip(columns, texts, strict=True) if text},
            },
        )
        for number, person, agency, of, since, *texts in held
    ]


def _of_name(held: list[tuple[Any, ...]], sought: Sought) -> list[tuple[Any, ...]]:
    wanted = sorted(map(normal, (sought.given_name, sought.family_name)))
    alike = [each for each in held if sorted(map(normal, (each[5] or "", each[6] or ""))) == wanted]
    if not sought.born:
        return alike
    days = [sought.born, *(each[7] for each in alike)]
    lists = ["sought", *(each[2] for each in alike)]
    read = read_dates(pl.Series(days, dtype=pl.String), pl.Series(lists, dtype=pl.String)).to_list()
    born = read[0]
    return [
        each
        for each, day in zip(alike, read[1:], strict=True)
        if day is None or born is None or born.startswith(day) or day.startswith(born)
    ]


def rows_of(scope: Scope, names: Collection[str]) -> list[Row]:
    """The case records in which one of some persons stands, in every version; and those that follow
    from them, as a sentence from a charge.
    """
    seen, found, known = _seen(scope), dict[tuple[str, str], Row](), set(names)
    fresh = set(known)
    while fresh:
        later: set[str] = set()
        for kind in KINDS.values():
            for row in _naming(kind, sorted(fresh), seen):
                if (row.table, row.number) not in found:
                    found[row.table, row.number] = row
                    later |= (
                        {row.said["record"]} if kind.name not in ("person", "operation") else set()
                    )
        fresh = later - known
        known |= fresh
    return sorted(found.values(), key=lambda each: (each.table, int(each.number)))


def tokens_of(rows: Sequence[Row], names: Collection[str]) -> list[str]:
    """Persons, and the records that are theirs, as they are named everywhere."""
    return sorted({*names, *(record for row in rows for record in _own_record(row))})


def _own_record(row: Row) -> set[str]:
    """The record that a row is a version of, where it is a person's own."""
    of_others = row.table in ("case_person", "case_operation") or not row.table.startswith("case_")
    return set() if of_others else {row.said["record"]}


def _naming(kind: RecordKind, names: list[str], seen: list[int]) -> Iterator[Row]:
    columns = {*naming_persons(kind), *references_of(kind)} - {"operation", "part_of"}
    asked = " OR ".join(f'"{each}" = ANY(%s)' for each in sorted(columns))
    if not columns:
        return
    table = f"case_{kind.name}"
    # An index of which pages hold a name is thought to spare nothing, as names lie in no order.
    # What is not seen is left out of what was found: the returns that are seen are most of all.
    with planned(LOOKED_UP), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(c) FROM (SELECT * FROM {table} WHERE {asked} OFFSET 0) c "
            "WHERE return_id = ANY(%s)",
            [*[names] * len(columns), seen],
        )
        for (held,) in cursor.fetchall():
            read = _read(held)
            said = {
                name: str(value)
                for name, value in read.items()
                if name not in _UNSAID and value is not None
            }
            yield Row(table, str(read["id"]), read["agency"], read["return_id"], read["row"], said)


def _read(held: Any) -> dict[str, Any]:
    """A row as JSON, which comes as text where nothing says how it is read."""
    return dict(json.loads(held) if isinstance(held, str) else held)


def links_naming(names: Sequence[str]) -> list[Row]:
    """The rows of linkage in which one of some persons stands."""
    found = []
    with connection.cursor() as cursor:
        for table, (columns, key) in OF_LINKS.items():
            asked = " OR ".join(f'"{each}" = ANY(%s)' for each in columns)
            shown = ", ".join(f'"{each}"' for each in columns)
            cursor.execute(
                f'SELECT "{key}"::text, {shown} FROM {table} WHERE {asked} ORDER BY 1',
                [list(names)] * len(columns),
            )
            found += [
                Row(table, number, "", None, None, dict(zip(columns, said, strict=True)))
                for number, *said in cursor.fetchall()
            ]
    return found


def traces(names: Sequence[str]) -> list[Trace]:
    """Where some persons are named in the log, in long work and in what was opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate.naming(%s) ORDER BY 1, 3, 2", [list(names)])
        return [Trace(*each) for each in cursor.fetchall()]


def in_words(scope: Scope, words: Sequence[str]) -> list[tuple[str, str]]:
    """Where all of some words stand together in what is written freely: requests, what files were
    called, how origins are called, the files of reports. Each as its table and number. Raises
    NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    if not any(map(normal, words)):
        return []
    responses = list(Response.objects.filter(marking__lte=scope.sees).values_list("id", flat=True))
    items = IntelligenceItem.objects.filter(marking__lte=scope.sees)
    reports = dict(
        IntelligenceReport.objects.filter(marking__lte=scope.sees).values_list("id", "file_id")
    )
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT 'identity.request_text', response_id, text FROM identity.request_text"
            " WHERE response_id = ANY(%s) UNION ALL"
            " SELECT 'identity.file_name', return_id, name FROM identity.file_name"
            " WHERE return_id = ANY(%s) UNION ALL"
            " SELECT 'identity.origin_spelling', origin_id, written FROM identity.origin_spelling"
            " WHERE origin_id = ANY(%s)",
            [responses, _seen(scope), list(items.values_list("origin_id", flat=True).distinct())],
        )
        texts = cursor.fetchall()
        texts += [
            ("store_intelligencereport", number, _text(cursor, digest))
            for number, digest in reports.items()
            if digest
        ]
    return sorted({(table, str(number)) for table, number, text in texts if say(text, words)})


def say(text: str, words: Sequence[str]) -> bool:
    """Whether all of some words stand in a text, in any spelling that differs in case, accents and
    spaces alone.
    """
    said = normal(text)
    return all(normal(word) in said for word in words)


def _text(cursor: Any, digest: str) -> str:
    """A file of a report, as text."""
    cursor.execute(
        "SELECT size, packed FROM identity.file_piece WHERE file_id = %s ORDER BY place", [digest]
    )
    whole = b"".join(
        pa.decompress(bytes(packed), decompressed_size=size, codec="zstd", asbytes=True)
        for size, packed in cursor.fetchall()
    )
    return plain(whole)


def dispute(of: Row, fields: Sequence[str], ground: str, why: str, due_on: date, by: str) -> int:
    """Enter that a person disputes a row. Gives its number; raises IntegrityError where one on it
    is open.
    """
    made = Dispute.objects.create(
        agency=of.agency,
        kind=of.table.removeprefix("case_"),
        target=int(of.number),
        of_id=of.of or 0,
        row=of.row or 0,
        marking=Return.objects.get(pk=of.of or 0).marking,
        fields=list(fields),
        ground=ground,
        why=why,
        due_on=due_on,
        opened_by=by,
    )
    return int(made.pk)


def disputes(scope: Scope) -> list[HeldDispute]:
    """What is disputed of what one may see, the oldest first: of an agency, its own."""
    held = Dispute.objects.filter(marking__lte=scope.sees).order_by("id")
    if scope.bound:
        held = held.filter(agency__in=_kept_by(scope.agency or ""))
    return [_held(each) for each in held]


def _kept_by(agency: str) -> set[str]:
    """An agency and those that went over into it."""
    found, fresh = {agency}, {agency}
    while fresh:
        gone = AgencyChange.objects.filter(keeper__in=fresh).values_list("agency", flat=True)
        fresh = set(gone) - found
        found |= fresh
    return found


def _held(each: Dispute) -> HeldDispute:
    found = None
    if each.kind in KINDS:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT known_to FROM case_{each.kind} WHERE id = %s", [each.target])
            found = cursor.fetchone()
    return HeldDispute(
        each.pk, each.agency, each.kind, each.of_id, each.row, tuple(each.fields), each.ground,
        each.why, each.due_on, each.opened_by, each.opened_at, each.ended_at, each.ended_why,
        found[0] if found else None,
    )  # fmt: skip


def end_dispute(number: int, by: str, why: str) -> None:
    """An agency keeps what is disputed, and says why."""
    Dispute.objects.filter(pk=number).update(ended_by=by, ended_at=timezone.now(), ended_why=why)
