"""Batches of a return prepared while the one before is being written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

Batch = TypeVar("Batch")


def prepared(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Batches prepared by a second thread while the one before is being written; at most two
    wait.
    """
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=2)
    stop = threading.Event()

    def prepare() -> None:
        last: BaseException | None = None
        try:
            for batch in batches:
                if stop.is_set():
                    return
                ready.put(batch)
        except BaseException as error:  # noqa: BLE001 - handed to the reader below
            last = error
        ready.put(last)

    worker = threading.Thread(target=prepare, daemon=True)
    worker.start()
    try:
        while (found := ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop.set()
