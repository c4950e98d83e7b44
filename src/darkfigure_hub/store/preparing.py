"""A server made ready: its logins, what it keeps out of its log, and the database.

Done by the owner where the service cannot log in: at the first start, in a data folder of an older
program, after a restore without roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store import logins, server
from darkfigure_hub.store.address import reason
from darkfigure_hub.store.logins import IDENTITY, OWNER, SERVICE, SUPERUSER, WEB, Server

MAINTENANCE = "postgres"
ROLES = (SERVICE, IDENTITY, WEB)
_ROLE = """
SELECT rolcanlogin AND NOT rolinherit, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
    OR rolbypassrls AND rolname <> %s
FROM pg_roles WHERE rolname = %s
"""
_MEMBER_OF = """
SELECT granted.rolname FROM pg_auth_members m JOIN pg_roles granted ON granted.oid = m.roleid
    JOIN pg_roles mine ON mine.oid = m.member
WHERE mine.rolname = %s
"""


def prepare(of: Server, database: str | None = None) -> None:
    """Make the logins that are not given, and, on the embedded server, the database.

    Raises StoreUnavailable where the owner cannot log in or may not make them.
    """
    with server.alone():
        if of.embedded:
            _know_owner(of)
        with _owner(of) as connection:
            if of.made:
                for role in ROLES:
                    if role not in of.given:
                        _make_login(connection, of, role)
            _be_quiet(connection, of)
            if database and of.embedded:
                _make_database(connection, database)


@contextmanager
def _owner(of: Server) -> Iterator[psycopg.Connection[Any]]:
    name = MAINTENANCE if of.embedded else of.name
    try:
        connection = psycopg.connect(**logins.parameters(of, OWNER, name), autocommit=True)
    except psycopg.OperationalError as error:
        raise no_answer(error) from None
    with connection:
        yield connection


def no_answer(error: Exception) -> StoreUnavailable:
    """That there is no connection, and why, without the address."""
    return StoreUnavailable(
        f"The database does not answer: {reason(error)}. Check DATABASE_URL, or leave it out to "
        "use the embedded PostgreSQL."
    )


def _know_owner(of: Server) -> None:
    """Give the embedded server's superuser a password that is kept, where it has none."""
    socket = server.ensure_running()
    if SUPERUSER in logins.kept(of.place):
        with suppress(psycopg.OperationalError):
            psycopg.connect(**logins.parameters(of, OWNER, MAINTENANCE)).close()
            server.wall_in()
            return
    password = logins.new_password()
    with server.open_to_owner():
        connection = _when_open({"host": socket, "user": SUPERUSER, "dbname": MAINTENANCE})
        with connection:
            _set_password(connection, "ALTER ROLE {} PASSWORD {}", SUPERUSER, password)
    logins.keep(of.place, {SUPERUSER: password})
    server.wait(lambda: not _lets_in(socket), "heed who is let in")


def _when_open(address: dict[str, str]) -> psycopg.Connection[Any]:
    """A connection as soon as the server has heeded that it is let in."""
    held: list[psycopg.Connection[Any]] = []

    def opened() -> bool:
        with suppress(psycopg.OperationalError):
            held.append(psycopg.connect(**address, autocommit=True))  # type: ignore[arg-type]
        return bool(held)

    server.wait(opened, "let its owner in")
    return held[0]


def _lets_in(socket: str) -> bool:
    """Whether the superuser is let in without a password."""
    try:
        psycopg.connect(host=socket, user=SUPERUSER, dbname=MAINTENANCE, password="").close()
    except psycopg.OperationalError:
        return False
    return True


def _set_password(
    connection: psycopg.Connection[Any], statement: str, role: str, password: str
) -> None:
    """Send a password as what the server keeps of it: in no log can it be read."""
    secret = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    made = sql.SQL(statement).format(sql.Identifier(role), sql.Literal(secret.decode()))
    connection.execute(made)


def _make_login(connection: psycopg.Connection[Any], of: Server, role: str) -> None:
    """Make a role that logs in with a password kept here, member of no other, or mend it."""
    known = logins.kept(of.place).get(role)
    password = known or logins.new_password()
    try:
        held = connection.execute(_ROLE, [SERVICE, role]).fetchone()
        if held is None:
            _set_password(connection, "CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}", role, password)
        elif not held[0] or known is None or not _can_log_in(of, role):
            _set_password(connection, "ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}", role, password)
        for (other,) in connection.execute(_MEMBER_OF, [role]).fetchall():
            taken = sql.SQL("REVOKE {} FROM {}")
            connection.execute(taken.format(sql.Identifier(other), sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        raise StoreUnavailable(_WITHOUT_CREATEROLE) from None
    if role == SERVICE:
        # It is not walled anyway; so rows are copied straight into tables that have walls.
        with suppress(psycopg.errors.InsufficientPrivilege):
            passes = sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(role))
            connection.execute(passes)
    logins.keep(of.place, {role: password})
    if held and held[1]:
        raise StoreUnavailable(
            f"The role {role} may do more than log in (superuser, createrole, createdb, bypassrls "
            "or replication). Take that from it."
        )


_WITHOUT_CREATEROLE = (
    "The user of DATABASE_URL may not make the roles that the program logs in with. Give it "
    f"CREATEROLE; or make them as an administrator: CREATE ROLE {SERVICE} LOGIN NOINHERIT PASSWORD "
    f"'...'; and so {IDENTITY} and {WEB}; GRANT {SERVICE}, {IDENTITY}, {WEB} TO the owner of the "
    f"tables; then give DATABASE_URL with the user {SERVICE}, DATABASE_OWNER_URL, "
    f"DATABASE_IDENTITY_URL with the user {IDENTITY} and DATABASE_WEB_URL with the user {WEB}."
)


def _can_log_in(of: Server, role: str) -> bool:
    name = MAINTENANCE if of.embedded else of.name
    try:
        psycopg.connect(**logins.parameters(of, role, name)).close()
    except psycopg.OperationalError:
        return False
    return True


def _be_quiet(connection: psycopg.Connection[Any], of: Server) -> None:
    """Keep statements and rows that fail out of the server's log: of the whole embedded server, of
    our logins elsewhere, where the owner may.
    """
    change = sql.SQL("ALTER SYSTEM SET {} = {}" if of.embedded else "ALTER ROLE {} SET {} = {}")
    for setting, value in server.QUIET.items():
        what = sql.Identifier(setting), sql.Literal(value)
        if of.embedded:
            connection.execute(change.format(*what))
            continue
        for role in ROLES:
            with suppress(psycopg.errors.InsufficientPrivilege):  # asked of the server when opened
                connection.execute(change.format(sql.Identifier(role), *what))
    if of.embedded:
        connection.execute("SELECT pg_reload_conf()")


def _make_database(connection: psycopg.Connection[Any], name: str) -> None:
    held = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if held is None:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(create.format(sql.Identifier(name)))
