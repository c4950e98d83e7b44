"""A drill: a backup is restored into a folder of its own by programs of their own, held to what it
was written from, served, and asked a question.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.commands import given
from darkfigure_hub.flows.keep_backup import back_up, lend_keys, make_key

#: Seconds for each step; a large backup takes its time.
_PATIENCE, _START = 4 * 3600, 120
_PROGRAM = [sys.executable, "-m", "darkfigure_hub.commands.program"]


@dataclass
class Tried:
    """What a drill found: the hash of the backup, what went well, what is amiss."""

    sha256: str = ""
    said: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)


class Drill:
    """A drill in an empty folder, which is its caller's to remove."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.found = Tried()

    def run(self, of: Path | None, identity: Path | None) -> Tried:
        """Try a backup, or one that is made now, locked to a key made for it."""
        scope = given.operator("drill")
        if of is None:
            of, identity = self.folder / "backup", self.folder / "key"
            back_up(scope, of, to=[make_key(scope, identity)])
        lend_keys(scope, self.home)
        try:
            if self._restored(of.resolve(), identity.resolve() if identity else None):
                self._serves()
                self._answers()
        finally:
            self._program("stop")
        return self.found

    def _environment(self) -> dict[str, str]:
        """The one here, but for the database: the drill has a server of its own."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")
        }
        return {**kept, "DARKFIGURE_HOME": str(self.home)}

    def _program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - this program itself
            [*_PROGRAM, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def _restored(self, of: Path, identity: Path | None) -> bool:
        key = ["--identity", str(identity)] if identity else []
        done = self._program("restore", str(of), "--compared", *key)
        if done.returncode:
            self.found.amiss.append(_sentence(done.stderr))
            return False
        first, *amiss = done.stdout.splitlines()
        self.found.sha256, *counts = first.split()
        tables, rows, entries, proved = map(int, counts)
        self.found.amiss += amiss
        self.found.said += [
            f"Restored: {rows:,} rows of {tables} tables, each as many as there were."
            if not amiss
            else "Restored, and not as it was.",
            f"The log: {proved:,} of {entries:,} entries proved by the key.",
        ]
        return True

    def _serves(self) -> None:
        with self._served() as address:
            if address is None:
                self.found.amiss.append("it was not served")
                return
            self.found.said.append(f"Served, and ready: {_read(f'{address}/ready').strip()}.")

    @contextmanager
    def _served(self) -> Iterator[str | None]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(  # noqa: S603 - this program itself
            [*_PROGRAM, "serve", "--port", str(port), "--no-worker"],
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            yield address if _comes(server, f"{address}/ready") else None
        finally:
            server.terminate()
            server.wait()

    def _answers(self) -> None:
        held: dict[str, Any] = json.loads(self._program("held", "--format", "json").stdout or "{}")
        measures = [each["measure"] for each in held.get("held", ())]
        if not measures:
            self.found.said.append("No figures are held: there was nothing to ask.")
            return
        done = self._program("ask", measures[0], "--format", "json")
        if done.returncode:
            self.found.amiss.append(f"{measures[0]} was not answered: {_sentence(done.stderr)}")
            return
        cells = len(json.loads(done.stdout).get("cells", ()))
        self.found.said.append(f"Asked {measures[0]}: answered, {cells} cells.")


def _sentence(said: str) -> str:
    """The last line of what a program said, as part of a sentence."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "a program ended without a word"


def _comes(server: subprocess.Popen[bytes], address: str) -> bool:
    """Whether a server answers within its time."""
    until = time.monotonic() + _START
    while time.monotonic() < until and server.poll() is None:
        try:
            _read(address)
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return True
    return False


def _read(address: str) -> str:
    """What an address of this machine says. Raises URLError, OSError."""
    if not address.startswith("http://127.0.0.1:"):
        raise DarkfigureError(f"{address} is not of this machine.")
    with urlopen(address, timeout=10) as reply:  # noqa: S310 - of this machine, as seen above
        return str(reply.read().decode())
