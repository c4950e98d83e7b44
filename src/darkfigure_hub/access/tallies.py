"""Who reads what is public is counted in memory and logged by batches: so many readers do not wait
for one another at the log.

A process that is killed loses what it counted since its last batch.
"""

from __future__ import annotations

import atexit
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.util import Finalize

SECONDS = 5.0
Write = Callable[[dict[str, object]], None]


class _Tally:
    """What was counted since the last batch, and how a batch is written."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counted: Counter[tuple[str, str]] = Counter()
        self.since = ""
        self.write: Write | None = None


_tally = _Tally()


def begun() -> bool:
    """Whether this process counts."""
    return _tally.write is not None


def begin(write: Write) -> None:
    """Count from now on, and hand what was counted to `write` every few seconds and at the end."""
    _tally.write = write
    atexit.register(flush)
    Finalize(None, flush, exitpriority=10)
    threading.Thread(target=_flush_for_ever, daemon=True, name="tallies").start()


def count(purpose: str, action: str) -> None:
    """Count one reading."""
    with _tally.lock:
        _tally.since = _tally.since or datetime.now(UTC).isoformat(timespec="seconds")
        _tally.counted[purpose, action] += 1


def flush() -> None:
    """Write what was counted as one entry; what cannot be written now is kept for the next time."""
    with _tally.lock:
        counted, since = Counter(_tally.counted), _tally.since
        _tally.counted.clear()
        _tally.since = ""
    if not counted or _tally.write is None:
        return
    detail: dict[str, object] = {"since": since}
    for (purpose, action), number in sorted(counted.items()):
        detail[f"{purpose}: {action}"] = number
    try:
        _tally.write(detail)
    except Exception:  # noqa: BLE001 - the database is away: nothing counted is to be lost
        with _tally.lock:
            _tally.counted.update(counted)
            _tally.since = since


def _flush_for_ever() -> None:
    wake = threading.Event()
    while not wake.wait(SECONDS):
        flush()
