"""What each login may do: the service and the web read and add what is not names, and add names
they cannot read, the web behind the walls of the gate; identity reads names and does nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from django.db import connection, connections

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store import gate
from darkfigure_hub.store.logins import IDENTITY, SERVICE, VARIABLES, WEB, Server, parameters
from darkfigure_hub.store.preparing import no_answer, prepare
from darkfigure_hub.store.server import QUIET

if TYPE_CHECKING:
    from darkfigure_hub.store.postgres.base import DatabaseWrapper

__all__ = [
    "IDENTITY",
    "SERVICE",
    "as_owner",
    "database",
    "grant",
    "identity_reader",
    "is_granted",
    "loud",
    "prepare",
    "server",
]
#: Rows of these are only ever added.
SEALED = (
    *("store_logentry", "store_recordset", "store_response", "store_responsepart"),
    *("store_releasetable", "store_releasefile", "store_releasecopy"),
    *("store_judgementversion", "store_judgementevent"),
    *("store_edition", "store_editionfile"),
)
#: What is kept only while somebody works with it: sessions, second factors, addresses of accounts,
#: what programs were told, how often something was tried.
OF_ACCOUNTS = (
    "store_session",
    "mfa_authenticator",
    "account_emailaddress",
    "account_emailconfirmation",
    "store_sentonce",
    "store_boundidentity",
    "store_fleeting",
)
#: What is kept of names only until it is sent: drafts and enquiries, locked, behind walls.
DRAFTS = ("draft", "enquiry", "addressee")
#: What pseudonyms are made with: the owner's alone.
OWNERS = ("pseudonym_key", "former_pseudonym")
_WORKS = f"{SERVICE}, {WEB}"
_ALL = f"{_WORKS}, {IDENTITY}"
_GRANT = f"""
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {_ALL};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {_ALL};
GRANT USAGE ON SCHEMA public TO {_WORKS};
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {_WORKS};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {_WORKS};
REVOKE INSERT, UPDATE ON django_migrations FROM {_WORKS};
REVOKE ALL ON SCHEMA identity FROM PUBLIC, {_ALL};
REVOKE ALL ON ALL TABLES IN SCHEMA identity FROM PUBLIC, {_ALL};
GRANT USAGE ON SCHEMA identity TO {_ALL};
GRANT INSERT ON ALL TABLES IN SCHEMA identity TO {_WORKS};
GRANT SELECT ON ALL TABLES IN SCHEMA identity TO {IDENTITY};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC, {_ALL};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA identity TO {_WORKS};
"""
_NAMED = ", ".join(f"'{name}'" for name in OWNERS)
_LOCKED = ", ".join(f"'{name}'" for name in DRAFTS)
_OF_THE_OWNER = f"n.nspname = 'identity' AND c.relname IN ({_NAMED})"
#: Values of a setting that keep as much out of the log as the one we set.
_AS_QUIET = {"log_min_error_statement": ("fatal",), "log_statement": ("ddl",)}
#: Whether that is so: of each table, what service and identity may do with it.
GRANTED = f"""
SELECT coalesce(bool_and(
    held.web = held.service AND held.service = CASE WHEN {_OF_THE_OWNER} THEN ''
        WHEN n.nspname = 'identity' AND c.relname IN ({_LOCKED}) THEN 'DELETE,INSERT,SELECT'
        WHEN n.nspname = 'identity' THEN 'INSERT'
        WHEN c.relname = 'django_migrations' THEN 'SELECT'
        WHEN c.relname IN ({", ".join(f"'{name}'" for name in SEALED)}) THEN 'INSERT,SELECT'
        WHEN c.relname IN ({", ".join(f"'{name}'" for name in OF_ACCOUNTS)})
            THEN 'DELETE,INSERT,SELECT,UPDATE'
        ELSE 'INSERT,SELECT,UPDATE' END
    AND held.identity = CASE WHEN {_OF_THE_OWNER} OR c.relname IN ({_LOCKED}) THEN ''
        WHEN n.nspname = 'identity' THEN 'SELECT' ELSE '' END), false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT
    coalesce(string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)
        FILTER (WHERE a.grantee::regrole::text = '{SERVICE}'), '') AS service,
    coalesce(string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)
        FILTER (WHERE a.grantee::regrole::text = '{WEB}'), '') AS web,
    coalesce(string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)
        FILTER (WHERE a.grantee::regrole::text = '{IDENTITY}'), '') AS identity
    FROM aclexplode(c.relacl) a) held
WHERE n.nspname IN ('public', 'identity') AND c.relkind = 'r'
"""


def _wrapper() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections["default"])


def server() -> Server:
    """The server that the repository is on."""
    return _wrapper().server


def database() -> str:
    """The name of the database that the repository is in."""
    return str(_wrapper().settings_dict["NAME"])


def as_owner() -> AbstractContextManager[None]:
    """A stretch in which the connection is the owner's: for migrations."""
    return _wrapper().as_owner()


def grant(**_: Any) -> None:
    """By the owner, after migrations: what service and identity may do, and no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB])
        if not cursor.fetchone():
            raise StoreUnavailable(
                f"The login {WEB} is not there yet, by which pages are served. Have an "
                f"administrator make it: CREATE ROLE {WEB} LOGIN NOINHERIT PASSWORD '...'; GRANT "
                f"{WEB} TO the owner of the tables; and give {VARIABLES[WEB]}."
            )
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'identity'")
        if cursor.fetchone():
            cursor.execute(_GRANT)
            for name in filter(_is_there, SEALED):
                cursor.execute(f"REVOKE UPDATE ON {name} FROM {_ALL}")
            for name in filter(_is_there, OF_ACCOUNTS):
                cursor.execute(f"GRANT DELETE ON {name} TO {_WORKS}")
            for name in filter(_is_there, (f"identity.{name}" for name in DRAFTS)):
                cursor.execute(f"GRANT SELECT, DELETE ON {name} TO {_WORKS}")
                cursor.execute(f"REVOKE ALL ON {name} FROM {IDENTITY}")
            for name in filter(_is_there, (f"identity.{name}" for name in OWNERS)):
                cursor.execute(f"REVOKE ALL ON {name} FROM {_ALL}")
            if _is_there(gate.LATEST):
                gate.make()


def _is_there(table: str) -> bool:
    """Whether there is a table of that name: a database may be on its way up or down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        return cursor.fetchone()[0] is not None


def is_granted() -> bool:
    """Whether the service may do what it has to and no more, as it may not after a restore without
    roles.
    """
    with connection.cursor() as cursor:
        cursor.execute(GRANTED)
        return bool(cursor.fetchone()[0]) and gate.is_made(cursor)


def loud() -> list[str]:
    """The settings by which the server writes statements or rows into its log, as they should be;
    none where it keeps them out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(QUIET)]
        )
        return [
            f"{name} = {QUIET[name]}"
            for name, value in cursor.fetchall()
            if value != QUIET[name] and value not in _AS_QUIET.get(name, ())
        ]


@contextmanager
def identity_reader() -> Iterator[psycopg.Cursor[Any]]:
    """A connection of its own that reads names and files with names, closed at the end.

    What the service has written and not yet committed is not seen.
    """
    try:
        opened = psycopg.connect(**parameters(server(), IDENTITY, database()))
    except psycopg.OperationalError as error:
        raise no_answer(error) from None
    opened.read_only = True
    with connection.wrap_database_errors, opened, opened.cursor() as cursor:
        yield cursor
