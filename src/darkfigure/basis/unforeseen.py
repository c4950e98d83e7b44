"""An error that nobody foresaw, told without what it says: that may hold a name."""

from __future__ import annotations

import traceback
from pathlib import Path

_SOURCES = Path(__file__).parents[2]


def place_of(error: BaseException) -> str:
    """The type of an error and its place in this code, as KeyError at law/facts.py:12."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if Path(each.filename).is_relative_to(_SOURCES)]
    if not own:
        return type(error).__name__
    name = Path(own[-1].filename).relative_to(_SOURCES).as_posix()
    return f"{type(error).__name__} at {name}:{own[-1].lineno}"
