"""Where comparisons run: DuckDB by default, Spark when the records outgrow one machine. Settings
and results are the same.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl
from splink.backends.duckdb import DuckDBAPI

from darkfigure.basis.errors import UnknownName, Unreadable

#: Splink's tables are not typed closely enough to be worth naming.
Held = Any


class Engine(Protocol):
    """Runs what Splink asks for."""

    name: str
    jaro_winkler: str
    api: Any

    def hold(self, frame: pl.DataFrame, name: str) -> Held:
        """Hand records over."""

    def fetch(self, found: Held, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of a result."""

    def close(self) -> None:
        """Let go of what was held."""


class DuckEngine:
    """DuckDB in this process; what does not fit in memory goes to a folder of its own."""

    name, jaro_winkler = "duckdb", "jaro_winkler_similarity"

    def __init__(self, *, threads: int = 0) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="darkfigure-link-")
        self.connection = duckdb.connect()
        self.connection.execute("SET temp_directory = ?", [self._spill.name])
        self.connection.execute("SET preserve_insertion_order = false")
        if threads:
            self.connection.execute("SET threads = ?", [threads])
        self.api = DuckDBAPI(connection=self.connection)

    def hold(self, frame: pl.DataFrame, name: str) -> Held:
        """Hand records over as a table."""
        self.connection.register("handed_over", frame.to_arrow())
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM handed_over")  # noqa: S608 - names are ours
        self.connection.unregister("handed_over")
        return self.api.register(name)

    def fetch(self, found: Held, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of a result."""
        frame: pl.DataFrame = found.as_duckdbpyrelation().select(*columns).pl()
        return frame

    def close(self) -> None:
        """Close the database and remove what it spilled."""
        self.connection.close()
        self._spill.cleanup()


class SparkEngine:
    """Spark in local mode, or on the cluster that the session given belongs to. Needs `pip install
    darkfigure[spark]` and Java.
    """

    name, jaro_winkler = "spark", "jaro_winkler"

    def __init__(self, session: Any = None) -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
            from splink.backends.spark import SparkAPI, similarity_jar_location  # noqa: PLC0415
        except ImportError as error:
            raise Unreadable(
                "The engine spark is not installed: pip install 'darkfigure[spark]'."
            ) from error
        self._folder = tempfile.TemporaryDirectory(prefix="darkfigure-spark-")
        self._own = session is None
        self._count = itertools.count()
        self.session = session or (
            SparkSession.builder.master("local[2]")
            .appName("darkfigure")
            .config("spark.jars", similarity_jar_location())
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.default.parallelism", "4")
            .config("spark.driver.memory", "4g")
            .config("spark.local.dir", self._folder.name)
            .config("spark.sql.warehouse.dir", f"{self._folder.name}/warehouse")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
        self.session.sparkContext.setLogLevel("ERROR")
        self.session.sparkContext.setCheckpointDir(f"{self._folder.name}/checkpoints")
        self.api = SparkAPI(spark_session=self.session, num_partitions_on_repartition=4)  # type: ignore[no-untyped-call]

    def hold(self, frame: pl.DataFrame, name: str) -> Held:
        """Hand records over as a Parquet file."""
        path = Path(self._folder.name) / f"{name}-{next(self._count)}.parquet"
        frame.write_parquet(path)
        return self.api.register(self.session.read.parquet(str(path)))

    def fetch(self, found: Held, columns: tuple[str, ...]) -> pl.DataFrame:
        """Some columns of a result."""
        path = Path(self._folder.name) / f"{found.physical_name}.parquet"
        found.as_spark_dataframe().select(*columns).write.mode("overwrite").parquet(str(path))
        return pl.read_parquet(path / "*.parquet")

    def close(self) -> None:
        """End the session this engine started and remove its files."""
        if self._own:
            self.session.stop()
        self._folder.cleanup()


ENGINES = ("duckdb", "spark")


def engine_named(name: str) -> Engine:
    """A fresh engine. Raises UnknownName, or Unreadable where it is not installed."""
    if name not in ENGINES:
        raise UnknownName(f"{name!r} is not an engine. Known are {', '.join(ENGINES)}.")
    return SparkEngine() if name == "spark" else DuckEngine()
