"""The database roles: the service works without sight of the identity schema; what needs it takes
its role for a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

SERVICE, IDENTITY = "darkfigure_service", "darkfigure_identity"

_GRANT = f"""
GRANT USAGE ON SCHEMA public TO {SERVICE};
GRANT ALL ON ALL TABLES IN SCHEMA public TO {SERVICE};
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {SERVICE};
"""
#: Takes the service's role where the identity schema exists; elsewhere there is nothing to keep
#: apart.
TAKE_SERVICE = (
    f"SELECT set_config('role', '{SERVICE}', false) FROM pg_namespace WHERE nspname = 'identity'"
)


def as_owner(**_: Any) -> None:
    """Before migrations: back to the role that owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def as_service(**_: Any) -> None:
    """After migrations: the service may use every table but those of the identity schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'identity'")
        if cursor.fetchone():
            cursor.execute(_GRANT)
            cursor.execute(TAKE_SERVICE)


@contextmanager
def identity_role() -> Iterator[None]:
    """A moment in which the identity schema can be read and added to, and nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {IDENTITY}")
        yield
        cursor.execute(f"SET LOCAL ROLE {SERVICE}")
