"""The seal of a session: proof that the program let somebody in, which who can only write the
database cannot make.
"""

from __future__ import annotations

import base64
import hmac
from contextlib import AbstractContextManager
from hashlib import sha256

from cryptography.fernet import Fernet

from darkfigure_hub.store.logins import WEB
from darkfigure_hub.store.postgres import entering
from darkfigure_hub.store.secret import seal_key, secret
from darkfigure_hub.store.sessions import key_hash


def seal_of(key: str, account: int) -> str:
    """The seal of the session of that key, of somebody who gave a password and a second factor, or
    a passkey. `gate.enter` in the database works out the same.
    """
    return hmac.new(seal_key(), f"{key_hash(key)}:{account}".encode(), sha256).hexdigest()


def job_seal(ticket: str, account: int, acting: int, digest: str) -> str:
    """The seal of a job that somebody asks for as one of their appointments. `gate.enter_job` in
    the database works out the same.
    """
    said = f"job:{ticket}:{account}:{acting}:{digest}"
    return hmac.new(seal_key(), said.encode(), sha256).hexdigest()


def done_as_asked(job: int, token: str) -> AbstractContextManager[None]:
    """A stretch in which this thread sees what who asked for a job sees."""
    return entering.doing(job, token)


def locked() -> Fernet:
    """What secrets of second factors are kept under."""
    key = sha256(b"darkfigure second factors\n" + secret().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def log_in_as_web() -> None:
    """From now on this process sees what each session may see, and no more: for pages."""
    entering.log_in_as(WEB)


def asked_in(key: str) -> AbstractContextManager[None]:
    """A stretch in which this thread answers the session of a key."""
    return entering.answering(key)
