"""A snapshot asked on Spark: its files are read by Spark in local mode, on a cluster, or by any
engine that speaks Spark Connect. Questions, bounds and cells are those of any other engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import duckdb
import ibis
import polars as pl

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.loading import extra
from darkfigure.basis.statement import Block
from darkfigure.codes import SEPARATOR
from darkfigure.evidence.case_memory import DuckRecords
from darkfigure.evidence.snapshots import SnapshotEvidence
from darkfigure.tables.casebook import CaseReturn, Table

with extra("spark"):
    from pyspark.sql import SparkSession

#: Engines by what their address begins with.
LOCAL, CLUSTER, CONNECT = "spark", "spark://", "sc://"
#: What a session is begun with where it is ours: it keeps to itself and says little.
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "4",
}


def session_at(engine: str) -> SparkSession:
    """A session of an engine: `spark` on this machine with its cores, `spark://...` a cluster's
    master, `sc://...` whatever answers Spark Connect there. Raises UnknownName for any other.
    """
    builder = cast(Any, SparkSession.builder).appName("darkfigure")
    if engine.startswith(CONNECT):
        return cast(SparkSession, builder.remote(engine).getOrCreate())
    if engine != LOCAL and not engine.startswith(CLUSTER):
        raise UnknownName(
            f"{engine!r} is no engine. There are duckdb, spark (on this machine), "
            "spark://HOST:PORT (a cluster) and sc://HOST:PORT (Spark Connect)."
        )
    for name, value in _QUIET.items():
        builder = builder.config(name, value)
    master = "local[*]" if engine == LOCAL else engine
    return cast(SparkSession, builder.master(master).getOrCreate())


def held_by(
    session: SparkSession,
    tables: Mapping[str, Mapping[str, str]],
    paths: Mapping[str, Sequence[str]],
) -> None:
    """Make views of the tables of a snapshot; what a file does not have yet, being of an older
    form, is null.
    """
    for name, files in paths.items():
        if not files:
            schema = ", ".join(f"`{each}` {_TYPES[kind]}" for each, kind in tables[name].items())
            session.createDataFrame([], schema).createOrReplaceTempView(name)
            continue
        frame = session.read.option("mergeSchema", True).parquet(*files)
        held = set(frame.columns)
        absent = [
            f"CAST(NULL AS {_TYPES[kind]}) AS `{column}`"
            for column, kind in tables[name].items()
            if column not in held
        ]
        frame.selectExpr("*", *absent).createOrReplaceTempView(name)


_TYPES = {
    "string": "STRING",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "int64": "BIGINT",
    "int32": "INT",
    "number": "DECIMAL(21, 6)",
}


class SparkRecords:
    """Case records of a snapshot on Spark, readable as `darkfigure.tables.casebook.Records`."""

    def __init__(self, session: SparkSession, beside: DuckRecords) -> None:
        self._session, self._beside = session, beside

    def table(self, kind: str) -> Table:
        """Every version of a kind."""
        return self._beside.table(kind)

    def fetch(self, expression: Table | str) -> list[tuple[Any, ...]]:
        """The rows of an expression or query."""
        return [tuple(row) for row in self._session.sql(_query(expression)).collect()]

    def frame(self, expression: Table) -> pl.DataFrame:
        """The rows of an expression as a frame."""
        found = self._session.sql(_query(expression)).toArrow()
        return cast(pl.DataFrame, pl.from_arrow(found))

    def returns(self) -> Sequence[CaseReturn]:
        """The case returns behind the records."""
        return self._beside.returns()

    def links(self) -> Table | None:
        """Who was taken to be whom."""
        return self._beside.links()


def _query(expression: Table | str) -> str:
    if isinstance(expression, str):
        return expression
    return str(ibis.to_sql(expression, dialect="pyspark"))


class SparkEvidence(SnapshotEvidence):
    """Statements of a snapshot on Spark; blocks, which are few, are read from their file."""

    reasons = "collect_set(reason)"
    holds = f"array_contains(split({{}}, '[{SEPARATOR}]'), ?)"

    def __init__(self, session: SparkSession, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._session = session

    def _among(self, blocks: Sequence[Block]) -> tuple[str, list[Any]]:
        return f"block_id IN ({', '.join(str(int(each.id)) for each in blocks) or 'NULL'})", []

    def _asked(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._session.sql(query, args=values).collect()]


def opened(
    engine: str,
    tables: Mapping[str, Mapping[str, str]],
    paths: Mapping[str, Sequence[str]],
    records: DuckRecords,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[SparkRecords, SparkEvidence]:
    """Records and evidence of a snapshot on an engine; what is small and read once (returns,
    blocks) comes from its files directly.
    """
    session = session_at(engine)
    held_by(session, tables, paths)
    return SparkRecords(session, records), SparkEvidence(session, connection)
