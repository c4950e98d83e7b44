"""Open the repository: its tables brought up to date, its agencies entered."""

from __future__ import annotations

import atexit
import gc
from functools import lru_cache

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from darkfigure.basis.errors import StoreUnavailable
from darkfigure.codes import codes_for
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries.locks import PREPARING, hold, server_version

OLDEST = 150000


@lru_cache(maxsize=1)
def open_repository() -> None:
    """Make sure that the database can be used. Done once in a process; several at once wait for one
    another.

    Raises StoreUnavailable where there is no database, or one too old.
    """
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise StoreUnavailable(
            f"The database does not answer: {str(error).strip().splitlines()[0]}. Check "
            "DATABASE_URL, or leave it out to use "
            "the embedded PostgreSQL."
        ) from error
    version = server_version()
    if version < OLDEST:
        raise StoreUnavailable(
            f"The database is PostgreSQL {version // 10000}; 15 or later is needed."
        )
    if _behind():
        with hold(PREPARING):
            if _behind():
                call_command("migrate", interactive=False, verbosity=0)
                holdings.enter_agencies(codes_for("agency"))
    atexit.register(
        gc.unfreeze
    )  # extension modules look for what they left behind when the process ends
    # what is imported by now stays: the collector need not look through it at every large answer
    gc.freeze()


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
