"""Where comparisons run: DuckDB by default, Spark when the records outgrow one machine. Settings
and results are the same.
"""

from __future__ import annotations

import math
import re
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

    def parts(self, records: int, rules: int) -> int | None:
        """In how many parts pairs are looked for, so that what is held meanwhile fits; none where
        the engine sees to it.
        """

    def close(self) -> None:
        """Let go of what was held."""


class DuckEngine:
    """DuckDB in this process; what does not fit in memory goes to a folder of its own.

    `memory` ("4G") is what the process is to keep within: DuckDB is given half of it, the rest is
    for pairs on their way out. Raises UnknownName for what says no amount.
    """

    name, jaro_winkler = "duckdb", "jaro_winkler_similarity"

    def __init__(self, *, threads: int = 0, memory: str = "") -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="darkfigure-link-")
        self.connection = duckdb.connect()
        self.connection.execute("SET temp_directory = ?", [self._spill.name])
        self.connection.execute("SET preserve_insertion_order = false")
        if threads:
            self.connection.execute("SET threads = ?", [threads])
        self._room = bytes_of(memory) // 2 if memory else 0
        if memory:
            self.connection.execute("SET memory_limit = ?", [f"{self._room // 1024}KiB"])
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

    def parts(self, records: int, rules: int) -> int | None:
        """As many parts as a limit asks for: records are held once for each rule meanwhile, and
        that does not go to the disk.
        """
        if not self._room:
            return None
        return max(1, math.ceil(records * rules * _HELD / (self._room / 2)))

    def close(self) -> None:
        """Close the database and remove what it spilled."""
        self.connection.close()
        self._spill.cleanup()


#: Bytes of a unit of memory, and the least that linking can do with.
_UNITS = {"M": 2**20, "G": 2**30, "T": 2**40}
_LEAST = 2**31
#: Bytes of a record that is held to be looked up by a rule.
_HELD = 150


def bytes_of(memory: str) -> int:
    """An amount of memory as it is written. Raises UnknownName for what is none, or too little."""
    found = re.fullmatch(r"(\d{1,6})\s*([MGT])(?:i?B)?", memory.strip(), re.IGNORECASE)
    amount = int(found[1]) * _UNITS[found[2].upper()] if found else 0
    if amount < _LEAST:
        raise UnknownName(
            f"{memory!r} is no amount of memory to keep within: write it as 4G or 3000MB, at least "
            "2G."
        )
    return amount


ENGINES = ("duckdb", "spark")


def engine_named(name: str, memory: str = "") -> Engine:
    """A fresh engine that keeps within so much memory, as far as it is DuckDB; Spark has settings
    of its own. Raises UnknownName, or NotInstalled.
    """
    if name not in ENGINES:
        raise UnknownName(f"{name!r} is not an engine. Known are {', '.join(ENGINES)}.")
    return linkage.SparkEngine() if name == "spark" else DuckEngine(memory=memory)
