"""Where comparisons run: DuckDB by default, Spark when the records outgrow one machine. Pairs and
weights are the same.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import duckdb
import polars as pl

from darkfigure import linkage
from darkfigure.basis.errors import UnknownName
from darkfigure.basis.parts import Parts
from darkfigure.linkage.model import Model
from darkfigure.linkage.pairing import Ends, Pairing, paired_alone
from darkfigure.linkage.waiting import Reached, uncounted
from darkfigure.linkage.weighing import Scales

Rarity = Mapping[str, pl.DataFrame]
#: Pairs that are compared at a time, and what one of them takes on its way, in bytes.
_AT_ONCE = 16_000_000
_TAKES = 512


class Held(Protocol):
    """Records held ready for new ones to be compared with."""

    def paired(self, fresh: pl.DataFrame, floor: float) -> pl.DataFrame:
        """Pairs of new records with those held and with one another, at or above `floor`, as
        `model.PAIRS`; the numbers of the new follow those held.
        """


class Engine(Protocol):
    """Finds pairs by the rules of a model and weighs them as if there were no kin."""

    name: str

    def paired(
        self,
        frame: pl.DataFrame,
        model: Model,
        rarity: Rarity,
        floor: float,
        reached: Reached = uncounted,
    ) -> pl.DataFrame:
        """Pairs of prepared records at or above `floor`, as `model.PAIRS`, in order; with the step
        of each comparison (`places.place_of`) where the engine tells it. `reached` is told how many
        parts are done, of how many, where it works in parts.
        """

    def held(self, frame: pl.DataFrame, model: Model, rarity: Rarity) -> Held:
        """Prepared records held ready."""

    def forget(self) -> None:
        """Remove what was kept for going on where work was broken off: it is done."""

    def close(self) -> None:
        """Let go of what was held."""


class DuckEngine:
    """DuckDB in this process; what does not fit in memory goes to a folder of its own.

    `memory` ("4G") is what the process is to keep within: DuckDB is given half of it, the rest is
    for pairs on their way out. In `keep`, a folder, parts that were compared are kept until
    `forget`: a link broken off and begun again takes them. Raises UnknownName for what says no
    amount.
    """

    name = "duckdb"

    def __init__(self, *, threads: int = 0, memory: str = "", keep: Path | None = None) -> None:
        self._keep, self._kept = keep, list[Parts]()
        self._spill = tempfile.TemporaryDirectory(prefix="darkfigure-link-")
        self._settings: dict[str, str | int] = {
            "temp_directory": self._spill.name,
            "preserve_insertion_order": "false",
        }
        if threads:
            self._settings["threads"] = threads
        self._at_once = _AT_ONCE
        if memory:
            room = bytes_of(memory)
            self._settings["memory_limit"] = f"{room // 2048}KiB"
            self._at_once = min(_AT_ONCE, room // _TAKES)

    def paired(
        self,
        frame: pl.DataFrame,
        model: Model,
        rarity: Rarity,
        floor: float,
        reached: Reached = uncounted,
    ) -> pl.DataFrame:
        """Pairs by every rule, each compared once; so many at a time, the next found meanwhile."""
        store = self._parts(frame, model, rarity, floor)
        pairing = Pairing(frame, model.rules)
        parts = pairing.parts(self._at_once)
        compared = [_read(store.part(number)) for number in range(len(parts))]
        missing = [number for number, part in enumerate(compared) if part is None]
        reached(len(parts) - len(missing), len(parts))
        with Scales(frame, model, rarity, self._settings) as scales:
            coming = _ahead(pairing.pairs_of(parts[number]) for number in missing)
            for more, (number, (left, right)) in enumerate(zip(missing, coming, strict=True), 1):
                compared[number] = part = scales.compare(left, right, floor)
                if self._keep is not None:
                    store.keep(number, _written(part))
                reached(len(parts) - len(missing) + more, len(parts))
        return pl.concat(part for part in compared if part is not None)

    def _parts(self, frame: pl.DataFrame, model: Model, rarity: Rarity, floor: float) -> Parts:
        """Where parts of this work are kept: by all that they hang on."""
        if self._keep is None:
            return Parts(None)
        tables = (frame, *(rarity[name] for name in sorted(rarity)))
        parts = Parts(
            self._keep,
            *(table.hash_rows().to_numpy().tobytes() for table in tables),
            model.to_json().encode(),
            f"{floor} {self._at_once} {pl.__version__} {duckdb.__version__}".encode(),
        )
        self._kept.append(parts)
        return parts

    def held(self, frame: pl.DataFrame, model: Model, rarity: Rarity) -> Held:
        """Prepared records, in the order of each rule."""
        return _HeldHere(frame, model, rarity, self._settings)

    def forget(self) -> None:
        """Remove the parts kept."""
        for parts in self._kept:
            parts.forget()

    def close(self) -> None:
        """Remove what was spilled."""
        self._spill.cleanup()


class _HeldHere:
    def __init__(
        self, frame: pl.DataFrame, model: Model, rarity: Rarity, settings: Mapping[str, str | int]
    ) -> None:
        self._frame, self._model, self._rarity, self._settings = frame, model, rarity, settings
        self._pairing = Pairing(frame, model.rules)

    def paired(self, fresh: pl.DataFrame, floor: float) -> pl.DataFrame:
        whole = pl.concat([self._frame, fresh])
        alone, ends, those = paired_alone(whole, *self._pairing.arriving(fresh))
        with Scales(alone, self._model, self._rarity, self._settings) as scales:
            pairs = scales.compare(*ends, floor)
        return pairs.with_columns(
            left=pl.Series(those[pairs["left"]]), right=pl.Series(those[pairs["right"]])
        )


def _written(part: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    part.write_parquet(out)
    return out.getvalue()


def _read(part: bytes | None) -> pl.DataFrame | None:
    return None if part is None else pl.read_parquet(io.BytesIO(part))


def _ahead(parts: Iterator[Ends]) -> Iterator[Ends]:
    """The same, each found while the one before is worked on."""
    with ThreadPoolExecutor(max_workers=1) as one:
        coming = one.submit(next, parts, None)
        while (here := coming.result()) is not None:
            coming = one.submit(next, parts, None)
            yield here


#: Bytes of a unit of memory, and the least that linking can do with.
_UNITS = {"M": 2**20, "G": 2**30, "T": 2**40}
_LEAST = 2**31


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


def engine_named(name: str, memory: str = "", keep: Path | None = None) -> Engine:
    """A fresh engine that keeps within so much memory, and parts of its work in a folder, as far as
    it is DuckDB; Spark has settings of its own. Raises UnknownName, or NotInstalled.
    """
    if name not in ENGINES:
        raise UnknownName(f"{name!r} is not an engine. Known are {', '.join(ENGINES)}.")
    if name == "spark" and keep is not None:
        raise UnknownName(
            "Spark keeps no parts of its work: leave --resume out, or link by duckdb."
        )
    return linkage.SparkEngine() if name == "spark" else DuckEngine(memory=memory, keep=keep)
