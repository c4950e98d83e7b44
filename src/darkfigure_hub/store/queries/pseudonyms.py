"""Pseudonyms of persons and of records as they are kept: sealed with a key that no login of the
program reads, by a function of the database; given anew under another key by the owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl
from django.db import connection

from darkfigure.basis.reference import UNSEALED, record_pseudonym
from darkfigure.cases.casework import CaseBatch
from darkfigure.cases.records import KINDS, FieldType, RecordKind, references_of
from darkfigure.codes import codes_for

_SEALED = "SELECT * FROM identity.all_sealed(%s::text[])"
#: Where links and names are held by pseudonym, beside case records.
_OF_LINKS = (
    "identity.person person",
    "store_linkedrecord record",
    "store_linkpair left",
    "store_linkpair right",
    "store_linkdecision left",
    "store_linkdecision right",
    "store_linkproposal left",
    "store_linkproposal right",
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
    """Every table and column that holds persons or records by pseudonym, but for the log, which is
    sealed.
    """
    of_cases = [
        f"case_{kind.name} {each}"
        for kind in KINDS.values()
        for each in (*naming_persons(kind), *references_of(kind))
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
    """The names under which records of a kind are kept, by reference. An operation that figures
    name is known by that name.
    """
    known = codes_for("operation").codes if kind == "operation" else {}
    made = {
        each: record_pseudonym(kind, each, colon=UNSEALED)
        for each in references
        if each not in known
    }
    names = sealed(made.values())
    return {each: names[plain] for each, plain in made.items()}


def seal(batch: CaseBatch) -> tuple[CaseBatch, Mapping[str, str]]:
    """A batch with persons and records named as they are kept; and the references of the records
    it withdraws, by the name they have now.
    """
    versions = batch.versions
    persons = naming_persons(batch.kind)
    named = sealed(_given(versions, persons))
    versions = versions.with_columns(pl.col(persons).replace(named))
    identity = batch.identity
    if not identity.is_empty():
        identity = identity.with_columns(pl.col("person").replace(named))
    columns = references_of(batch.kind)
    for to in sorted(set(columns.values())):
        of_kind = [name for name, kind in columns.items() if kind == to]
        names = of_records(to, _given(versions, of_kind))
        versions = versions.with_columns(pl.col(of_kind).replace(names))
    gone = batch.versions["withdrawn"].fill_null(value=False)
    written = dict(
        zip(
            versions["record"].filter(gone).to_list(),
            batch.versions["record"].filter(gone).to_list(),
            strict=True,
        )
    )
    kept = written if batch.kind.name != "person" else {}
    return replace(batch, versions=versions, identity=identity), kept


def _given(versions: pl.DataFrame, columns: list[str]) -> list[str]:
    """Every name in some columns, once."""
    if not columns:
        return []
    return pl.concat([versions[name] for name in columns]).drop_nulls().unique().to_list()


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
