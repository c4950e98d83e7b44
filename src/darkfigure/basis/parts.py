"""Parts of long work kept in a folder, so that work broken off goes on where it was.

Parts stand under a hash of all that they are made from: those of other work are never taken. A part
is there whole or not at all, and one that was altered since is made anew.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

_DIGEST = 32


class Parts:
    """Parts by number of work that is made from `made_from`, in order; kept nowhere without a
    folder.
    """

    def __init__(self, folder: Path | None, *made_from: bytes) -> None:
        digest = sha256(b"".join(sha256(each).digest() for each in made_from)).hexdigest()
        self._folder = None if folder is None else folder / digest[:32]

    def part(self, number: int) -> bytes | None:
        """What was kept under a number, if it was."""
        if self._folder is None:
            return None
        try:
            content = self._path(self._folder, number).read_bytes()
        except FileNotFoundError:
            return None
        digest, part = content[:_DIGEST], content[_DIGEST:]
        return part if sha256(part).digest() == digest else None

    def keep(self, number: int, part: bytes) -> None:
        """Keep a part: whole, or not at all. Nobody but who works here can read it."""
        if self._folder is None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as out:
            out.write(sha256(part).digest())
            out.write(part)
        Path(unfinished).replace(self._path(self._folder, number))

    def forget(self) -> None:
        """Remove what was kept: the work is done. The folder goes too, where nothing else is in
        it.
        """
        if self._folder is None or not self._folder.exists():
            return
        shutil.rmtree(self._folder)
        if not any(self._folder.parent.iterdir()):
            self._folder.parent.rmdir()

    @staticmethod
    def _path(folder: Path, number: int) -> Path:
        return folder / f"{number}.part"
