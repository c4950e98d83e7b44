"""Read the log: its latest entries, and whether it holds; keep a head of it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record, tallies, verify
from darkfigure_hub.access.log import append, keep_head
from darkfigure_hub.access.verifying import Checked
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries.holdings import Logged
from darkfigure_hub.store.queries.locks import LOG, hold


@dataclass(frozen=True)
class LogRead:
    """Entries, the latest first, and what was found when all were held to one another."""

    entries: tuple[Logged, ...]
    checked: Checked


def read_log(scope: Scope, number: int) -> LogRead:
    """The latest entries of the log. Raises NotPermitted for anyone but the centre's operators."""
    scope.require(Permission.READ_LOG)
    found = LogRead(tuple(holdings.logged(number)), verify())
    record(scope, "log read", {"entries": len(found.entries)})
    return found


def keep_log_head(scope: Scope) -> str:
    """Keep a head of the log outside the database; gives it as a line of JSON."""
    scope.require(Permission.READ_LOG)
    with hold(LOG):
        record(scope, "log head kept", {})
        last = LogEntry.objects.latest("id")
    return keep_head(last, for_good=True).text()


def count_public_readings() -> None:
    """From now on this process counts who reads what is public, and logs it by batches."""
    tallies.begin(_write)


def _write(detail: dict[str, object]) -> None:
    try:
        append("public", "pages and interface", "public readings", detail)
    finally:
        connection.close()  # of the thread that counts
