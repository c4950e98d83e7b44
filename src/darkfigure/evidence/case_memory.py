"""Case records held by DuckDB: in memory, read from returns, or in the files of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb
import ibis
import polars as pl

from darkfigure.basis.errors import ReturnRefused, Unreadable
from darkfigure.cases.casework import CaseSubmission, columns_of
from darkfigure.cases.records import KINDS
from darkfigure.cases.submission import Submission
from darkfigure.tables.casebook import LINKS, CaseReturn, Table
from darkfigure.tables.cross_checks import cross_check

_IBIS = {
    pl.String: "string",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.Int64: "int64",
    pl.Int32: "int32",
}


def schema_of(kind: str) -> dict[str, str]:
    """The columns of a table of versions as Ibis names their types."""
    columns = {name: _IBIS[dtype] for name, dtype in columns_of(KINDS[kind]).items()}  # type: ignore[index]
    return {**columns, "known_to": "date", "return_id": "int64"}


class DuckRecords:
    """Case records on a DuckDB connection with one table or view `case_KIND` for each kind, and
    `person_link` if any are linked.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        returns: Sequence[CaseReturn],
        *,
        linked: bool = False,
    ) -> None:
        self.connection = connection
        self._returns = list(returns)
        self._linked = linked

    def table(self, kind: str) -> Table:
        """Every version of a kind."""
        return ibis.table(schema_of(kind), name=f"case_{kind}")

    def fetch(self, expression: Table | str) -> list[tuple[Any, ...]]:
        """The rows of an expression or query."""
        query = (
            expression if isinstance(expression, str) else ibis.to_sql(expression, dialect="duckdb")
        )
        return self.connection.execute(query).fetchall()

    def frame(self, expression: Table) -> pl.DataFrame:
        """The rows of an expression as a frame."""
        found: pl.DataFrame = self.connection.sql(ibis.to_sql(expression, dialect="duckdb")).pl()
        return found

    def returns(self) -> Sequence[CaseReturn]:
        """The case returns behind the records."""
        return self._returns

    def links(self) -> Table | None:
        """Who was taken to be whom."""
        return ibis.table(LINKS, name="person_link") if self._linked else None


def records_from(returns_read: Iterable[tuple[Path, Iterable[Submission]]]) -> DuckRecords:
    """Case returns in memory: each file with what was read from it
    (`darkfigure.reading.read_files`).

    Raises ReturnRefused at the first with faults.
    """
    frames: dict[str, list[pl.DataFrame]] = defaultdict(list)
    returns = []
    for number, (path, submissions) in enumerate(returns_read, start=1):
        with path.open("rb") as content:
            digest = file_digest(content, "sha256").hexdigest()
        for submission in submissions:
            if not isinstance(submission, CaseSubmission):
                raise Unreadable(f"{path.name} holds figures, not case records.")
            held = [(batch.kind.name, batch.versions) for batch in submission.tables]
            if submission.problem_total:
                raise ReturnRefused(path.name, submission.problems, submission.problem_total)
            for name, versions in held:
                frames[name].append(versions.with_columns(return_id=pl.lit(number, pl.Int64)))
            days = [day for _, versions in held for day in versions["known_from"].to_list()]
            agencies = {
                agency for _, versions in held for agency in versions["agency"].unique().to_list()
            }
            agency = agencies.pop() if len(agencies) == 1 else ""
            returns.append(
                CaseReturn(number, digest, path.name, agency, submission.source, min(days))
            )
    return in_memory({name: pl.concat(found) for name, found in frames.items()}, returns)


def check_alone(submission: CaseSubmission, progress: Callable[[int], None]) -> int:
    """Check a case return by itself, its records against one another too; gives how many it has."""
    held: dict[str, list[pl.DataFrame]] = defaultdict(list)
    rows = 0
    for batch in submission.tables:
        rows += batch.versions.height
        progress(rows)
        held[batch.kind.name].append(batch.versions.with_columns(return_id=pl.lit(1, pl.Int64)))
    days = [
        day
        for found in held.values()
        for each in found
        for day in each["known_from"].drop_nulls().to_list()
    ]
    if not submission.problem_total and days:
        # What is withdrawn or pointed at may have been reported in an earlier return, which is not
        # at hand here.
        records = in_memory({name: pl.concat(found) for name, found in held.items()}, [])
        cross_check(submission, records, 1, set(held), max(days), alone=True)
    return rows


def in_memory(versions: dict[str, pl.DataFrame], returns: Sequence[CaseReturn]) -> DuckRecords:
    """Versions of records by kind, each closed on the day its next version became known."""
    connection = duckdb.connect()
    for kind in KINDS:
        frame = versions.get(kind)
        if frame is None:
            frame = pl.DataFrame(schema={**columns_of(KINDS[kind]), "return_id": pl.Int64})
        frame = frame.sort("known_from", "return_id").with_columns(
            known_to=pl.col("known_from").shift(-1).over("agency", "record")
        )
        connection.register("versions", frame.to_arrow())
        connection.execute(f"CREATE TABLE case_{kind} AS SELECT * FROM versions")  # noqa: S608 - kinds are ours
        connection.unregister("versions")
    return DuckRecords(connection, returns)
