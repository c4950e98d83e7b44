"""Django's PostgreSQL backend, which finds or starts the embedded server where no DATABASE_URL is
given.
"""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base

from darkfigure_hub.store.roles import TAKE_SERVICE
from darkfigure_hub.store.server import ensure_running

MAINTENANCE = "postgres"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the repository's database."""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's own; the host of the embedded server is found out once."""
        if self.settings_dict.get("EMBEDDED") and not self.settings_dict["HOST"]:
            self.settings_dict["HOST"] = ensure_running(
                MAINTENANCE if self._is_test() else self.settings_dict["NAME"]
            )
        params: dict[str, Any] = super().get_connection_params()
        return params

    def init_connection_state(self) -> None:
        """As Django's own; then the service's role, which has no sight of the identity schema."""
        super().init_connection_state()
        if self.connection is None:
            raise OperationalError("There is no connection to the database.")
        with self.connection.cursor() as cursor:
            cursor.execute(TAKE_SERVICE)
        if not self.get_autocommit():
            self.connection.commit()

    def _is_test(self) -> bool:
        name = self.settings_dict["NAME"]
        return not name or name == MAINTENANCE or name.startswith("test_")
