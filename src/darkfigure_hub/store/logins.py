"""Who logs in to the database for what: the owner for migrations alone, the service for what is
done at the machine, the web for what is done on pages, identity where names are read.

None of them can become another. The passwords of logins that the program makes are kept in the
data folder, in a file that its owner alone may read.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store.address import read_address
from darkfigure_hub.store.folder import data_folder
from darkfigure_hub.store.server import ensure_running

OWNER, SERVICE, IDENTITY = "owner", "darkfigure_service", "darkfigure_identity"
#: The login of the pages, which sees what the session it is asked in may see.
WEB = "darkfigure_web"
#: The owner's name on the embedded server.
SUPERUSER = "postgres"
VARIABLES = {
    SERVICE: "DATABASE_URL",
    OWNER: "DATABASE_OWNER_URL",
    IDENTITY: "DATABASE_IDENTITY_URL",
    WEB: "DATABASE_WEB_URL",
}
EMBEDDED = "embedded"


class NotPrepared(StoreUnavailable):
    """No login has been made on this server yet, or none that this machine knows of."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server, and the logins that are given for it; those not given are made."""

    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """Whether it is the one of the data folder."""
        return not self.given

    @property
    def made(self) -> bool:
        """Whether the program makes the logins of service and identity itself."""
        return SERVICE not in self.given

    @property
    def name(self) -> str:
        """The name of the database."""
        of = self.given.get(SERVICE, self.given.get(OWNER, {}))
        return of.get("dbname", "darkfigure")

    @property
    def place(self) -> str:
        """What passwords are kept under: a login is one for all databases of a server."""
        if self.embedded:
            return EMBEDDED
        of = self.given.get(OWNER, self.given.get(SERVICE, {}))
        return f"{of.get('host', '')}:{of.get('port', '')}"

    def login(self, role: str) -> dict[str, str]:
        """What a connection as a role is made with, but for the database.

        Raises NotPrepared where its login has not been made, StoreUnavailable where it is not given
        and cannot be made.
        """
        if self.embedded:
            user = SUPERUSER if role == OWNER else role
            password = kept(self.place).get(user)
            if password is None:
                raise NotPrepared("The logins of the embedded PostgreSQL have not been made yet.")
            return {"host": ensure_running(), "user": user, "password": password}
        if role in self.given:
            return _without_name(self.given[role])
        if role == OWNER or not self.made:
            raise StoreUnavailable(_not_given(role))
        password = kept(self.place).get(role)
        if password is None:
            raise NotPrepared("The logins of the server have not been made yet.")
        return {**_without_name(self.given[OWNER]), "user": role, "password": password}


def _without_name(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name != "dbname"}


def _not_given(role: str) -> str:
    needed = {
        OWNER: "This is for the owner of the tables (migrations, backup, restore)",
        WEB: "Pages are to be served",
    }.get(role, "Names are to be read")
    return f"{needed}, and {VARIABLES[role]} is not given: {VARIABLES[SERVICE]} is the service's."


def server_of(addresses: Mapping[str, str]) -> Server:
    """The server that addresses name; the embedded one where none is given.

    An address alone is the owner's, unless its user is the service's role.
    """
    read = {
        role: read_address(addresses[variable], variable)
        for role, variable in VARIABLES.items()
        if addresses.get(variable)
    }
    if not read:
        return Server()
    if SERVICE not in read:
        raise StoreUnavailable(
            f"{VARIABLES[SERVICE]} is to be given where another address of the database is."
        )
    if read[SERVICE].get("user") == SERVICE:
        return Server(read)
    if OWNER in read:
        raise StoreUnavailable(
            f"Where {VARIABLES[OWNER]} is given, the user of {VARIABLES[SERVICE]} is {SERVICE}."
        )
    return Server({OWNER: read.pop(SERVICE), **read})


def _file() -> Path:
    return data_folder() / "logins.json"


def _held() -> dict[str, dict[str, str]]:
    try:
        held: dict[str, dict[str, str]] = json.loads(_file().read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # the folder is looked at where it is made
        return {}
    except (OSError, ValueError) as error:
        raise StoreUnavailable(
            f"{_file()} cannot be read. Run the program as who made it; where it is lost or "
            "broken, move it away: logins are then made anew."
        ) from error
    return held


def kept(place: str) -> dict[str, str]:
    """The passwords kept for a server, by user."""
    return _held().get(place, {})


def keep(place: str, passwords: Mapping[str, str]) -> None:
    """Keep passwords for a server, readable by the owner of the file alone."""
    text = json.dumps({**_held(), place: {**kept(place), **passwords}}, indent=1)
    write_private(_file(), text)


def write_private(path: Path, held: str | bytes) -> None:
    """Write a file whole or not at all, of mode 600 from its first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(held.encode() if isinstance(held, str) else held)
    part.replace(path)


def new_password() -> str:
    """A password that nobody needs to remember."""
    return secrets.token_urlsafe(24)


def parameters(server: Server, role: str, name: str | None = None) -> dict[str, Any]:
    """What a connection as a role is made with."""
    return {**server.login(role), "dbname": name or server.name, "client_encoding": "UTF8"}
