"""The reader of files of Stata, SPSS and SAS (`pip install 'darkfigure[surveys]'`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from darkfigure.basis.loading import extra

with extra("surveys"):
    import pyreadstat

_READERS: dict[str, Callable[..., Any]] = {
    ".dta": pyreadstat.read_dta,
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".por": pyreadstat.read_por,
    ".sas7bdat": pyreadstat.read_sas7bdat,
    ".xpt": pyreadstat.read_xport,
}


def frame_of(path: Path) -> pl.DataFrame:
    """The table of a file, values by their labels."""
    reader = _READERS.get(path.suffix.lower(), pyreadstat.read_dta)
    given: dict[str, Any] = {"output_format": "polars"}
    if path.suffix.lower() in (".dta", ".sav", ".zsav"):
        given |= {"apply_value_formats": True, "formats_as_category": False}
    frame, _ = reader(str(path), **given)
    return pl.DataFrame(frame)
