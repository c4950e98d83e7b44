"""What sessions are signed and sealed with: kept outside the database."""

from __future__ import annotations

from hashlib import sha256

from darkfigure_hub.store.keys import kept_key


def secret() -> str:
    """What cookies and forms are signed with: DARKFIGURE_SECRET, else the key of the data folder,
    made when first needed.
    """
    return kept_key("session.key", "DARKFIGURE_SECRET")


def seal_key() -> bytes:
    """The key that sessions are sealed with, of 32 bytes; the database has it where no login of
    the program can read it.
    """
    return sha256(b"darkfigure session seal\n" + secret().encode()).digest()
