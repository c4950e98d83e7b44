"""How much waits, in numbers: for whoever watches over the machine."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.store.queries import waiting

#: What each count is of.
_ABOUT = {
    "jobs": "Jobs by state.",
    "outbox": "Messages by state.",
    "log_entries": "Entries of the log, sealed by a key or not.",
}


def count_work() -> Mapping[str, tuple[str, Mapping[str, int]]]:
    """Numbers of jobs, messages and entries of the log by state, each with what it is of. It is of
    the machine, and says nothing of any of them. Raises StoreUnavailable.
    """
    open_repository()
    return {name: (_ABOUT[name], counts) for name, counts in waiting.counts().items()}
