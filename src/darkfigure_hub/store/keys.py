"""Keys that the database does not hold: given in the environment, else kept in the data folder,
each made when it is first needed.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.logins import write_private
from darkfigure_hub.store.server import alone

#: A key given is as long as one made, or nearly.
_SHORTEST = 32


@lru_cache(maxsize=8)
def _key_from(folder: Path, name: str, given: str, variable: str) -> str:
    if given:
        if len(given) < _SHORTEST:
            raise StoreUnavailable(
                f"{variable} is too short for a key: give at least {_SHORTEST} signs."
            )
        return given
    path = folder / name
    with alone():
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"The key in {path} cannot be read. Run the program as who made it."
            ) from error


def kept_key(name: str, variable: str) -> str:
    """The key of a variable of the environment, else that of a file of the data folder. Raises
    StoreUnavailable for one that is too short or cannot be read.
    """
    return _key_from(data_folder(), name, _given(variable), variable)


def _given(variable: str) -> str:
    """What a variable holds, or the file that VARIABLE_FILE names."""
    named = os.environ.get(f"{variable}_FILE", "")
    if not named:
        return os.environ.get(variable, "")
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise StoreUnavailable(f"{variable}_FILE names a file that cannot be read.") from error
