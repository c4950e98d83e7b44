"""The data folder of this installation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

from darkfigure.basis.errors import StoreUnavailable


def data_folder() -> Path:
    """The folder of this installation: DARKFIGURE_HOME, else the one its environment was given,
    else the user's own.

    A file `darkfigure.home` in the virtual environment names a folder for every program run from
    it. Raises StoreUnavailable where the user has no folder of their own.
    """
    given = os.environ.get("DARKFIGURE_HOME")
    named = Path(sys.prefix) / "darkfigure.home"
    if not given and named.is_file():
        given = named.read_text(encoding="utf-8").strip()
    try:
        return Path(given or platformdirs.user_data_path("darkfigure")).expanduser().resolve()
    except RuntimeError:
        raise StoreUnavailable(
            "This user has no home folder. Name a folder for the data in DARKFIGURE_HOME."
        ) from None
