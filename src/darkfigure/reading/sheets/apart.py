"""Readers in a process of their own: a broken file makes some ask for any amount of memory, or end
their process.

A process with the reader ready is kept. It makes another of itself for each file, within bounds:
nothing of one file reaches the next, and a file need not wait for a program to start.
`python -m darkfigure.reading.sheets.apart MODULE` is that process; `MODULE.work(path, into)` reads.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

#: Where a reader ended by what was not foreseen, as any program says it.
FAILED = 1


class Bounds(NamedTuple):
    """What a file gets: bytes of memory and on disk, seconds and, for each megabyte of it, so many
    more.
    """

    memory: int
    room: int
    seconds: int
    seconds_per_mb: int

    def of(self, path: Path) -> int:
        """The seconds that a file gets."""
        return self.seconds + self.seconds_per_mb * (path.stat().st_size // 10**6)


def read_apart(reader: str, path: Path, into: Path, bounds: Bounds) -> int:
    """Let a reader write what a file holds into a file or folder: its exit status, 0 where it did;
    below 0 the signal that ended it, SIGALRM where its seconds were over.
    """
    order = json.dumps(
        {"path": str(path), "into": str(into), "seconds": bounds.of(path), "bounds": bounds}
    )
    return _ready(reader, os.getpid()).read(order)


@lru_cache(8)
def _ready(reader: str, _process: int) -> _Reader:
    """The process of a reader; one that was made by another process than this is not its own."""
    return _Reader(reader)


class _Reader:
    """A process that has a reader ready."""

    def __init__(self, reader: str) -> None:
        self.reader, self.lock = reader, Lock()
        self.process = self.start()
        atexit.register(self.end, os.getpid())

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", __name__, self.reader]
        return subprocess.Popen(  # noqa: S603 - this program, with a module of its own
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def read(self, order: str) -> int:
        with self.lock:
            try:
                return self.ordered(order)
            except (OSError, ValueError):  # it was ended from without
                self.process.kill()
                self.process.wait()
                self.process = self.start()
                return self.ordered(order)

    def ordered(self, order: str) -> int:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise ValueError
        stdin.write(f"{order}\n")
        stdin.flush()
        return int(stdout.readline())

    def end(self, maker: int) -> None:
        if os.getpid() == maker:
            self.process.kill()
            self.process.wait()


def _serve(reader: str) -> None:
    """Read orders until there are no more, each in a process of its own."""
    module = import_module(reader)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _work(module, json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _work(module: Any, order: dict[str, Any]) -> None:
    """Read one file within its bounds, and end."""
    status = FAILED
    try:
        bounds = Bounds(*order["bounds"])
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.room, bounds.room))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(order["seconds"])
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = module.work(Path(order["path"]), Path(order["into"])) or 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
