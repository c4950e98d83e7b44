"""Names and the files that hold them: written here, read here, and nowhere else.

The service adds them, in the transaction of the return they came in, and cannot read them; they are
read by a login of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.reading.file_names import kept_name
from darkfigure_hub.store.models import ReceivedFile, Return
from darkfigure_hub.store.queries.copying import copy_rows
from darkfigure_hub.store.queries.files import copy_pieces
from darkfigure_hub.store.roles import identity_reader

NAMES = ("given_name", "family_name", "date_of_birth", "document_number")
_NAMES = """
SELECT DISTINCT ON (person) person, given_name, family_name, date_of_birth, document_number
    FROM identity.person {condition}
ORDER BY person, known_from DESC, id DESC
"""


def keep_names(names: pl.DataFrame, return_id: int) -> None:
    """Keep names by pseudonym, as a return gave them."""
    if names.is_empty():
        return
    copy_rows("identity.person", names.with_columns(return_id=pl.lit(return_id)))


def keep_file(path: Path, digest: str) -> ReceivedFile:
    """Keep a file that may hold names: what is said of it with the others, its bytes in the
    identity schema.
    """
    kept = ReceivedFile.objects.create(
        sha256=digest, name=kept_name(path.name), size=path.stat().st_size
    )
    copy_pieces(path, digest, "identity.file_piece")
    return kept


def keep_file_name(name: str, return_ids: Sequence[int]) -> None:
    """Keep what the file of some returns was called as it came."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity.file_name (return_id, name) SELECT unnest(%s::bigint[]), %s",
            [list(return_ids), name],
        )


def file_names(scope: Scope) -> dict[int, str]:
    """What the files of returns that the reader may see were called as they came, by the number of
    the return. Raises NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    seen = Return.objects.filter(marking__lte=scope.sees).values_list("id", flat=True)
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT return_id, name FROM identity.file_name WHERE return_id = ANY(%s) "
            "ORDER BY return_id",
            [list[object](seen)],
        )
        return dict(cursor.fetchall())


def pieces(scope: Scope, return_id: int) -> Iterator[bytes]:
    """The bytes of the file of a case return that the reader may see, in order; none to who may
    not read rows.
    """
    digest = (
        Return.objects.filter(id=return_id, marking__lte=scope.sees)
        .values_list("file_id", flat=True)
        .first()
        if scope.may(Permission.READ_RECORDS)
        else None
    )
    if digest is None:
        return
    with identity_reader() as cursor:
        cursor.execute(
            "SELECT size, packed FROM identity.file_piece WHERE file_id = %s ORDER BY place",
            [digest],
        )
        held = cursor.fetchall()
    for size, packed in held:
        yield pa.decompress(bytes(packed), decompressed_size=size, codec="zstd", asbytes=True)


def names_of(scope: Scope, persons: Sequence[str] | None = None) -> pl.DataFrame:
    """Names, dates of birth and documents by pseudonym, as last made known; of all persons or of
    some.

    Only from returns the reader may see. Raises NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    seen = Return.objects.filter(marking__lte=scope.sees).values_list("id", flat=True)
    condition, values = "WHERE return_id = ANY(%s)", [list[object](seen)]
    if persons is not None:
        condition, values = f"{condition} AND person = ANY(%s)", [*values, list[object](persons)]
    with identity_reader() as cursor:
        cursor.execute(_NAMES.format(condition=condition), values)
        return pl.DataFrame(
            cursor.fetchall(), schema=dict.fromkeys(("pseudonym", *NAMES), pl.String), orient="row"
        )


#: Letters that have no accent to be taken from them, and signs, as they are written without them.
#: Those in capitals beside them: a database in the locale C makes none of them small.
_PLAIN = {
    **dict.fromkeys("\u2019\u02bc`", "'"),
    **dict.fromkeys("\u0142\u0141", "l"),
    **dict.fromkeys("\u00f8\u00d8", "o"),
    **dict.fromkeys("\u0111\u0110", "d"),
}
_WRITTEN, _READ = ("".join(part).replace("'", "''") for part in (_PLAIN, _PLAIN.values()))
#: A name as it is looked for: small letters without accents, hyphens as spaces.
_LOOKED_FOR = (
    "translate(lower(regexp_replace(normalize(replace({}, '-', ' '), NFKD), "
    f"'[\u0300-\u036f]', '', 'g')), '{_WRITTEN}', '{_READ}')"
)
_SAME_NAMES = f"""
SELECT name FROM (
    SELECT {_LOOKED_FOR.format("given_name || ' ' || family_name")},
           {_LOOKED_FOR.format("family_name || ' ' || given_name")}
    FROM identity.person WHERE return_id = ANY(%s)
) AS held (one, other), LATERAL (VALUES (one), (other)) AS each (name)
WHERE name = ANY(%s)
"""


def as_looked_for(text: str) -> str:
    """A text as names are looked for in it: small letters without accents and without signs that
    are not seen, hyphens as spaces.
    """
    parts = unicodedata.normalize("NFKD", text.replace("-", " ").lower())
    return "".join(
        _PLAIN.get(part, part)
        for part in parts
        if not "\u0300" <= part <= "\u036f" and unicodedata.category(part) != "Cf"
    )


def names_among(scope: Scope, wanted: Collection[str]) -> set[str]:
    """Which of some names, as they are looked for, are those of somebody who is held, whichever of
    given and family name comes first. Raises NotPermitted for who may not read names.
    """
    scope.require(Permission.READ_NAMES)
    seen = Return.objects.filter(marking__lte=scope.sees).values_list("id", flat=True)
    with identity_reader() as cursor:
        cursor.execute(_SAME_NAMES, [list[object](seen), list(wanted)])
        return {name for (name,) in cursor.fetchall()}
