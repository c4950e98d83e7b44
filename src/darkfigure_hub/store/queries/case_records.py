"""Case records in the store: written as versions, closed by later ones, read as the library counts
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import ibis
import polars as pl
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.marking import Marking, Scope
from darkfigure.cases.casework import CASE_RETURNS, CaseBatch, CaseSubmission
from darkfigure.cases.records import KINDS
from darkfigure.evidence.case_memory import schema_of
from darkfigure.tables.casebook import LINKS, CaseReturn, Table
from darkfigure_hub.store.limits import at_most
from darkfigure_hub.store.models import KeptReading, PersonLink, ReceivedFile, Return, ReturnRemark
from darkfigure_hub.store.queries import counted_once, identity
from darkfigure_hub.store.queries.copying import copy_rows, copying
from darkfigure_hub.store.queries.planning import ONE_BY_ONE, TOGETHER, planned
from darkfigure_hub.store.queries.withdrawn_returns import Epoch, epochs, versions_by_epochs

_CLOSE = """
WITH touched AS (
    SELECT DISTINCT mine.record, mine.agency FROM case_{kind} mine
    JOIN case_{kind} other ON other.record = mine.record AND other.agency = mine.agency
        AND other.id <> mine.id
    WHERE mine.return_id = %s
),
ends AS (
    SELECT held.id, lead(held.known_from) OVER (PARTITION BY held.record, held.agency
        ORDER BY held.known_from) AS day
    FROM case_{kind} held JOIN touched USING (record, agency)
)
UPDATE case_{kind} SET known_to = ends.day FROM ends
WHERE case_{kind}.id = ends.id AND case_{kind}.known_to IS DISTINCT FROM ends.day
"""

#: Tables as a reader sees them from whom some returns are withheld, under the tables' own names.
_SEEN = (
    "case_{kind} AS NOT MATERIALIZED (SELECT * FROM {versions} "
    "WHERE return_id <> ALL ('{{{withheld}}}'::bigint[]))"
)
_LINKS_SEEN = (
    "person_link AS NOT MATERIALIZED (SELECT * FROM person_link l WHERE EXISTS "
    "(SELECT 1 FROM case_person p WHERE p.record = l.record))"
)


def _of_cases(found: Sequence[Epoch], held: QuerySet[Return]) -> list[Epoch]:
    """The epochs, where any case return was ever taken back."""
    ever = frozenset[int]().union(*(epoch.away for epoch in found))
    return list(found) if held.filter(id__in=ever).exists() else []


class CaseWriter:
    """Writes one case return, batch by batch, within the caller's transaction."""

    def __init__(
        self,
        submission: CaseSubmission,
        file: ReceivedFile,
        *,
        received_at: datetime,
        received_by: str,
        marking: int,
        reading: KeptReading | None = None,
        compartment: int | None = None,
    ) -> None:
        self._first: set[str] = set()
        self._agencies: set[str] = set()
        self._days: list[date] = []
        self.rows = 0
        self.kinds: set[str] = set()
        self.written = Return.objects.create(
            file=file,
            kind=submission.kind,
            received_at=received_at,
            received_by=received_by,
            marking=marking,
            rows=0,
            source=submission.source,
            reading=reading,
            compartment_id=compartment,
        )

    def write(self, batch: CaseBatch) -> None:
        """Write the versions of a batch, and its names apart from them."""
        name, rows = batch.kind.name, batch.versions
        if name not in self.kinds and not _holds_any(name):
            self._first.add(name)
        self.kinds.add(name)
        filled = [column for column in rows.columns if rows[column].null_count() < rows.height]
        of = {"return_id": pl.lit(self.written.pk), "wall": pl.lit(self.written.wall)}
        copy_rows(f"case_{name}", rows.select(filled).with_columns(**of))
        identity.keep_names(batch.identity, self.written.pk)
        self.rows += rows.height
        self._agencies.update(rows["agency"].unique().to_list())
        self._days = [*self._days, *rows["known_from"].unique().to_list()]

    @property
    def latest(self) -> date:
        """The last day on which anything of the return became known."""
        return max(self._days)

    def settle(self) -> int:
        """Close what the return corrects or withdraws, and in it what is corrected already; gives
        how many versions.
        """
        closed = 0
        with connection.cursor() as cursor:
            for kind in sorted(self.kinds):
                if kind in self._first and len(set(self._days)) == 1:
                    continue
                cursor.execute(_CLOSE.format(kind=kind), [self.written.pk])
                closed += cursor.rowcount
        return closed

    def mark(self, marking: int) -> None:
        """Mark the return otherwise than it was begun: it and its rows go behind that wall."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate.wall_of(gate.agency(), %s, 0, 0)", [marking])
            wall = cursor.fetchone()[0]
            for kind in sorted(self.kinds):
                cursor.execute(
                    f"UPDATE case_{kind} SET wall = %s WHERE return_id = %s",
                    [wall, self.written.pk],
                )
        self.written.marking, self.written.wall = marking, wall

    def finish(self, remarks: Sequence[tuple[str, str, int | None]]) -> Return:
        """Write what is known only at the end."""
        ReturnRemark.objects.bulk_create(
            [
                ReturnRemark(of=self.written, rule=rule, text=text, line=line)
                for rule, text, line in remarks
            ]
        )
        self.written.rows = self.rows
        self.written.agency = self._agencies.pop() if len(self._agencies) == 1 else ""
        self.written.period = DateRange(min(self._days), max(self._days), "[]")
        self.written.save()
        return self.written


def _holds_any(kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM case_{kind})")
        return bool(cursor.fetchone()[0])


#: So many rows are looked up one by one; beside more, what is held is read from end to end.
_FEW = 5_000


@contextmanager
def checking(rows: int) -> Iterator[None]:
    """A stretch in which so many rows just written are compared with what is held: the planner has
    no statistics of them yet, and is told how.
    """
    with planned(ONE_BY_ONE if rows <= _FEW else TOGETHER):
        yield


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


class StoreRecords:
    """Case records of the repository that a reader may see, readable as
    `darkfigure.tables.casebook.Records`.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        held = Return.objects.filter(kind__in=CASE_RETURNS)
        self._linked = PersonLink.objects.exists()
        self._withheld = list(held.filter(marking__gt=scope.sees).values_list("id", flat=True))
        self._epochs = _of_cases(epochs(), held)

    def table(self, kind: str) -> Table:
        """Every version of a kind."""
        if kind not in KINDS:
            raise UnknownName(f"{kind!r} is not a kind of case record.")
        return ibis.table(schema_of(kind), name=f"case_{kind}")

    def fetch(self, expression: Table | str) -> list[tuple[Any, ...]]:
        """The rows of an expression or query."""
        query = (
            expression
            if isinstance(expression, str)
            else ibis.to_sql(expression, dialect="postgres")
        )
        query = self._within(query)
        found = counted_once.counted_once(query, lambda: _rows(query))
        at_most(self._scope, found)
        return found

    def _within(self, query: str) -> str:
        """A query with every table kept to what the reader may see."""
        if not self._withheld and not self._epochs:
            return query
        withheld = ",".join(map(str, self._withheld))
        kept = [
            _SEEN.format(kind=kind, versions=self._versions(kind), withheld=withheld)
            for kind in KINDS
        ]
        return f"WITH {', '.join([*kept, _LINKS_SEEN])} SELECT * FROM ({query}) AS asked"

    def _versions(self, kind: str) -> str:
        """Where the versions of a kind are: the table, or where returns were taken back a query."""
        if not self._epochs:
            return f"case_{kind}"
        columns = [name for name in schema_of(kind) if name not in ("known_from", "known_to")]
        return f"({versions_by_epochs(kind, columns, self._epochs)}) AS versions"

    def frame(self, expression: Table) -> pl.DataFrame:
        """The rows of an expression, all of them text, as a frame."""
        names = list(expression.columns)
        query = self._within(ibis.to_sql(expression, dialect="postgres"))
        with copying(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
            text = b"".join(bytes(piece) for piece in copy)
        schema = dict.fromkeys(names, pl.String)
        return (
            pl.read_csv(text, has_header=False, schema=schema)
            if text
            else pl.DataFrame(schema=schema)
        )

    def links(self) -> Table | None:
        """Who was taken to be whom; None where nobody was ever linked."""
        return ibis.table(LINKS, name="person_link") if self._linked else None

    def returns(self) -> Sequence[CaseReturn]:
        """The case returns behind the records."""
        held = Return.objects.filter(
            kind__in=CASE_RETURNS, marking__lte=self._scope.sees
        ).select_related("file")
        return sorted(
            (
                CaseReturn(
                    each.pk,
                    each.file_id,
                    each.file.name,
                    each.agency,
                    each.source,
                    each.period.lower,
                    Marking(each.marking),
                    each.disposed_on or each.thinned_on,
                )
                for each in held
                if each.period
            ),
            key=lambda each: (each.known_from, each.sha256),
        )
