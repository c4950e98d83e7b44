"""What sessions are signed and sealed with: kept outside the database."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.logins import write_private
from darkfigure_hub.store.server import alone

VARIABLE = "DARKFIGURE_SECRET"
_SHORTEST = 32


@lru_cache(maxsize=4)
def _secret_from(folder: Path, given: str) -> str:
    if given:
        if len(given) < _SHORTEST:
            raise StoreUnavailable(
                f"{VARIABLE} is too short to sign with: give at least {_SHORTEST} signs."
            )
        return given
    path = folder / "session.key"
    with alone():
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"The key of sessions in {path} cannot be read. Run the program as who made it."
            ) from error


def secret() -> str:
    """What cookies and forms are signed with: DARKFIGURE_SECRET, else the key of the data folder,
    made when first needed.
    """
    return _secret_from(data_folder(), os.environ.get(VARIABLE, ""))


def seal_key() -> bytes:
    """The key that sessions are sealed with, of 32 bytes; the database has it where no login of
    the program can read it.
    """
    return sha256(b"darkfigure session seal\n" + secret().encode()).digest()
