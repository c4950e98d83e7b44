"""A snapshot asked on Spark: its files are read by Spark in local mode, on a cluster, or by any
engine that speaks Spark Connect. Questions, bounds and cells are those of any other engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import ibis
import polars as pl

from darkfigure.basis.errors import UnknownName
from darkfigure.basis.loading import extra
from darkfigure.basis.statement import Block, Row, row_from
from darkfigure.codes import SEPARATOR
from darkfigure.evidence.case_memory import DuckRecords
from darkfigure.tables.casebook import CaseReturn, Table
from darkfigure.tables.evidence import Total, collapsed, tidy
from darkfigure.tables.question import Condition
from darkfigure.tables.snapshot_files import STATEMENTS

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
    folder: Path,
    tables: Mapping[str, Mapping[str, str]],
    names: Iterable[str],
) -> None:
    """Make views of the tables of a snapshot; what a file does not have yet, being of an older
    form, is null.
    """
    for name in names:
        frame = session.read.parquet(str((folder / f"{name}.parquet").resolve()))
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


class SparkEvidence:
    """Statements of a snapshot on Spark, readable as `darkfigure.tables.evidence.Evidence`. Blocks,
    which are few, are read by `beside`.
    """

    def __init__(self, session: SparkSession, blocks: Callable[[str], list[Block]]) -> None:
        self._session, self._blocks = session, blocks

    def blocks(self, measure: str) -> list[Block]:
        """Every block of a measure."""
        return self._blocks(measure)

    def withheld(self, measure: str) -> int:  # noqa: ARG002 - evidence elsewhere may withhold
        """Nothing is withheld from who holds the files."""
        return 0

    def totals(
        self,
        blocks: Sequence[Block],
        by: Sequence[str],
        where: Sequence[Condition],
        as_at: date,
        *,
        collapse: bool,
    ) -> Iterable[Total]:
        """Rows added up by the dimensions given."""
        if not blocks:
            return []
        dims = "".join(f"{name}, " for name in by)
        query = (
            f"SELECT {dims}block_id, count(*), count(value), coalesce(sum(value), 0), "
            "count(coalesce(low, value)), coalesce(sum(coalesce(low, value)), 0), "
            "count(coalesce(high, value)), coalesce(sum(coalesce(high, value)), 0), "
            "collect_set(reason), CASE WHEN count(*) = 1 THEN min(note) END FROM statements "
            f"WHERE {_of(blocks)}{_conditions(where)} AND (closed IS NULL OR closed > ?) "
            f"GROUP BY {dims}block_id ORDER BY block_id"
        )
        found = []
        for row in self._asked(query, [*(each.code for each in where), as_at]):
            block, count, valued, value, lows, low, highs, high, reasons, note = row[len(by) :]
            numbers = (count, valued, tidy(value), lows, tidy(low), highs, tidy(high))
            found.append(
                Total([block], row[: len(by)], *numbers, sorted(reasons or ()), note or "")
            )
        return collapsed(found) if collapse else found

    def rows(
        self, blocks: Sequence[Block], where: Sequence[Condition], as_at: date | None
    ) -> list[Row]:
        """The single rows of blocks."""
        if not blocks:
            return []
        by_id = {block.id: block for block in blocks}
        stands = "" if as_at is None else " AND (closed IS NULL OR closed > ?)"
        query = (
            f"SELECT {', '.join(STATEMENTS)} FROM statements WHERE {_of(blocks)}"
            f"{_conditions(where)}{stands} ORDER BY block_id, row"
        )
        values = [*(each.code for each in where), *([] if as_at is None else [as_at])]
        return [
            row_from(by_id[row[0]], dict(zip(STATEMENTS, row, strict=True)))
            for row in self._asked(query, values)
        ]

    def _asked(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._session.sql(query, args=values).collect()]


def _of(blocks: Sequence[Block]) -> str:
    return f"block_id IN ({', '.join(str(int(block.id)) for block in blocks)})"


def _conditions(where: Sequence[Condition]) -> str:
    return "".join(
        f" AND array_contains(split({condition.dimension}, '[{SEPARATOR}]'), ?)"
        if condition.inclusive
        else f" AND {condition.dimension} = ?"
        for condition in where
    )


def opened(
    folder: Path,
    engine: str,
    tables: Mapping[str, Mapping[str, str]],
    names: Iterable[str],
    records: DuckRecords,
    blocks: Callable[[str], list[Block]],
) -> tuple[SparkRecords, SparkEvidence]:
    """Records and evidence of a snapshot on an engine; what is small and read once (returns,
    blocks) comes from its files directly.
    """
    session = session_at(engine)
    held_by(session, folder, tables, names)
    return SparkRecords(session, records), SparkEvidence(session, blocks)
