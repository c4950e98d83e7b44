"""What a snapshot takes out of the store: every version known by its day, as comma-separated text,
in one read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.cases.records import KINDS
from darkfigure.evidence.snapshots import tables
from darkfigure.tables.snapshot_files import STATEMENTS
from darkfigure_hub.store.models import Return
from darkfigure_hub.store.queries.block_columns import FROM, block_columns
from darkfigure_hub.store.queries.copying import copying
from darkfigure_hub.store.queries.withdrawn_returns import (
    Epoch,
    away_on,
    block_ended,
    epochs,
    numbers,
    row_closed,
    versions_by_epochs,
)

PIECE = 1 << 20

_RETURNS = """
SELECT r.id, r.kind, r.file_id, f.name, r.agency, r.source, lower(r.period),
    (r.received_at AT TIME ZONE 'Europe/London')::date
FROM store_return r JOIN store_receivedfile f ON f.sha256 = r.file_id
    WHERE r.id = ANY({seen}) ORDER BY r.id
"""
_ENDED = "CASE WHEN {ended} <= {day} THEN {ended} END"
_SHAPE = "array_to_string(b.shape, '+')"
_BLOCKS = (
    f"SELECT {block_columns(shape=_SHAPE, known_to=_ENDED)} FROM {FROM} "
    "WHERE b.of_id = ANY({seen}) AND lower(b.known) <= {day} ORDER BY b.id"
)
_STATEMENTS = """
SELECT {columns}, CASE WHEN {closed} <= {day} THEN {closed} END FROM store_statement s
    JOIN store_block b ON b.id = s.block_id
WHERE b.of_id = ANY({seen}) AND lower(b.known) <= {day} ORDER BY s.block_id, s.row
"""
_VERSIONS = """
SELECT {columns}, CASE WHEN known_to <= {day} THEN known_to END, return_id FROM {versions}
WHERE return_id = ANY({seen}) AND known_from <= {day} ORDER BY id
"""
_EDITIONS = """
SELECT code, valid_from, valid_to, text FROM store_requirementedition WHERE marking <= {sees}
ORDER BY valid_from, code
"""
#: Links of persons the reader may see; a row that ended on the day it was made stood for no day.
_PERSON_LINKS = """
SELECT record, person, surely, possibly, reason, known_from,
    CASE WHEN known_to <= {day} THEN known_to END FROM person_link l
WHERE known_from <= {day} AND EXISTS (SELECT 1 FROM case_person p WHERE p.record = l.record
    AND p.return_id = ANY({seen}))
ORDER BY record, known_from, id
"""


@contextmanager
def one_read() -> Iterator[None]:
    """A transaction in which everything is read as of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def chunks(scope: Scope, table: str, as_at: date) -> Iterator[bytes]:
    """A table of a snapshot as text without heading, in pieces of about a megabyte."""
    away = away_on(as_at)
    given = {
        "seen": _seen(scope, away),
        "sees": str(int(scope.sees)),
        "day": f"DATE '{as_at.isoformat()}'",
    }
    with copying(f"COPY ({_query(table, away).format(**given)}) TO STDOUT (FORMAT csv)") as copy:
        held, size = [], 0
        for piece in copy:
            held.append(bytes(piece))
            size += len(held[-1])
            if size > PIECE:
                yield b"".join(held)
                held, size = [], 0
        yield b"".join(held)


def changed_back(as_at: date) -> date | None:
    """The last day up to one on which returns were taken back or let stand again: a snapshot holds
    what stands from then on. None where none ever were.
    """
    days = [each.first for each in epochs() if date.min < each.first <= as_at]
    return max(days, default=None)


def _seen(scope: Scope, away: frozenset[int] = frozenset()) -> str:
    """The returns that the reader may see and that are not taken back, as an array in SQL."""
    held = Return.objects.filter(marking__lte=scope.sees).order_by("id")
    return numbers(each for each in held.values_list("id", flat=True) if each not in away)


def _query(table: str, away: frozenset[int]) -> str:
    whole = {
        "returns": _RETURNS,
        "blocks": _BLOCKS.replace("{ended}", block_ended(away)),
        "person_link": _PERSON_LINKS,
        "requirement_editions": _EDITIONS,
    }
    if table in whole:
        return whole[table]
    if table == "statements":
        return _STATEMENTS.replace("{closed}", row_closed(away)).replace(
            "{columns}", ", ".join(f"s.{name}" for name in STATEMENTS if name != "closed")
        )
    kind = table.removeprefix("case_")
    if kind not in KINDS:
        raise UnknownName(f"{table!r} is not a table of a snapshot.")
    columns = [f'"{name}"' for name in tables()[table] if name not in ("known_to", "return_id")]
    versions = f"case_{kind}"
    if away:
        kept = [name for name in tables()[table] if name not in ("known_from", "known_to")]
        epoch = Epoch(date.min, None, away)
        query = versions_by_epochs(kind, ["id", *kept], [epoch])
        versions = f"({query}) AS versions".replace("{", "{{").replace("}", "}}")
    query = _VERSIONS.replace("{columns}", ", ".join(columns))
    return query.replace("{versions}", versions)


def highest_marking(scope: Scope) -> Marking:
    """The highest marking among the returns that the reader may see."""
    found = (
        Return.objects.filter(marking__lte=scope.sees)
        .order_by("-marking")
        .values_list("marking", flat=True)
        .first()
    )
    return Marking(found or 0)


def holds_synthetic(scope: Scope) -> bool:
    """Whether any record that the reader may see is made up."""
    with connection.cursor() as cursor:
        union = " UNION ALL ".join(
            f"(SELECT 1 FROM case_{kind} WHERE synthetic AND return_id = ANY({_seen(scope)}) "
            "LIMIT 1)"
            for kind in KINDS
        )
        cursor.execute(f"SELECT EXISTS ({union})")
        return bool(cursor.fetchone()[0])
