"""What a snapshot takes out of the store: every version known by its day, as comma-separated text,
in one read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection, transaction
from psycopg import sql

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
#: What is left of a hash with a sign when it is shown without.
_WORD = (1 << 64) - 1

_ENDED = "CASE WHEN {ended} <= {day} THEN {ended} END"
_SHAPE = "array_to_string(b.shape, '+')"
_CLOSED = "CASE WHEN {closed} <= {day} THEN {closed} END"


#: Numbers of rows that lie in one part at most, as a power of two.
_SPAN = 17


@dataclass(frozen=True)
class _Select:
    """Rows of a table in SQL. `order` is a row's own place; `agency`, `year` and `span` say in
    which part it lies: whose return it came by, when it became known, and among which numbers.
    """

    columns: str
    rows: str
    order: str
    agency: str = "''"
    year: str = "0::int"
    span: str = "0"

    def given(self, **values: str) -> _Select:
        """The same with what changes filled in."""
        return replace(self, columns=self.columns.format(**values), rows=self.rows.format(**values))


_RETURNS = _Select(
    "r.id, r.kind, r.file_id, f.name, r.agency, r.source, lower(r.period), "
    "(r.received_at AT TIME ZONE 'Europe/London')::date",
    "store_return r JOIN store_receivedfile f ON f.sha256 = r.file_id WHERE r.id = ANY({seen})",
    "r.id",
)
_BLOCKS = _Select(
    block_columns(shape=_SHAPE, known_to=_ENDED),
    f"{FROM} WHERE b.of_id = ANY({{seen}}) AND lower(b.known) <= {{day}}",
    "b.id",
    agency="r.agency",
    year="extract(year FROM lower(b.known))::int",
    span=f"b.id >> {_SPAN}",
)
_STATEMENTS = _Select(
    ", ".join([*(f"s.{name}" for name in STATEMENTS if name != "closed"), _CLOSED]),
    "store_statement s JOIN store_block b ON b.id = s.block_id JOIN store_return r "
    "ON r.id = b.of_id WHERE b.of_id = ANY({seen}) AND lower(b.known) <= {day}",
    "s.block_id, s.row",
    agency="r.agency",
    year="extract(year FROM lower(b.known))::int",
    span=f"((s.block_id >> {_SPAN}) << 24) + (s.row >> {_SPAN})",
)
_VERSIONS = _Select(
    "{columns}, CASE WHEN v.known_to <= {day} THEN v.known_to END, v.return_id",
    "{versions} v JOIN store_return r ON r.id = v.return_id WHERE v.return_id = ANY({seen}) "
    "AND v.known_from <= {day}",
    "v.id",
    agency="r.agency",
    year="extract(year FROM v.known_from)::int",
    span=f"v.id >> {_SPAN}",
)
_EDITIONS = _Select(
    "code, valid_from, valid_to, text",
    "store_requirementedition WHERE marking <= {sees}",
    "valid_from, code",
)
#: Links of persons the reader may see; a row that ended on the day it was made stood for no day.
_PERSON_LINKS = _Select(
    "record, person, surely, possibly, reason, known_from, "
    "CASE WHEN known_to <= {day} THEN known_to END",
    "person_link l WHERE known_from <= {day} AND EXISTS (SELECT 1 FROM case_person p "
    "WHERE p.record = l.record AND p.return_id = ANY({seen}))",
    "record, known_from, id",
    year="extract(year FROM known_from)::int",
)


@dataclass(frozen=True)
class Slice:
    """Rows of a table that lie together: one agency's, of one year, of near numbers. `mark` tells
    whether they are the same rows: two slices of one mark hold the same.
    """

    agency: str
    year: int
    span: int
    rows: int
    mark: str


@contextmanager
def one_read() -> Iterator[None]:
    """A transaction in which everything is read as of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def chunks(scope: Scope, table: str, as_at: date) -> Iterator[bytes]:
    """A table of a snapshot as text without heading, in pieces of about a megabyte."""
    found = _select(scope, table, as_at)
    yield from _copied(f"SELECT {found.columns} FROM {found.rows} ORDER BY {found.order}")


def slices(scope: Scope, table: str, as_at: date) -> list[Slice]:
    """The slices of a table of a snapshot, in order. Each row is looked at and none is read out."""
    found = _select(scope, table, as_at)
    keys = _keys(found)
    query = (
        f"SELECT {keys}, count(*), bit_xor(hash_record_extended(ROW({found.columns}, "
        f"{found.order}), 0)), bit_xor(hash_record_extended(ROW({found.order}), 1)) "
        f"FROM {found.rows} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [
            Slice(agency, year, span, rows, f"{rows:x}.{content & _WORD:016x}.{own & _WORD:016x}")
            for agency, year, span, rows, content, own in cursor.fetchall()
        ]


def chunks_of(scope: Scope, table: str, as_at: date, wanted: Sequence[Slice]) -> Iterator[bytes]:
    """The rows of some slices of a table as text without heading, slice by slice in the order
    given by `slices`.
    """
    found = _select(scope, table, as_at)
    keys = ", ".join(
        f"({_quoted(each.agency)}, {each.year}, {each.span}::bigint)" for each in wanted
    )
    query = (
        f"SELECT {found.columns} FROM {found.rows} AND ({_keys(found)}) IN ({keys}) "
        f"ORDER BY {_keys(found)}, {found.order}"
    )
    yield from _copied(query)


def _keys(found: _Select) -> str:
    return f"coalesce({found.agency}, '') COLLATE \"C\", {found.year}, ({found.span})::bigint"


def _quoted(text: str) -> str:
    return sql.Literal(text).as_string(connection.connection)


def _copied(query: str) -> Iterator[bytes]:
    with copying(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
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


def _select(scope: Scope, table: str, as_at: date) -> _Select:
    """The rows of a table that the reader may see, as known by a day."""
    away = away_on(as_at)
    given = {
        "seen": _seen(scope, away),
        "sees": str(int(scope.sees)),
        "day": f"DATE '{as_at.isoformat()}'",
    }
    whole = {"returns": _RETURNS, "person_link": _PERSON_LINKS, "requirement_editions": _EDITIONS}
    if table in whole:
        return whole[table].given(**given)
    if table == "blocks":
        return _BLOCKS.given(ended=block_ended(away).format(), **given)
    if table == "statements":
        return _STATEMENTS.given(closed=row_closed(away).format(), **given)
    kind = table.removeprefix("case_")
    if kind not in KINDS:
        raise UnknownName(f"{table!r} is not a table of a snapshot.")
    names = [name for name in tables()[table] if name not in ("known_to", "return_id")]
    versions = f"case_{kind}"
    if away:
        kept = [name for name in tables()[table] if name not in ("known_from", "known_to")]
        epoch = Epoch(date.min, None, away)
        versions = f"({versions_by_epochs(kind, ['id', *kept], [epoch])})"
    columns = ", ".join(f'v."{name}"' for name in names)
    return _VERSIONS.given(columns=columns, versions=versions, **given)


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
