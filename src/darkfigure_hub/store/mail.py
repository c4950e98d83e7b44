"""By what mail leaves this machine: a server named in the environment, else files in the data
folder.
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as Files
from django.core.mail.backends.smtp import EmailBackend as Smtp

from darkfigure.basis.errors import StoreUnavailable
from darkfigure_hub.store.folder import data_folder

VARIABLE, PASSWORD = "DARKFIGURE_MAIL", "DARKFIGURE_MAIL_PASSWORD_FILE"
#: Ports by how a server is spoken to: in the open and then sealed, sealed from the first, or open.
SCHEMES = {"smtp": 587, "smtps": 465, "smtp+open": 25}
#: Seconds that a server is waited for.
PATIENCE = 20


def server(*, fail_silently: bool = False, **given: Any) -> BaseEmailBackend:
    """What Django sends mail by. Raises StoreUnavailable for an address that says none."""
    del given
    said = os.environ.get(VARIABLE, "")
    if not said:
        folder = data_folder() / "mail"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Files(file_path=str(folder), fail_silently=fail_silently)
    found = urlsplit(said)
    if found.scheme not in SCHEMES or not found.hostname:
        raise StoreUnavailable(
            f"{VARIABLE} names no mail server. Write smtp://USER@HOST:587 (it turns to TLS), "
            "smtps://USER@HOST:465 (TLS from the first), or smtp+open://127.0.0.1:25 for one on "
            "this machine."
        )
    if found.scheme == "smtp+open" and not _is_here(found.hostname):
        raise StoreUnavailable(
            f"{VARIABLE}: a server that is not sealed by TLS is used on this machine alone."
        )
    return Smtp(
        host=found.hostname,
        port=found.port or SCHEMES[found.scheme],
        username=unquote(found.username or ""),
        password=_password(),
        use_tls=found.scheme == "smtp",
        use_ssl=found.scheme == "smtps",
        timeout=PATIENCE,
        fail_silently=fail_silently,
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _password() -> str:
    """The password in the file that is named; none where none is."""
    named = os.environ.get(PASSWORD, "")
    if not named:
        return ""
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except OSError:
        raise StoreUnavailable(f"{PASSWORD} names a file that cannot be read.") from None
