"""The seal of a session: proof that the program let somebody in, which who can only write the
database cannot make.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet

from darkfigure_hub.store.secret import seal_key, secret
from darkfigure_hub.store.sessions import key_hash


def seal_of(key: str, account: int) -> str:
    """The seal of the session of that key, of somebody who gave a password and a second factor, or
    a passkey. `gate.enter` in the database works out the same.
    """
    return hmac.new(seal_key(), f"{key_hash(key)}:{account}".encode(), sha256).hexdigest()


def locked() -> Fernet:
    """What secrets of second factors are kept under."""
    key = sha256(b"darkfigure second factors\n" + secret().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
