"""Pseudonyms of persons and of records as they are kept: sealed with a key that no login of the
program reads, by a function of the database; given anew under another key by the owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl
from django.db import connection

from darkfigure.basis.reference import UNSEALED, record_pseudonym
from darkfigure.cases.casework import CaseBatch
from darkfigure.cases.records import KINDS, FieldType, RecordKind, references_of
from darkfigure.codes import codes_for

_SEALED = "SELECT * FROM identity.all_sealed(%s::text[])"
_SEALED_OF_TEXT = "SELECT * FROM identity.all_sealed(string_to_array(%s, %s))"
#: What stands between names in one text, and in no name: a separator of units.
_BETWEEN = "\x1f"
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
    names = sorted(set(given))
    joined = _BETWEEN.join(names)
    plain = bool(joined) and joined.count(_BETWEEN) == len(names) - 1 and bool(names[0])
    with connection.cursor() as cursor:
        # one text is read several times faster than a list of as many names
        if plain:
            cursor.execute(_SEALED_OF_TEXT, [joined, _BETWEEN])
        else:
            cursor.execute(_SEALED, [names])
        return dict(cursor.fetchall())


def current(name: str) -> str:
    """The pseudonym that took the place of one given out before; any other as it is."""
    return name if UNSEALED in name else sealed([name])[name]


def of_records(kind: str, references: Iterable[str]) -> dict[str, str]:
    """The names under which records of a kind are kept, by reference. An operation that figures
    name is known by that name.
    """
    made = _plain_names(kind, references)
    names = sealed(made.values())
    return {each: names[plain] for each, plain in made.items()}


def _plain_names(kind: str, references: Iterable[str]) -> dict[str, str]:
    known = codes_for("operation").codes if kind == "operation" else {}
    return {
        each: record_pseudonym(kind, each, colon=UNSEALED)
        for each in references
        if each not in known
    }


@dataclass(frozen=True)
class Named:
    """A batch with persons and records under plain names, those names once each, and of the records
    it withdraws the references by plain name.
    """

    batch: CaseBatch
    names: tuple[str, ...]
    withdrawn: Mapping[str, str]


def named(batches: Iterable[CaseBatch]) -> Iterator[Named]:
    """Batches with plain names for their references; the database is asked nothing yet."""
    for batch in batches:
        versions, columns = batch.versions, references_of(batch.kind)
        for to in sorted(set(columns.values())):
            of_kind = [name for name, kind in columns.items() if kind == to]
            names = _plain_names(to, _given(versions, of_kind))
            versions = versions.with_columns(pl.col(of_kind).replace(*_pairs(names)))
        withdrawn = dict[str, str]()
        if batch.kind.name != "person":
            gone = versions["withdrawn"].fill_null(value=False)
            written = (
                frame["record"].filter(gone).to_list() for frame in (versions, batch.versions)
            )
            withdrawn = dict(zip(*written, strict=True))
        given = _given(versions, list(dict.fromkeys([*naming_persons(batch.kind), *columns])))
        yield Named(replace(batch, versions=versions), tuple(given), withdrawn)


def seal(batch: Named) -> tuple[CaseBatch, Mapping[str, str]]:
    """A batch with persons and records named as they are kept; and the references of the records
    it withdraws, by the name they have now.
    """
    made, kind = sealed(batch.names), batch.batch.kind
    old, new = _pairs(made)
    columns = list(dict.fromkeys([*naming_persons(kind), *references_of(kind)]))
    versions = batch.batch.versions.with_columns(pl.col(columns).replace(old, new))
    identity = batch.batch.identity
    if not identity.is_empty():
        identity = identity.with_columns(pl.col("person").replace(old, new))
    withdrawn = {made[plain]: written for plain, written in batch.withdrawn.items()}
    return replace(batch.batch, versions=versions, identity=identity), withdrawn


def _pairs(names: Mapping[str, str]) -> tuple[pl.Series, pl.Series]:
    old, new = (pl.Series(each, dtype=pl.String) for each in (names.keys(), names.values()))
    return old, new


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
