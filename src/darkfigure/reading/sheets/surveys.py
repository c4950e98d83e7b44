"""The reader of files of Stata, SPSS and SAS (`pip install 'darkfigure[surveys]'`).

A broken file of these makes their reader ask for any amount of memory, so it works in a process of
its own (`apart`).
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.loading import extra
from darkfigure.reading.sheets.apart import Bounds, read_apart

with extra("surveys"):
    import pyreadstat

BOUNDS = Bounds(memory=2 * 2**30, room=4 * 2**30, seconds=8, seconds_per_mb=2)
_READERS: dict[str, Callable[..., Any]] = {
    ".dta": pyreadstat.read_dta,
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".por": pyreadstat.read_por,
    ".sas7bdat": pyreadstat.read_sas7bdat,
    ".xpt": pyreadstat.read_xport,
}


def frame_of(path: Path) -> pl.DataFrame:
    """The table of a file, values by their labels. Raises Unreadable where it is none, or asks for
    more than its bounds.
    """
    with TemporaryDirectory(prefix="darkfigure-survey-") as folder:
        table = Path(folder) / "table.parquet"
        status = read_apart(__name__, path, table, BOUNDS)
        if status == -signal.SIGALRM:
            raise Unreadable(f"{path.name} was not read within {BOUNDS.of(path)} seconds.")
        if status or not table.exists():
            raise Unreadable(f"{path.name} is no file of Stata, SPSS or SAS, or is damaged.")
        return pl.read_parquet(table)


def work(path: Path, into: Path) -> None:
    """Write the table of a file as Parquet: in a process of its own alone."""
    _read(path).write_parquet(into)


def _read(path: Path) -> pl.DataFrame:
    reader = _READERS.get(path.suffix.lower(), pyreadstat.read_dta)
    given: dict[str, Any] = {"output_format": "polars"}
    if path.suffix.lower() in (".dta", ".sav", ".zsav"):
        given |= {"apply_value_formats": True, "formats_as_category": False}
    frame, _ = reader(str(path), **given)
    return pl.DataFrame(frame)
