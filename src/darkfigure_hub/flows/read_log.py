"""Read the log: its latest entries, and whether the chain holds."""

from __future__ import annotations

from dataclasses import dataclass

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record, verify
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries.holdings import Logged


@dataclass(frozen=True)
class LogRead:
    """Entries, the latest first; `broken_at` is the first entry that does not fit the chain, None
    where all do.
    """

    entries: tuple[Logged, ...]
    broken_at: int | None


def read_log(scope: Scope, number: int) -> LogRead:
    """The latest entries of the log. Raises NotPermitted for anyone but the centre's operators."""
    scope.require(Permission.READ_LOG)
    found = LogRead(tuple(holdings.logged(number)), verify())
    record(scope, "log read", {"entries": len(found.entries)})
    return found
