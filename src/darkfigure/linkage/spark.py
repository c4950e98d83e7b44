"""Linking on Spark."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.linkage.engine import Held

with extra("spark"):
    from pyspark.sql import SparkSession
with extra("linkage"):
    from splink.backends.spark import SparkAPI, similarity_jar_location


class SparkEngine:
    """Spark in local mode, or on the cluster that the session given belongs to. Needs `pip install
    darkfigure[spark]` and Java.
    """

    name, jaro_winkler = "spark", "jaro_winkler"

    def __init__(self, session: Any = None) -> None:
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

    def parts(self, records: int, rules: int) -> None:
        """Spark cuts its work by itself."""

    def close(self) -> None:
        """End the session this engine started and remove its files."""
        if self._own:
            self.session.stop()
        self._folder.cleanup()
