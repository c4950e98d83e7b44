"""Linking on Spark."""

from __future__ import annotations

import itertools
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.linkage.engine import Held, Rarity
from darkfigure.linkage.model import PAIRS, Model
from darkfigure.linkage.waiting import Reached, uncounted

with extra("spark"):
    from pyspark.sql import SparkSession
with extra("linkage"):
    from splink import Linker
    from splink.backends.spark import SparkAPI, similarity_jar_location

logging.getLogger("splink").setLevel(logging.ERROR)
#: What Spark, with Splink's functions, calls the likeness of two spellings.
_JARO_WINKLER = "jaro_winkler"


class SparkEngine:
    """Spark in local mode, or on the cluster that the session given belongs to. Needs `pip install
    darkfigure[spark]` and Java.
    """

    name = "spark"

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

    def paired(
        self,
        frame: pl.DataFrame,
        model: Model,
        rarity: Rarity,
        floor: float,
        reached: Reached = uncounted,  # noqa: ARG002 - Spark shows its own
    ) -> pl.DataFrame:
        """Pairs by Splink at or above `floor`."""
        if not model.rules:
            return pl.DataFrame(schema=PAIRS)
        linker = self._linker(self._hold(frame, "to_link"), model, rarity)
        predicted = linker.inference.predict(
            threshold_match_probability=floor, warning_mode="never"
        )
        return self._fetch(predicted)

    def held(self, frame: pl.DataFrame, model: Model, rarity: Rarity) -> Held:
        """Prepared records as a Parquet file."""
        return _HeldThere(self, self._hold(frame, "held_records"), model, rarity)

    def between(
        self, held: Any, fresh: pl.DataFrame, model: Model, rarity: Rarity, floor: float
    ) -> pl.DataFrame:
        """Pairs of new records with those held and with one another."""
        if not model.rules:
            return pl.DataFrame(schema=PAIRS)
        linker = self._linker(held, model, rarity)
        new = self._hold(fresh, "just_arrived")
        predicted = [
            linker.inference.predict_between(
                held, new, threshold_match_probability=floor, warning_mode="never"
            ),
            linker.inference.predict_within(
                new, threshold_match_probability=floor, warning_mode="never"
            ),
        ]
        return pl.concat(map(self._fetch, predicted)).sort("left", "right")

    def _linker(self, records: Any, model: Model, rarity: Rarity) -> Linker:
        linker = Linker(records, model.settings(self.name, _JARO_WINKLER), log_level=logging.ERROR)
        for name, table in rarity.items():
            linker.table_management.register_term_frequency_lookup(
                self._hold(table, f"rarity_{name}"), name
            )
        return linker

    def _hold(self, frame: pl.DataFrame, name: str) -> Any:
        """Records or shares handed over as a Parquet file."""
        path = Path(self._folder.name) / f"{name}-{next(self._count)}.parquet"
        frame.write_parquet(path)
        return self.api.register(self.session.read.parquet(str(path)))

    def _fetch(self, predicted: Any) -> pl.DataFrame:
        path = Path(self._folder.name) / f"{predicted.physical_name}.parquet"
        columns = ("id_l", "id_r", "match_weight", "match_probability")
        predicted.as_spark_dataframe().select(*columns).write.mode("overwrite").parquet(str(path))
        return (
            pl.read_parquet(path / "*.parquet")
            .select(
                left=pl.min_horizontal("id_l", "id_r"),
                right=pl.max_horizontal("id_l", "id_r"),
                weight="match_weight",
                probability="match_probability",
            )
            .cast(PAIRS)
            .sort("left", "right")
        )

    def forget(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """End the session this engine started and remove its files."""
        if self._own:
            self.session.stop()
        self._folder.cleanup()


@dataclass(frozen=True)
class _HeldThere:
    engine: SparkEngine
    records: Any
    model: Model
    rarity: Rarity

    def paired(self, fresh: pl.DataFrame, floor: float) -> pl.DataFrame:
        return self.engine.between(self.records, fresh, self.model, self.rarity, floor)
