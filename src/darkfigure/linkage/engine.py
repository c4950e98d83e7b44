"""Where comparisons run: DuckDB by default, Spark when the records outgrow one machine. Settings
and results are the same.
"""

from __future__ import annotations

import tempfile
from typing import Any, Protocol

import duckdb
import polars as pl

from darkfigure import linkage
from darkfigure.basis.errors import UnknownName
from darkfigure.basis.loading import extra

with extra("linkage"):
    from splink.backends.duckdb import DuckDBAPI

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


ENGINES = ("duckdb", "spark")


def engine_named(name: str) -> Engine:
    """A fresh engine. Raises UnknownName, or NotInstalled."""
    if name not in ENGINES:
        raise UnknownName(f"{name!r} is not an engine. Known are {', '.join(ENGINES)}.")
    return linkage.SparkEngine() if name == "spark" else DuckEngine()
