"""Open the repository: its tables brought up to date, its agencies entered."""

from __future__ import annotations

import atexit
import gc
import logging
from collections.abc import Iterable
from functools import lru_cache

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from darkfigure import __version__
from darkfigure.basis.errors import StoreUnavailable
from darkfigure.codes import codes_for
from darkfigure_hub.store import heads, preparing, roles
from darkfigure_hub.store.logins import NotPrepared, write_private
from darkfigure_hub.store.queries import holdings
from darkfigure_hub.store.queries.locks import PREPARING, hold, server_version

OLDEST = 150000
#: Said once of a server whose owner may not set this.
NOT_QUIET = (
    "This server writes statements into its log, all or those that fail or take long, and with "
    "them what returns hold. Have its administrator set, for darkfigure_service and "
    "darkfigure_identity, {} (ALTER ROLE ... SET ...). This is said once."
)


@lru_cache(maxsize=1)
def open_repository() -> None:
    """Make sure that the database can be used. Done once in a process; several at once wait for one
    another.

    Raises StoreUnavailable where there is no database, or one too old.
    """
    connect()
    if _behind():
        bring_up_to_date()
    elif holdings.lacks_agencies(codes_for("agency")):
        holdings.enter_agencies(codes_for("agency"))
    _warn_of_its_log()
    atexit.register(
        gc.unfreeze
    )  # extension modules look for what they left behind when the process ends
    # what is imported by now stays: the collector need not look through it at every large answer
    gc.freeze()


def bring_up_to_date() -> None:
    """Migrations as the owner, what the service may do, the agencies."""
    if roles.server().made:
        preparing.prepare(roles.server(), roles.server().name)
    with roles.as_owner(), hold(PREPARING):
        if _behind():
            call_command("migrate", interactive=False, verbosity=0)
            roles.grant()
            holdings.enter_agencies(codes_for("agency"))


def _warn_of_its_log() -> None:
    """Say of a server elsewhere that what returns hold may reach its log, and by which settings;
    once, unless they change.
    """
    told = heads.path_of().with_suffix(".warned")
    if roles.server().embedded or not (loud := roles.loud()):
        return
    message = NOT_QUIET.format(", ".join(loud))
    if told.exists() and told.read_text(encoding="utf-8") == message:
        return
    logging.getLogger(__name__).warning(message)
    write_private(told, message)


def connect() -> None:
    """Log in as the service; where that fails, once its login has been made or mended.

    Raises StoreUnavailable where there is no database, or one too old.
    """
    _log_in()
    version = server_version()
    if version < OLDEST:
        raise StoreUnavailable(
            f"The database is PostgreSQL {version // 10000}; 15 or later is needed."
        )


def refuse_newer(what: str, migrations: Iterable[str], loader: MigrationLoader) -> None:
    """Raise StoreUnavailable where there are migrations that this program does not know."""
    known = {".".join(each) for each in loader.disk_migrations or ()}
    if unknown := sorted(set(migrations) - known):
        raise StoreUnavailable(
            f"{what} was made by a newer program: {', '.join(unknown)} is not known to this one "
            f"({__version__}). Install the program that made it, or a later one."
        )


def _log_in() -> None:
    try:
        connection.ensure_connection()
    except (NotPrepared, OperationalError) as error:
        if not roles.server().made:
            raise preparing.no_answer(error) from None
        preparing.prepare(roles.server(), roles.server().name)
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise preparing.no_answer(error) from None


def _behind() -> bool:
    """Whether there are migrations to come, or what the service may do is not what it should be."""
    try:
        executor = MigrationExecutor(connection)
        applied = executor.loader.applied_migrations or ()
        refuse_newer("The database", (".".join(each) for each in applied), executor.loader)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return True
        return not roles.is_granted()
    except ProgrammingError:
        return True
