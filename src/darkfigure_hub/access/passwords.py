"""Passwords that are known to be breached are refused, without asking anybody."""

from __future__ import annotations

import os
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError

VARIABLE = "DARKFIGURE_BREACHED"
#: A hash in hexadecimal; what a line says after it (how often it was seen) is of no account.
_HASH = 40


class NotBreached:
    """Refuses a password whose SHA-1 stands in the file that DARKFIGURE_BREACHED names: sorted, a
    hash a line, as lists of breached passwords are given out.
    """

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django names it
        """Raises ValidationError for a password that is listed."""
        given = os.environ.get(VARIABLE, "")
        if given and stands_in(Path(given), password):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """What is asked of a password."""
        return "This password has been in a breach: others know it. Choose another."


def stands_in(path: Path, password: str) -> bool:
    """Whether a password's hash begins a line of a sorted file, found by halving the file."""
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_after(file, middle)
            if not line or line >= wanted:
                high = middle
            else:
                low = middle + 1
        return _line_after(file, low) == wanted


def _line_after(file: BinaryIO, place: int) -> bytes:
    """The hash on the first line that begins at a place or after it; nothing at the end."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.readline()[:_HASH].upper().strip()
