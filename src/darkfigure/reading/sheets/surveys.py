"""The reader of files of Stata, SPSS and SAS (`pip install 'darkfigure[surveys]'`).

A broken file of these makes their reader ask for any amount of memory, so it works in a process of
its own, within bounds: `python -m darkfigure.reading.sheets.surveys FILE TABLE`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.loading import extra

with extra("surveys"):
    import pyreadstat

#: The memory and the seconds that a file gets, and for each megabyte of it so many more.
MEMORY, SECONDS, SECONDS_PER_MB = 2 * 2**30, 20, 2
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
    seconds = SECONDS + SECONDS_PER_MB * (path.stat().st_size // 10**6)
    with TemporaryDirectory(prefix="darkfigure-survey-") as folder:
        table = Path(folder) / "table.parquet"
        command = [sys.executable, "-m", "darkfigure.reading.sheets.surveys", str(path), str(table)]
        try:
            done = subprocess.run(  # noqa: S603 - this program, with paths of its own
                command, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(f"{path.name} was not read within {seconds} seconds.") from None
        if done.returncode or not table.exists():
            raise Unreadable(f"{path.name} is no file of Stata, SPSS or SAS, or is damaged.")
        return pl.read_parquet(table)


def _read(path: Path) -> pl.DataFrame:
    reader = _READERS.get(path.suffix.lower(), pyreadstat.read_dta)
    given: dict[str, Any] = {"output_format": "polars"}
    if path.suffix.lower() in (".dta", ".sav", ".zsav"):
        given |= {"apply_value_formats": True, "formats_as_category": False}
    frame, _ = reader(str(path), **given)
    return pl.DataFrame(frame)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _read(Path(sys.argv[1])).write_parquet(sys.argv[2])
