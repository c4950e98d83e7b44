"""The address of a PostgreSQL server, as an operator gives it and as libpq reads it.

Nothing of an address is ever repeated: where a password holds a sign that should have been encoded,
a piece of it stands where a host or a port is expected.
"""

from __future__ import annotations

import os

import psycopg
from psycopg.conninfo import conninfo_to_dict

from darkfigure.basis.errors import StoreUnavailable

SCHEMES = ("postgresql://", "postgres://")
#: Hosts that are this machine; a name that begins with / or @ is a socket.
_HERE = ("localhost", "127.0.0.1", "::1")
#: What a server or libpq says when there is no connection, and how it is told.
_REASONS = (
    ("password authentication failed", "it does not accept the password"),
    ("no password supplied", "it asks for a password and none is given"),
    ("Peer authentication failed", "it takes no password on its socket (peer)"),
    ("pg_hba.conf", "its pg_hba.conf has no line that lets this login in"),
    ("not permitted to log in", "the role may not log in"),
    ("could not translate host name", "no host has the name that is given"),
    ("Connection refused", "nothing listens there"),
    ("No such file or directory", "there is no socket of a server there"),
    ("timeout", "it did not answer in time"),
    ("SSL", "no connection with TLS as demanded (sslmode) can be made"),
    ("certificate", "its certificate is not accepted"),
    ("too many clients", "it has as many connections as it takes"),
    ("remaining connection slots", "it has as many connections as it takes"),
    ("starting up", "it is starting up"),
    ("shutting down", "it is shutting down"),
    ("canceling statement due to statement timeout", "it stopped a statement that took too long"),
    ("canceling statement", "it was told to stop the statement"),
    ("terminating connection", "it ended the connection"),
    ("server closed the connection", "it ended the connection"),
    ("connection is closed", "there is no connection any more"),
    ("connection is lost", "there is no connection any more"),
    ("No space left", "its disk is full (No space left)"),
    ("does not exist", "the role or the database that is given does not exist there"),
)


def read_address(text: str, variable: str) -> dict[str, str]:
    """The parameters of an address, every one as given; TLS is demanded off this machine where the
    address does not say otherwise.

    Raises StoreUnavailable, which says what an address looks like and nothing of this one.
    """
    if not text.startswith(SCHEMES) and ("://" in text or "=" not in text):
        raise _no_address(variable, "It does not begin with postgresql://")
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except psycopg.Error:
        raise _no_address(variable, "It cannot be read") from None
    ports = [port for port in found.get("port", "").split(",") if port]
    if not all(port.isascii() and port.isdigit() and 0 < int(port) < 65536 for port in ports):
        raise _no_address(variable, "Its port is no number from 1 to 65535")
    told = "sslmode" in found or "PGSSLMODE" in os.environ
    if not told and "service" not in found and "PGSERVICE" not in os.environ and _elsewhere(found):
        found["sslmode"] = "require"
    return found


def _no_address(variable: str, wrong: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"{variable} is not the address of a PostgreSQL server. {wrong}. An address is "
        "postgresql://USER:PASSWORD@HOST:PORT/NAME; in user and password the signs @ : / ? # % are "
        "written %40 %3A %2F %3F %23 %25."
    )


def _elsewhere(found: dict[str, str]) -> bool:
    """Whether any of the hosts is not this machine."""
    given = found.get("hostaddr") or found.get("host") or os.environ.get("PGHOST", "")
    hosts = [host for host in given.split(",") if host]
    return any(host not in _HERE and not host.startswith(("/", "@")) for host in hosts)


def reason(error: Exception) -> str:
    """Why there is no connection, in words of our own: those of libpq repeat the address."""
    said = str(error)
    found = (told for sign, told in _REASONS if sign in said or told in said)
    return next(found, "no more is known")
