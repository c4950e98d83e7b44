"""Django's PostgreSQL backend, which logs in as the service; migrations alone log in as the owner.

Where no DATABASE_URL is given the embedded server is found or started at the first connection.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, creation
from django.utils.functional import cached_property

from darkfigure_hub.store.logins import OWNER, WEB, Server, server_of
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.postgres.kept import KEPT
from darkfigure_hub.store.postgres.telling import Telling
from darkfigure_hub.store.preparing import prepare


class DatabaseCreation(creation.DatabaseCreation):
    """Databases for tests: made by the owner, then used by the service."""

    connection: DatabaseWrapper

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        """As Django's own, by the owner."""
        prepare(self.connection.server)
        with self.connection.as_owner():
            name: str = super().create_test_db(*args, **kwargs)
        return name


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the repository's database."""

    creation_class = DatabaseCreation

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        self.acting = OWNER if alias == NO_DB_ALIAS else entering.login()
        if settings_dict["NAME"] == "":
            settings_dict["NAME"] = server_of(settings_dict["ADDRESSES"]).name
        self._made: tuple[tuple[str, ...], float] | None = None
        super().__init__(settings_dict, alias)

    @cached_property
    def server(self) -> Server:
        """The server that the addresses name when it is first asked for."""
        return server_of(self.settings_dict["ADDRESSES"])

    @cached_property
    def wrap_database_errors(self) -> Telling:
        """Errors as Django's own, without rows and values."""
        return Telling(self)

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's own, with the login of who acts."""
        return {**super().get_connection_params(), **self.server.login(self.acting)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As Django's own; of the web's login one that waits, stripped, where there is one."""
        self._made = None
        if self.acting != WEB or entering.is_of_a_job():
            return super().get_new_connection(conn_params)
        to = tuple(str(conn_params.get(each)) for each in ("host", "port", "dbname", "user"))
        connection, made = KEPT.taken(to) or (None, time.monotonic())
        self._made = (to, made)
        return connection or super().get_new_connection(conn_params)

    def _close(self) -> None:
        """As Django's own; one of the web's login is stripped, and waits for the next request."""
        if self._made and self.connection and KEPT.given_back(*self._made, self.connection):
            return
        super()._close()  # type: ignore[misc]  # not in its stubs

    def init_connection_state(self) -> None:
        """As Django's own; the web's connection is let in as the session, or by the program, that
        it is asked in.
        """
        super().init_connection_state()
        if self.acting == WEB:
            with self.cursor() as cursor:
                statement, given = entering.entry()
                cursor.execute(statement, given)

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """A stretch in which the connection is the owner's, who alone may change tables."""
        before = self.acting
        self._become(OWNER)
        try:
            yield
        finally:
            self._become(before)

    def _become(self, role: str) -> None:
        if role != self.acting:
            self.close()
            self.acting = role
