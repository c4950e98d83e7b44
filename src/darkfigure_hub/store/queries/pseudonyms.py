"""Pseudonyms as they are kept: sealed with a key that no login of the program reads, by a function
of the database; given anew under another key by the owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
from django.db import connection

from darkfigure.basis.reference import UNSEALED, record_pseudonym
from darkfigure.cases.casework import CaseBatch
from darkfigure.cases.records import KINDS, FieldType, RecordKind

_SEALED = "SELECT given, identity.sealed(given) FROM unnest(%s::text[]) AS given"
#: Where links and names are held by pseudonym, beside case records.
_OF_LINKS = (
    "identity.person person",
    "store_linkedrecord record",
    "store_linkpair left",
    "store_linkpair right",
    "store_linkdecision left",
    "store_linkdecision right",
    "person_link record",
    "person_link person",
    "person_link surely",
    "person_link possibly",
)


def naming_persons(kind: RecordKind) -> list[str]:
    """The columns of a kind of record that name a person."""
    own = ["record"] if kind.name == "person" else []
    return own + [each.name for each in kind.kept if each.type is FieldType.PERSON]


def places() -> list[str]:
    """Every table and column that holds persons by pseudonym, but for the log, which is sealed."""
    of_cases = [
        f"case_{kind.name} {each}" for kind in KINDS.values() for each in naming_persons(kind)
    ]
    return [*of_cases, *_OF_LINKS]


def sealed(given: Iterable[str]) -> dict[str, str]:
    """Names as they are kept: those made of references sealed, those given out before as they are
    now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [sorted(set(given))])
        return dict(cursor.fetchall())


def current(name: str) -> str:
    """The pseudonym that took the place of one given out before; any other as it is."""
    return name if UNSEALED in name else sealed([name])[name]


def of_records(kind: str, references: Iterable[str]) -> dict[str, str]:
    """The names under which records of a kind leave the repository, by reference."""
    made = {each: record_pseudonym(kind, each, colon=UNSEALED) for each in references}
    names = sealed(made.values())
    return {each: names[plain] for each, plain in made.items()}


def seal(batch: CaseBatch) -> CaseBatch:
    """A batch with persons named as they are kept."""
    columns = naming_persons(batch.kind)
    if not columns:
        return batch
    given = pl.concat([batch.versions[name] for name in columns]).drop_nulls().unique()
    names = sealed(given.to_list())
    versions = batch.versions.with_columns(pl.col(columns).replace(names))
    identity = batch.identity
    if not identity.is_empty():
        identity = identity.with_columns(pl.col("person").replace(names))
    return replace(batch, versions=versions, identity=identity)


def rotate() -> tuple[int, int]:
    """Give every pseudonym anew under another key: the key's number, and how many there are.

    For the owner, within a transaction in which no return is taken in and nothing is linked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.rotate(%s)", [places()])
        (renamed,) = cursor.fetchone()
        cursor.execute("SELECT max(number) FROM identity.pseudonym_key")
        (number,) = cursor.fetchone()
    return number, renamed
