"""Read the log: its latest entries, and whether it holds; keep a head of it elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import connection

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import record, tallies, verify
from darkfigure_hub.access.log import append, keep_head
from darkfigure_hub.access.verifying import Checked
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries.locks import LOG, hold
from darkfigure_hub.store.queries.logged import ALL, THINGS, Logged, Sought, logged

__all__ = [
    "THINGS",
    "LogRead",
    "Sought",
    "count_public_readings",
    "keep_log_head",
    "read_log",
]


@dataclass(frozen=True)
class LogRead:
    """Entries, the latest first; whether there are older ones that are wanted too; what was found
    when all were held to one another, where that was asked for.
    """

    entries: tuple[Logged, ...]
    more: bool
    checked: Checked | None


def read_log(scope: Scope, number: int, sought: Sought = ALL, *, check: bool = True) -> LogRead:
    """The latest entries of the log that are wanted, and whether the whole holds. That is logged as
    well, with what was sought. Raises NotPermitted.
    """
    scope.require(Permission.READ_LOG)
    entries = logged(number + 1, sought)
    found = LogRead(tuple(entries[:number]), len(entries) > number, verify() if check else None)
    wanted = {name: str(value) for name, value in asdict(sought).items() if value}
    record(scope, "log read", {"entries": len(found.entries), **wanted})
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
